package harvest

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Revision is one state of a record, from the moment at which something about
// it changed to the moment of the next change: its content, whether its source
// still offers it, or what a person said of it. That it was seen again is none.
type Revision struct {
	Record RecordID `json:"record"`
	// Number counts from 1, as [Record.Revision] does.
	Number int `json:"revision"`
	// From is when the change was written, To when the next one was; To is
	// zero for the revision that stands.
	From time.Time `json:"valid_from"`
	To   time.Time `json:"valid_to,omitzero"`
	// Run is the run that made it, empty when a person did.
	Run RunID `json:"run,omitempty"`
	// PageHash is the [Page.Hash] of the page that said so.
	PageHash string `json:"page_hash,omitempty"`
	// Author and Reason are the person who made it, and why.
	Author string `json:"author,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Changes are what differs from the revision before, in the order of the
	// fields. The first revision has none, and neither has one whose
	// predecessor was written before the catalogue kept revisions.
	Changes []FieldChange `json:"changes,omitempty"`
}

// FieldChange is one field with its values before and after, as the JSON of a
// record has them; empty values are left out.
type FieldChange struct {
	// Field is the name in JSON, dotted below a struct ("identifiers.doi") and
	// for the parts of maps ("provenance.title", "overrides.title").
	Field string          `json:"field"`
	Old   json.RawMessage `json:"old,omitempty"`
	New   json.RawMessage `json:"new,omitempty"`
}

// Of the fields of a change that name a part of a map.
const (
	provenanceOf = "provenance."
	overrideOf   = "overrides."
)

// Diff lists what differs between two states of one record. Provenance is told
// for the fields that differ; by itself it is no difference. What only the
// catalogue counts (times, revision, runs, work) is none either.
func Diff(before, after *Record) []FieldChange {
	var out []FieldChange
	for _, f := range fields {
		if a, b := f.at(before), f.at(after); !reflect.DeepEqual(a, b) { // most are, and encoding takes longer
			if before, after := encode(a), encode(b); !bytes.Equal(before, after) {
				out = append(out, FieldChange{f.name, before, after})
			}
		}
	}
	out = diffMaps(out, overrideOf, before.Overrides, after.Overrides)
	if len(out) > 0 {
		out = diffMaps(out, provenanceOf, before.Provenance, after.Provenance)
	}
	return out
}

func diffMaps[V any](out []FieldChange, prefix string, before, after map[string]V) []FieldChange {
	keys := make(map[string]bool, len(before))
	for _, m := range []map[string]V{before, after} {
		for k := range m {
			keys[k] = true
		}
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if a, b := before[k], after[k]; reflect.DeepEqual(a, b) && has(before, k) == has(after, k) {
			continue
		}
		var c FieldChange
		if v, ok := before[k]; ok {
			c.Old = encode(v)
		}
		if v, ok := after[k]; ok {
			c.New = encode(v)
		}
		if !bytes.Equal(c.Old, c.New) {
			c.Field = prefix + k
			out = append(out, c)
		}
	}
	return out
}

func has[V any](m map[string]V, k string) bool {
	_, ok := m[k]
	return ok
}

// Undo takes changes back: the record is then as it was before them.
func (r *Record) Undo(changes []FieldChange) error {
	for _, c := range changes {
		var err error
		if name, ok := strings.CutPrefix(c.Field, provenanceOf); ok {
			r.Provenance, err = undoPart(r.Provenance, name, c.Old)
		} else if name, ok := strings.CutPrefix(c.Field, overrideOf); ok {
			r.Overrides, err = undoPart(r.Overrides, name, c.Old)
		} else if f := fieldNamed(c.Field); f != nil { // else a field that this version does not have any more
			err = decode(c.Old, f.at(r))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func undoPart[V any](m map[string]V, name string, old json.RawMessage) (map[string]V, error) {
	m = maps.Clone(m)
	if len(old) == 0 {
		delete(m, name)
		return m, nil
	}
	var v V
	if err := json.Unmarshal(old, &v); err != nil {
		return m, err
	}
	if m == nil {
		m = make(map[string]V)
	}
	m[name] = v
	return m, nil
}

// AsOf takes the record back to a moment, by its history, oldest first. It
// returns false when the catalogue did not have the record then. When it was last
// seen is then known only if it was not seen since, and the work it was in is
// told by [WorkMove]: both are empty. Before the catalogue kept revisions, the first state that it
// knows stands for those before.
func (r *Record) AsOf(at time.Time, history []Revision) (bool, error) {
	if r.FirstSeen.After(at) {
		return false, nil
	}
	r.Work = ""
	if r.LastSeen.After(at) {
		r.LastSeen = time.Time{}
	}
	if !r.LastChanged.After(at) {
		return true, nil
	}
	r.LastChanged, r.Run, r.PageHash = r.FirstSeen, r.FirstRun, ""
	for _, h := range slices.Backward(history) {
		if h.Number > r.Revision { // written while the record was read
			continue
		}
		r.Revision = h.Number
		if !h.From.After(at) {
			r.LastChanged, r.Run, r.PageHash = h.From, h.Run, h.PageHash
			break
		}
		if err := r.Undo(h.Changes); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Succeed makes next, which is the record as it is to be, the revision that
// follows r, and returns the two as they belong into the history: r with its
// end, and next with what differs. A clock that has gone back moves no
// revision before its predecessor.
func (r *Record) Succeed(next *Record, at time.Time, by Signature) (closed, opened Revision) {
	at = at.UTC().Truncate(time.Millisecond)
	if at.Before(r.LastChanged) {
		at = r.LastChanged
	}
	next.Revision, next.LastChanged, next.Run = r.Revision+1, at, by.Run
	next.FirstSeen, next.FirstRun, next.Work = r.FirstSeen, r.FirstRun, r.Work
	closed = Revision{Record: r.ID, Number: r.Revision, From: r.LastChanged, To: at, Run: r.Run, PageHash: r.PageHash}
	opened = Revision{
		Record: r.ID, Number: next.Revision, From: at, Run: by.Run, PageHash: next.PageHash,
		Author: by.Author, Reason: by.Reason, Changes: Diff(r, next),
	}
	return closed, opened
}

// Signature says who changes a record: a run, or a person with a reason.
type Signature struct {
	Run            RunID
	Author, Reason string
}
