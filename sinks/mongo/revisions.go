package mongo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
)

// A change of a record and its revision must be written together, and there
// are no transactions. So the record's own document carries its present
// revision and the one before it, its trail, and the write of one document is
// atomic. The collection revisions gets each revision when it has ended, and
// the present one as soon as it stands, for those who query it. Before a
// revision falls off the trail it is written there once more, in case that was
// missed. Nothing is ever in the collection that did not happen, and reading
// takes both together.

// revisionDoc is a revision in a trail or in the collection.
type revisionDoc struct {
	ID       string           `bson:"_id,omitempty"`
	Record   harvest.RecordID `bson:"record,omitempty"`
	Number   int              `bson:"revision"`
	From     time.Time        `bson:"valid_from"`
	To       time.Time        `bson:"valid_to,omitempty"`
	Run      harvest.RunID    `bson:"run,omitempty"`
	PageHash string           `bson:"page_hash,omitempty"`
	Author   string           `bson:"author,omitempty"`
	Reason   string           `bson:"reason,omitempty"`
	Changes  []changeDoc      `bson:"changes,omitempty"`
}

// changeDoc is one field's change, with the values as BSON.
type changeDoc struct {
	Field string        `bson:"field"`
	Old   bson.RawValue `bson:"old,omitempty"`
	New   bson.RawValue `bson:"new,omitempty"`
}

func toDoc(r harvest.Revision) (revisionDoc, error) {
	d := revisionDoc{
		Number: r.Number, From: r.From, To: r.To, Run: r.Run, PageHash: r.PageHash, Author: r.Author, Reason: r.Reason,
	}
	for _, c := range r.Changes {
		before, err := toBSON(c.Old)
		if err != nil {
			return d, err
		}
		after, err := toBSON(c.New)
		if err != nil {
			return d, err
		}
		d.Changes = append(d.Changes, changeDoc{c.Field, before, after})
	}
	return d, nil
}

func (d *revisionDoc) revision(of harvest.RecordID) (harvest.Revision, error) {
	r := harvest.Revision{
		Record: of, Number: d.Number, From: d.From.UTC(), To: d.To.UTC(), Run: d.Run, PageHash: d.PageHash,
		Author: d.Author, Reason: d.Reason,
	}
	for _, c := range d.Changes {
		before, err := toJSON(c.Old)
		if err != nil {
			return r, err
		}
		after, err := toJSON(c.New)
		if err != nil {
			return r, err
		}
		r.Changes = append(r.Changes, harvest.FieldChange{Field: c.Field, Old: before, New: after})
	}
	return r, nil
}

// The JSON of a record's values has no key that begins with a dollar sign, so
// it is read as Extended JSON without any meaning of its own
// (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).
func toBSON(raw json.RawMessage) (bson.RawValue, error) {
	var held struct {
		V bson.RawValue `bson:"v"`
	}
	if len(raw) == 0 {
		return held.V, nil
	}
	err := bson.UnmarshalExtJSON(slices.Concat([]byte(`{"v":`), raw, []byte("}")), false, &held)
	return held.V, err
}

func toJSON(v bson.RawValue) (json.RawMessage, error) {
	if v.IsZero() {
		return nil, nil
	}
	b, err := bson.MarshalExtJSON(bson.D{{Key: "v", Value: v}}, false, false)
	if err != nil {
		return nil, err
	}
	var held struct {
		V json.RawMessage `json:"v"`
	}
	err = json.Unmarshal(b, &held)
	return held.V, err
}

// succession is the step of a record from one revision to the next.
type succession struct {
	of             harvest.RecordID
	model          mongo.WriteModel // of the record, on the condition that it still stands as it was
	fallen         *revisionDoc     // leaves the trail
	closed, opened revisionDoc
}

// succeed is the step of the record to next. The hash is that of what the
// source says, empty when the source has said nothing.
func (d *recordDoc) succeed(before, next harvest.Record, at time.Time, by harvest.Signature, hash string) (*succession, error) {
	closed, opened := before.Succeed(&next, at, by)
	s := &succession{of: d.ID}
	var err error
	if s.opened, err = toDoc(opened); err != nil {
		return nil, fmt.Errorf("revision of %s: %w", d.ID, err)
	}
	if s.closed, err = toDoc(closed); err != nil {
		return nil, fmt.Errorf("revision of %s: %w", d.ID, err)
	}
	if len(d.Trail) > 0 {
		s.closed = d.Trail[0] // with what it has changed
		s.closed.To = closed.To
	}
	if len(d.Trail) > 1 {
		s.fallen = &d.Trail[1]
	}
	doc, err := content(&next, hash)
	if err != nil {
		return nil, err
	}
	set, unset := replacement(doc, hash == "")
	set = append(set, bson.D{
		{Key: "state", Value: next.State},
		{Key: "revision", Value: next.Revision},
		{Key: "last_changed", Value: next.LastChanged},
		{Key: "match_pending", Value: true},
		{Key: "trail", Value: []revisionDoc{s.opened, s.closed}},
	}...)
	if next.Run != "" {
		set = append(set, bson.E{Key: "run", Value: next.Run})
	} else {
		unset = append(unset, bson.E{Key: "run", Value: ""})
	}
	update := bson.D{{Key: "$set", Value: set}}
	if hash != "" {
		update = append(update, bson.E{Key: "$max", Value: bson.D{{Key: "last_seen", Value: at}}})
	}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	old := known{ID: d.ID, ContentHash: d.ContentHash, Revision: d.Revision, State: d.State}
	s.model = mongo.NewUpdateOneModel().SetFilter(old.filter()).SetUpdate(update)
	return s, nil
}

// replacement is the update to another content: what is there is set, what is
// no longer there is removed.
func replacement(doc bson.D, keepHash bool) (set, unset bson.D) {
	present := map[string]bool{"content_hash": keepHash}
	for _, e := range doc {
		present[e.Key] = true
	}
	for _, f := range contentFields {
		if !present[f] {
			unset = append(unset, bson.E{Key: f, Value: ""})
		}
	}
	return doc, unset
}

// keepTrails writes the revisions that are about to fall off their trails.
func (c *Catalogue) keepTrails(ctx context.Context, steps []succession) error {
	var models []mongo.WriteModel
	for _, s := range steps {
		if s.fallen != nil {
			models = append(models, ended(s.of, *s.fallen))
		}
	}
	return c.bulk(ctx, "write revisions", c.revisions, models)
}

// keepRevisions writes the revisions of steps that were taken.
func (c *Catalogue) keepRevisions(ctx context.Context, steps []succession) error {
	models := make([]mongo.WriteModel, 0, 2*len(steps))
	for _, s := range steps {
		models = append(models, ended(s.of, s.closed), standing(s.of, s.opened))
	}
	if err := c.bulk(ctx, "write revisions", c.revisions, models); err != nil || len(steps) == 0 {
		return err
	}
	return c.clearWithdrawn(ctx, steps)
}

func revisionID(of harvest.RecordID, number int) string { return fmt.Sprintf("%s %d", of, number) }

// ended writes a revision that changes no more.
func ended(of harvest.RecordID, d revisionDoc) mongo.WriteModel {
	d.ID, d.Record = revisionID(of, d.Number), of
	return mongo.NewReplaceOneModel().SetFilter(byID(d.ID)).SetReplacement(d).SetUpsert(true)
}

// standing writes a revision that stands, unless it has ended meanwhile.
func standing(of harvest.RecordID, d revisionDoc) mongo.WriteModel {
	id := revisionID(of, d.Number)
	d.Record = of
	return mongo.NewUpdateOneModel().SetFilter(byID(id)).SetUpdate(bson.D{{Key: "$setOnInsert", Value: d}}).SetUpsert(true)
}

// whole reads records with all that the store has of them.
func (c *Catalogue) whole(ctx context.Context, ids []harvest.RecordID) (map[harvest.RecordID]*recordDoc, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cursor, err := c.records.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	if err != nil {
		return nil, err
	}
	var found []recordDoc
	if err := cursor.All(ctx, &found); err != nil {
		return nil, err
	}
	out := make(map[harvest.RecordID]*recordDoc, len(found))
	for i := range found {
		out[found[i].ID] = &found[i]
	}
	return out, nil
}

// Amend implements [sinks.Catalogue].
func (c *Catalogue) Amend(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) ([]harvest.RecordID, error) {
	var done []harvest.RecordID
	for some := range slices.Chunk(ids, c.batch) {
		open := slices.Compact(slices.Sorted(slices.Values(some)))
		for round := 0; len(open) > 0; round++ {
			if round == maxRounds {
				return done, fmt.Errorf("amend records: record %s is written by others all the time", open[0])
			}
			changed, again, err := c.amendRound(ctx, by, at.UTC().Truncate(time.Millisecond), open, change)
			if err != nil {
				return done, c.fault("amend records", err)
			}
			done, open = append(done, changed...), again
		}
	}
	slices.Sort(done)
	return done, nil
}

// amendRound tries each record once, and returns those for which another
// writer was faster.
func (c *Catalogue) amendRound(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) (changed, again []harvest.RecordID, err error) {
	stand, err := c.whole(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	var steps []succession
	var models []mongo.WriteModel
	for _, id := range ids {
		d := stand[id]
		if d == nil || d.State == harvest.StateWithdrawn {
			continue
		}
		before := d.record()
		next := d.record()
		if err := change(&next); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", id, err)
		}
		if len(harvest.Diff(&before, &next)) == 0 {
			continue
		}
		if err := next.Validate(); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", id, err)
		}
		step, err := d.succeed(before, next, at, by, "")
		if err != nil {
			return nil, nil, err
		}
		steps, models = append(steps, *step), append(models, step.model)
	}
	if len(steps) == 0 {
		return nil, nil, nil
	}
	if err := c.keepTrails(ctx, steps); err != nil {
		return nil, nil, err
	}
	result, err := c.records.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	if err != nil {
		return nil, nil, err
	}
	taken := steps
	if result.MatchedCount != int64(len(steps)) {
		if taken, again, err = c.taken(ctx, steps); err != nil {
			return nil, nil, err
		}
	}
	for _, s := range taken {
		changed = append(changed, s.of)
	}
	return changed, again, c.keepRevisions(ctx, taken)
}

// taken tells the steps that were taken from those that other writers have
// forestalled.
func (c *Catalogue) taken(ctx context.Context, steps []succession) (taken []succession, again []harvest.RecordID, err error) {
	ids := make([]harvest.RecordID, len(steps))
	for i, s := range steps {
		ids[i] = s.of
	}
	stand, err := c.whole(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range steps {
		if d := stand[s.of]; d != nil && slices.ContainsFunc(d.Trail, s.opened.same) {
			taken = append(taken, s)
		} else {
			again = append(again, s.of)
		}
	}
	return taken, again, nil
}

// same reports whether two revisions of one record come from one write.
func (d *revisionDoc) same(o revisionDoc) bool {
	return d.Number == o.Number && d.From.Equal(o.From) && d.Run == o.Run && d.Author == o.Author && d.Reason == o.Reason
}

// Revisions implements [sinks.Catalogue].
func (c *Catalogue) Revisions(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error) {
	var doc recordDoc
	if err := c.one(ctx, c.records, string(id), &doc); err != nil {
		return nil, err
	}
	r := doc.record()
	history, err := c.history(ctx, []*recordDoc{&doc}, time.Time{})
	if err != nil {
		return nil, c.fault("read revisions", err)
	}
	if known := history[id]; len(known) > 0 {
		return known, nil
	}
	return []harvest.Revision{{Record: id, Number: r.Revision, From: r.LastChanged, Run: r.Run, PageHash: r.PageHash}}, nil
}

// history reads the revisions of records that stood at that moment or later,
// oldest first: those of the collection, and those of the trails.
func (c *Catalogue) history(ctx context.Context, of []*recordDoc, since time.Time) (map[harvest.RecordID][]harvest.Revision, error) {
	byNumber := make(map[harvest.RecordID]map[int]harvest.Revision, len(of))
	last := make(map[harvest.RecordID]int, len(of))
	ids := make([]harvest.RecordID, len(of))
	for i, d := range of {
		ids[i], last[d.ID] = d.ID, d.Revision
		byNumber[d.ID] = make(map[int]harvest.Revision)
	}
	f := bson.D{{Key: "record", Value: bson.D{{Key: "$in", Value: ids}}}}
	if !since.IsZero() {
		f = append(f, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "valid_to", Value: bson.D{{Key: "$exists", Value: false}}}},
			bson.D{{Key: "valid_to", Value: bson.D{{Key: "$gt", Value: since}}}},
		}})
	}
	cursor, err := c.revisions.Find(ctx, f)
	if err != nil {
		return nil, err
	}
	var found []revisionDoc
	if err := cursor.All(ctx, &found); err != nil {
		return nil, err
	}
	for _, d := range of { // what the records say outweighs what was written after them
		for _, t := range d.Trail {
			t.Record = d.ID
			found = append(found, t)
		}
	}
	for _, d := range found {
		if d.Number > last[d.Record] { // written since the record was read
			continue
		}
		r, err := d.revision(d.Record)
		if err != nil {
			return nil, err
		}
		byNumber[d.Record][d.Number] = r
	}
	out := make(map[harvest.RecordID][]harvest.Revision, len(of))
	for id, numbers := range byNumber {
		out[id] = slices.SortedFunc(maps.Values(numbers), func(a, b harvest.Revision) int { return cmp.Compare(a.Number, b.Number) })
	}
	return out, nil
}
