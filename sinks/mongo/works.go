package mongo

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// PutKeys implements [sinks.Catalogue].
func (c *Catalogue) PutKeys(ctx context.Context, keys map[harvest.RecordID][]string) error {
	models := make([]mongo.WriteModel, 0, len(keys))
	for id, k := range keys {
		update := bson.D{{Key: "$set", Value: bson.D{{Key: "match_keys", Value: k}}}}
		if len(k) == 0 {
			update = bson.D{{Key: "$unset", Value: bson.D{{Key: "match_keys", Value: ""}}}}
		}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(byID(id)).SetUpdate(update))
	}
	return c.bulk(ctx, "write match keys", c.records, models)
}

// bulk writes models that may be repeated without harm, in batches.
func (c *Catalogue) bulk(ctx context.Context, doing string, to *mongo.Collection, models []mongo.WriteModel) error {
	for some := range slices.Chunk(models, c.batch) {
		_, err := to.BulkWrite(ctx, some, options.BulkWrite().SetOrdered(false))
		if mongo.IsDuplicateKeyError(err) { // two upserts of one new document met; now it is there
			_, err = to.BulkWrite(ctx, some, options.BulkWrite().SetOrdered(false))
		}
		if err != nil {
			return c.fault(doing, err)
		}
	}
	return nil
}

// PutWorks implements [sinks.Catalogue]. The order makes a repetition after a
// crash complete: what is to be undone is looked up before anything is
// written; then come the works, the records that point to them, the records
// that no longer do, and the works that have lost members.
func (c *Catalogue) PutWorks(ctx context.Context, at time.Time, works []harvest.Work) error {
	owner := make(map[harvest.RecordID]harvest.WorkID)
	given := make(map[harvest.WorkID]bool, len(works))
	for _, w := range works {
		given[w.ID] = true
		for _, m := range w.Members {
			owner[m.Record] = w.ID
		}
	}
	stand, err := c.standing(ctx, given, owner)
	if err != nil {
		return err
	}
	moved, err := c.keepMoves(ctx, at, works, stand)
	if err != nil {
		return err
	}
	var models, moves []mongo.WriteModel
	for _, w := range works {
		members := ownMembers(w, owner)
		if len(members) == 0 {
			models = append(models, mongo.NewDeleteOneModel().SetFilter(byID(w.ID)))
			continue
		}
		w.Members = members
		models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(w.ID)).SetReplacement(w).SetUpsert(true))
		for _, m := range members {
			to := bson.D{{Key: "$set", Value: bson.D{{Key: "work", Value: w.ID}}}}
			moves = append(moves, mongo.NewUpdateOneModel().SetFilter(byID(m.Record)).SetUpdate(moved.count(m.Record, to)))
		}
	}
	for _, r := range stand {
		if _, ok := owner[r.ID]; !ok && given[r.Work] { // it is in none of the works any more
			to := bson.D{{Key: "$unset", Value: bson.D{{Key: "work", Value: ""}}}}
			moves = append(moves, mongo.NewUpdateOneModel().
				SetFilter(append(byID(r.ID), bson.E{Key: "work", Value: r.Work})).SetUpdate(moved.count(r.ID, to)))
		}
	}
	if err := c.bulk(ctx, "write works", c.works, models); err != nil {
		return err
	}
	if err := c.bulk(ctx, "move records to their works", c.records, moves); err != nil {
		return err
	}
	return c.pruneWorks(ctx, owner)
}

// ownMembers are the members of a work, sorted, without those that a later
// work of the same call has too.
func ownMembers(w harvest.Work, owner map[harvest.RecordID]harvest.WorkID) []harvest.Member {
	members := slices.DeleteFunc(slices.Clone(w.Members), func(m harvest.Member) bool { return owner[m.Record] != w.ID })
	slices.SortFunc(members, func(a, b harvest.Member) int { return strings.Compare(string(a.Record), string(b.Record)) })
	return members
}

// placed is where a record stands among works.
type placed struct {
	ID    harvest.RecordID `bson:"_id"`
	Work  harvest.WorkID   `bson:"work"`
	Moves int              `bson:"work_moves"`
}

// standing reads the records that point to a given work, and those that are to.
func (c *Catalogue) standing(ctx context.Context, given map[harvest.WorkID]bool, owner map[harvest.RecordID]harvest.WorkID) (map[harvest.RecordID]placed, error) {
	out := make(map[harvest.RecordID]placed, len(owner))
	read := func(f bson.D) error {
		cursor, err := c.records.Find(ctx, f, options.Find().SetProjection(bson.D{{Key: "work", Value: 1}, {Key: "work_moves", Value: 1}}))
		if err != nil {
			return c.fault("read members", err)
		}
		var found []placed
		if err := cursor.All(ctx, &found); err != nil {
			return c.fault("read members", err)
		}
		for _, p := range found {
			out[p.ID] = p
		}
		return nil
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(given)), c.batch) {
		if err := read(bson.D{{Key: "work", Value: bson.D{{Key: "$in", Value: some}}}}); err != nil {
			return nil, err
		}
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(owner)), c.batch) {
		if err := read(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: some}}}}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pruneWorks takes records out of the works they stood in before.
func (c *Catalogue) pruneWorks(ctx context.Context, owner map[harvest.RecordID]harvest.WorkID) error {
	ids := make([]harvest.RecordID, 0, len(owner))
	for id := range owner {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, c.batch) {
		cursor, err := c.works.Find(ctx, bson.D{{Key: "members.record", Value: bson.D{{Key: "$in", Value: some}}}})
		if err != nil {
			return c.fault("read works", err)
		}
		var holders []harvest.Work
		if err := cursor.All(ctx, &holders); err != nil {
			return c.fault("read works", err)
		}
		var models []mongo.WriteModel
		for _, w := range holders {
			left := slices.DeleteFunc(slices.Clone(w.Members), func(m harvest.Member) bool {
				now, ok := owner[m.Record]
				return ok && now != w.ID
			})
			switch {
			case len(left) == len(w.Members):
			case len(left) == 0:
				models = append(models, mongo.NewDeleteOneModel().SetFilter(byID(w.ID)))
			default:
				w.Members = left
				models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(w.ID)).SetReplacement(w))
			}
		}
		if err := c.bulk(ctx, "prune works", c.works, models); err != nil {
			return err
		}
	}
	return nil
}

// Work implements [sinks.Catalogue].
func (c *Catalogue) Work(ctx context.Context, id harvest.WorkID) (harvest.Work, error) {
	var w harvest.Work
	err := c.one(ctx, c.works, string(id), &w)
	return w, err
}

// Works implements [sinks.Catalogue].
func (c *Catalogue) Works(ctx context.Context, after harvest.WorkID, limit int) ([]harvest.Work, error) {
	cursor, err := c.works.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: string(after)}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, c.fault("read works", err)
	}
	var works []harvest.Work
	if err := cursor.All(ctx, &works); err != nil {
		return nil, c.fault("read works", err)
	}
	return works, nil
}
