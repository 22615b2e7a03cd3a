package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sinktest"
)

var _ sinks.Catalogue = (*mongo.Catalogue)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const run = harvest.RunID("alpha@20260301T030000Z")

var at = time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)

func record(n int) harvest.Record {
	return harvest.Record{
		ID: harvest.RecordID(fmt.Sprintf("alpha:%d", n)), Source: "alpha",
		URL: fmt.Sprintf("https://alpha.example/%d", n), Title: fmt.Sprintf("Report %d", n),
		Provenance: map[string]harvest.Evidence{"identifiers.doi": {Basis: "meta"}},
	}
}

func open(t testing.TB, uri string) *mongo.Catalogue {
	t.Helper()
	return openWith(t, mongo.Options{URI: uri})
}

func openWith(t testing.TB, o mongo.Options) *mongo.Catalogue {
	t.Helper()
	c, err := mongo.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c
}

// A look reads what there is and leaves the server as it was.
func TestLookCreatesNothing(t *testing.T) {
	r := newRecorder(t)
	r.answer("find", answer{reply: cursor(bson.D{{Key: "_id", Value: string(run)}, {Key: "source", Value: "alpha"}, {Key: "state", Value: "interrupted"}})})
	c, err := mongo.Look(t.Context(), mongo.Options{URI: r.uri()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	runs, err := c.Runs(t.Context(), "", 5)
	if err != nil || len(runs) != 1 || runs[0].ID != run || runs[0].State != harvest.RunInterrupted {
		t.Errorf("runs %+v, %v", runs, err)
	}
	if made := r.seen("create", "createIndexes", "insert", "update"); len(made) > 0 {
		t.Errorf("the look has the server do %v", made)
	}
}

func TestOpenCreatesTheIndexesItLists(t *testing.T) {
	r := newRecorder(t)
	open(t, r.uri())
	got := map[string]bool{}
	for _, c := range r.seen("createIndexes") {
		list, _ := get(c.body, "indexes").(bson.A)
		for _, ix := range list {
			got[fmt.Sprintf("%v %v", get(c.body, "createIndexes"), get(ix, "key"))] = true
		}
	}
	want := map[string]bool{}
	for _, ix := range mongo.Indexes() {
		keys := bson.D{}
		for _, k := range ix.Keys {
			order := int32(1)
			if strings.HasPrefix(k, "-") {
				k, order = k[1:], -1
			}
			keys = append(keys, bson.E{Key: k, Value: order})
		}
		want[fmt.Sprintf("%v %v", ix.Collection, keys)] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPutSendsAnUnorderedMajorityUpsertThatCanBeRetried(t *testing.T) {
	r := newRecorder(t)
	changes, err := open(t, r.uri()).Put(t.Context(), run, at, []harvest.Record{record(1), record(2)})
	if err != nil {
		t.Fatal(err)
	}
	want := []harvest.Change{{Record: "alpha:1", Outcome: harvest.NewRecord}, {Record: "alpha:2", Outcome: harvest.NewRecord}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Error(diff)
	}
	updates := r.seen("update")
	if len(updates) != 1 {
		t.Fatalf("%d update commands, want one for the whole batch", len(updates))
	}
	u := updates[0].body
	if get(u, "ordered") != false || get(u, "writeConcern", "w") != "majority" || get(u, "txnNumber") == nil {
		t.Errorf("ordered %v, write concern %v, txnNumber %v; want false, majority and a number", get(u, "ordered"), get(u, "writeConcern"), get(u, "txnNumber"))
	}
	list, _ := get(u, "updates").(bson.A)
	first := list[0]
	if get(first, "upsert") != true || get(first, "u", "$setOnInsert", "title") != "Report 1" || get(first, "q", "_id") != "alpha:1" {
		t.Errorf("first update is %v", first)
	}
	if get(first, "u", "$setOnInsert", "_id") != nil {
		t.Error("_id is set beside the filter that names it")
	}
	if get(first, "u", "$setOnInsert", "provenance", "identifiers%2Edoi", "basis") != "meta" {
		t.Errorf("a dot in a key is not encoded: %v", get(first, "u", "$setOnInsert", "provenance"))
	}
}

func TestWriteConcernOfTheURIWins(t *testing.T) {
	r := newRecorder(t)
	if _, err := open(t, r.uri()+"&w=1").Put(t.Context(), run, at, []harvest.Record{record(1)}); err != nil {
		t.Fatal(err)
	}
	if got := get(r.seen("update")[0].body, "writeConcern", "w"); got != int32(1) {
		t.Errorf("write concern %v, want the 1 of the URI", got)
	}
}

func TestDuplicateKeyIsLookedAtAgainAndNeverDoubled(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri())
	mine := record(1)
	r.answer("update", answer{reply: bson.D{{Key: "ok", Value: 1.0}, {Key: "n", Value: 0}, {Key: "writeErrors", Value: bson.A{
		bson.D{{Key: "index", Value: 0}, {Key: "code", Value: 11000}, {Key: "errmsg", Value: "E11000 duplicate key error"}},
	}}}}, answer{reply: bson.D{{Key: "ok", Value: 1.0}, {Key: "n", Value: 1}, {Key: "nModified", Value: 1}}})
	r.answer("find", answer{reply: cursor()}, answer{reply: cursor()}, answer{reply: cursor(bson.D{
		{Key: "_id", Value: "alpha:1"},
		{Key: "content_hash", Value: mine.ContentHash()},
		{Key: "revision", Value: 1},
		{Key: "state", Value: "active"},
		{Key: "first_run", Value: "alpha@other"},
		{Key: "run", Value: "alpha@other"},
	})})
	changes, err := c.Put(t.Context(), run, at, []harvest.Record{mine})
	if err != nil {
		t.Fatal(err)
	}
	if changes[0].Outcome != harvest.UnchangedRecord {
		t.Errorf("outcome %s, want unchanged: another writer had the same content first", changes[0].Outcome)
	}
	second := r.seen("update")[1].body
	list, _ := get(second, "updates").(bson.A)
	if upsert := get(list[0], "upsert"); upsert == true {
		t.Error("the second try inserts again")
	}
	if got := get(list[0], "q", "revision"); got != int32(1) {
		t.Errorf("the second try is not bound to the revision that was read: %v", list[0])
	}
}

func TestTroubleThatPasses(t *testing.T) {
	notPrimary := answer{reply: append(failure(10107, "NotWritablePrimary", "not primary"),
		bson.E{Key: "errorLabels", Value: bson.A{"RetryableWriteError"}})}
	tests := []struct {
		name    string
		answers []answer
		away    bool // the caller is told that the store is away
	}{
		{"primary steps down once", []answer{notPrimary}, false},
		{"connection is cut once", []answer{{cut: true}}, false},
		{"primary stays away", []answer{notPrimary, notPrimary, notPrimary}, true},
		{"connection is cut again and again", []answer{{cut: true}, {cut: true}, {cut: true}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRecorder(t)
			c := open(t, r.uri())
			r.answer("update", tt.answers...)
			_, err := c.Put(t.Context(), run, at, []harvest.Record{record(1)})
			if got := errors.Is(err, harvest.ErrUnavailable); got != tt.away {
				t.Fatalf("error %v, want away %v", err, tt.away)
			}
			if !tt.away && err != nil {
				t.Fatalf("the driver's retry did not help: %v", err)
			}
			if tt.away { // the server comes back: the same call completes
				if changes, err := c.Put(t.Context(), run, at, []harvest.Record{record(1)}); err != nil || len(changes) != 1 {
					t.Errorf("after the trouble: %v, %v", changes, err)
				}
			}
		})
	}
}

func TestErrorThatStaysIsNotCalledAway(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri())
	r.answer("update", answer{reply: failure(13, "Unauthorized", "not authorized on harvest")})
	_, err := c.Put(t.Context(), run, at, []harvest.Record{record(1)})
	if err == nil || errors.Is(err, harvest.ErrUnavailable) || !strings.Contains(err.Error(), "not authorized") {
		t.Errorf("error %v; want the server's words, and not as something to wait for", err)
	}
}

func TestNoServer(t *testing.T) {
	r := newRecorder(t)
	uri := strings.Replace(r.uri(), "mongodb://", "mongodb://user:s3cr%2Ft@", 1) + "&serverSelectionTimeoutMS=200&authSource=admin"
	r.stop()
	_, err := mongo.Open(t.Context(), mongo.Options{URI: uri})
	if !errors.Is(err, harvest.ErrUnavailable) {
		t.Fatalf("error %v, want one that says the store is away", err)
	}
	for _, secret := range []string{"s3cr", "user:"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error holds %q: %v", secret, err)
		}
	}
}

func TestUnusableURIKeepsItsSecrets(t *testing.T) {
	for _, uri := range []string{"mongodb://u:pa55word@", "mongodb://u:pa55word@h/?w=-3", "pa55word", "mongodb+srv://u:pa55word@a/b?x=y"} {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		c, err := mongo.Open(ctx, mongo.Options{URI: uri})
		cancel()
		if err == nil {
			c.Close()
			t.Errorf("no error for an unusable URI")
			continue
		}
		if strings.Contains(err.Error(), "pa55word") {
			t.Errorf("error holds the password: %v", err)
		}
	}
}

func TestQueryTextNeverBecomesAnOperator(t *testing.T) {
	r := newRecorder(t)
	c := open(t, r.uri())
	const evil = `{"$where": "sleep(1000)"}`
	q := harvest.Query{Sources: []harvest.SourceID{evil}, Categories: []string{"$gt"}, Languages: []string{"$ne"}, States: []harvest.State{harvest.AnyState}}
	for _, err := range c.Records(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
	}
	f := get(r.seen("find")[0].body, "filter")
	if get(f, "source", "$eq") != evil || get(f, "category", "$eq") != "$gt" {
		t.Errorf("filter %v", f)
	}
}

// The whole contract against a real server, for those who have one.
func TestContractOnAServer(t *testing.T) {
	uri := os.Getenv("HARVEST_TEST_MONGODB_URI")
	if uri == "" {
		t.Skip("SKIPPED: set HARVEST_TEST_MONGODB_URI=mongodb://127.0.0.1:27017 to hold the store to its contract on a real server ('docker compose up mongo' gives one)")
	}
	names := map[sinks.Catalogue]string{}
	n := 0
	openAs := func(t *testing.T, name string) sinks.Catalogue {
		t.Helper()
		c, err := mongo.Open(t.Context(), mongo.Options{URI: uri, Database: name})
		if err != nil {
			t.Fatal(err)
		}
		names[c] = name
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	sinktest.Run(t, sinktest.Backend{
		Open: func(t *testing.T) sinks.Catalogue {
			n++
			name := fmt.Sprintf("harvest_test_%d_%d", os.Getpid(), n)
			t.Cleanup(func() {
				withClient(t, uri, func(c *driver.Client) error { return c.Database(name).Drop(context.WithoutCancel(t.Context())) })
			})
			return openAs(t, name)
		},
		Reopen: func(t *testing.T, c sinks.Catalogue) sinks.Catalogue { return openAs(t, names[c]) },
		SetState: func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State) {
			withClient(t, uri, func(client *driver.Client) error {
				_, err := client.Database(names[c]).Collection("records").UpdateOne(t.Context(),
					bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: state}}}})
				return err
			})
		},
	})
}

func withClient(t *testing.T, uri string, do func(*driver.Client) error) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) }()
	if err := do(client); err != nil {
		t.Error(err)
	}
}
