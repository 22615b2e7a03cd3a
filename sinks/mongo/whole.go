package mongo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// Whole implements [sinks.Catalogue].
func (c *Catalogue) Whole(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.WholeRecord, error) {
	cursor, err := c.records.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: string(after)}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, c.fault("read records", err)
	}
	var docs []*recordDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, c.fault("read records", err)
	}
	if len(docs) == 0 {
		return nil, nil
	}
	history, err := c.history(ctx, docs, time.Time{})
	if err != nil {
		return nil, c.fault("read revisions", err)
	}
	out := make([]harvest.WholeRecord, len(docs))
	for i, d := range docs {
		r := d.record()
		r.Work = ""
		out[i] = harvest.WholeRecord{
			Record: r, ContentHash: d.ContentHash, MatchKeys: slices.Sorted(slices.Values(d.MatchKeys)), Pending: d.MatchPending, History: history[d.ID],
		}
	}
	return out, nil
}

// PutWhole implements [sinks.Catalogue]. The history goes first, so that a
// record is never there with less.
func (c *Catalogue) PutWhole(ctx context.Context, records []harvest.WholeRecord) error {
	for some := range slices.Chunk(records, c.batch) {
		var models, history []mongo.WriteModel
		ids := make([]harvest.RecordID, len(some))
		for i := range some {
			w := &some[i]
			ids[i] = w.Record.ID
			d := recordDoc{Record: w.Record, ContentHash: w.ContentHash, MatchKeys: w.MatchKeys, MatchPending: w.Pending}
			d.Provenance, d.Overrides, d.Work = escapeKeys(d.Provenance), escapeKeys(d.Overrides), ""
			for n := range w.History {
				r, err := toDoc(w.History[n])
				if err != nil {
					return c.fault("encode a revision", err)
				}
				history = append(history, ended(w.Record.ID, r))
				if n >= len(w.History)-2 {
					d.Trail = append([]revisionDoc{r}, d.Trail...)
				}
			}
			doc, err := newEncoder().encode(&d)
			if err != nil {
				return fmt.Errorf("encode record %s: %w", d.ID, err)
			}
			models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(w.Record.ID)).SetReplacement(doc).SetUpsert(true))
		}
		if _, err := c.revisions.DeleteMany(ctx, bson.D{{Key: "record", Value: bson.D{{Key: "$in", Value: ids}}}}); err != nil {
			return c.fault("write revisions", err)
		}
		if _, err := c.moves.DeleteMany(ctx, bson.D{{Key: "record", Value: bson.D{{Key: "$in", Value: ids}}}}); err != nil {
			return c.fault("write moves between works", err)
		}
		if err := c.bulk(ctx, "write revisions", c.revisions, history); err != nil {
			return err
		}
		if err := c.bulk(ctx, "write records", c.records, models); err != nil {
			return err
		}
	}
	return nil
}

// Ledger implements [sinks.Catalogue].
func (c *Catalogue) Ledger(ctx context.Context, source harvest.SourceID, url string, limit int) ([]harvest.PageFacts, error) {
	behind := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "source", Value: source}, {Key: "url", Value: bson.D{{Key: "$gt", Value: url}}}},
		bson.D{{Key: "source", Value: bson.D{{Key: "$gt", Value: source}}}},
	}}}
	cursor, err := c.pages.Find(ctx, behind, options.Find().SetSort(bson.D{{Key: "source", Value: 1}, {Key: "url", Value: 1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, c.fault("read pages", err)
	}
	var out []harvest.PageFacts
	if err := cursor.All(ctx, &out); err != nil {
		return nil, c.fault("read pages", err)
	}
	for i := range out {
		p := &out[i]
		p.FetchedAt, p.Since, p.ChangedAt = p.FetchedAt.UTC(), p.Since.UTC(), p.ChangedAt.UTC()
	}
	return out, nil
}
