package mongo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest"
)

// A move stands before the write of the record that makes it happen, and that
// write counts it: there is no moment at which a move is lost or told twice.
func TestAMoveIsWrittenFirstAndCountedWithTheRecord(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri())
	r.answer(
		"find", answer{reply: cursor()},
		answer{reply: cursor(bson.D{{Key: "_id", Value: "alpha:1"}, {Key: "work", Value: "w:1"}, {Key: "work_moves", Value: 3}})},
	)
	err := c.PutWorks(t.Context(), at, []harvest.Work{{ID: "w:2", Members: []harvest.Member{{Record: "alpha:1", Method: "doi"}}}})
	if err != nil {
		t.Fatal(err)
	}
	updates := r.seen("update")
	var to []any
	for _, u := range updates {
		to = append(to, get(u.body, "update"))
	}
	if diff := cmp.Diff([]any{"work_moves", "works", "records"}, to); diff != "" {
		t.Fatalf("writes (-want +got):\n%s", diff)
	}
	first, _ := get(updates[0].body, "updates").(bson.A)
	if get(first[0], "q", "_id") != "alpha:1 0000000004" || get(first[0], "u", "from") != "w:1" || get(first[0], "u", "to") != "w:2" {
		t.Errorf("the move is %v", first[0])
	}
	last, _ := get(updates[2].body, "updates").(bson.A)
	if len(last) != 1 || get(last[0], "u", "$set", "work") != "w:2" || get(last[0], "u", "$max", "work_moves") != int32(4) {
		t.Errorf("the record is written with %v", last)
	}
}

// What was written of a move before the process died has not happened.
func TestAMoveThatIsNotCountedIsNotTold(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri())
	move := func(number int) bson.D {
		return bson.D{{Key: "_id", Value: "x"}, {Key: "record", Value: "alpha:1"}, {Key: "number", Value: number}, {Key: "at", Value: at}, {Key: "to", Value: "w:1"}}
	}
	counted := bson.D{{Key: "_id", Value: "alpha:1"}, {Key: "work_moves", Value: 1}}
	r.answer("find", answer{reply: cursor()}, answer{reply: cursor(move(1), move(2))}, answer{reply: cursor(counted)})
	got, err := c.WorkHistory(t.Context(), "w:1")
	if err != nil || len(got) != 1 || got[0].Number != 1 {
		t.Errorf("history %v, %v", got, err)
	}
}
