package mongo_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest"
)

// standing is a record in its second revision, as it stands in the server. Its
// trail has both revisions.
func standing(title string) bson.D {
	return bson.D{
		{Key: "_id", Value: "alpha:1"},
		{Key: "source", Value: "alpha"},
		{Key: "url", Value: "https://alpha.example/1"},
		{Key: "title", Value: title},
		{Key: "content_hash", Value: "x"},
		{Key: "revision", Value: 2},
		{Key: "state", Value: "active"},
		{Key: "first_seen", Value: at},
		{Key: "last_seen", Value: at},
		{Key: "last_changed", Value: at},
		{Key: "first_run", Value: "alpha@1"},
		{Key: "run", Value: "alpha@2"},
		{Key: "trail", Value: bson.A{
			bson.D{{Key: "revision", Value: 2}, {Key: "valid_from", Value: at}, {Key: "run", Value: "alpha@2"}, {Key: "changes", Value: bson.A{
				bson.D{{Key: "field", Value: "title"}, {Key: "old", Value: "Before"}, {Key: "new", Value: title}},
			}}},
			bson.D{{Key: "revision", Value: 1}, {Key: "valid_from", Value: at}, {Key: "valid_to", Value: at}, {Key: "run", Value: "alpha@1"}},
		}},
	}
}

// A change and its revision are one write. When the connection is cut behind
// it, before the collection of revisions has them, the record still tells both.
func TestHistoryOutlivesACutBehindTheChange(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri()+"&retryWrites=false")
	r.answer("find", answer{reply: cursor(standing("Before"))}, answer{reply: cursor(standing("Before"))})
	r.answer("update", // the revision that falls off the trail, the record, and the two that are cut off
		answer{reply: bson.D{{Key: "ok", Value: 1.0}, {Key: "n", Value: 1}, {Key: "nModified", Value: 1}}},
		answer{reply: bson.D{{Key: "ok", Value: 1.0}, {Key: "n", Value: 1}, {Key: "nModified", Value: 1}}},
		answer{cut: true})
	if _, err := c.Put(t.Context(), run, at, []harvest.Record{record(1)}); !errors.Is(err, harvest.ErrUnavailable) {
		t.Fatalf("error %v, want one that passes", err)
	}
	updates := r.seen("update")
	if len(updates) < 3 || get(updates[0].body, "update") != "revisions" || get(updates[1].body, "update") != "records" || get(updates[2].body, "update") != "revisions" {
		t.Fatalf("%d updates, want revisions, records, revisions", len(updates))
	}
	list, _ := get(updates[1].body, "updates").(bson.A)
	trail, _ := get(list[0], "u", "$set", "trail").(bson.A)
	if len(trail) != 2 || get(trail[0], "revision") != int32(3) || get(trail[1], "revision") != int32(2) || get(list[0], "q", "revision") != int32(2) {
		t.Errorf("the record is written with the trail %v, on the condition %v", trail, get(list[0], "q"))
	}

	r.answer("find", answer{reply: cursor(standing("After"))}, answer{reply: cursor()}) // and no revision in the collection
	history, err := c.Revisions(t.Context(), "alpha:1")
	if err != nil {
		t.Fatal(err)
	}
	want := []harvest.Revision{
		{Record: "alpha:1", Number: 1, From: at, To: at, Run: "alpha@1"},
		{Record: "alpha:1", Number: 2, From: at, Run: "alpha@2", Changes: []harvest.FieldChange{{Field: "title", Old: []byte(`"Before"`), New: []byte(`"After"`)}}},
	}
	if diff := cmp.Diff(want, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
