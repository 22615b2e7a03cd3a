package mongo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

var errWords = errors.New("the catalogue does not search words; the search index does")

// filter turns a query into a MongoDB filter. Every value from outside stands
// as a value below an operator that this function wrote, so no text can become
// an operator.
func filter(q harvest.Query) (bson.D, error) {
	if q.Words != "" {
		return nil, errWords
	}
	if !q.Since.IsZero() {
		if _, err := harvest.ParseDate(q.Since.Value); err != nil {
			return nil, fmt.Errorf("query since: %w", err)
		}
	}
	f := bson.D{}
	if !q.AsOf.IsZero() { // what the records were then is asked of each when it is known
		f = append(f, bson.E{Key: "first_seen", Value: bson.D{{Key: "$lte", Value: q.AsOf.UTC()}}},
			bson.E{Key: "state", Value: bson.D{{Key: "$ne", Value: harvest.StateWithdrawn}}})
		q = harvest.Query{Sources: q.Sources, States: []harvest.State{harvest.AnyState}}
	}
	f = append(f, isIn("source", q.Sources)...)
	f = append(f, isIn("category", q.Categories)...)
	f = append(f, isIn("topics", q.Topics)...)
	f = append(f, isIn("countries", q.Countries)...)
	f = append(f, eachOf(inLanguages(q.Languages), inYears(q.Years))...)
	if !q.Since.IsZero() {
		f = append(f, bson.E{Key: "published.value", Value: bson.D{{Key: "$gte", Value: firstDay(q.Since)}}})
	}
	if !q.ChangedSince.IsZero() {
		f = append(f, bson.E{Key: "last_changed", Value: bson.D{{Key: "$gte", Value: q.ChangedSince.UTC()}}})
	}
	return append(f, isIn("state", q.WantedStates())...), nil
}

// isIn asks for one of the values in a field, or in a list that it holds.
func isIn[T ~string](field string, wanted []T) bson.D {
	switch len(wanted) {
	case 0:
		return nil
	case 1:
		return bson.D{{Key: field, Value: bson.D{{Key: "$eq", Value: wanted[0]}}}}
	}
	return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: wanted}}}}
}

// inLanguages are the alternatives for languages. "en" also finds "en-GB": all
// that begins with "en-" sorts between "en-" and "en.".
func inLanguages(wanted []string) (out bson.A) {
	for _, l := range wanted {
		out = append(out,
			bson.D{{Key: "language.value", Value: bson.D{{Key: "$eq", Value: l}}}},
			bson.D{{Key: "language.value", Value: bson.D{{Key: "$gte", Value: l + "-"}, {Key: "$lt", Value: l + "."}}}})
	}
	return out
}

// inYears are the alternatives for years: "2021" to what begins with "2021-".
func inYears(wanted []int) (out bson.A) {
	for _, year := range wanted {
		y := fmt.Sprintf("%04d", year)
		out = append(out, bson.D{{Key: "published.value", Value: bson.D{{Key: "$gte", Value: y}, {Key: "$lt", Value: y + "."}}}})
	}
	return out
}

// eachOf asks for one of each list of alternatives that is not empty.
func eachOf(lists ...bson.A) bson.D {
	var all bson.A
	for _, alternatives := range lists {
		if len(alternatives) > 0 {
			all = append(all, bson.D{{Key: "$or", Value: alternatives}})
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0].(bson.D)
	}
	return bson.D{{Key: "$and", Value: all}}
}

// firstDay is the shortest form of a date that still begins on the same day.
// Compared as text, "2021" is then not before 2021-01-01.
func firstDay(d harvest.Date) string {
	v := d.Value
	for strings.HasSuffix(v, "-01") {
		v = strings.TrimSuffix(v, "-01")
	}
	return v
}

// Record implements [sinks.Catalogue].
func (c *Catalogue) Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error) {
	var doc recordDoc
	if err := c.one(ctx, c.records, string(id), &doc); err != nil {
		return harvest.Record{}, err
	}
	return doc.record(), nil
}

// one reads a document by its _id.
func (c *Catalogue) one(ctx context.Context, from *mongo.Collection, id string, into any) error {
	err := from.FindOne(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$eq", Value: id}}}}).Decode(into)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return harvest.ErrNotFound
	}
	if err != nil {
		return c.fault("read from "+from.Name(), err)
	}
	return nil
}

// Records implements [sinks.Catalogue].
func (c *Catalogue) Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	f, err := filter(q)
	if err != nil {
		return failed(err)
	}
	if q.After != "" {
		f = append(f, bson.E{Key: "_id", Value: bson.D{{Key: "$gt", Value: string(q.After)}}})
	}
	if !q.AsOf.IsZero() {
		return c.streamAsOf(ctx, f, q)
	}
	return c.stream(ctx, f, int64(q.Limit))
}

func failed(err error) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) { yield(harvest.Record{}, err) }
}

// streamBatch is how many records the server sends at a time.
const streamBatch = 200

func (c *Catalogue) stream(ctx context.Context, f bson.D, limit int64) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(streamBatch).
			SetProjection(bson.D{{Key: "trail", Value: 0}, {Key: "match_keys", Value: 0}})
		if limit > 0 {
			o.SetLimit(limit)
		}
		cursor, err := c.records.Find(ctx, f, o)
		if err != nil {
			yield(harvest.Record{}, c.fault("read records", err))
			return
		}
		defer cursor.Close(context.WithoutCancel(ctx))
		for cursor.Next(ctx) {
			var doc recordDoc
			if err := cursor.Decode(&doc); err != nil {
				yield(harvest.Record{}, c.fault("decode a record", err))
				return
			}
			if !yield(doc.record(), nil) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(harvest.Record{}, c.fault("read records", err))
		}
	}
}

// streamAsOf yields records as they stood at a moment. It reads some hundred at
// a time, and their history with them.
func (c *Catalogue) streamAsOf(ctx context.Context, f bson.D, q harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		cursor, err := c.records.Find(ctx, f, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(streamBatch))
		if err != nil {
			yield(harvest.Record{}, c.fault("read records", err))
			return
		}
		defer cursor.Close(context.WithoutCancel(ctx))
		left := q.Limit
		for more := true; more; {
			var docs []*recordDoc
			for len(docs) < streamBatch {
				if more = cursor.Next(ctx); !more {
					break
				}
				var doc recordDoc
				if err := cursor.Decode(&doc); err != nil {
					yield(harvest.Record{}, c.fault("decode a record", err))
					return
				}
				docs = append(docs, &doc)
			}
			then, err := c.turnBack(ctx, docs, q.AsOf.UTC())
			for _, r := range then {
				if !q.Matches(&r) {
					continue
				}
				if !yield(r, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
			if err == nil {
				err = cursor.Err()
			}
			if err != nil {
				yield(harvest.Record{}, c.fault("read records", err))
				return
			}
		}
	}
}

// turnBack takes records to a moment, and leaves out those that were not there
// then.
func (c *Catalogue) turnBack(ctx context.Context, docs []*recordDoc, at time.Time) ([]harvest.Record, error) {
	var changed []*recordDoc
	for _, d := range docs {
		if d.LastChanged.After(at) {
			changed = append(changed, d)
		}
	}
	var history map[harvest.RecordID][]harvest.Revision
	if len(changed) > 0 {
		var err error
		if history, err = c.history(ctx, changed, at); err != nil {
			return nil, err
		}
	}
	var then []harvest.Record
	for _, d := range docs {
		r := d.record()
		was, err := r.AsOf(at, history[r.ID])
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", r.ID, err)
		}
		if was {
			then = append(then, r)
		}
	}
	return then, nil
}

// Count implements [sinks.Catalogue].
func (c *Catalogue) Count(ctx context.Context, q harvest.Query) (int, error) {
	f, err := filter(q)
	if err != nil {
		return 0, err
	}
	if !q.AsOf.IsZero() {
		q.After, q.Limit = "", 0
		n := 0
		for _, err := range c.Records(ctx, q) {
			if err != nil {
				return 0, err
			}
			n++
		}
		return n, nil
	}
	n, err := c.records.CountDocuments(ctx, f)
	if err != nil {
		return 0, c.fault("count records", err)
	}
	return int(n), nil
}
