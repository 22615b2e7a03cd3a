package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// shelf keeps the robots.txt of each origin in a folder, so that a run that
// follows another within a day does not ask again. One file per origin appears
// by renaming; several processes may share the folder. A file that cannot be
// read is as good as none.
type shelf struct {
	dir    string // empty: nothing is kept
	logger *slog.Logger
	sweep  sync.Once
}

// shelved is a robots.txt as the shelf holds it. Only what had a definite
// answer is there, never a failure.
type shelved struct {
	Origin  string    `json:"origin"`
	Fetched time.Time `json:"fetched_at"`
	Expires time.Time `json:"expires_at"`
	Status  int       `json:"status"`
	Note    string    `json:"note"`
	Hash    string    `json:"hash,omitempty"`
	Content []byte    `json:"content,omitempty"`
}

func newShelf(cacheDir string, logger *slog.Logger) *shelf {
	if cacheDir == "" {
		return &shelf{}
	}
	return &shelf{dir: filepath.Join(cacheDir, "robots"), logger: logger}
}

func (s *shelf) path(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:16])+".json")
}

// take returns the file of an origin while it may be used, else nil.
func (s *shelf) take(origin, token string) *robotsFile {
	if s.dir == "" {
		return nil
	}
	data, err := os.ReadFile(s.path(origin))
	if err != nil {
		return nil
	}
	var kept shelved
	if err := json.Unmarshal(data, &kept); err != nil || kept.Origin != origin || kept.Expires.Sub(kept.Fetched) > robotsTTL {
		return nil
	}
	file := &robotsFile{
		origin: origin, rules: &robotsRules{}, note: kept.Note, status: kept.Status, hash: kept.Hash,
		fetched: kept.Fetched, expires: kept.Expires,
	}
	if kept.Hash != "" {
		file.rules = parseRobots(kept.Content, token)
	}
	if !file.fresh(time.Now()) {
		return nil
	}
	return file
}

// put keeps a file. That it cannot is logged: the run goes on without.
func (s *shelf) put(file *robotsFile) {
	if s.dir == "" || file.problem != nil {
		return
	}
	s.sweep.Do(s.clear)
	if err := s.write(file); err != nil {
		s.logger.Debug("robots.txt not kept", "url", file.origin, "err", err)
	}
}

func (s *shelf) write(file *robotsFile) error {
	data, err := json.Marshal(shelved{
		Origin: file.origin, Fetched: file.fetched, Expires: file.expires,
		Status: file.status, Note: file.note, Hash: file.hash, Content: file.content,
	})
	if err != nil {
		return fmt.Errorf("encode robots.txt of %s: %w", file.origin, err)
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(s.dir, "*.part")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // fails once it is renamed
	_, err = temporary.Write(data)
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), s.path(file.origin))
}

// clear removes what nobody may use any more.
func (s *shelf) clear() {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > robotsTTL {
			_ = os.Remove(filepath.Join(s.dir, e.Name())) // another process may have been faster
		}
	}
}
