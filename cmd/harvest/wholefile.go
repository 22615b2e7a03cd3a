package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mayWrite says why a file must not be written: it is there and force is not
// given, or it is something that a file must never replace, such as a folder, a
// device or the catalogue in the data folder.
func mayWrite(name, data string, force bool) error {
	if ours, err := within(name, data); err != nil || ours {
		return errors.Join(err, notOurs(name, ours))
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file; choose another name", name)
	}
	switch _, err := os.Lstat(name); {
	case errors.Is(err, fs.ErrNotExist), err == nil && force:
		return nil
	case err != nil:
		return err
	}
	return errExists(name)
}

func errExists(name string) error {
	return fmt.Errorf("%s exists; choose another name, or --force to write over it", name)
}

func notOurs(name string, ours bool) error {
	if !ours {
		return nil
	}
	return fmt.Errorf("%s belongs to the catalogue; choose another name", name)
}

// kept are the parts of the data folder that are not the user's.
var kept = []string{queueFolder, indexFolder, cacheFolder, catalogueFile, catalogueFile + "-wal", catalogueFile + "-shm"}

// within reports whether a file is one of those that Harvest itself keeps in
// the data folder.
func within(name, data string) (bool, error) {
	folder, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return false, err
	}
	if resolved, err := filepath.EvalSymlinks(folder); err == nil {
		folder = resolved
	}
	if data, err = filepath.Abs(data); err != nil {
		return false, err
	}
	if resolved, err := filepath.EvalSymlinks(data); err == nil {
		data = resolved
	}
	inside, err := filepath.Rel(data, filepath.Join(folder, filepath.Base(name)))
	if err != nil {
		return false, nil //nolint:nilerr // on another volume, thus not within
	}
	first, _, _ := strings.Cut(filepath.ToSlash(inside), "/")
	return slices.Contains(kept, first), nil
}

// writeWhole writes a file that appears under its name only when complete; on
// an error what was begun is removed. Without force it never replaces a file,
// not even one that came while it was written.
func writeWhole(name string, force bool, write func(io.Writer) (int, error)) (n int, err error) {
	tmp, err := os.CreateTemp(dirOf(name), ".harvest-export-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		_ = tmp.Close()           // the first error says more
		_ = os.Remove(tmp.Name()) // gone when it was renamed
	}()
	out := bufio.NewWriterSize(tmp, 64<<10)
	if n, err = write(out); err != nil {
		return n, err
	}
	if err := out.Flush(); err != nil {
		return n, err
	}
	if err := tmp.Sync(); err != nil {
		return n, err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return n, err
	}
	if err := tmp.Close(); err != nil {
		return n, err
	}
	if !force {
		switch err := os.Link(tmp.Name(), name); {
		case err == nil:
			return n, nil
		case errors.Is(err, fs.ErrExist):
			return n, errExists(name)
		} // the file system has no links
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return n, errors.Join(err, errExists(name))
		}
	}
	return n, os.Rename(tmp.Name(), name)
}
