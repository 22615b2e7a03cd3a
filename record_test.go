package harvest_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
)

func valid() harvest.Record {
	return harvest.Record{ID: "a:1", Source: "a", URL: "https://a.example/1", Title: "Report"}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*harvest.Record)
		want   error
		says   string
	}{
		{"as it should be", func(*harvest.Record) {}, nil, ""},
		{"no title", func(r *harvest.Record) { r.Title = " \u00a0" }, harvest.ErrNoTitle, "no title"},
		{"no address", func(r *harvest.Record) { r.URL = "" }, harvest.ErrNoURL, "no http(s) URL"},
		{"a script", func(r *harvest.Record) { r.URL = "javascript:alert(1)" }, harvest.ErrNoURL, "no http(s) URL"},
		{"no host", func(r *harvest.Record) { r.URL = "https:///x" }, harvest.ErrNoURL, "no http(s) URL"},
		{"no source", func(r *harvest.Record) { r.Source = "" }, nil, "no source"},
		{"no id", func(r *harvest.Record) { r.ID = "" }, nil, "no id"},
		{"broken text", func(r *harvest.Record) { r.Summary = "a\xff" }, nil, "not UTF-8"},
		{"a day that is none", func(r *harvest.Record) {
			r.Published = harvest.Date{Value: "2021-02-30", Precision: harvest.PrecisionDay}
		}, nil, "published"},
		{"a flood of labels", func(r *harvest.Record) {
			r.CategoriesRaw = slices.Repeat([]string{strings.Repeat("x", 1000)}, harvest.MaxRecordBytes/1000)
		}, nil, "octets of text"},
		{"a date of other precision", func(r *harvest.Record) { r.Modified = harvest.Date{Value: "2021", Precision: harvest.PrecisionDay} }, nil, "modified"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := valid()
			tt.change(&r)
			err := r.Validate()
			if tt.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.says)
			}
		})
	}
}

// Every field that the source says moves the hash; no field that the catalogue
// keeps does. A field added to Record fails here until it is on one side.
func TestContentHashCoversWhatTheSourceSays(t *testing.T) {
	kept := map[string]bool{
		"Provenance": true, "FirstSeen": true, "LastSeen": true, "LastChanged": true, "Revision": true,
		"State": true, "FirstRun": true, "Run": true, "Work": true, "PageHash": true, "Overrides": true, "Reached": true,
	}
	base := valid()
	typ := reflect.TypeFor[harvest.Record]()
	for i := range typ.NumField() {
		r := valid()
		fill(reflect.ValueOf(&r).Elem().Field(i))
		if moved := r.ContentHash() != base.ContentHash(); moved == kept[typ.Field(i).Name] {
			t.Errorf("field %s moves the hash: %v", typ.Field(i).Name, moved)
		}
	}
}

// fill gives a field a value that it did not have.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("filled")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e)
		v.Set(reflect.Append(v, e))
	case reflect.Map:
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e.FieldByName("Reason"))
		fill(e.FieldByName("Basis"))
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("title"), e)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1, 0)))
			return
		}
		fill(v.Field(0))
	}
}

func TestIdentityIsDerived(t *testing.T) {
	byNumber := harvest.NewRecordID("respect", "wp:12", "https://respect.example/a")
	if byNumber != harvest.NewRecordID("respect", "wp:12", "https://respect.example/moved") {
		t.Error("the address changes the identity of a numbered record")
	}
	distinct := map[harvest.RecordID]bool{
		byNumber: true,
		harvest.NewRecordID("respect", "", "https://respect.example/a"): true,
		harvest.NewRecordID("other", "wp:12", ""):                       true,
		harvest.NewRecordID("respect", "wp:1", "2"):                     true,
		harvest.NewRecordID("respect", "", "wp:12"):                     true,
	}
	if len(distinct) != 5 {
		t.Errorf("identities meet: %v", distinct)
	}
	if a, b := harvest.NewWorkID([]harvest.RecordID{"a:1", "b:2"}), harvest.NewWorkID([]harvest.RecordID{"b:2", "a:1"}); a != b || a == "" {
		t.Errorf("work identities %s and %s depend on the order", a, b)
	}
	at := time.Date(2026, 3, 1, 4, 0, 0, 0, time.FixedZone("", 3600))
	if id := harvest.NewRunID("respect", at); id != "respect@20260301T030000Z" || id.Source() != "respect" {
		t.Errorf("run %s of source %s", id, id.Source())
	}
}

func TestSourceIDPattern(t *testing.T) {
	for id, want := range map[string]bool{"respect": true, "delta87": true, "a-b-c": true, "": false, "-a": false, "a-": false, "A": false, "a--b": false, "8a": false, "a.b": false, "a/b": false, "..": false} {
		if got := harvest.SourceIDPattern.MatchString(id); got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year, month, day := rapid.IntRange(-5, 10050).Draw(t, "year"), rapid.IntRange(-1, 14).Draw(t, "month"), rapid.IntRange(-1, 33).Draw(t, "day")
		for _, d := range []harvest.Date{harvest.YearDate(year), harvest.MonthDate(year, time.Month(month)), harvest.DayDate(year, time.Month(month), day)} {
			if d.IsZero() {
				continue
			}
			back, err := harvest.ParseDate(d.Value)
			if err != nil || back != d || d.Year() != year {
				t.Fatalf("%+v reads back as %+v, %v; year %d", d, back, err, d.Year())
			}
		}
	})
	for _, bad := range []string{"", "21", "2021-13", "2021-02-30", "2021-3", "2021-03-15T00:00:00Z", "yesterday", "٢٠٢١"} {
		if d, err := harvest.ParseDate(bad); err == nil {
			t.Errorf("%q reads as %v", bad, d)
		}
	}
	if !harvest.DayDate(2021, 3, 15).Finer(harvest.MonthDate(2021, 3)) || harvest.DayDate(2021, 4, 1).Finer(harvest.MonthDate(2021, 3)) || harvest.YearDate(2021).Finer(harvest.YearDate(2021)) {
		t.Error("Finer compares wrongly")
	}
}

func TestRunKeepsAFewSamplesOfEachBadEnding(t *testing.T) {
	var r harvest.Run
	for range 3 * harvest.MaxSamples {
		r.Count(harvest.Event{Outcome: harvest.TimedOut, URL: "https://a.example"}, 1)
		r.Count(harvest.Event{Outcome: harvest.Fetched}, 1)
	}
	if r.Outcomes[harvest.TimedOut] != 30 || len(r.Samples) != harvest.MaxSamples || r.Failures() != 30 {
		t.Errorf("%d samples, %d failures, outcomes %v", len(r.Samples), r.Failures(), r.Outcomes)
	}
}
