package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// sourceFiles are the sources as a running server has them: each as the last
// good version of its file says. The folder is looked at again and again rather
// than watched: file systems of containers and networks do not tell of changes.
// It is safe for concurrent use; who holds a source keeps the version it had.
type sourceFiles struct {
	path string // of harvest.yaml

	mu      sync.RWMutex
	rest    *config.Config // harvest.yaml as it was read last; never changed, only replaced
	sources []*config.Source
	broken  map[harvest.SourceID]string // sources that stay as they were, or have never been good → what is wrong
	folder  string                      // what is wrong with the folder or harvest.yaml; empty: nothing
	applied time.Time                   // when everything was last good and in effect
	looks   string                      // how the files looked when they were read
	read    time.Time                   // when that was
}

// fileNews is what a look at the files has found.
type fileNews struct {
	changed, added, gone []harvest.SourceID
	broken               map[harvest.SourceID]string // what is newly wrong
	mended               []harvest.SourceID
	folder               string // what is newly wrong with the folder
	settings             bool   // harvest.yaml has changed in what is followed
	restart              bool   // and in what is not
}

func newSourceFiles(path string, cfg *config.Config, problems config.Problems, now time.Time) *sourceFiles {
	rest := *cfg
	rest.Sources = nil
	s := &sourceFiles{path: path, rest: &rest, broken: map[harvest.SourceID]string{}, read: now}
	for i := range cfg.Sources {
		s.sources = append(s.sources, &cfg.Sources[i])
	}
	s.broken = brokenSources(problems)
	if len(s.broken) == 0 {
		s.applied = now
	}
	return s
}

// all are the sources, sorted by ID.
func (s *sourceFiles) all() []*config.Source {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.sources
}

// source is a source, enabled or not; nil when there is none of that name.
func (s *sourceFiles) source(id harvest.SourceID) *config.Source {
	all := s.all()
	i, ok := slices.BinarySearchFunc(all, id, func(src *config.Source, id harvest.SourceID) int { return cmp.Compare(src.ID, id) })
	if !ok {
		return nil
	}
	return all[i]
}

// problems are what is wrong with files now, and when all of them were last
// good.
func (s *sourceFiles) problems() (broken map[harvest.SourceID]string, folder string, applied time.Time) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.broken, s.folder, s.applied
}

// settled is how old a file must be to count as written to its end.
const settled = 2 * time.Second

// look reads the files again if they look different; ok is false when they do
// not.
func (s *sourceFiles) look(now time.Time) (news fileNews, ok bool) {
	looks := s.glance()
	s.mu.Lock()
	defer s.mu.Unlock()
	if looks == s.looks && now.Sub(s.read) > settled {
		return fileNews{}, false
	}
	fresh := looks != s.looks
	s.looks = looks
	if fresh {
		s.read = now
	}
	cfg, problems := config.Load(s.path)
	return s.takeIn(cfg, problems, now), true
}

// takeIn compares what was read with what there is. The caller holds mu.
func (s *sourceFiles) takeIn(cfg *config.Config, problems config.Problems, now time.Time) fileNews {
	news := fileNews{broken: map[harvest.SourceID]string{}}
	if why := s.unusable(cfg, problems); why != "" {
		if why != s.folder {
			s.folder, news.folder = why, why
		}
		return news
	}
	s.folder = ""
	broken := brokenSources(problems)
	next := make([]*config.Source, 0, len(cfg.Sources))
	for i := range cfg.Sources {
		src := &cfg.Sources[i]
		before := s.find(src.ID)
		switch {
		case before == nil:
			news.added = append(news.added, src.ID)
		case before.Hash != src.Hash:
			news.changed = append(news.changed, src.ID)
		default:
			src = before
		}
		next = append(next, src)
	}
	for _, before := range s.sources {
		_, good := cfg.Source(before.ID)
		switch _, bad := broken[before.ID]; {
		case good:
		case bad:
			next = append(next, before) // the last good version
		default:
			news.gone = append(news.gone, before.ID)
		}
	}
	slices.SortFunc(next, func(a, b *config.Source) int { return cmp.Compare(a.ID, b.ID) })
	for id, why := range broken {
		if s.broken[id] != why {
			news.broken[id] = why
		}
	}
	for id := range s.broken {
		if _, still := broken[id]; !still {
			news.mended = append(news.mended, id)
		}
	}
	s.sources, s.broken = next, broken
	if len(broken) == 0 {
		s.applied = now
	}
	rest := *cfg
	rest.Sources = nil
	rest.Vocabulary = s.rest.Vocabulary
	news.settings = !reflect.DeepEqual(livePart(&rest), livePart(s.rest))
	news.restart = !reflect.DeepEqual(others(rest), others(*s.rest))
	if news.settings || news.restart {
		s.rest = &rest
	}
	return news
}

// settings are those of harvest.yaml as it was read last.
func (s *sourceFiles) settings() *config.Config {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rest
}

// livePart are the parts of harvest.yaml that a server follows while it runs.
func livePart(c *config.Config) []any { return []any{c.Notify, c.Schedule, c.Archive, c.Links} }

// others is the rest, which holds connections, limits and locks that runs rest on.
func others(c config.Config) config.Config {
	c.Notify, c.Schedule, c.Archive, c.Links = config.Notify{}, config.Calendar{}, config.Archive{}, config.Links{}
	return c
}

func (s *sourceFiles) find(id harvest.SourceID) *config.Source {
	for _, src := range s.sources {
		if src.ID == id {
			return src
		}
	}
	return nil
}

// unusable says why nothing that was read may be believed: a file for all that
// is bad, or a folder that is away, as a volume may be. The caller holds mu.
func (s *sourceFiles) unusable(cfg *config.Config, problems config.Problems) string {
	if cfg == nil {
		return firstLine(problems.Errors())
	}
	dir := filepath.Join(cfg.Dir, "sources")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Sprintf("the folder of the sources cannot be read: %v", err)
	}
	isFile := func(e os.DirEntry) bool { return !e.IsDir() && filepath.Ext(e.Name()) == ".yaml" }
	if len(s.sources) > 0 && !slices.ContainsFunc(entries, isFile) {
		return dir + " is empty, which is taken for a volume that is not there; set enabled: false to switch sources off"
	}
	return ""
}

// glance is how the files look without reading them.
func (s *sourceFiles) glance() string {
	var b strings.Builder
	names := []string{s.path}
	if entries, err := os.ReadDir(filepath.Join(filepath.Dir(s.path), "sources")); err == nil {
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") || e.IsDir() {
				continue
			}
			names = append(names, filepath.Join(filepath.Dir(s.path), "sources", e.Name()))
		}
	}
	for _, name := range names {
		info, err := os.Stat(name) // through links, which is how containers swap files
		if err != nil {
			fmt.Fprintf(&b, "%s %t\n", name, errors.Is(err, os.ErrNotExist))
			continue
		}
		fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}

// brokenSources are the sources whose files have errors, by the names of the files.
func brokenSources(problems config.Problems) map[harvest.SourceID]string {
	broken := map[harvest.SourceID]string{}
	for _, p := range problems.Errors() {
		id := harvest.SourceID(strings.TrimSuffix(filepath.Base(p.File), ".yaml"))
		if _, known := broken[id]; !known && filepath.Ext(p.File) == ".yaml" {
			broken[id] = p.String()
		}
	}
	return broken
}

// isSourceFile reports whether a file of that name has problems.
func isSourceFile(problems config.Problems, name string) bool {
	_, ok := brokenSources(problems)[harvest.SourceID(name)]
	return ok
}

func firstLine(problems config.Problems) string {
	if len(problems) == 0 {
		return "no configuration was read"
	}
	return problems[0].String()
}
