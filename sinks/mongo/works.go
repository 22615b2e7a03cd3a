package mongo

import (
	"context"
	"slices"
	"strings"

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
	for start := 0; start < len(models); start += c.batch {
		some := models[start:min(start+c.batch, len(models))]
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
// crash complete: works first, then the records that point to them, then the
// works that have lost members.
func (c *Catalogue) PutWorks(ctx context.Context, works []harvest.Work) error {
	var models, records []mongo.WriteModel
	owner := make(map[harvest.RecordID]harvest.WorkID)
	for _, w := range works {
		w.Members = slices.Clone(w.Members)
		slices.SortFunc(w.Members, func(a, b harvest.Member) int { return strings.Compare(string(a.Record), string(b.Record)) })
		models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(w.ID)).SetReplacement(w).SetUpsert(true))
		for _, m := range w.Members {
			owner[m.Record] = w.ID
			records = append(records, mongo.NewUpdateOneModel().SetFilter(byID(m.Record)).
				SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "work", Value: w.ID}}}}))
		}
	}
	if err := c.bulk(ctx, "write works", c.works, models); err != nil {
		return err
	}
	if err := c.bulk(ctx, "move records to their works", c.records, records); err != nil {
		return err
	}
	return c.pruneWorks(ctx, owner)
}

// pruneWorks takes records out of the works they stood in before.
func (c *Catalogue) pruneWorks(ctx context.Context, owner map[harvest.RecordID]harvest.WorkID) error {
	ids := make([]harvest.RecordID, 0, len(owner))
	for id := range owner {
		ids = append(ids, id)
	}
	for start := 0; start < len(ids); start += c.batch {
		some := ids[start:min(start+c.batch, len(ids))]
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
