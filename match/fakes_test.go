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
	holders map[string]map[harvest.RecordID]bool
	works   map[harvest.WorkID]harvest.Work
	doubts  map[[2]harvest.RecordID]harvest.Doubt
	reads   int

	decisions []harvest.Decision
}

func newStore() *store {
	return &store{
		records: make(map[harvest.RecordID]harvest.Record), keys: make(map[harvest.RecordID][]string),
		holders: make(map[string]map[harvest.RecordID]bool), works: make(map[harvest.WorkID]harvest.Work),
		doubts: make(map[[2]harvest.RecordID]harvest.Doubt),
	}
}

// put writes records with their keys, as a run does.
func (s *store) put(records ...harvest.Record) {
	for _, r := range records {
		r.Work = s.records[r.ID].Work
		s.records[r.ID] = r
		for _, k := range s.keys[r.ID] {
			delete(s.holders[k], r.ID)
		}
		s.keys[r.ID] = match.KeyStrings(&r)
		for _, k := range s.keys[r.ID] {
			if s.holders[k] == nil {
				s.holders[k] = make(map[harvest.RecordID]bool)
			}
			s.holders[k][r.ID] = true
		}
	}
}

func (s *store) Holders(_ context.Context, keys []string, most int) (map[string][]harvest.RecordID, error) {
	out := make(map[string][]harvest.RecordID)
	for _, k := range keys {
		ids := slices.Sorted(maps.Keys(s.holders[k]))
		if len(ids) > 0 {
			out[k] = ids[:min(most, len(ids))]
		}
	}
	return out, nil
}

func (s *store) Lookup(_ context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for _, id := range ids {
			if r, ok := s.records[id]; ok {
				s.reads++
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

func (s *store) Decisions(_ context.Context, ids []harvest.RecordID) ([]harvest.Decision, error) {
	var out []harvest.Decision
	for _, d := range s.decisions {
		if slices.Contains(ids, d.A) || slices.Contains(ids, d.B) {
			out = append(out, d)
		}
	}
	return out, nil
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
	changes, err := match.Update(ctx, s, changed)
	if err != nil {
		return err
	}
	s.putWorks(changes.Works)
	for p := range s.doubts {
		if slices.Contains(changes.Looked, p[0]) || slices.Contains(changes.Looked, p[1]) {
			delete(s.doubts, p)
		}
	}
	for _, d := range changes.Doubts {
		s.doubts[[2]harvest.RecordID{d.A, d.B}] = d
	}
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
