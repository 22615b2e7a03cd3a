package mongo

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FieldTypes are the types of what a document of the collection records holds,
// by the dotted path of the field: those of an object or list are below its
// path, those of a map below "*". They are the aliases that $type takes
// (https://www.mongodb.com/docs/manual/reference/operator/query/type/), of a
// list "array of" what is in it. A whole document is encoded to learn them. Of
// the trail only the list itself is told.
func FieldTypes() (map[string]string, error) {
	var doc recordDoc
	fill(reflect.ValueOf(&doc).Elem())
	b, err := bson.Marshal(&doc)
	if err != nil {
		return nil, fmt.Errorf("encode a record: %w", err)
	}
	types := make(map[string]string)
	if err := typesOf(bson.Raw(b), "", types); err != nil {
		return nil, fmt.Errorf("read a record: %w", err)
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
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
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
	bson.TypeDateTime: "date", bson.TypeEmbeddedDocument: "object", bson.TypeArray: "array", bson.TypeBinary: "binData", bson.TypeNull: "null",
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
