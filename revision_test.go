package harvest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
)

// leaves calls f with each field of a record that the source says, dotted
// below a struct.
func leaves(v reflect.Value, prefix string, f func(name string, v reflect.Value)) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		field := v.Field(i)
		if field.Kind() == reflect.Struct && field.Type() != reflect.TypeFor[time.Time]() && field.Type() != reflect.TypeFor[harvest.Date]() {
			leaves(field, prefix+name+".", f)
			continue
		}
		f(prefix+name, field)
	}
}

// Every field that can change is told by Diff under its name, and taken back
// by Undo. A field added to Record fails here until it has a history.
func TestEveryFieldHasAHistory(t *testing.T) {
	without := []string{"id", "source", "first_seen", "last_seen", "last_changed", "revision", "first_run", "run", "work", "page_hash", "provenance", "reached"}
	var names []string
	r := valid()
	leaves(reflect.ValueOf(&r).Elem(), "", func(name string, _ reflect.Value) { names = append(names, name) })
	for _, name := range names {
		before, after := valid(), valid()
		leaves(reflect.ValueOf(&after).Elem(), "", func(n string, v reflect.Value) {
			if n == name {
				fill(v)
			}
		})
		changes := harvest.Diff(&before, &after)
		if slices.Contains(without, name) {
			if len(changes) > 0 {
				t.Errorf("%s by itself is a change: %v", name, changes)
			}
			continue
		}
		if len(changes) != 1 || strings.TrimSuffix(changes[0].Field, ".title") != name && changes[0].Field != name {
			t.Errorf("a change of %s is told as %v", name, changes)
			continue
		}
		if err := after.Undo(changes); err != nil {
			t.Errorf("undo %s: %v", name, err)
		}
		if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s is not taken back (-want +got):\n%s", name, diff)
		}
	}
}

// Each field that can be annotated takes a value, keeps what was harvested and
// gives it back.
func TestOverrideAndRestore(t *testing.T) {
	values := map[string]string{"published": "2021-03", "modified": "2022"}
	for _, name := range harvest.CuratedFields() {
		r := valid()
		r.Provenance = map[string]harvest.Evidence{"title": {Basis: "meta"}, "summary": {Basis: "door"}}
		harvested := r
		value, ok := values[name]
		if !ok {
			value = "said"
		}
		if err := r.Override(name, harvest.Override{Value: []string{value}, Author: "ana", Reason: "why"}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(harvest.Diff(&harvested, &r)) < 2 {
			t.Errorf("%s: nothing changed", name)
		}
		again := harvested
		if err := again.Curate(r.Overrides); err != nil || !cmp.Equal(again, r) {
			t.Errorf("%s: harvested again it is another record (%v):\n%s", name, err, cmp.Diff(r, again))
		}
		if done, err := r.Restore(name); !done || err != nil {
			t.Errorf("%s: restored %v, %v", name, done, err)
		}
		if diff := cmp.Diff(harvested, r); diff != "" {
			t.Errorf("%s is not given back (-want +got):\n%s", name, diff)
		}
	}
	r := valid()
	if err := r.Override("url", harvest.Override{Value: []string{"x"}}); err == nil || !strings.Contains(err.Error(), "title") {
		t.Errorf("url can be annotated: %v", err)
	}
}

func TestAsOfWithoutKeptRevisions(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) }
	r := valid()
	r.FirstSeen, r.LastChanged, r.LastSeen, r.Revision, r.FirstRun, r.Run = at(1), at(10), at(20), 4, "a@1", "a@4"
	then := r
	if was, err := then.AsOf(at(5), nil); !was || err != nil {
		t.Fatalf("the record was there: %v, %v", was, err)
	}
	if !then.LastChanged.Equal(at(1)) || then.Run != "a@1" || !then.LastSeen.IsZero() || then.Title != r.Title {
		t.Errorf("the first state that is known should stand for those before: %+v", then)
	}
	if was, err := r.AsOf(at(0), nil); was || err != nil {
		t.Errorf("a record was there before it was seen: %v", err)
	}
}
