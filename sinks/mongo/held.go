package mongo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// heldDoc is a page that is held. Body is a [harvest.Held] as JSON: it is kept
// to be put later, exactly as it is.
type heldDoc struct {
	ID   string        `bson:"_id"`
	Run  harvest.RunID `bson:"run"`
	Key  string        `bson:"key"`
	URL  string        `bson:"url,omitempty"`
	At   time.Time     `bson:"at"`
	Body string        `bson:"body"`
}

// heldID names a page of a run. A run's ID has no blank.
func heldID(run harvest.RunID, key string) string { return string(run) + " " + key }

// Hold implements [sinks.Catalogue].
func (c *Catalogue) Hold(ctx context.Context, run harvest.RunID, pages []harvest.Held) error {
	last := make(map[string]mongo.WriteModel, len(pages)) // of two with one key the later one counts
	var order []string
	for i := range pages {
		h := &pages[i]
		body, err := json.Marshal(h)
		if err != nil {
			return fmt.Errorf("encode page %s: %w", h.URL, err)
		}
		id := heldID(run, h.Key)
		doc := heldDoc{ID: id, Run: run, Key: h.Key, URL: h.URL, At: h.At.UTC(), Body: string(body)}
		if _, twice := last[id]; !twice {
			order = append(order, id)
		}
		last[id] = mongo.NewReplaceOneModel().SetFilter(byID(id)).SetReplacement(doc).SetUpsert(true)
	}
	models := make([]mongo.WriteModel, len(order))
	for i, id := range order {
		models[i] = last[id]
	}
	return c.bulk(ctx, "hold pages", c.held, models)
}

// Held implements [sinks.Catalogue].
func (c *Catalogue) Held(ctx context.Context, run harvest.RunID, after string, limit int) ([]harvest.Held, error) {
	// All names of a run lie between "run " and "run!", the sign after the blank.
	f := bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: heldID(run, after)}, {Key: "$lt", Value: string(run) + "!"}}}}
	o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}})
	if limit > 0 {
		o.SetLimit(int64(limit))
	}
	cursor, err := c.held.Find(ctx, f, o)
	if err != nil {
		return nil, c.fault("read held pages", err)
	}
	var docs []heldDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, c.fault("read held pages", err)
	}
	var out []harvest.Held
	for i := range docs {
		var h harvest.Held
		if err := json.NewDecoder(strings.NewReader(docs[i].Body)).Decode(&h); err != nil {
			return nil, fmt.Errorf("decode held page %s: %w", docs[i].ID, err)
		}
		out = append(out, h)
	}
	return out, nil
}

// LetGo implements [sinks.Catalogue].
func (c *Catalogue) LetGo(ctx context.Context, run harvest.RunID, keys []string) error {
	if keys == nil {
		_, err := c.held.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: heldID(run, "")}, {Key: "$lt", Value: string(run) + "!"}}}})
		if err != nil {
			return c.fault("let held pages go", err)
		}
		return nil
	}
	for some := range slices.Chunk(keys, c.batch) {
		ids := make([]string, len(some))
		for i, key := range some {
			ids[i] = heldID(run, key)
		}
		if _, err := c.held.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}); err != nil {
			return c.fault("let held pages go", err)
		}
	}
	return nil
}
