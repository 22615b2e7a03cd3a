package register_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/register"
)

const home = "https://register.example.org"

// sheets are tables in memory: the lines of each sheet, whose cells are divided
// by bars. A cell may lead somewhere: "Read it>https://…".
type sheets struct {
	names []string
	lines [][]string
	sheet int
	at    int
	line  register.Line
}

// Next implements register.Lines.
func (s *sheets) Next() (*register.Line, error) {
	for s.sheet < len(s.lines) && s.at == len(s.lines[s.sheet]) {
		s.sheet, s.at = s.sheet+1, 0
	}
	if s.sheet == len(s.lines) {
		return nil, nil
	}
	text := s.lines[s.sheet][s.at]
	if text == "broken" {
		return nil, errors.New("the sheet is torn")
	}
	s.line = register.Line{First: s.at == 0, Sheet: s.names[s.sheet]}
	s.at++
	for cell := range strings.SplitSeq(text, "|") {
		shown, link, _ := strings.Cut(cell, ">")
		s.line.Cells = append(s.line.Cells, register.Cell{Text: shown, Link: link})
	}
	return &s.line, nil
}

// door reads the sheets; each body begins a fresh copy.
func door(settings config.Register, names []string, lines ...[]string) *register.Door {
	settings.Start = []string{home + "/register"}
	if len(settings.Fields.Title) == 0 {
		settings.Fields = config.JSONFields{ID: []string{"id"}, Title: []string{"name"}, Link: []string{"url", home + "/item/{id}"}, Document: []string{"file"}}
	}
	src := &config.Source{ID: "register", Homepage: home, Doors: []config.Door{{Kind: "csv", CSV: &settings}}}
	return register.New(src, nil, 0, settings, register.Format{
		Kind: "csv", MediaType: "text/csv",
		Open: func([]byte) (register.Lines, error) { return &sheets{names: names, lines: lines}, nil },
	})
}

func read(d *register.Door, req harvest.Request) harvest.Parsed {
	return d.Parse(&harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Body: []byte("x")})
}

func seed(d *register.Door) harvest.Request {
	seeds, _ := d.Seeds(time.Time{})
	return seeds[0]
}

func have(p harvest.Parsed) []string {
	var out []string
	for _, r := range p.Records {
		one := r.NativeID + " " + r.Title + " " + r.URL
		for _, d := range r.Documents {
			one += " " + d.URL
		}
		out = append(out, one)
	}
	return out
}

// TestNamesOfColumns are looked for below titles, notes and groups of columns, in
// each sheet for itself.
func TestNamesOfColumns(t *testing.T) {
	d := door(config.Register{}, []string{"Read me", "2023", "Totals", "2024", "Empty"},
		[]string{"Register of statements", "Contact|the ministry", "It is published|twice a year"},
		[]string{"Statements of 2023", "Company||Statement", "id|name|url", "1|Kilns Ltd|" + home + "/kilns"},
		[]string{"sector|number", "Fishing|3"},
		[]string{"NAME|id", "Fishing Ltd|2", "|", "Bricks Ltd|3"},
		[]string{"nothing"})
	got := read(d, seed(d))
	want := []string{"csv:1 Kilns Ltd " + home + "/kilns", "csv:2 Fishing Ltd " + home + "/item/2", "csv:3 Bricks Ltd " + home + "/item/3"}
	if diff := cmp.Diff(want, have(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, "3 sheets lack the columns and were left out: Read me, Totals, Empty") {
		t.Errorf("notes %q", notes)
	}
}

// TestLinksOfCells: where a cell leads is the address, unless it prints one.
func TestLinksOfCells(t *testing.T) {
	d := door(config.Register{}, []string{""}, []string{
		"id|name|url|file", "1|A|Read it>https://a.example/statement|PDF>https://a.example/a.pdf", "2|B|https://b.example/>https://tracker.example/|", "3|C||none",
	})
	want := []string{
		"csv:1 A https://a.example/statement https://a.example/a.pdf", "csv:2 B https://b.example/", "csv:3 C " + home + "/item/3 " + home + "/none",
	}
	if diff := cmp.Diff(want, have(read(d, seed(d)))); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// TestEndings: a file without the columns is no door, one that is torn a hole.
func TestEndings(t *testing.T) {
	for name, tt := range map[string]struct {
		lines   []string
		dead    string
		records int
		events  int
	}{
		"other columns":  {[]string{"Title|Address", "A|B"}, `has no column "name"; it has title, address`, 0, 0},
		"one column":     {[]string{"name", "A"}, "is no table", 0, 0},
		"nothing":        {nil, "is no table", 0, 0},
		"only a heading": {[]string{"id|name"}, "", 0, 0},
		"torn at once":   {[]string{"broken"}, "torn", 0, 0},
		"torn later":     {[]string{"id|name", "1|A", "broken"}, "", 1, 1},
		"far below":      {append(slices.Repeat([]string{"note|note"}, 60), "id|name", "1|A"), `has no column "name"`, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := door(config.Register{}, []string{""}, tt.lines)
			got := read(d, seed(d))
			if !strings.Contains(got.Dead, tt.dead) || tt.dead == "" && got.Dead != "" || len(got.Records) != tt.records || len(got.Events) != tt.events {
				t.Errorf("dead %q, %d records, events %+v; want %+v", got.Dead, len(got.Records), got.Events, tt)
			}
		})
	}
}

// TestParts: a long file is read in parts, each row once.
func TestParts(t *testing.T) {
	lines := []string{"id|name"}
	for i := range 25 {
		lines = append(lines, fmt.Sprintf("%d|Company %d", i, i))
	}
	d := door(config.Register{}, []string{""}, lines)
	d.SetPart(10)
	first := seed(d)
	next, seen, readings := &first, make(map[string]bool), 0
	for next != nil {
		got := read(d, *next)
		next = nil
		readings++
		for _, r := range got.Records {
			seen[r.NativeID] = true
		}
		if len(got.Requests) == 1 {
			next = &got.Requests[0]
		}
	}
	if len(seen) != 25 || readings != 3 {
		t.Errorf("%d rows in %d readings, want 25 in 3", len(seen), readings)
	}
}
