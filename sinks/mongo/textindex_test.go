package mongo_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest/sinks/mongo"
)

// words are the commands that make a text index.
func words(r *recorder) (out []bson.D) {
	for _, c := range r.seen("createIndexes") {
		list, _ := get(c.body, "indexes").(bson.A)
		for _, ix := range list {
			if get(ix, "name") == mongo.TextIndexName {
				out = append(out, ix.(bson.D))
			}
		}
	}
	return out
}

func TestTextIndexIsMadeWhenItIsAskedFor(t *testing.T) {
	t.Parallel()
	none := newRecorder(t)
	open(t, none.uri())
	if made := words(none); len(made) > 0 {
		t.Errorf("without being asked for: %v", made)
	}

	r := newRecorder(t)
	indexes := func(names ...string) answer {
		var docs []bson.D
		for _, n := range names {
			docs = append(docs, bson.D{{Key: "v", Value: 2}, {Key: "key", Value: bson.D{{Key: "_id", Value: 1}}}, {Key: "name", Value: n}})
		}
		return answer{reply: cursor(docs...)}
	}
	for range collections {
		r.answer("listIndexes", indexes("_id_"))
	}
	r.answer("listIndexes", indexes("_id_"))
	openWith(t, mongo.Options{URI: r.uri(), TextIndex: true})
	made := words(r)
	if len(made) != 1 {
		t.Fatalf("%d text indexes are made, want one", len(made))
	}
	want := bson.D{{Key: "title", Value: "text"}, {Key: "title_alt", Value: "text"}, {Key: "authors", Value: "text"}, {Key: "publisher", Value: "text"}, {Key: "summary", Value: "text"}}
	if diff := cmp.Diff(any(want), get(made[0], "key")); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	// With a field called language each write of a record would fail.
	if get(made[0], "default_language") != "none" || get(made[0], "language_override") != "no_language" {
		t.Errorf("the index is %v", made[0])
	}

	there := newRecorder(t)
	for range collections {
		there.answer("listIndexes", indexes("_id_"))
	}
	there.answer("listIndexes", indexes("_id_", mongo.TextIndexName))
	openWith(t, mongo.Options{URI: there.uri(), TextIndex: true})
	if again := words(there); len(again) > 0 {
		t.Errorf("it is made again: %v", again)
	}
}

// collections are those with indexes of their own.
var collections = func() map[string]bool {
	out := make(map[string]bool)
	for _, ix := range mongo.Indexes() {
		out[ix.Collection] = true
	}
	return out
}()

func TestServerWithoutTextIndexIsUsedWithoutIt(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	for range collections {
		r.answer("listIndexes", answer{reply: cursor()})
		r.answer("createIndexes", answer{reply: bson.D{{Key: "ok", Value: 1.0}}})
	}
	r.answer("listIndexes", answer{reply: cursor()})
	r.answer("createIndexes", answer{reply: failure(238, "NotImplemented", "Index type 'text' is not supported yet")})
	var said bytes.Buffer
	c := openWith(t, mongo.Options{URI: r.uri(), TextIndex: true, Logger: slog.New(slog.NewTextHandler(&said, nil))})
	if err := c.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(said.String(), "no text index") || !strings.Contains(said.String(), "not supported yet") {
		t.Errorf("what is said of it: %s", &said)
	}

	cut := newRecorder(t)
	for range collections {
		cut.answer("listIndexes", answer{reply: cursor()})
		cut.answer("createIndexes", answer{reply: bson.D{{Key: "ok", Value: 1.0}}})
	}
	cut.answer("listIndexes", answer{reply: cursor()})
	cut.answer("createIndexes", answer{cut: true}, answer{cut: true})
	if c, err := mongo.Open(t.Context(), mongo.Options{URI: cut.uri(), TextIndex: true}); err == nil {
		_ = c.Close()
		t.Error("a cut is taken for a server without text indexes")
	}
}
