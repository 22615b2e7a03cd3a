package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// Changed implements [sinks.Catalogue].
func (c *Catalogue) Changed(ctx context.Context, q harvest.Changes) ([]harvest.Record, error) {
	if q.Limit < 1 {
		return nil, fmt.Errorf("changed records: limit %d is below 1", q.Limit)
	}
	cursor, err := c.records.Find(ctx, changedFilter(q), options.Find().
		SetSort(bson.D{{Key: "last_changed", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(q.Limit)).
		SetProjection(bson.D{{Key: "trail", Value: 0}, {Key: "match_keys", Value: 0}}))
	if err != nil {
		return nil, c.fault("read changed records", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	var out []harvest.Record
	for cursor.Next(ctx) {
		var doc recordDoc
		if err := cursor.Decode(&doc); err != nil {
			return nil, c.fault("decode a record", err)
		}
		out = append(out, doc.record())
	}
	if err := cursor.Err(); err != nil {
		return nil, c.fault("read changed records", err)
	}
	return out, nil
}

// changedFilter asks for what is behind a place in the order of the index on
// last_changed and _id. The lower bound stands by itself, so that the server
// begins there.
func changedFilter(q harvest.Changes) bson.D {
	at, behind := q.Since, harvest.RecordID("")
	if !q.Behind.At.Before(q.Since) {
		at, behind = q.Behind.At, q.Behind.Record
	}
	bounds := bson.D{{Key: "$gte", Value: at.UTC()}}
	if !q.Before.IsZero() {
		bounds = append(bounds, bson.E{Key: "$lt", Value: q.Before.UTC()})
	}
	f := bson.D{{Key: "last_changed", Value: bounds}}
	f = append(f, isIn("source", ifAny(q.Source))...)
	withdrawn := isIn("state", []harvest.State{harvest.StateWithdrawn})
	alternatives := []bson.A{{
		bson.D{{Key: "last_changed", Value: bson.D{{Key: "$gt", Value: at.UTC()}}}},
		bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: string(behind)}}}},
	}}
	if behind == "" {
		alternatives = nil
	}
	if q.Category != "" {
		alternatives = append(alternatives, bson.A{isIn("category", ifAny(q.Category)), withdrawn})
	}
	if q.Topic != "" {
		alternatives = append(alternatives, bson.A{isIn("topics", ifAny(q.Topic)), withdrawn})
	}
	return append(f, eachOf(alternatives...)...)
}

// ifAny is a list of the value, none when it is empty.
func ifAny[T ~string](value T) []T {
	if value == "" {
		return nil
	}
	return []T{value}
}
