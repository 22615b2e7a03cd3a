package main_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/harvest87/harvest"
	main "github.com/harvest87/harvest/cmd/harvest"
	"github.com/harvest87/harvest/crawler"
)

// noon is when progress is looked at.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// standing is how a run stands after so many pages, each host asked as often as
// its place says times that number.
func standing(source harvest.SourceID, done, pending int, hosts ...string) crawler.Progress {
	p := crawler.Progress{
		Run: harvest.NewRunID(source, noon), Source: source, Done: done, Pending: pending,
		Outcomes: map[harvest.Outcome]int{harvest.NewRecord: done / 2, harvest.ServerError: done / 10},
	}
	for i, h := range hosts {
		p.Hosts = append(p.Hosts, harvest.HostUse{Host: h, Requests: done * (i + 1), Delay: 2 * time.Second, Refused: i})
	}
	return p
}

func TestLiveLines(t *testing.T) {
	var l main.Live
	l.Update(standing("done", 5, 0, "done.example"), noon)
	l.End(harvest.Run{Source: "done", State: harvest.RunPartial, Outcomes: map[harvest.Outcome]int{harvest.NewRecord: 4, harvest.TimedOut: 1}})
	l.Update(standing("respect", 0, 1000, "a.example", "b.example", "c.example"), noon)
	l.Update(standing("respect", 40, 960, "a.example", "b.example", "c.example"), noon.Add(20*time.Second))
	l.Update(standing("respect", 70, 930, "a.example", "b.example", "c.example"), noon.Add(25*time.Second))
	tests := []struct {
		name          string
		columns, rows int
		want          []string
	}{
		{"wide", 120, 24, []string{
			"respect [            ] 70 of 1,000 pages, 2.8/s, 7 errors, about 6m left, 35 new",
			"  c.example 210 requests, 8.4/s, 2s apart, 2 refused (429, 503)",
			"  b.example 140 requests, 5.6/s, 2s apart, 1 refused (429, 503)",
			"  a.example 70 requests, 2.8/s, 2s apart, slowest",
			"done    partial: 4 new, 0 changed, 0 unchanged, 1 error",
		}},
		{"low", 120, 6, []string{
			"respect [            ] 70 of 1,000 pages, 2.8/s, 7 errors, about 6m left, 35 new",
			"  c.example 210 requests, 8.4/s, 2s apart, 2 refused (429, 503)",
			"  and 2 more hosts",
			"done    partial: 4 new, 0 changed, 0 unchanged, 1 error",
		}},
		{"one line", 120, 2, []string{"and 2 more sources"}},
		{"narrow", 30, 4, []string{"respect [            ] 70 of…", "done    partial: 4 new, 0 ch…"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, l.Frame(noon.Add(25*time.Second), tt.columns, tt.rows)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever sites and sources are called, and however many there are, the lines
// fit and steer nothing.
func TestLiveLinesAlwaysFit(t *testing.T) {
	var l main.Live
	for i := range 40 {
		source := harvest.SourceID(fmt.Sprintf("source-\x1b[2J\u202e界界界界%d", i))
		for step := range 3 {
			l.Update(standing(source, step*100, 1<<40, "\x1b]0;own\x07.example", strings.Repeat("界", 200), "\n\r\n", ""), noon.Add(time.Duration(step)*10*time.Second))
		}
	}
	for columns := range 130 {
		for _, rows := range []int{0, 1, 2, 3, 10, 50, 500} {
			lines := l.Frame(noon.Add(30*time.Second), columns, rows)
			if len(lines) > max(1, rows-2) {
				t.Fatalf("%d lines on %d rows", len(lines), rows)
			}
			for _, line := range lines {
				if w := text.StringWidthWithoutEscSequences(line); w >= max(2, columns) || strings.IndexFunc(line, hostile) >= 0 || strings.Contains(line, "\n") {
					t.Fatalf("%d columns of %d: %q", w, columns, line)
				}
			}
		}
	}
}

// terminal is one that knows what a screen sends: text, line ends, cursor up
// and clear to the end.
type terminal struct {
	columns  int
	rows     []string
	row, col int
}

var sequence = regexp.MustCompile("^(\x1b\\[A|\x1b\\[J|\r|\n|[^\x1b\r\n])")

func (v *terminal) Write(p []byte) (int, error) {
	for rest := string(p); rest != ""; {
		s := sequence.FindString(rest)
		if s == "" {
			return 0, fmt.Errorf("unknown sequence %q", rest)
		}
		rest = rest[len(s):]
		switch s {
		case "\x1b[A":
			v.row = max(0, v.row-1)
		case "\x1b[J":
			v.rows = v.rows[:min(len(v.rows), v.row)]
		case "\r":
			v.col = 0
		case "\n":
			v.row, v.col = v.row+1, 0
		default:
			if v.col == v.columns {
				v.row, v.col = v.row+1, 0
			}
			for len(v.rows) <= v.row {
				v.rows = append(v.rows, "")
			}
			v.rows[v.row] += s
			v.col++
		}
	}
	return len(p), nil
}

// resize breaks what is too wide, as terminals do.
func (v *terminal) resize(columns int) {
	v.columns = columns
	var rows []string
	for _, row := range v.rows {
		for len(row) > columns {
			rows, row = append(rows, row[:columns]), row[columns:]
		}
		rows = append(rows, row)
	}
	v.rows, v.row = rows, len(rows)
}

func TestScreenKeepsItsLinesBelow(t *testing.T) {
	v := &terminal{columns: 40}
	s := main.NewScreen(v, func() (int, int) { return v.columns, 10 })
	is := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, slices.Clone(v.rows)); diff != "" {
			t.Error(diff)
		}
	}
	say := func(line string) {
		if _, err := fmt.Fprintln(s, line); err != nil {
			t.Fatal(err)
		}
	}
	say("before")
	s.Show("one", "two", strings.Repeat("wide ", 7))
	is("before", "one", "two", strings.Repeat("wide ", 7))
	s.Show("only")
	is("before", "only")
	say("a warning")
	is("before", "a warning", "only")
	s.Show("first", strings.Repeat("x", 35), "last")
	v.resize(10) // the long line takes four rows now
	s.Show("small")
	is("before", "a warning", "small")
	v.resize(80)
	s.Show("large")
	is("before", "a warning", "large")
}
