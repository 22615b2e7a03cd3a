package mongo

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest"
)

// documents are what is written into each collection, besides _id where the
// server is told it by the filter.
var documents = map[string]any{
	"records": recordDoc{}, "revisions": revisionDoc{}, "works": harvest.Work{}, "work_moves": moveDoc{}, "pages": harvest.PageFacts{}, "runs": harvest.Run{},
}

// FieldTypes are the types of what a document of a collection holds, by the
// dotted path of the field: those of an object or list are below its path, those
// of a map below "*". They are the aliases that $type takes
// (https://www.mongodb.com/docs/manual/reference/operator/query/type/), of a
// list "array of" what is in it, and "any" of a value that differs from field to
// field. A whole document is encoded to learn them. Of the trail of a record only
// the list itself is told.
func FieldTypes(collection string) (map[string]string, error) {
	like, ok := documents[collection]
	if !ok {
		return nil, fmt.Errorf("no types are known of collection %s", collection)
	}
	doc := reflect.New(reflect.TypeOf(like))
	if of, is := reflect.TypeAssert[*revisionDoc](doc); is {
		for _, field := range reflect.ValueOf(of).Elem().Fields() {
			fill(field)
		}
	} else {
		fill(doc.Elem())
	}
	b, err := bson.Marshal(doc.Interface())
	if err != nil {
		return nil, fmt.Errorf("encode a document of %s: %w", collection, err)
	}
	types := map[string]string{"_id": aliases[bson.TypeString]}
	if err := typesOf(bson.Raw(b), "", types); err != nil {
		return nil, fmt.Errorf("read a document of %s: %w", collection, err)
	}
	for path := range types {
		if strings.HasPrefix(path, "trail.") {
			delete(types, path)
		}
	}
	return types, nil
}

// fill gives every field a value that is not empty, lists and maps one each.
func fill(v reflect.Value) {
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(0, 0)))
		return
	case reflect.TypeFor[revisionDoc](): // its fields are told elsewhere
		return
	case reflect.TypeFor[bson.RawValue]():
		v.Set(reflect.ValueOf(bson.RawValue{Type: bson.TypeNull, Value: []byte{}}))
		return
	case reflect.TypeFor[[]byte]():
		v.SetBytes([]byte{1})
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		one := reflect.New(v.Type().Elem()).Elem()
		fill(one)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("*").Convert(v.Type().Key()), one)
	}
}

// aliases are the names of the types that a record has.
var aliases = map[bson.Type]string{
	bson.TypeString: "string", bson.TypeInt32: "int", bson.TypeInt64: "long", bson.TypeDouble: "double", bson.TypeBoolean: "bool",
	bson.TypeDateTime: "date", bson.TypeEmbeddedDocument: "object", bson.TypeArray: "array", bson.TypeBinary: "binData", bson.TypeNull: "any",
}

func typesOf(doc bson.Raw, prefix string, into map[string]string) error {
	elements, err := doc.Elements()
	if err != nil {
		return err
	}
	for _, e := range elements {
		path, v := prefix+e.Key(), e.Value()
		into[path] = aliases[v.Type]
		if v.Type == bson.TypeArray {
			values, err := v.Array().Values()
			if err != nil {
				return err
			}
			v = values[0]
			into[path] += " of " + aliases[v.Type]
		}
		if v.Type == bson.TypeEmbeddedDocument {
			if err := typesOf(v.Document(), path+".", into); err != nil {
				return err
			}
		}
	}
	return nil
}
