package ris_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/ris"
)

// The rules of the specification, as a reader keeps them.
var (
	risLine  = regexp.MustCompile(`^([A-Z][A-Z0-9])  - (.*)$`)
	risTypes = strings.Fields(`ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT
		EBOOK ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT HEAR ICOMM INPR JFULL JOUR LEGAL MANSCPT MAP MGZN MPCT MULTI
		MUSIC NEWS PAMP PAT PCOMM RPRT SER SLIDE SOUND STAND STAT THES UNBILL UNPB VIDEO`)
	risTags = strings.Fields(`TY ID TI TT AU PB PY DA AB KW LA DO SN M1 M3 UR L1 Y2 C1 DB AN ER`)
	risDate = regexp.MustCompile(`^\d{4}/(\d\d)?/(\d\d)?$`)
)

// reference is one reference as a reader sees it.
type reference map[string][]string

// read is a strict reader of RIS: it takes lines apart at every character that
// any program takes for the end of one, and accepts nothing but tags.
func read(text string) ([]reference, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("not UTF-8")
	}
	if rest := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsAny(rest, "\r\n\v\f\x1c\x1d\x1e\u0085\u2028\u2029") {
		return nil, fmt.Errorf("a line ends in something else than CRLF: %q", rest)
	}
	var all []reference
	var open reference
	for i, line := range strings.Split(text, "\r\n") {
		if line == "" && open == nil {
			continue
		}
		m := risLine.FindStringSubmatch(line)
		switch {
		case m == nil:
			return nil, fmt.Errorf("line %d is no tag: %q", i+1, line)
		case !slices.Contains(risTags, m[1]):
			return nil, fmt.Errorf("line %d: tag %s", i+1, m[1])
		case (m[1] == "TY") != (open == nil):
			return nil, fmt.Errorf("line %d: %s out of place", i+1, m[1])
		case m[1] == "TY" && !slices.Contains(risTypes, m[2]):
			return nil, fmt.Errorf("line %d: no type: %s", i+1, m[2])
		case m[1] == "ER":
			if m[2] != "" {
				return nil, fmt.Errorf("line %d: ER has a value", i+1)
			}
			all, open = append(all, open), nil
			continue
		case m[1] == "TY":
			open = reference{}
		}
		if m[1] != "TY" && m[2] == "" {
			return nil, fmt.Errorf("line %d is empty", i+1)
		}
		open[m[1]] = append(open[m[1]], m[2])
	}
	if open != nil {
		return nil, fmt.Errorf("the last reference has no end")
	}
	return all, nil
}

// check reads what is written of the records and compares it with them.
func check(t *testing.T, records ...harvest.Record) []reference {
	t.Helper()
	got, err := read(string(exporttest.Bytes(t, ris.Write, records...)))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(records) {
		t.Fatalf("%d references of %d records", len(got), len(records))
	}
	for i, g := range got {
		r := &records[i]
		want := map[string]string{"TI": citation.Line(r.Title), "AB": citation.Line(r.Summary), "PB": citation.Line(r.Publisher), "ID": citation.Key(r.ID), "DO": citation.Line(r.Identifiers.DOI)}
		for tag, value := range want {
			if value == "" && g[tag] != nil || value != "" && !slices.Equal(g[tag], []string{value}) {
				t.Errorf("%s: %s is %q, want %q", r.ID, tag, g[tag], value)
			}
		}
		for _, tag := range []string{"DA", "Y2"} {
			for _, d := range g[tag] {
				if !risDate.MatchString(d) {
					t.Errorf("%s: %s is %q", r.ID, tag, d)
				}
			}
		}
		for _, a := range append(slices.Clone(g["AU"]), g["KW"]...) {
			if strings.Contains(a, "*") {
				t.Errorf("%s: an asterisk in %q", r.ID, a)
			}
		}
	}
	return got
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.ris", ris.Write) }
func TestContract(t *testing.T) { exporttest.Contract(t, ris.Write) }

func TestAReaderGetsWhatWasWritten(t *testing.T) {
	got := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	if diff := cmp.Diff([]string{"Bales, Kevin", "Muñoz, José A.", "Anti-Slavery International", "Department for Work Pensions"}, got[0]["AU"]); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	for i, want := range [][2][]string{{{"2021"}, {"2021/03/"}}, {}, {{"2020"}, {"2020/02/29"}}} {
		if !slices.Equal(got[i]["PY"], want[0]) || !slices.Equal(got[i]["DA"], want[1]) {
			t.Errorf("record %d is of %q, %q", i, got[i]["PY"], got[i]["DA"])
		}
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, ris.Write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, ris.Write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, ris.Write) }
