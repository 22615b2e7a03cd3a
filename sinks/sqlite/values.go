package sqlite

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// field is a Go variable as a column holds it: it knows how to be written and
// how to be read back.
type field interface {
	driver.Valuer
	Scan(src any) error
}

// text is a string; the empty one is NULL.
type text[T ~string] struct{ at *T }

func textAt[T ~string](at *T) field { return text[T]{at} }

func (f text[T]) Value() (driver.Value, error) {
	if *f.at == "" {
		return nil, nil
	}
	return string(*f.at), nil
}

func (f text[T]) Scan(src any) error {
	s, err := asString(src)
	*f.at = T(s)
	return err
}

// number is an integer, never NULL.
type number[T ~int | ~int64] struct{ at *T }

func numberAt[T ~int | ~int64](at *T) field { return number[T]{at} }

func (f number[T]) Value() (driver.Value, error) { return int64(*f.at), nil }

func (f number[T]) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("%T is not an integer", src)
	}
	*f.at = T(n)
	return nil
}

// flag is 0 or 1, never NULL.
type flag struct{ at *bool }

func flagAt(at *bool) field { return flag{at} }

func (f flag) Value() (driver.Value, error) {
	if *f.at {
		return int64(1), nil
	}
	return int64(0), nil
}

func (f flag) Scan(src any) error {
	n, ok := src.(int64)
	*f.at = n != 0
	if !ok {
		return fmt.Errorf("%T is not an integer", src)
	}
	return nil
}

// timeLayout has a fixed width, so that text order is the order of time, and
// is one of the forms of https://www.sqlite.org/lang_datefunc.html.
const timeLayout = "2006-01-02T15:04:05.000Z"

// instant is a moment in UTC, cut to the millisecond; the zero time is NULL.
type instant struct{ at *time.Time }

func instantAt(at *time.Time) field { return instant{at} }

func (f instant) Value() (driver.Value, error) {
	if f.at.IsZero() {
		return nil, nil
	}
	return stamp(*f.at), nil
}

func (f instant) Scan(src any) error {
	s, err := asString(src)
	if err != nil || s == "" {
		*f.at = time.Time{}
		return err
	}
	*f.at, err = time.Parse(timeLayout, s)
	return err
}

func stamp(at time.Time) string { return at.UTC().Format(timeLayout) }

// document is a list, map or struct as JSON; an empty one is NULL.
type document struct{ at any }

func documentAt(at any) field { return document{at} }

func (f document) Value() (driver.Value, error) {
	s, err := toJSON(f.at)
	if err != nil || s == "null" || s == "[]" || s == "{}" {
		return nil, err
	}
	return s, nil
}

// Scan expects the variable to be empty.
func (f document) Scan(src any) error {
	s, err := asString(src)
	if err != nil || s == "" {
		return err
	}
	return json.Unmarshal([]byte(s), f.at)
}

// toJSON is JSON for people: "&" stays "&".
func toJSON(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func asString(src any) (string, error) {
	switch s := src.(type) {
	case nil:
		return "", nil
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	default:
		return "", fmt.Errorf("%T is not text", src)
	}
}
