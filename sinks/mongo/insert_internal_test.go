package mongo

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest"
)

// What is written by hand is what the driver would write, of every field.
func TestProvenanceIsEncodedAsTheDriverDoes(t *testing.T) {
	t.Parallel()
	var whole harvest.Evidence
	fill(reflect.ValueOf(&whole).Elem())
	for _, e := range []harvest.Evidence{whole, {}, {Basis: "text", Detail: "è\x00é"}} {
		want, err := bson.Marshal(bson.D{{Key: "p", Value: map[string]harvest.Evidence{"identifiers%2Edoi": e}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := bson.Marshal(bson.D{{Key: "p", Value: provenance{"identifiers.doi": e}}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(bson.Raw(want).String(), bson.Raw(got).String()); diff != "" {
			t.Errorf("%+v (-driver +by hand):\n%s", e, diff)
		}
	}
}

// A new record has all that a record can have, and nothing that is empty.
func TestInsertionIsTheWholeRecord(t *testing.T) {
	t.Parallel()
	var r harvest.Record
	fill(reflect.ValueOf(&r).Elem())
	at := time.UnixMilli(1000).UTC()
	in := newInsertions("run", at)
	if _, err := in.of(&r, "hash"); err != nil {
		t.Fatal(err)
	}
	b, err := in.encoder.encode(&in.update)
	if err != nil {
		t.Fatal(err)
	}
	var u struct {
		Doc recordDoc `bson:"$setOnInsert"`
	}
	if err := bson.Unmarshal(b, &u); err != nil {
		t.Fatal(err)
	}
	want := r
	want.ID, want.Overrides, want.Reached, want.Work = "", nil, nil, ""
	want.FirstSeen, want.LastSeen, want.LastChanged, want.Revision, want.State, want.FirstRun, want.Run = at, at, at, 1, harvest.StateActive, "run", "run"
	if diff := cmp.Diff(want, u.Doc.record()); diff != "" {
		t.Errorf("the record (-given +written):\n%s", diff)
	}
	if u.Doc.ContentHash != "hash" || !u.Doc.MatchPending {
		t.Errorf("content hash %q, pending %v", u.Doc.ContentHash, u.Doc.MatchPending)
	}
	if _, err := in.of(&harvest.Record{Title: "T"}, "hash"); err != nil {
		t.Fatal(err)
	}
	if b, err = in.encoder.encode(&in.update); err != nil {
		t.Fatal(err)
	}
	elements, err := b.Lookup("$setOnInsert").Document().Elements()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range elements {
		names = append(names, e.Key())
	}
	if diff := cmp.Diff([]string{"source", "url", "title", "first_seen", "last_seen", "last_changed", "revision", "state", "first_run", "run", "content_hash", "match_pending"}, names); diff != "" {
		t.Errorf("fields of a record that has a title (-want +got):\n%s", diff)
	}
}
