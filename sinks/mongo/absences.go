package mongo

import (
	"context"
	"iter"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// Unseen implements [sinks.Catalogue].
func (c *Catalogue) Unseen(ctx context.Context, source harvest.SourceID, before time.Time) iter.Seq2[harvest.RecordID, error] {
	return func(yield func(harvest.RecordID, error) bool) {
		cursor, err := c.records.Find(ctx, bson.D{
			{Key: "source", Value: bson.D{{Key: "$eq", Value: source}}},
			{Key: "state", Value: harvest.StateActive},
			{Key: "last_seen", Value: bson.D{{Key: "$lt", Value: before.UTC()}}},
		}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			yield("", c.fault("read records", err))
			return
		}
		defer cursor.Close(context.WithoutCancel(ctx))
		for cursor.Next(ctx) {
			var doc struct {
				ID harvest.RecordID `bson:"_id"`
			}
			if err := cursor.Decode(&doc); err != nil {
				yield("", c.fault("read records", err))
				return
			}
			if !yield(doc.ID, nil) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield("", c.fault("read records", err))
		}
	}
}

// PutAbsences implements [sinks.Catalogue].
func (c *Catalogue) PutAbsences(ctx context.Context, absences []harvest.Absence) error {
	last := make(map[harvest.RecordID]int, len(absences)) // of two of one record the later one counts
	var models []mongo.WriteModel
	for _, a := range absences {
		model := mongo.NewReplaceOneModel().SetFilter(byID(a.Record)).SetReplacement(a).SetUpsert(true)
		if at, twice := last[a.Record]; twice {
			models[at] = model
			continue
		}
		last[a.Record] = len(models)
		models = append(models, model)
	}
	return c.bulk(ctx, "write absences", c.absences, models)
}

// DropAbsences implements [sinks.Catalogue].
func (c *Catalogue) DropAbsences(ctx context.Context, ids []harvest.RecordID) error {
	for some := range slices.Chunk(ids, c.batch) {
		if _, err := c.absences.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: some}}}}); err != nil {
			return c.fault("drop absences", err)
		}
	}
	return nil
}

// Absences implements [sinks.Catalogue].
func (c *Catalogue) Absences(ctx context.Context, source harvest.SourceID) ([]harvest.Absence, error) {
	cursor, err := c.absences.Find(ctx, bson.D{{Key: "source", Value: bson.D{{Key: "$eq", Value: source}}}}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, c.fault("read absences", err)
	}
	var out []harvest.Absence
	if err := cursor.All(ctx, &out); err != nil {
		return nil, c.fault("read absences", err)
	}
	for i := range out {
		out[i].Since, out[i].Gone = out[i].Since.UTC(), out[i].Gone.UTC()
	}
	return out, nil
}

// Absence implements [sinks.Catalogue].
func (c *Catalogue) Absence(ctx context.Context, id harvest.RecordID) (harvest.Absence, error) {
	var a harvest.Absence
	if err := c.one(ctx, c.absences, string(id), &a); err != nil {
		return harvest.Absence{}, err
	}
	a.Since, a.Gone = a.Since.UTC(), a.Gone.UTC()
	return a, nil
}
