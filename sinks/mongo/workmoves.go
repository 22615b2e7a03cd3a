package mongo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// A move and the change of its record must be written together, and there are
// no transactions. So a record counts its moves (work_moves), and its next one is
// written first, under the number that will be counted in the write of the
// record itself. A move above the count has not happened: whoever reads passes
// it over, and the next one of the record replaces it.

// moveDoc is a move in the collection work_moves.
type moveDoc struct {
	ID               string `bson:"_id"`
	harvest.WorkMove `bson:",inline"`
}

func moveID(of harvest.RecordID, number int) string { return fmt.Sprintf("%s %010d", of, number) }

// counted says of records how often they will have moved.
type counted map[harvest.RecordID]int

// count adds to the update of a record that it counts its move, if it moves.
func (m counted) count(id harvest.RecordID, update bson.D) bson.D {
	if n := m[id]; n > 0 {
		update = append(update, bson.E{Key: "$max", Value: bson.D{{Key: "work_moves", Value: n}}})
	}
	return update
}

// keepMoves writes the moves that writing the works will be, and returns which
// records are to count one.
func (c *Catalogue) keepMoves(ctx context.Context, at time.Time, works []harvest.Work, stand map[harvest.RecordID]placed) (counted, error) {
	if at.IsZero() {
		return nil, nil
	}
	now, counts := make(map[harvest.RecordID]harvest.WorkID, len(stand)), make(map[harvest.RecordID]int, len(stand))
	for id, p := range stand {
		now[id], counts[id] = p.Work, p.Moves
	}
	moves := harvest.Moves(at, works, now, counts)
	moved := make(counted, len(moves))
	for _, m := range moves {
		moved[m.Record] = m.Number
	}
	return moved, c.writeMoves(ctx, moves)
}

func (c *Catalogue) writeMoves(ctx context.Context, moves []harvest.WorkMove) error {
	models := make([]mongo.WriteModel, 0, len(moves))
	for _, m := range moves {
		d := moveDoc{moveID(m.Record, m.Number), m}
		models = append(models, mongo.NewReplaceOneModel().SetFilter(byID(d.ID)).SetReplacement(d).SetUpsert(true))
	}
	return c.bulk(ctx, "write moves between works", c.moves, models)
}

// WorkHistory implements [sinks.Catalogue].
func (c *Catalogue) WorkHistory(ctx context.Context, id harvest.WorkID) ([]harvest.WorkMove, error) {
	var out []harvest.WorkMove
	for _, end := range []string{"from", "to"} {
		some, err := c.readMoves(ctx, bson.D{{Key: end, Value: string(id)}}, options.Find())
		if err != nil {
			return nil, c.fault("read moves between works", err)
		}
		out = append(out, some...)
	}
	slices.SortFunc(out, func(a, b harvest.WorkMove) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record, b.Record), a.Number-b.Number)
	})
	return out, nil
}

// WorkMoves implements [sinks.Catalogue]. Moves that have not happened are not
// read, so a page of them may be shorter; it is read on until there are enough.
func (c *Catalogue) WorkMoves(ctx context.Context, after harvest.RecordID, number, limit int) ([]harvest.WorkMove, error) {
	var out []harvest.WorkMove
	for {
		behind := bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "record", Value: after}, {Key: "number", Value: bson.D{{Key: "$gt", Value: number}}}},
			bson.D{{Key: "record", Value: bson.D{{Key: "$gt", Value: after}}}},
		}}}
		docs, err := c.findMoves(ctx, behind, options.Find().
			SetSort(bson.D{{Key: "record", Value: 1}, {Key: "number", Value: 1}}).SetLimit(int64(limit-len(out))))
		if err != nil {
			return nil, c.fault("read moves between works", err)
		}
		happened, err := c.happened(ctx, docs)
		if err != nil {
			return nil, c.fault("read moves between works", err)
		}
		out = append(out, happened...)
		if len(docs) == 0 || len(out) == limit {
			return out, nil
		}
		after, number = docs[len(docs)-1].Record, docs[len(docs)-1].Number
	}
}

// PutWorkMoves implements [sinks.Catalogue].
func (c *Catalogue) PutWorkMoves(ctx context.Context, moves []harvest.WorkMove) error {
	if err := c.writeMoves(ctx, moves); err != nil {
		return err
	}
	models := make([]mongo.WriteModel, 0, len(moves))
	for _, m := range moves {
		models = append(models, mongo.NewUpdateOneModel().SetFilter(byID(m.Record)).SetUpdate(counted{m.Record: m.Number}.count(m.Record, nil)))
	}
	return c.bulk(ctx, "count moves between works", c.records, models)
}

func (c *Catalogue) readMoves(ctx context.Context, f bson.D, o *options.FindOptionsBuilder) ([]harvest.WorkMove, error) {
	docs, err := c.findMoves(ctx, f, o)
	if err != nil {
		return nil, err
	}
	return c.happened(ctx, docs)
}

func (c *Catalogue) findMoves(ctx context.Context, f bson.D, o *options.FindOptionsBuilder) (docs []moveDoc, err error) {
	cursor, err := c.moves.Find(ctx, f, o)
	if err != nil {
		return nil, err
	}
	err = cursor.All(ctx, &docs)
	return docs, err
}

// happened are those of the moves that their records have counted.
func (c *Catalogue) happened(ctx context.Context, docs []moveDoc) (out []harvest.WorkMove, err error) {
	have := make(map[harvest.RecordID]int)
	for some := range slices.Chunk(docs, c.batch) {
		ids := make([]harvest.RecordID, len(some))
		for i := range some {
			ids[i] = some[i].Record
		}
		slices.Sort(ids)
		cursor, err := c.records.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: slices.Compact(ids)}}}},
			options.Find().SetProjection(bson.D{{Key: "work_moves", Value: 1}}))
		if err != nil {
			return nil, err
		}
		var found []placed
		if err := cursor.All(ctx, &found); err != nil {
			return nil, err
		}
		for _, p := range found {
			have[p.ID] = p.Moves
		}
	}
	for _, d := range docs {
		if d.Number <= have[d.Record] {
			d.At = d.At.UTC()
			out = append(out, d.WorkMove)
		}
	}
	return out, nil
}
