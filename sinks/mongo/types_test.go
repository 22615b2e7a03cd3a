package mongo_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/mongo"
)

func TestFieldTypes(t *testing.T) {
	t.Parallel()
	types, err := mongo.FieldTypes("records")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"_id": "string", "title_alt": "array of string", "published": "object", "published.value": "string",
		"summary_basis.truncated": "bool", "documents": "array of object", "documents.bytes": "long", "documents.pages": "int",
		"provenance": "object", "provenance.*.basis": "string", "overrides.*.at": "date", "overrides.*.value": "array of string",
		"first_seen": "date", "revision": "int", "content_hash": "string", "match_pending": "bool", "trail": "array of object",
	} {
		if types[path] != want {
			t.Errorf("%s is %q, want %q", path, types[path], want)
		}
	}
	for path, of := range types {
		if of == "" || strings.HasSuffix(of, " of ") || strings.HasPrefix(path, "trail.") {
			t.Errorf("%s is %q", path, of)
		}
	}
	for _, path := range bsonPaths(reflect.TypeFor[harvest.Record](), "") {
		if types[path] == "" {
			t.Errorf("nothing is told of %s", path)
		}
	}
}

// bsonPaths are the dotted paths of a type's fields as its tags name them.
func bsonPaths(typ reflect.Type, prefix string) (paths []string) {
	for f := range typ.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("bson"), ",")
		if name == "-" {
			continue
		}
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]() {
			paths = append(paths, bsonPaths(f.Type, prefix+name+".")...)
		} else {
			paths = append(paths, prefix+name)
		}
	}
	return paths
}

// Every collection that the manual has types of is told whole.
func TestFieldTypesOfOtherCollections(t *testing.T) {
	t.Parallel()
	for collection, want := range map[string]map[string]string{
		"revisions":  {"_id": "string", "record": "string", "valid_to": "date", "changes": "array of object", "changes.old": "any"},
		"works":      {"_id": "string", "members.score": "double", "members.record": "string"},
		"work_moves": {"_id": "string", "number": "int", "at": "date", "from": "string", "score": "double"},
		"runs":       {"_id": "string", "outcomes.*": "int", "wire_bytes": "long", "hosts.requests": "int", "ruling.at": "date", "gates.seen": "double"},
		"pages":      {"_id": "string", "validators.etag": "string", "links": "binData", "size": "long", "records": "array of string"},
	} {
		types, err := mongo.FieldTypes(collection)
		if err != nil {
			t.Fatal(err)
		}
		for path, of := range want {
			if types[path] != of {
				t.Errorf("%s: %s is %q, want %q", collection, path, types[path], of)
			}
		}
		for path, of := range types {
			if of == "" || strings.HasSuffix(of, " of ") {
				t.Errorf("%s: %s is %q", collection, path, of)
			}
		}
	}
	if types, err := mongo.FieldTypes("colours"); err == nil {
		t.Errorf("types of a collection that there is not: %v", types)
	}
}
