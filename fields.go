package harvest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// field is one value of a record that has a history of its own.
type field struct {
	// name is the JSON name, dotted where a struct holds the value.
	name string
	at   func(*Record) any // a pointer to the value
	// curated is true when a person may say otherwise, see [Record.Override].
	curated bool
}

// fields are all that a revision may change, in the order in which they are
// shown. A test holds the list complete.
var fields = []field{
	{"state", func(r *Record) any { return &r.State }, false},
	{"native_id", func(r *Record) any { return &r.NativeID }, false},
	{"url", func(r *Record) any { return &r.URL }, false},
	{"canonical_url", func(r *Record) any { return &r.CanonicalURL }, false},
	{"title", func(r *Record) any { return &r.Title }, true},
	{"title_alt", func(r *Record) any { return &r.TitleAlt }, true},
	{"category", func(r *Record) any { return &r.Category }, true},
	{"category_raw", func(r *Record) any { return &r.CategoryRaw }, false},
	{"categories_raw", func(r *Record) any { return &r.CategoriesRaw }, false},
	{"summary", func(r *Record) any { return &r.Summary }, true},
	{"summary_basis.kind", func(r *Record) any { return &r.SummaryBasis.Kind }, false},
	{"summary_basis.truncated", func(r *Record) any { return &r.SummaryBasis.Truncated }, false},
	{"published", func(r *Record) any { return &r.Published }, true},
	{"modified", func(r *Record) any { return &r.Modified }, true},
	{"language.value", func(r *Record) any { return &r.Language.Value }, true},
	{"language.declared", func(r *Record) any { return &r.Language.Declared }, false},
	{"authors", func(r *Record) any { return &r.Authors }, true},
	{"publisher", func(r *Record) any { return &r.Publisher }, true},
	{"countries", func(r *Record) any { return &r.Countries }, true},
	{"regions", func(r *Record) any { return &r.Regions }, true},
	{"topics", func(r *Record) any { return &r.Topics }, true},
	{"identifiers.doi", func(r *Record) any { return &r.Identifiers.DOI }, true},
	{"identifiers.isbn", func(r *Record) any { return &r.Identifiers.ISBN }, true},
	{"identifiers.un_symbol", func(r *Record) any { return &r.Identifiers.UNSymbol }, true},
	{"identifiers.celex", func(r *Record) any { return &r.Identifiers.CELEX }, true},
	{"identifiers.eli", func(r *Record) any { return &r.Identifiers.ELI }, true},
	{"identifiers.ecli", func(r *Record) any { return &r.Identifiers.ECLI }, true},
	{"identifiers.handle", func(r *Record) any { return &r.Identifiers.Handle }, true},
	{"documents", func(r *Record) any { return &r.Documents }, false},
	{"licence", func(r *Record) any { return &r.Licence }, true},
	{"translations", func(r *Record) any { return &r.Translations }, false},
}

// fieldNamed finds a field, nil when there is none of that name.
func fieldNamed(name string) *field {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

// CuratedFields are the names of the fields that [Record.Override] takes, in
// the order in which records have them.
func CuratedFields() []string {
	var out []string
	for _, f := range fields {
		if f.curated {
			out = append(out, f.name)
		}
	}
	return out
}

// encode is a value as JSON, nil when it is empty.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // no field of Record can fail to marshal
		panic(err)
	}
	raw := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	switch string(raw) {
	case `""`, "null", "[]", "{}", "false":
		return nil
	}
	return raw
}

// decode sets the value behind a pointer, to empty when there is no JSON.
func decode(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	switch v := into.(type) { // what was there must not shine through
	case *string:
		*v = ""
	case *State:
		*v = ""
	case *SummaryKind:
		*v = ""
	case *bool:
		*v = false
	case *Date:
		*v = Date{}
	case *[]string:
		*v = nil
	case *[]Document:
		*v = nil
	case *[]Translation:
		*v = nil
	}
	return json.Unmarshal(raw, into)
}

// text is a value as people write it: none when it is empty, one for a single
// value, several for a list. It is nil for what has no such form.
func text(v any) []string {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	switch v := v.(type) {
	case *string:
		return one(*v)
	case *State:
		return one(string(*v))
	case *SummaryKind:
		return one(string(*v))
	case *Date:
		return one(v.Value)
	case *bool:
		if *v {
			return []string{"true"}
		}
	case *[]string:
		return append([]string(nil), *v...)
	}
	return nil
}

// errOne is returned for several values of a field that has one.
var errOne = errors.New("has one value, not several")

// setText is the way back from text. It checks the form, not the meaning.
func setText(into any, values []string) error {
	if list, ok := into.(*[]string); ok {
		*list = append([]string(nil), values...)
		return nil
	}
	if len(values) > 1 {
		return errOne
	}
	one := strings.Join(values, "")
	switch v := into.(type) {
	case *string:
		*v = one
	case *SummaryKind:
		*v = SummaryKind(one)
	case *bool:
		*v = one == "true"
	case *Date:
		if one == "" {
			*v = Date{}
			return nil
		}
		d, err := ParseDate(one)
		if err != nil {
			return err
		}
		*v = d
	default:
		return fmt.Errorf("%T cannot be set from text", into)
	}
	return nil
}
