package ris_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/ris"
)

// imported is a reference as bibutils has understood it, from the MODS that it
// makes of RIS (https://www.loc.gov/standards/mods/).
type imported struct {
	ID    string `xml:"ID,attr"`
	Title string `xml:"titleInfo>title"`
	Names []struct {
		Type  string `xml:"type,attr"`
		Parts []struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"namePart"`
	} `xml:"name"`
	Publisher   string   `xml:"originInfo>publisher"`
	Date        string   `xml:"originInfo>dateIssued"`
	Genre       []string `xml:"genre"`
	Language    string   `xml:"language>languageTerm"`
	Abstract    string   `xml:"abstract"`
	Notes       []string `xml:"note"`
	Topics      []string `xml:"subject>topic"`
	Addresses   []string `xml:"location>url"`
	Identifiers []struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	} `xml:"identifier"`
}

// names are the authors: "Family, Given Given" of a person, else the whole.
func (m *imported) names() []string {
	var out []string
	for _, n := range m.Names {
		var family, given []string
		for _, p := range n.Parts {
			if p.Type == "given" {
				given = append(given, p.Text)
			} else {
				family = append(family, p.Text)
			}
		}
		name := strings.Join(family, " ")
		if len(given) > 0 {
			name += ", " + strings.Join(given, " ")
		}
		out = append(out, name)
	}
	return out
}

func (m *imported) identifier(kind string) string {
	for _, id := range m.Identifiers {
		if id.Type == kind {
			return id.Text
		}
	}
	return ""
}

// importWith has bibutils read what is written of the records. Of its habits
// these are off: to read text as LaTeX, and to take titles apart at a colon.
// Names that it is told of stay whole (by -as: its list of bodies, -c, cannot be
// read in 7.2); of others it takes all for persons, for RIS has no mark for bodies.
func importWith(t *testing.T, whole []string, records ...harvest.Record) []imported {
	t.Helper()
	program, err := exec.LookPath("ris2xml")
	if err != nil {
		t.Skip("SKIPPED: without ris2xml no reference is imported by a program of others; on Debian: apt-get install bibutils ('make test' does)")
	}
	known := filepath.Join(t.TempDir(), "whole")
	if err := os.WriteFile(known, []byte(strings.Join(whole, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-i", "utf8", "-un", "-nl", "-nt", "-as", known)
	cmd.Stdin = bytes.NewReader(exporttest.Bytes(t, ris.Write, records...))
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ris2xml: %v\n%s", err, problems.Bytes())
	}
	if want := fmt.Sprintf("Processed %d references.", len(records)); !strings.Contains(problems.String(), want) {
		t.Errorf("ris2xml does not say %q:\n%s", want, problems.Bytes())
	}
	var all struct {
		References []imported `xml:"mods"`
	}
	if err := xml.Unmarshal(out, &all); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	if len(all.References) != len(records) {
		t.Fatalf("%d references of %d records:\n%s", len(all.References), len(records), out)
	}
	return all.References
}

func TestBibutilsImportsWhatWasWritten(t *testing.T) {
	t.Parallel()
	records := []harvest.Record{exporttest.Full(), exporttest.Minimal(), exporttest.Arabic()}
	got := importWith(t, []string{"Anti-Slavery International", "Department for Work Pensions", "منظمة العمل الدولية"}, records...)
	type facts struct {
		Names, Genre          []string
		Date, Language        string
		DOI, ISBN, Key, Title string
		Publisher, Abstract   string
		Topics, Addresses     []string
	}
	want := []facts{
		{
			Names: []string{"Bales, Kevin", "Muñoz, José A", "Anti-Slavery International", "Department for Work Pensions"},
			Genre: []string{"technical report"}, Date: "2021-03", Language: "en-GB", DOI: "10.1234/a_(b)<c>", ISBN: "9789221234567",
			Topics:    []string{"child-labour", "supply-chains", "Report", "Law; Policy"},
			Addresses: []string{"https://test.example/?a=1&b=2_3%20#x", "https://test.example/a.pdf", "https://test.example/b;c.docx"},
		},
		{Addresses: []string{"https://test.example/b"}},
		{
			Names: []string{"منظمة العمل الدولية"}, Genre: []string{"technical report"}, Date: "2020-02-29", Language: "ar",
			Addresses: []string{"https://test.example/ar/%D8%A5%D8%B1%D8%B4%D8%A7%D8%AF%D8%A7%D8%AA"},
		},
	}
	for i := range got {
		g, r := &got[i], &records[i]
		want[i].Key, want[i].Title = citation.Key(r.ID), r.Title
		want[i].Publisher, want[i].Abstract = r.Publisher, citation.Line(r.Summary)
		is := facts{
			g.names(), g.Genre, g.Date, g.Language, g.identifier("doi"), g.identifier("isbn"), g.ID, g.Title,
			g.Publisher, g.Abstract, g.Topics, g.Addresses,
		}
		if diff := cmp.Diff(want[i], is); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.ID, diff)
		}
	}
	for _, note := range []string{"A/HRC/51/26", "Report", "CC-BY-4.0"} {
		if !slices.Contains(got[0].Notes, note) {
			t.Errorf("no note %q among %q", note, got[0].Notes)
		}
	}
}

// Whatever a site says, a reader finds one reference a record, each with its
// own title, summary and address.
func TestBibutilsIsNotMisledByHostileText(t *testing.T) {
	t.Parallel()
	records := exporttest.HostileRecords()
	for i, g := range importWith(t, nil, records...) {
		r := &records[i]
		for _, v := range []struct{ what, want, got string }{
			{"key", citation.Key(r.ID), g.ID},
			{"title", citation.Line(r.Title), g.Title},
			{"summary", citation.Line(r.Summary), g.Abstract},
			{"publisher", citation.Line(r.Publisher), g.Publisher},
		} {
			if v.got != v.want {
				t.Errorf("%s of %q: %q, want %q", v.what, r.NativeID, v.got, v.want)
			}
		}
		if !slices.Contains(g.Addresses, citation.Address(r.URL)) {
			t.Errorf("addresses of %q: %q, want %q", r.NativeID, g.Addresses, citation.Address(r.URL))
		}
	}
}
