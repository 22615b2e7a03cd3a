package mongo

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// Withdraw implements [sinks.Catalogue]. The order makes a repetition after a
// crash complete: first the take-down is written, which bars the record from
// coming again, then its content goes, then what is told of it elsewhere.
func (c *Catalogue) Withdraw(ctx context.Context, w harvest.Withdrawal) error {
	var d recordDoc
	if err := c.one(ctx, c.records, string(w.Record), &d); err != nil {
		return err
	}
	stand := bson.D{
		{Key: "source", Value: w.Source},
		{Key: "author", Value: w.Author},
		{Key: "reason", Value: w.Reason},
		{Key: "at", Value: w.At},
		{Key: "title_digest", Value: w.Title},
	}
	err := c.bulk(ctx, "write take-down", c.withdrawals, []mongo.WriteModel{mongo.NewUpdateOneModel().SetFilter(byID(w.Record)).
		SetUpdate(bson.D{{Key: "$setOnInsert", Value: stand}, addNames(w.Names)}).SetUpsert(true)})
	if err != nil {
		return err
	}
	if err := c.bury(ctx, w); err != nil {
		return c.fault("take down a record", err)
	}
	return nil
}

func addNames(names []string) bson.E {
	return bson.E{Key: "$addToSet", Value: bson.D{{Key: "names", Value: bson.D{{Key: "$each", Value: names}}}}}
}

// bury puts a tombstone where the record stands, and removes what belongs to
// it.
func (c *Catalogue) bury(ctx context.Context, w harvest.Withdrawal) error {
	var d recordDoc
	for round := 0; ; round++ {
		if err := c.records.FindOne(ctx, byID(w.Record)).Decode(&d); err != nil {
			return err
		}
		if d.State == harvest.StateWithdrawn {
			break
		}
		if round == maxRounds {
			return fmt.Errorf("record %s is written by others all the time", w.Record)
		}
		before := d.record()
		tombstone := w.Tombstone(&before)
		epitaph, err := toDoc(w.Epitaph(&tombstone))
		if err != nil {
			return err
		}
		old := known{ID: d.ID, ContentHash: d.ContentHash, Revision: d.Revision, State: d.State}
		next, err := newEncoder().encode(&recordDoc{Record: tombstone, MatchPending: true, Trail: []revisionDoc{epitaph}})
		if err != nil {
			return fmt.Errorf("encode record %s: %w", w.Record, err)
		}
		if _, err := c.records.ReplaceOne(ctx, old.filter(), next); err != nil {
			return err
		}
		d = recordDoc{}
	}
	return c.clear(ctx, &d)
}

// clear removes what is told elsewhere of a record that was taken down.
func (c *Catalogue) clear(ctx context.Context, tombstone *recordDoc) error {
	id := tombstone.ID
	if _, err := c.revisions.DeleteMany(ctx, bson.D{{Key: "record", Value: id}, {Key: "revision", Value: bson.D{{Key: "$ne", Value: tombstone.Revision}}}}); err != nil {
		return err
	}
	if len(tombstone.Trail) > 0 {
		if err := c.bulk(ctx, "write revisions", c.revisions, []mongo.WriteModel{ended(id, tombstone.Trail[0])}); err != nil {
			return err
		}
	}
	for _, end := range []string{"a", "b"} {
		if _, err := c.doubts.DeleteMany(ctx, bson.D{{Key: end, Value: id}}); err != nil {
			return err
		}
	}
	if _, err := c.absences.DeleteOne(ctx, byID(id)); err != nil {
		return err
	}
	if _, err := c.moves.DeleteMany(ctx, bson.D{{Key: "record", Value: id}}); err != nil {
		return err
	}
	if err := c.leaveHeld(ctx, id); err != nil {
		return err
	}
	return c.leaveWorks(ctx, id)
}

// leaveHeld takes a record off the pages that wait for a decision.
func (c *Catalogue) leaveHeld(ctx context.Context, id harvest.RecordID) error {
	quoted, err := json.Marshal(id)
	if err != nil {
		return err
	}
	cursor, err := c.held.Find(ctx, bson.D{{Key: "body", Value: bson.Regex{Pattern: regexp.QuoteMeta(`"id":` + string(quoted))}}})
	if err != nil {
		return err
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var d heldDoc
		if err := cursor.Decode(&d); err != nil {
			return err
		}
		var h harvest.Held
		if err := json.Unmarshal([]byte(d.Body), &h); err != nil {
			return fmt.Errorf("decode held page %s: %w", d.ID, err)
		}
		h.Records = slices.DeleteFunc(h.Records, func(r harvest.Record) bool { return r.ID == id })
		if err := c.Hold(ctx, d.Run, []harvest.Held{h}); err != nil {
			return err
		}
	}
	return cursor.Err()
}

// leaveWorks takes a record out of the works that it is in.
func (c *Catalogue) leaveWorks(ctx context.Context, id harvest.RecordID) error {
	cursor, err := c.works.Find(ctx, bson.D{{Key: "members.record", Value: id}})
	if err != nil {
		return err
	}
	var works []harvest.Work
	if err := cursor.All(ctx, &works); err != nil {
		return err
	}
	var models []mongo.WriteModel
	for _, w := range works {
		w.Members = slices.DeleteFunc(w.Members, func(m harvest.Member) bool { return m.Record == id })
		if len(w.Members) == 0 {
			models = append(models, mongo.NewDeleteOneModel().SetFilter(byID(w.ID)))
			continue
		}
		models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(w.ID)).SetReplacement(w))
	}
	return c.bulk(ctx, "write works", c.works, models)
}

// Reinstate implements [sinks.Catalogue].
func (c *Catalogue) Reinstate(ctx context.Context, id harvest.RecordID) error {
	var w harvest.Withdrawal
	if err := c.one(ctx, c.withdrawals, string(id), &w); err != nil {
		return err
	}
	for _, s := range []struct {
		from  *mongo.Collection
		which bson.D
	}{
		{c.pages, bson.D{{Key: "records", Value: id}}},
		{c.revisions, bson.D{{Key: "record", Value: id}}},
		{c.records, append(byID(id), bson.E{Key: "state", Value: harvest.StateWithdrawn})},
		{c.withdrawals, byID(id)}, // last: until then it can be done again
	} {
		if _, err := s.from.DeleteMany(ctx, s.which); err != nil {
			return c.fault("reinstate a record", err)
		}
	}
	return nil
}

// Withdrawals implements [sinks.Catalogue].
func (c *Catalogue) Withdrawals(ctx context.Context) ([]harvest.Withdrawal, error) {
	return c.takeDowns(ctx, bson.D{})
}

func (c *Catalogue) takeDowns(ctx context.Context, which bson.D) ([]harvest.Withdrawal, error) {
	cursor, err := c.withdrawals.Find(ctx, which, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, c.fault("read take-downs", err)
	}
	var out []harvest.Withdrawal
	if err := cursor.All(ctx, &out); err != nil {
		return nil, c.fault("read take-downs", err)
	}
	for i := range out {
		out[i].At = out[i].At.UTC()
		slices.Sort(out[i].Names)
	}
	return out, nil
}

// barring finds the take-downs that concern any of the open records that are
// not known.
func (c *Catalogue) barring(ctx context.Context, records []harvest.Record, open []int, stand map[harvest.RecordID]known) ([]harvest.Withdrawal, error) {
	var names []string
	for _, i := range open {
		if _, ok := stand[records[i].ID]; !ok {
			names = append(names, harvest.WithdrawalNames(&records[i])...)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return c.takeDowns(ctx, bson.D{{Key: "names", Value: bson.D{{Key: "$in", Value: names}}}})
}

// barred reports whether the record was taken down under another name, and
// learns the names that it has now.
func (c *Catalogue) barred(ctx context.Context, by []harvest.Withdrawal, r *harvest.Record) (bool, error) {
	for i := range by {
		yes, further := by[i].Bars(r)
		if !yes {
			continue
		}
		if len(further) == 0 {
			return true, nil
		}
		by[i].Names = append(by[i].Names, further...)
		_, err := c.withdrawals.UpdateOne(ctx, byID(by[i].Record), bson.D{addNames(further)})
		return true, err
	}
	return false, nil
}

// clearWithdrawn removes revisions that were written while their record was
// taken down.
func (c *Catalogue) clearWithdrawn(ctx context.Context, steps []succession) error {
	ids := make([]harvest.RecordID, len(steps))
	for i, s := range steps {
		ids[i] = s.of
	}
	cursor, err := c.records.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: harvest.StateWithdrawn}})
	if err != nil {
		return err
	}
	var down []recordDoc
	if err := cursor.All(ctx, &down); err != nil {
		return err
	}
	for i := range down {
		if err := c.clear(ctx, &down[i]); err != nil {
			return err
		}
	}
	return nil
}
