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
	types, err := mongo.FieldTypes()
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
