package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// Options say how to reach the server.
type Options struct {
	// URI is a connection string, see
	// https://www.mongodb.com/docs/manual/reference/connection-string/. TLS and
	// authentication are set in it. What it says of the fields below wins over
	// them. It may hold a password and is never logged or put into an error.
	URI string
	// Database is the name of the database, default "harvest".
	Database string
	// Batch is the most documents in one bulk write; default 500.
	Batch  int
	Logger *slog.Logger // default: discard
	// TextIndex adds an index of words to records, for those who ask the server with
	// $text. A server that has none is used without it.
	TextIndex bool

	// MaxPool is the most connections to one server, by default the driver's
	// 100; MinPool is how many are kept open while nothing is asked (maxPoolSize
	// and minPoolSize in the URI).
	MaxPool, MinPool int
	// IdleTimeout ends a connection that was not used for so long, by default
	// never (maxIdleTimeMS).
	IdleTimeout time.Duration
	// ConnectTimeout bounds the opening of one connection with TLS and
	// authentication, by default the driver's 30 seconds (connectTimeoutMS).
	ConnectTimeout time.Duration
	// SelectTimeout is how long a server that answers is looked for, default
	// [DefaultSelectTimeout] (serverSelectionTimeoutMS).
	SelectTimeout time.Duration
	// Timeout bounds one read, one write or one further part of a result, with
	// the driver's second try, where the caller's context has no deadline; by
	// default there is none (timeoutMS).
	Timeout time.Duration
}

// DefaultSelectTimeout is short, for whoever waits for a store that is away
// asks again anyway.
const DefaultSelectTimeout = 5 * time.Second

// Catalogue is a [sinks.Catalogue] in MongoDB. It is safe for concurrent use.
type Catalogue struct {
	client                      *mongo.Client
	records, works, runs, pages *mongo.Collection
	decisions, doubts, memos    *mongo.Collection
	revisions, held, absences   *mongo.Collection
	withdrawals, moves          *mongo.Collection
	batch                       int
	textIndex                   bool
	logger                      *slog.Logger
	secrets                     []string
}

// Index is one index that [Open] makes sure of.
type Index struct {
	Collection string
	Keys       []string // "-" before a field means descending
}

// Indexes lists every index besides those on _id. docs/querying.md says which
// query each serves.
func Indexes() []Index {
	return []Index{
		{"records", []string{"source", "_id"}},
		{"records", []string{"category", "_id"}},
		{"records", []string{"language.value", "_id"}},
		{"records", []string{"published.value", "_id"}},
		{"records", []string{"last_changed", "_id"}},
		{"records", []string{"url"}},
		{"records", []string{"identifiers.doi"}},
		{"records", []string{"match_keys"}},
		{"records", []string{"match_pending", "_id"}},
		{"records", []string{"work"}},
		{"revisions", []string{"record", "revision"}},
		{"revisions", []string{"valid_from"}},
		{"withdrawals", []string{"names"}},
		{"works", []string{"members.record"}},
		{"work_moves", []string{"record", "number"}},
		{"work_moves", []string{"from"}},
		{"work_moves", []string{"to"}},
		{"decisions", []string{"a"}},
		{"decisions", []string{"b"}},
		{"doubts", []string{"a"}},
		{"doubts", []string{"b"}},
		{"doubts", []string{"-score", "_id"}},
		{"runs", []string{"source", "-scheduled_at", "-_id"}},
		{"runs", []string{"-scheduled_at", "-_id"}},
		{"pages", []string{"source", "url"}},
		{"absences", []string{"source", "_id"}},
	}
}

// Open connects, and creates the indexes that are missing. The error wraps
// [harvest.ErrUnavailable] when no server answers.
func Open(ctx context.Context, o Options) (*Catalogue, error) {
	c, db, err := dial(o)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(ctx, db); err != nil {
		_ = c.Close() // the first error says more
		return nil, err
	}
	return c, nil
}

// Look connects for those who only read, and creates nothing there. The error
// wraps [harvest.ErrUnavailable] when no server answers.
func Look(ctx context.Context, o Options) (*Catalogue, error) {
	c, _, err := dial(o)
	if err != nil {
		return nil, err
	}
	if err := c.Ping(ctx); err != nil {
		_ = c.Close() // the first error says more
		return nil, err
	}
	return c, nil
}

// dial prepares the connections; the driver makes them when they are needed.
func dial(o Options) (*Catalogue, *mongo.Database, error) {
	if o.Database == "" {
		o.Database = "harvest"
	}
	if o.Batch <= 0 {
		o.Batch = 500
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Catalogue{batch: o.Batch, textIndex: o.TextIndex, logger: o.Logger, secrets: secretsOf(o.URI)}
	co := o.client()
	if err := co.Validate(); err != nil {
		return nil, nil, c.fault("read store.mongodb.uri", err)
	}
	client, err := mongo.Connect(co)
	if err != nil {
		return nil, nil, c.fault("connect to MongoDB", err)
	}
	c.client = client
	db := client.Database(o.Database)
	c.records, c.works = db.Collection("records"), db.Collection("works")
	c.runs, c.pages = db.Collection("runs"), db.Collection("pages")
	c.decisions, c.doubts = db.Collection("decisions"), db.Collection("doubts")
	c.memos = db.Collection("memos") // its _id is all the index it needs
	c.revisions, c.withdrawals, c.moves = db.Collection("revisions"), db.Collection("withdrawals"), db.Collection("work_moves")
	c.held, c.absences = db.Collection("held"), db.Collection("absences")
	return c, db, nil
}

// client is what the driver is told: the options, then the URI above them.
func (o Options) client() *options.ClientOptions {
	co := options.Client().
		SetAppName("harvest").
		SetServerSelectionTimeout(cmp.Or(o.SelectTimeout, DefaultSelectTimeout)).
		SetWriteConcern(writeconcern.Majority()).
		SetBSONOptions(&options.BSONOptions{UseLocalTimeZone: false, NilSliceAsEmpty: false})
	if o.MaxPool > 0 {
		co.SetMaxPoolSize(uint64(o.MaxPool))
	}
	if o.MinPool > 0 {
		co.SetMinPoolSize(uint64(o.MinPool))
	}
	if o.IdleTimeout > 0 {
		co.SetMaxConnIdleTime(o.IdleTimeout)
	}
	if o.ConnectTimeout > 0 {
		co.SetConnectTimeout(o.ConnectTimeout)
	}
	if o.Timeout > 0 {
		co.SetTimeout(o.Timeout)
	}
	return co.ApplyURI(o.URI)
}

func (c *Catalogue) prepare(ctx context.Context, db *mongo.Database) error {
	if err := c.Ping(ctx); err != nil {
		return err
	}
	for _, name := range []string{"records", "revisions", "withdrawals", "works", "work_moves", "runs", "pages", "decisions", "doubts", "absences"} {
		if err := c.index(ctx, db.Collection(name)); err != nil {
			return c.fault("create indexes of "+name, err)
		}
	}
	if c.textIndex {
		if err := c.indexWords(ctx); err != nil {
			return c.fault("create the text index of records", err)
		}
	}
	return nil
}

// index creates the indexes of a collection that it lacks. Asking first keeps
// a second harvester from needing the right to create any.
func (c *Catalogue) index(ctx context.Context, of *mongo.Collection) error {
	have := map[string]bool{}
	existing, err := of.Indexes().ListSpecifications(ctx)
	var server mongo.ServerError
	if err != nil && (!errors.As(err, &server) || !server.HasErrorCode(namespaceNotFound)) {
		return err
	}
	for _, ix := range existing {
		have[ix.Name] = true
	}
	var missing []mongo.IndexModel
	for _, ix := range Indexes() {
		keys, name := ix.definition()
		if ix.Collection == of.Name() && !have[name] {
			missing = append(missing, mongo.IndexModel{Keys: keys, Options: options.Index().SetName(name)})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = of.Indexes().CreateMany(ctx, missing)
	return err
}

// namespaceNotFound is the error code of a collection that does not exist yet.
const namespaceNotFound = 26

// definition is the index as MongoDB wants it, and the name that the server
// itself would give it.
func (ix Index) definition() (keys bson.D, name string) {
	var parts []string
	for _, k := range ix.Keys {
		order := 1
		if strings.HasPrefix(k, "-") {
			k, order = k[1:], -1
		}
		keys = append(keys, bson.E{Key: k, Value: order})
		parts = append(parts, fmt.Sprintf("%s_%d", k, order))
	}
	return keys, strings.Join(parts, "_")
}

// Ping asks the server for a sign of life.
func (c *Catalogue) Ping(ctx context.Context) error {
	if err := c.client.Ping(ctx, nil); err != nil {
		return c.fault("reach MongoDB", err)
	}
	return nil
}

// closeWithin bounds how long Close waits for connections in use.
const closeWithin = 3 * time.Second

// Close ends all connections.
func (c *Catalogue) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if err := c.client.Disconnect(ctx); err != nil && !errors.Is(err, mongo.ErrClientDisconnected) {
		return fmt.Errorf("close MongoDB: %w", err)
	}
	return nil
}
