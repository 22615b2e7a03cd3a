package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// memoDoc is a memo; no kind has a blank.
type memoDoc struct {
	ID      string `bson:"_id"`
	Kind    string `bson:"kind"`
	Key     string `bson:"key"`
	Version int    `bson:"version"`
	Value   string `bson:"value"`
}

var errMemo = errors.New("a memo has a kind, a key and a value in JSON of bounded size")

// PutMemo implements [sinks.Catalogue].
func (c *Catalogue) PutMemo(ctx context.Context, m harvest.Memo) error {
	if m.Kind == "" || m.Key == "" || len(m.Value) > harvest.MaxMemo || !json.Valid(m.Value) {
		return errMemo
	}
	doc := memoDoc{ID: memoID(m), Kind: m.Kind, Key: m.Key, Version: m.Version + 1, Value: string(m.Value)}
	if m.Version == 0 {
		_, err := c.memos.InsertOne(ctx, doc)
		if mongo.IsDuplicateKeyError(err) {
			return conflict(m)
		}
		if err != nil {
			return c.fault("write a memo", err)
		}
		return nil
	}
	result, err := c.memos.ReplaceOne(ctx, memoAsRead(m), doc)
	if err != nil {
		return c.fault("write a memo", err)
	}
	if result.MatchedCount == 0 {
		return conflict(m)
	}
	return nil
}

// DropMemo implements [sinks.Catalogue].
func (c *Catalogue) DropMemo(ctx context.Context, m harvest.Memo) error {
	result, err := c.memos.DeleteOne(ctx, memoAsRead(m))
	if err != nil {
		return c.fault("drop a memo", err)
	}
	if result.DeletedCount == 0 {
		return conflict(m)
	}
	return nil
}

// Memos implements [sinks.Catalogue].
func (c *Catalogue) Memos(ctx context.Context, kind string) ([]harvest.Memo, error) {
	cursor, err := c.memos.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: kind + " "}, {Key: "$lt", Value: kind + "!"}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, c.fault("read memos", err)
	}
	var docs []memoDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, c.fault("read memos", err)
	}
	var out []harvest.Memo
	for _, d := range docs {
		out = append(out, harvest.Memo{Kind: d.Kind, Key: d.Key, Version: d.Version, Value: []byte(d.Value)})
	}
	return out, nil
}

func memoID(m harvest.Memo) string { return m.Kind + " " + m.Key }

// memoAsRead selects a memo that nobody has changed since.
func memoAsRead(m harvest.Memo) bson.D {
	return bson.D{{Key: "_id", Value: memoID(m)}, {Key: "version", Value: m.Version}}
}

func conflict(m harvest.Memo) error {
	return fmt.Errorf("memo %s of %s: %w", m.Kind, m.Key, harvest.ErrConflict)
}
