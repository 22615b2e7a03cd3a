package search

import (
	"io/fs"
	"os"
	"path/filepath"
)

// State is what can be seen of an index without opening it.
type State struct {
	Built   bool  // there is one
	Damaged bool  // it was found damaged; the next [Open] replaces it
	Bytes   int64 // what it takes on disk
}

// Look looks at the index in dir, also while another process has it open. It
// changes nothing. A folder that is not there holds no index.
func Look(dir string) (State, error) {
	var s State
	if _, err := os.Stat(filepath.Join(dir, damagedName)); err == nil {
		s.Damaged = true
	}
	current := filepath.Join(dir, currentName)
	err := filepath.WalkDir(current, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == current && os.IsNotExist(err) {
				return fs.SkipAll
			}
			if os.IsNotExist(err) { // it was merged into another meanwhile
				return nil
			}
			return err
		}
		s.Built = true
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			s.Bytes += info.Size()
		}
		return nil
	})
	return s, err
}
