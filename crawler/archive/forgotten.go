package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// forgottenName is the list of what is not to be kept again, as digests: a list
// of addresses would itself remember.
const forgottenName = "forgotten"

// forgotten is a set of addresses. It is not changed after it was read.
type forgotten map[string]bool

func markOf(url string) string {
	sum := sha256.Sum256([]byte(url))
	return hex.EncodeToString(sum[:])
}

func (f forgotten) has(url string) bool { return len(f) > 0 && f[markOf(url)] }

// forgotten reads the list of a folder.
func (f Folder) forgotten() (forgotten, error) {
	file, err := os.Open(f.path(forgottenName))
	if errors.Is(err, fs.ErrNotExist) {
		return forgotten{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is forgotten: %w", err)
	}
	defer file.Close()
	out := make(forgotten)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		out[lines.Text()] = true
	}
	return out, lines.Err()
}

// remember writes the list anew with some addresses more.
func (f Folder) remember(urls []string) error {
	list, err := f.forgotten()
	if err != nil {
		return err
	}
	for _, u := range urls {
		list[markOf(u)] = true
	}
	return f.replace(newPrefix, forgottenName, func(w io.Writer) error {
		for _, mark := range slices.Sorted(maps.Keys(list)) {
			if _, err := fmt.Fprintln(w, mark); err != nil {
				return err
			}
		}
		return nil
	})
}
