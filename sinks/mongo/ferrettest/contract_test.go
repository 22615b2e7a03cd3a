package ferrettest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sinktest"
)

// serve runs one server for all tests of this package and returns its URI.
// Each test has a database of its own.
func serve(t *testing.T) string {
	t.Helper()
	address := freeAddress(t)
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: address},
		Handler:   "sqlite",
		SQLiteURL: "file:" + t.TempDir() + "/",
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatalf("start the server: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("server ended: %v", err)
		}
	})
	return "mongodb://" + address + "/?serverSelectionTimeoutMS=20000"
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestContract(t *testing.T) {
	uri := serve(t)
	var databases atomic.Int64
	names := map[sinks.Catalogue]string{}
	open := func(t *testing.T, name string) sinks.Catalogue {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c, err := mongo.Open(ctx, mongo.Options{URI: uri, Database: name, Batch: 50})
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		t.Cleanup(func() { _ = c.Close() })
		names[c] = name
		return c
	}
	sinktest.Run(t, sinktest.Backend{
		Open:   func(t *testing.T) sinks.Catalogue { return open(t, fmt.Sprintf("test%d", databases.Add(1))) },
		Reopen: func(t *testing.T, c sinks.Catalogue) sinks.Catalogue { return open(t, names[c]) },
		SetState: func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State) {
			t.Helper()
			client, err := driver.Connect(options.Client().ApplyURI(uri))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Disconnect(t.Context()) }()
			_, err = client.Database(names[c]).Collection("records").
				UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: state}}}})
			if err != nil {
				t.Fatal(err)
			}
		},
		// One writer: FerretDB 1.24 updates by a query and then a write, without
		// a transaction around both, so that two racing updates can both match
		// what only one may. MongoDB's update of one document is atomic
		// (https://www.mongodb.com/docs/manual/core/write-operations-atomicity/);
		// the race is held to the contract there, with HARVEST_TEST_MONGODB_URI.
		MaxRecords: 300, MaxBatch: 50, Writers: 1,
	})
}
