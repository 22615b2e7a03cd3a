package mongo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// pairID is the _id of what is about two records. No identifier has a blank.
func pairID(a, b harvest.RecordID) string { return string(min(a, b)) + " " + string(max(a, b)) }

// decisionDoc and doubtDoc are what they are named after, under their pair.
type decisionDoc struct {
	ID               string `bson:"_id"`
	harvest.Decision `bson:",inline"`
}

type doubtDoc struct {
	ID            string `bson:"_id"`
	harvest.Doubt `bson:",inline"`
}

// errPair is returned for a decision that is not about two records in order.
var errPair = errors.New("a decision is about two records, A before B")

// PutDecision implements [sinks.Catalogue].
func (c *Catalogue) PutDecision(ctx context.Context, d harvest.Decision) error {
	if d.A >= d.B {
		return errPair
	}
	id := pairID(d.A, d.B)
	return c.bulk(ctx, "write a decision", c.decisions, []mongo.WriteModel{
		mongo.NewReplaceOneModel().SetFilter(byID(id)).SetReplacement(decisionDoc{id, d}).SetUpsert(true),
	})
}

// DropDecision implements [sinks.Catalogue].
func (c *Catalogue) DropDecision(ctx context.Context, a, b harvest.RecordID) error {
	if _, err := c.decisions.DeleteOne(ctx, byID(pairID(a, b))); err != nil {
		return c.fault("drop a decision", err)
	}
	return nil
}

// Decisions implements [sinks.Catalogue].
func (c *Catalogue) Decisions(ctx context.Context, ids []harvest.RecordID) ([]harvest.Decision, error) {
	var docs []decisionDoc
	read := func(f bson.D) error {
		cursor, err := c.decisions.Find(ctx, f)
		if err != nil {
			return c.fault("read decisions", err)
		}
		var found []decisionDoc
		if err := cursor.All(ctx, &found); err != nil {
			return c.fault("read decisions", err)
		}
		docs = append(docs, found...)
		return nil
	}
	if ids == nil {
		if err := read(bson.D{}); err != nil {
			return nil, err
		}
	}
	for some := range slices.Chunk(ids, c.batch) {
		for _, side := range []string{"a", "b"} {
			if err := read(bson.D{{Key: side, Value: bson.D{{Key: "$in", Value: some}}}}); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(docs, func(x, y decisionDoc) int {
		if c := strings.Compare(string(x.A), string(y.A)); c != 0 {
			return c
		}
		return strings.Compare(string(x.B), string(y.B))
	})
	var out []harvest.Decision
	for i, d := range docs {
		if i == 0 || docs[i-1].ID != d.ID {
			d.At = d.At.UTC()
			out = append(out, d.Decision)
		}
	}
	return out, nil
}

// PutDoubts implements [sinks.Catalogue].
func (c *Catalogue) PutDoubts(ctx context.Context, about []harvest.RecordID, doubts []harvest.Doubt) error {
	for some := range slices.Chunk(about, c.batch) {
		for _, side := range []string{"a", "b"} {
			if _, err := c.doubts.DeleteMany(ctx, bson.D{{Key: side, Value: bson.D{{Key: "$in", Value: some}}}}); err != nil {
				return c.fault("drop doubts", err)
			}
		}
	}
	models := make([]mongo.WriteModel, 0, len(doubts))
	for _, d := range doubts {
		id := pairID(d.A, d.B)
		models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(id)).SetReplacement(doubtDoc{id, d}).SetUpsert(true))
	}
	return c.bulk(ctx, "write doubts", c.doubts, models)
}

// Doubts implements [sinks.Catalogue].
func (c *Catalogue) Doubts(ctx context.Context, limit int) ([]harvest.Doubt, error) {
	cursor, err := c.doubts.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "score", Value: -1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, c.fault("read doubts", err)
	}
	var docs []doubtDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, c.fault("read doubts", err)
	}
	var out []harvest.Doubt
	for _, d := range docs {
		out = append(out, d.Doubt)
	}
	return out, nil
}
