package crawler_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// What the store in memory holds back, and what it does not find any more.

func (m *memoryStore) Lookup(_ context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []harvest.Record
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if r, ok := m.records[id]; ok {
			found = append(found, r)
		}
	}
	return func(yield func(harvest.Record, error) bool) {
		for _, r := range found {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (m *memoryStore) Run(_ context.Context, id harvest.RunID) (harvest.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.runs[id]
	if !ok {
		return r, harvest.ErrNotFound
	}
	return r, nil
}

func (m *memoryStore) Hold(_ context.Context, run harvest.RunID, pages []harvest.Held) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[run] == nil {
		m.held[run] = map[string]harvest.Held{}
	}
	for _, h := range pages {
		m.held[run][h.Key] = h
	}
	return nil
}

func (m *memoryStore) Held(_ context.Context, run harvest.RunID, after string, limit int) ([]harvest.Held, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []harvest.Held
	for _, key := range slices.Sorted(maps.Keys(m.held[run])) {
		if key > after && (limit == 0 || len(out) < limit) {
			out = append(out, m.held[run][key])
		}
	}
	return out, nil
}

func (m *memoryStore) LetGo(_ context.Context, run harvest.RunID, keys []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if keys == nil {
		delete(m.held, run)
	}
	for _, key := range keys {
		delete(m.held[run], key)
	}
	return nil
}

func (m *memoryStore) Unseen(_ context.Context, source harvest.SourceID, before time.Time) iter.Seq2[harvest.RecordID, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []harvest.RecordID
	for id, r := range m.records {
		if r.Source == source && r.State == harvest.StateActive && r.LastSeen.Before(before) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return func(yield func(harvest.RecordID, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

func (m *memoryStore) Absences(_ context.Context, source harvest.SourceID) ([]harvest.Absence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []harvest.Absence
	for _, id := range slices.Sorted(maps.Keys(m.absences)) {
		if a := m.absences[id]; a.Source == source {
			out = append(out, a)
		}
	}
	return out, nil
}

func (m *memoryStore) PutAbsences(_ context.Context, absences []harvest.Absence) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range absences {
		m.absences[a.Record] = a
	}
	return nil
}

func (m *memoryStore) DropAbsences(_ context.Context, ids []harvest.RecordID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.absences, id)
	}
	return nil
}

func (m *memoryStore) Amend(_ context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) ([]harvest.RecordID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var changed []harvest.RecordID
	for _, id := range ids {
		r, ok := m.records[id]
		if !ok {
			continue
		}
		before := r.State
		if err := change(&r); err != nil {
			return changed, err
		}
		if r.State != before {
			r.Run, r.LastChanged = by.Run, at
			m.records[id] = r
			changed = append(changed, id)
		}
	}
	return changed, nil
}
