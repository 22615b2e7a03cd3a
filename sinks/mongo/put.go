package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// known is what Put needs of a record that stands in the store.
type known struct {
	ID          harvest.RecordID `bson:"_id"`
	ContentHash string           `bson:"content_hash"`
	Revision    int              `bson:"revision"`
	State       harvest.State    `bson:"state"`
	FirstRun    harvest.RunID    `bson:"first_run"`
	Run         harvest.RunID    `bson:"run"`
}

// maxRounds bounds how often Put looks again when other writers were faster.
// Each round some writer succeeds, so many writers need a few.
const maxRounds = 20

// Put implements [sinks.Catalogue]. It reads what stands in the store, writes
// each difference on the condition that nothing has changed meanwhile, and
// looks again at those records for which something had.
func (c *Catalogue) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	hashes := make([]string, len(records)) // of what the sources say
	if err := inParts(len(records), func(from, to int) error {
		for i := from; i < to; i++ {
			if err := records[i].Validate(); err != nil {
				return fmt.Errorf("put record %d of %d: %w", i+1, len(records), err)
			}
			hashes[i] = records[i].ContentHash()
		}
		return nil
	}); err != nil {
		return nil, err
	}
	at = at.UTC().Truncate(time.Millisecond)
	changes := make([]harvest.Change, len(records))
	for start := 0; start < len(records); start += c.batch {
		end := min(start+c.batch, len(records))
		if err := c.putBatch(ctx, run, at, records[start:end], hashes[start:end], changes[start:end]); err != nil {
			return nil, c.fault("put records", err)
		}
	}
	return changes, nil
}

func (c *Catalogue) putBatch(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record, hashes []string, changes []harvest.Change) error {
	open := make([]int, len(records)) // positions not yet settled
	for i := range open {
		open[i] = i
	}
	for range maxRounds {
		var err error
		if open, err = c.putRound(ctx, run, at, records, hashes, changes, open); err != nil || len(open) == 0 {
			return err
		}
	}
	return fmt.Errorf("record %s is written by others all the time", records[open[0]].ID)
}

// putRound tries to settle the open records and returns those that another
// writer has changed between the look and the write.
func (c *Catalogue) putRound(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record, hashes []string, changes []harvest.Change, open []int) ([]int, error) {
	stand, whole, err := c.stand(ctx, records, hashes, open)
	if err != nil {
		return nil, err
	}
	down, err := c.barring(ctx, records, open, stand)
	if err != nil {
		return nil, err
	}
	var models []mongo.WriteModel
	var written, fresh, again []int // positions in records, in models, in records
	var steps []succession
	taken := make(map[harvest.RecordID]bool, len(open))
	for _, i := range open {
		r := &records[i]
		if taken[r.ID] { // a second record of that ID sees what the first one did
			again = append(again, i)
			continue
		}
		taken[r.ID] = true
		old, known := stand[r.ID]
		if !known {
			barred, err := c.barred(ctx, down, r)
			if err != nil {
				return nil, err
			}
			if barred {
				changes[i] = harvest.Change{Record: r.ID, Outcome: harvest.Withdrawn}
				continue
			}
			changes[i] = harvest.Change{Record: r.ID, Outcome: harvest.NewRecord}
			fresh, models, written = append(fresh, len(models)), append(models, nil), append(written, i)
			continue
		}
		p, err := plan(run, at, r, hashes[i], old, whole[r.ID])
		if err != nil {
			return nil, err
		}
		changes[i] = harvest.Change{Record: r.ID, Outcome: p.outcome}
		if p.model != nil {
			models, written = append(models, p.model), append(written, i)
		}
		if p.step != nil {
			steps = append(steps, *p.step)
		}
	}
	if len(models) == 0 {
		return again, nil
	}
	if err := inParts(len(fresh), func(from, to int) error {
		in := newInsertions(run, at)
		for _, m := range fresh[from:to] {
			i := written[m]
			model, err := in.of(&records[i], hashes[i])
			if err != nil {
				return err
			}
			models[m] = model
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if err := c.keepTrails(ctx, steps); err != nil {
		return nil, err
	}
	result, err := c.records.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	var bulk mongo.BulkWriteException
	switch {
	case err == nil:
		if result.MatchedCount+result.UpsertedCount == int64(len(models)) && noneRaced(result, models) {
			return again, c.keepRevisions(ctx, steps)
		}
	case errors.As(err, &bulk) && onlyDuplicates(bulk):
	default:
		return nil, err
	}
	return append(again, written...), nil // some were overtaken: look again at all, which is harmless
}

// noneRaced reports whether every insert was one: an upsert that matched found
// a record which another writer had just made.
func noneRaced(result *mongo.BulkWriteResult, models []mongo.WriteModel) bool {
	inserts := int64(0)
	for _, m := range models {
		if u, ok := m.(*mongo.UpdateOneModel); ok && u.Upsert != nil && *u.Upsert {
			inserts++
		}
	}
	return result.UpsertedCount == inserts
}

func onlyDuplicates(e mongo.BulkWriteException) bool {
	if e.WriteConcernError != nil {
		return false
	}
	for _, w := range e.WriteErrors {
		if !w.HasErrorCode(11000) {
			return false
		}
	}
	return true
}

// stand reads what the store has of the open records: of all what tells
// whether they change, and of those that will the whole.
func (c *Catalogue) stand(ctx context.Context, records []harvest.Record, hashes []string, open []int) (map[harvest.RecordID]known, map[harvest.RecordID]*recordDoc, error) {
	ids := make([]harvest.RecordID, len(open))
	for n, i := range open {
		ids[n] = records[i].ID
	}
	fields := bson.D{{Key: "content_hash", Value: 1}, {Key: "revision", Value: 1}, {Key: "state", Value: 1}, {Key: "first_run", Value: 1}, {Key: "run", Value: 1}}
	cursor, err := c.records.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetProjection(fields))
	if err != nil {
		return nil, nil, err
	}
	var found []known
	if err := cursor.All(ctx, &found); err != nil {
		return nil, nil, err
	}
	stand := make(map[harvest.RecordID]known, len(found))
	for _, k := range found {
		stand[k.ID] = k
	}
	var changing []harvest.RecordID
	for _, i := range open {
		if old, ok := stand[records[i].ID]; ok && old.differs(hashes[i]) {
			changing = append(changing, old.ID)
		}
	}
	whole, err := c.whole(ctx, changing)
	return stand, whole, err
}

// differs reports whether writing a record with that hash makes another
// revision of it.
func (k known) differs(hash string) bool {
	return k.State != harvest.StateWithdrawn && (k.State == harvest.StateGone || k.ContentHash != hash)
}

// planned is what is to be done for one record.
type planned struct {
	outcome harvest.Outcome
	model   mongo.WriteModel // nil for nothing
	step    *succession      // when the record gets another revision
}

// plan decides what is to be written for one record that is known. The hash is
// that of its content.
func plan(run harvest.RunID, at time.Time, r *harvest.Record, hash string, old known, whole *recordDoc) (planned, error) {
	if whole != nil { // read later than old
		old = known{whole.ID, whole.ContentHash, whole.Revision, whole.State, whole.FirstRun, whole.Run}
	}
	if old.State == harvest.StateWithdrawn {
		return planned{outcome: harvest.Withdrawn}, nil
	}
	var p planned
	if whole != nil && old.differs(hash) {
		next := *r
		before := whole.record()
		if err := next.Curate(before.Overrides); err != nil {
			return p, err
		}
		next.State = harvest.StateActive
		step, err := whole.succeed(before, next, at, harvest.Signature{Run: run}, hash)
		if err != nil {
			return p, err
		}
		p.step, p.model, old.Run = step, step.model, run
	} else {
		// A withdrawal that comes between the look and the write wins.
		p.model = mongo.NewUpdateOneModel().SetFilter(old.filter()).SetUpdate(bson.D{{Key: "$max", Value: bson.D{{Key: "last_seen", Value: at}}}})
	}
	p.outcome = harvest.UnchangedRecord
	switch run {
	case old.FirstRun:
		p.outcome = harvest.NewRecord
	case old.Run:
		p.outcome = harvest.ChangedRecord
	}
	return p, nil
}

// filter finds the record as long as it stands as it was read.
func (k known) filter() bson.D {
	return append(byID(k.ID), bson.E{Key: "content_hash", Value: k.ContentHash}, bson.E{Key: "revision", Value: k.Revision}, bson.E{Key: "state", Value: k.State})
}

func byID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

// Touch implements [sinks.Catalogue].
func (c *Catalogue) Touch(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error) {
	update := bson.D{{Key: "$max", Value: bson.D{{Key: "last_seen", Value: at.UTC().Truncate(time.Millisecond)}}}}
	seen := make(map[harvest.RecordID]bool, len(ids))
	var distinct []harvest.RecordID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			distinct = append(distinct, id)
		}
	}
	n := 0
	for start := 0; start < len(distinct); start += c.batch {
		some := distinct[start:min(start+c.batch, len(distinct))]
		result, err := c.records.UpdateMany(ctx, bson.D{
			{Key: "_id", Value: bson.D{{Key: "$in", Value: some}}}, {Key: "state", Value: bson.D{{Key: "$ne", Value: harvest.StateWithdrawn}}},
		}, update)
		if err != nil {
			return n, c.fault("touch records", err)
		}
		n += int(result.MatchedCount)
	}
	return n, nil
}
