package mongo

import (
	"context"
	"iter"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
)

// Lookup implements [sinks.Catalogue].
func (c *Catalogue) Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return func(yield func(harvest.Record, error) bool) {
		for some := range slices.Chunk(ids, c.batch) {
			for r, err := range c.stream(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: some}}}}, 0) {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil && len(ids) == 0 {
			yield(harvest.Record{}, err)
		}
	}
}

// Pending implements [sinks.Catalogue].
func (c *Catalogue) Pending(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.Record, error) {
	f := bson.D{{Key: "match_pending", Value: true}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: string(after)}}}}
	var out []harvest.Record
	for r, err := range c.stream(ctx, f, int64(limit)) {
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Settle implements [sinks.Catalogue].
func (c *Catalogue) Settle(ctx context.Context, records []harvest.Record) error {
	models := make([]mongo.WriteModel, 0, len(records))
	for i := range records {
		models = append(models, mongo.NewUpdateOneModel().
			SetFilter(append(byID(records[i].ID), bson.E{Key: "revision", Value: records[i].Revision})).
			SetUpdate(bson.D{{Key: "$unset", Value: bson.D{{Key: "match_pending", Value: ""}}}}))
	}
	return c.bulk(ctx, "settle records", c.records, models)
}

// Unsettle implements [sinks.Catalogue].
func (c *Catalogue) Unsettle(ctx context.Context) error {
	_, err := c.records.UpdateMany(ctx, bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "match_pending", Value: true}}}})
	if err != nil {
		return c.fault("make records pending", err)
	}
	return nil
}

// askAtOnce is how many keys are asked for at the same time.
const askAtOnce = 8

// Holders implements [sinks.Catalogue]. A key may have any number of holders, so
// each is asked for by itself, with its own limit.
func (c *Catalogue) Holders(ctx context.Context, keys []string, most int) (map[string][]harvest.RecordID, error) {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	out := make(map[string][]harvest.RecordID)
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(askAtOnce)
	for _, key := range slices.Compact(keys) {
		group.Go(func() error {
			ids, err := c.holders(inner, key, most)
			if err == nil && len(ids) > 0 {
				mu.Lock()
				out[key] = ids
				mu.Unlock()
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, c.fault("read match keys", err)
	}
	return out, ctx.Err()
}

func (c *Catalogue) holders(ctx context.Context, key string, most int) ([]harvest.RecordID, error) {
	cursor, err := c.records.Find(ctx, bson.D{{Key: "match_keys", Value: bson.D{{Key: "$eq", Value: key}}}}, options.Find().
		SetProjection(bson.D{{Key: "_id", Value: 1}}).SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(most)))
	if err != nil {
		return nil, err
	}
	var found []struct {
		ID harvest.RecordID `bson:"_id"`
	}
	if err := cursor.All(ctx, &found); err != nil {
		return nil, err
	}
	var ids []harvest.RecordID
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	return ids, nil
}
