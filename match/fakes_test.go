package match_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// store is a catalogue in memory with the rules of sinks.Catalogue for keys
// and works.
type store struct {
	records map[harvest.RecordID]harvest.Record
	keys    map[harvest.RecordID][]string
	works   map[harvest.WorkID]harvest.Work
	reads   int
}

func newStore() *store {
	return &store{
		make(map[harvest.RecordID]harvest.Record), make(map[harvest.RecordID][]string), make(map[harvest.WorkID]harvest.Work), 0,
	}
}

// put writes records with their keys, as a run does.
func (s *store) put(records ...harvest.Record) {
	for _, r := range records {
		r.Work = s.records[r.ID].Work
		s.records[r.ID] = r
		s.keys[r.ID] = match.KeyStrings(&r)
	}
}

func (s *store) WithKeys(_ context.Context, keys []string) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(s.records)) {
			if slices.ContainsFunc(s.keys[id], func(k string) bool { return slices.Contains(keys, k) }) {
				s.reads++
				if !yield(s.records[id], nil) {
					return
				}
			}
		}
	}
}

func (s *store) Record(_ context.Context, id harvest.RecordID) (harvest.Record, error) {
	r, ok := s.records[id]
	if !ok {
		return r, harvest.ErrNotFound
	}
	return r, nil
}

func (s *store) Work(_ context.Context, id harvest.WorkID) (harvest.Work, error) {
	w, ok := s.works[id]
	if !ok {
		return w, harvest.ErrNotFound
	}
	return w, nil
}

func (s *store) putWorks(works []harvest.Work) {
	setWork := func(id harvest.RecordID, w harvest.WorkID) {
		r := s.records[id]
		r.Work = w
		s.records[id] = r
	}
	drop := func(from harvest.WorkID, id harvest.RecordID) {
		w := s.works[from]
		w.Members = slices.DeleteFunc(slices.Clone(w.Members), func(m harvest.Member) bool { return m.Record == id })
		if s.works[from] = w; len(w.Members) == 0 {
			delete(s.works, from)
		}
	}
	for _, w := range works {
		for _, m := range s.works[w.ID].Members {
			setWork(m.Record, "")
		}
		delete(s.works, w.ID)
	}
	for _, w := range works {
		for _, m := range w.Members {
			if old := s.records[m.Record].Work; old != "" && old != w.ID {
				drop(old, m.Record)
			}
			setWork(m.Record, w.ID)
		}
		if len(w.Members) > 0 {
			s.works[w.ID] = w
		}
	}
}

// update does what follows a run: keys, then works.
func (s *store) update(ctx context.Context, changed ...harvest.Record) error {
	s.put(changed...)
	works, err := match.Update(ctx, s, changed)
	if err != nil {
		return err
	}
	s.putWorks(works)
	return nil
}

func (s *store) all() []harvest.Record { return slices.Collect(maps.Values(s.records)) }

func (s *store) allWorks() []harvest.Work {
	return slices.SortedFunc(maps.Values(s.works), func(a, b harvest.Work) int { return cmp.Compare(a.ID, b.ID) })
}

// record makes a record from "source/name" and a title; change fills the rest.
func record(name, title string, change func(*harvest.Record)) harvest.Record {
	source, _, _ := strings.Cut(name, "/")
	r := harvest.Record{
		ID: harvest.RecordID(name), Source: harvest.SourceID(source), State: harvest.StateActive,
		URL: fmt.Sprintf("https://%s.example/%s", source, name), Title: title, Language: harvest.Language{Value: "en"},
	}
	if change != nil {
		change(&r)
	}
	return r
}

// groups writes works as "a+b: method, …" for comparing.
func groups(works []harvest.Work) []string {
	out := []string{}
	for _, w := range works {
		var names, methods []string
		for _, m := range w.Members {
			names = append(names, string(m.Record))
			if !slices.Contains(methods, m.Method) {
				methods = append(methods, m.Method)
			}
		}
		slices.Sort(methods)
		out = append(out, strings.Join(names, "+")+": "+strings.Join(methods, ", "))
	}
	slices.Sort(out)
	return out
}
