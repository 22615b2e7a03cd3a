package fields_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
)

const home = "https://library.example.org"

func builder() *fields.Builder { return fields.New(home+"/api", home, "en") }

// TestName: names as catalogues write them.
func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"Diallo, Amina": "Amina Diallo", "Diallo, Amina, 1970-": "Amina Diallo", "Diallo, A. B.": "A. B. Diallo", "de la Cruz, María": "María de la Cruz",
		"Amina Diallo": "Amina Diallo", "Diallo, Amina (ed.)": "Amina Diallo", "UN. Human Rights Council.": "UN. Human Rights Council",
		"Institute for Work, Research Department": "Institute for Work, Research Department", "Walk Free": "Walk Free",
		"International Labour Office, Geneva": "International Labour Office, Geneva", "unknown": "", "[s.n.]": "", "me@example.org": "", "": "", "1": "",
	} {
		if got := fields.Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestAddress: the source's own page before a resolver, a page before a file.
func TestAddress(t *testing.T) {
	const own, doi, handle, other, file = home + "/item/1", "https://doi.org/10.5555/1", "http://hdl.handle.net/1/2", "https://elsewhere.example.com/x", "https://elsewhere.example.com/x.pdf"
	for _, tt := range []struct {
		values []string
		want   string
		files  int
	}{
		{[]string{file, other, handle, doi, own}, own, 1},
		{[]string{file, other, handle, doi}, doi, 1},
		{[]string{other, handle}, handle, 0},
		{[]string{file, other}, other, 1},
		{[]string{"10.5555/1", file}, file, 1},
		{[]string{"urn:isbn:1", "not an address", "javascript:alert(1)", "http://[::1"}, "", 0},
	} {
		b := builder()
		b.Address("identifier", tt.values...)
		if got := b.Record(); got.URL != tt.want || len(got.Documents) != tt.files {
			t.Errorf("%v: %q with %d files, want %q with %d", tt.values, got.URL, len(got.Documents), tt.want, tt.files)
		}
	}
}

// TestPublished: the date of publication, not that of the software.
func TestPublished(t *testing.T) {
	for _, tt := range []struct {
		values string
		want   string
	}{
		{"2012-06-05T12:34:56Z|2012-06-05T12:34:56Z|2011-03", "2011-03"},
		{"2012-06-05T12:34:56Z|2010-01-02T03:04:05Z", "2010-01-02"},
		{"c2014", "2014"},
		{"[2014]", "2014"},
		{"©2014.", "2014"},
		{"nonsense|2014-05-06", "2014-05-06"},
		{"||||", ""},
		{"0000", ""},
		{"n.d.", ""},
	} {
		b := builder()
		b.Published("date", strings.Split(tt.values, "|")...)
		if got := b.Record().Published.Value; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.values, got, tt.want)
		}
	}
}

// TestValues: what is no value of a field is passed over, and each field says
// where it is from.
func TestValues(t *testing.T) {
	b := builder()
	b.Title("title", "", " Fees &amp;amp; debt ", "Autre titre")
	b.Title("title2", "Third")
	b.Summary("description", harvest.SummaryAbstract, "Made available in DSpace on 2012-06-05", "https://example.org/x", "<p>One paragraph that is long enough to be the abstract of something.</p><p>Two.</p>", "A later one that is longer than the first one but comes too late to be taken.")
	b.Labels("type", "info:eu-repo/semantics/report", "Text", "info:eu-repo/semantics/publishedVersion", "Report", "http://purl.org/coar/resource_type/c_18ws")
	b.Language("language", "", "eng", "English")
	b.Publisher("publisher", "[s.n.]", "Example Press")
	b.Licence("rights", "info:eu-repo/semantics/openAccess", "All rights reserved", "https://creativecommons.org/licenses/by/4.0/")
	b.Identifiers("identifier", "9789221234562", "https://doi.org/10.5555/ABC")
	b.Document("file", harvest.Document{URL: "/files/a.pdf"})
	b.Document("file", harvest.Document{URL: "files/a.pdf#page=2"})
	b.Document("file", harvest.Document{URL: ""})
	got := b.Record()
	have := []string{got.Title, strings.Join(got.TitleAlt, "|"), got.Summary, strings.Join(got.CategoriesRaw, "|"), got.Language.Declared, got.Publisher, got.Licence, got.Identifiers.ISBN, got.Identifiers.DOI, got.Documents[0].URL}
	want := []string{"Fees & debt", "Autre titre|Third", "One paragraph that is long enough to be the abstract of something.\n\nTwo.", "report", "en", "Example Press", "https://creativecommons.org/licenses/by/4.0/", "9789221234562", "10.5555/abc", home + "/files/a.pdf"}
	if diff := cmp.Diff(want, have); diff != "" || len(got.Documents) != 1 {
		t.Errorf("record (-want +got):\n%s\n%+v", diff, got.Documents)
	}
	for _, field := range []string{"title", "title_alt", "summary", "category_raw", "language", "publisher", "licence", "identifiers", "documents"} {
		if got.Provenance[field].Detail == "" {
			t.Errorf("nothing says where %s is from", field)
		}
	}
	several := builder()
	several.Language("language", "eng", "fre")
	if l := several.Record().Language.Declared; l != "" {
		t.Errorf("of two languages %q was taken", l)
	}
}

// TestMoment: a moment is the last at which the page may have changed.
func TestMoment(t *testing.T) {
	for in, want := range map[string]string{
		"2021-03-15T10:20:30Z": "2021-03-15T10:20:30Z", "2021-03-15T10:20:30.5+02:00": "2021-03-15T08:20:30.5Z", "2021-03-15T10:20+02:00": "2021-03-15T08:20:00Z",
		"2021-03-15T10:20:30+0200": "2021-03-15T08:20:30Z", "2021-03-15": "2021-03-16T12:00:00Z", "2021-03": "2021-04-01T12:00:00Z", "2021": "2022-01-01T12:00:00Z",
		"2021-03-15 10:20:30": "2021-03-15T22:20:30Z", "2021-03-15 10:20": "2021-03-15T22:20:00Z", "Mon, 15 Mar 2021 10:00:00 GMT": "2021-03-15T10:00:00Z",
		" 2021-03-15 ": "2021-03-16T12:00:00Z", "15 March 2021": "2021-03-16T12:00:00Z",
		"": "", "0000-00-00": "", "0000-00-00 00:00:00": "", "1970-01-01T00:00:00Z": "", "-0001-11-30T00:00:00+00:00": "", "yesterday": "", "2021-02-30": "", "99999": "",
	} {
		got := ""
		if m := fields.Moment(in); !m.IsZero() {
			got = m.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("Moment(%q) = %q, want %q", in, got, want)
		}
	}
}
