package queue

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/nats-io/nats-server/v2/server"
)

// keepName is the folder of links that exists while the queue is opened.
const keepName = "opening"

// keepsake guards the files of the streams while the server opens them. When
// that fails, for lack of a permission or of space as well as for damage, the
// server deletes the stream; the keepsake has a second link to every file and
// brings it back.
type keepsake struct {
	streams string // the server's folder of streams
	links   string // the same, as links
	had     map[string]bool
}

// keep links the files. An earlier keepsake that was left by a kill comes
// first. Where the file system has no links, there is no guard.
func keep(dir string, logger *slog.Logger) (*keepsake, error) {
	k := &keepsake{
		streams: filepath.Join(dir, server.JetStreamStoreDir, "$G", "streams"),
		links:   filepath.Join(dir, keepName),
		had:     make(map[string]bool),
	}
	if err := k.bringBack(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(k.streams)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		k.had[e.Name()] = true
	}
	err = linkMissing(k.streams, k.links)
	if err == nil {
		return k, nil
	}
	err = errors.Join(err, k.letGo())
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		logger.Debug("queue files are not guarded while they are opened", "err", err)
		return k, nil
	}
	return nil, err
}

// held reports whether there was anything of a stream, present whether there is.
func (k *keepsake) held(stream string) bool    { return k.had[stream] }
func (k *keepsake) present(stream string) bool { return exists(filepath.Join(k.streams, stream)) }

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// bringBack links files that have gone missing, and lets the keepsake go.
func (k *keepsake) bringBack() error {
	if err := linkMissing(k.links, k.streams); err != nil {
		return fmt.Errorf("bring back what %s keeps: %w", k.links, err)
	}
	return k.letGo()
}

// letGo removes the links.
func (k *keepsake) letGo() error {
	if err := os.RemoveAll(k.links); err != nil {
		return fmt.Errorf("remove %s: %w", k.links, err)
	}
	return nil
}

// putAside renames the files that describe a stream.
func (k *keepsake) putAside(stream string) error {
	for _, name := range []string{server.JetStreamMetaFile, server.JetStreamMetaFileSum} {
		file := filepath.Join(k.streams, stream, name)
		if err := os.Rename(file, file+".unreadable"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// linkMissing links every file below from that has no counterpart below to. It
// does nothing when there is no from.
func linkMissing(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o700)
		case !d.Type().IsRegular() || exists(target):
			return nil
		}
		if err := os.Link(name, target); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}
