package mongo

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// pageID names a ledger entry. A source's ID has no space, so no two pairs
// have one name.
func pageID(source harvest.SourceID, url string) string { return string(source) + " " + url }

// Pages implements [sinks.Catalogue].
func (c *Catalogue) Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error) {
	out := make(map[string]harvest.PageFacts, len(urls))
	for some := range slices.Chunk(urls, c.batch) {
		ids := make([]string, len(some))
		for i, u := range some {
			ids[i] = pageID(source, u)
		}
		cursor, err := c.pages.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
		if err != nil {
			return nil, c.fault("read pages", err)
		}
		var found []harvest.PageFacts
		if err := cursor.All(ctx, &found); err != nil {
			return nil, c.fault("read pages", err)
		}
		for _, p := range found {
			p.FetchedAt = p.FetchedAt.UTC()
			out[p.URL] = p
		}
	}
	return out, nil
}

// PutPages implements [sinks.Catalogue].
func (c *Catalogue) PutPages(ctx context.Context, pages []harvest.PageFacts) error {
	models := make([]mongo.WriteModel, len(pages))
	last := make(map[string]int, len(pages)) // of two entries for one URL the later one counts
	n := 0
	for _, p := range pages {
		id := pageID(p.Source, p.URL)
		model := mongo.NewReplaceOneModel().SetFilter(byID(id)).SetReplacement(p).SetUpsert(true)
		if at, ok := last[id]; ok {
			models[at] = model
			continue
		}
		last[id] = n
		models[n] = model
		n++
	}
	return c.bulk(ctx, "write pages", c.pages, models[:n])
}

// PutRun implements [sinks.Catalogue].
func (c *Catalogue) PutRun(ctx context.Context, run harvest.Run) error {
	run.Labels = escapeKeys(run.Labels)
	model := mongo.NewReplaceOneModel().SetFilter(byID(run.ID)).SetReplacement(run).SetUpsert(true)
	return c.bulk(ctx, "write run", c.runs, []mongo.WriteModel{model})
}

// Run implements [sinks.Catalogue].
func (c *Catalogue) Run(ctx context.Context, id harvest.RunID) (harvest.Run, error) {
	var r harvest.Run
	if err := c.one(ctx, c.runs, string(id), &r); err != nil {
		return harvest.Run{}, err
	}
	return runOf(r), nil
}

func runOf(r harvest.Run) harvest.Run {
	r.Labels = unescapeKeys(r.Labels)
	for _, t := range []*time.Time{&r.ScheduledAt, &r.StartedAt, &r.EndedAt, &r.Since} {
		*t = t.UTC()
	}
	if r.Ruling != nil {
		r.Ruling.At = r.Ruling.At.UTC()
	}
	return r
}

// Runs implements [sinks.Catalogue].
func (c *Catalogue) Runs(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error) {
	f := bson.D{}
	if source != "" {
		f = append(f, bson.E{Key: "source", Value: bson.D{{Key: "$eq", Value: source}}})
	}
	o := options.Find().SetSort(bson.D{{Key: "scheduled_at", Value: -1}, {Key: "_id", Value: -1}})
	if limit > 0 {
		o.SetLimit(int64(limit))
	}
	cursor, err := c.runs.Find(ctx, f, o)
	if err != nil {
		return nil, c.fault("read runs", err)
	}
	var runs []harvest.Run
	if err := cursor.All(ctx, &runs); err != nil {
		return nil, c.fault("read runs", err)
	}
	for i := range runs {
		runs[i] = runOf(runs[i])
	}
	return runs, nil
}

// Stats implements [sinks.Catalogue].
func (c *Catalogue) Stats(ctx context.Context) (harvest.Stats, error) {
	var s harvest.Stats
	for _, x := range []struct {
		from *mongo.Collection
		into *int
	}{{c.records, &s.Records}, {c.works, &s.Works}, {c.runs, &s.Runs}} {
		n, err := x.from.CountDocuments(ctx, bson.D{})
		if err != nil {
			return s, c.fault("count "+x.from.Name(), err)
		}
		*x.into = int(n)
	}
	var newest harvest.Record
	err := c.records.FindOne(ctx, bson.D{}, options.FindOne().
		SetSort(bson.D{{Key: "last_changed", Value: -1}}).SetProjection(bson.D{{Key: "last_changed", Value: 1}})).Decode(&newest)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return s, c.fault("read records", err)
	}
	s.LastChanged = newest.LastChanged.UTC()
	return s, c.countSources(ctx, &s)
}

func (c *Catalogue) countSources(ctx context.Context, s *harvest.Stats) error {
	cursor, err := c.records.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "state", Value: harvest.StateActive}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$source"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return c.fault("count sources", err)
	}
	var groups []struct {
		Source harvest.SourceID `bson:"_id"`
		N      int              `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return c.fault("count sources", err)
	}
	for _, g := range groups {
		if s.BySource == nil {
			s.BySource = make(map[harvest.SourceID]int, len(groups))
		}
		s.BySource[g.Source] = g.N
	}
	return nil
}
