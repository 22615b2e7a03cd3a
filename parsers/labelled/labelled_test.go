package labelled_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/parsers/labelled"
	"github.com/harvest87/harvest/parsers/normalize"
)

var update = flag.Bool("update", false, "write the golden files")

func parse(t testing.TB, html string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// said is what the values of a label say, each in brackets.
func said(found *goquery.Selection) string {
	var out []string
	for _, e := range labelled.Parts(found).EachIter() {
		html, _ := goquery.OuterHtml(e)
		out = append(out, "["+normalize.Text(normalize.HTML(html))+"]")
	}
	return strings.Join(out, " ")
}

// TestGolden reads pages of the shapes that sites have. The first line of each
// names the labels.
func TestGolden(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) < 5 {
		t.Fatal(pages, err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		first = strings.TrimSuffix(strings.TrimPrefix(first, "<!-- labels: "), " -->")
		var got strings.Builder
		doc := parse(t, string(text))
		for label := range strings.SplitSeq(first, "; ") {
			found, _ := labelled.Find(doc.Selection, []string{label})
			fmt.Fprintf(&got, "%s = %s", label, said(found))
			for _, e := range labelled.Holding(found, "href").EachIter() {
				fmt.Fprintf(&got, " @%s", e.AttrOr("href", ""))
			}
			got.WriteByte('\n')
		}
		golden := strings.TrimSuffix(path, ".html") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// TestFind has the cases in which a label is easily taken for what it is not.
func TestFind(t *testing.T) {
	for _, tt := range []struct{ name, html, labels, want string }{
		{"alternatives in order", `<p>Date: 1</p><p>Fecha: 2</p>`, "Fecha|Date", "Fecha [2]"},
		{"the first that has a value", `<dl><dt>Date<dd><dt>Year<dd>2020</dl>`, "Date|Year", "Year [2020]"},
		{"capitals and colon", `<p>DATE : 1</p>`, "date:", "date: [1]"},
		{"a required field's mark", `<th>Date *</th><table><tr><th>Date *</th><td>1</td></tr></table>`, "Date", "Date [1]"},
		{"not in a sentence", `<p>The date: 1</p><p>See Date: 2</p>`, "Date", " "},
		{"not a link", `<p><a href="/d">Date</a> <span>sorted</span></p>`, "Date", " "},
		{"a nav is none", `<nav><span>Date</span><span>x</span></nav>`, "Date", " "},
		{"a list of words is none", `<ul><li>Date</li><li>Title</li></ul>`, "Date", " "},
		{"scripts are none", `<script>Date: 1</script><p>Date: 2</p>`, "Date", "Date [2]"},
		{"equal cells", `<div class="c">Date</div><div class="c">1</div><div class="c">Type</div>`, "Date", "Date [1]"},
		{"an empty value is not the next label", `<p><b>Date:</b> <b>Type:</b> Report</p>`, "Date", " "},
		{"up to the next label", `<p><b>Date:</b> 1 <b>Type:</b> Report</p>`, "Date", "Date [1]"},
		{"up to the next of its class", `<p><span class="k">Date</span> 1 <span class="k">Type</span> Report</p>`, "Date", "Date [1]"},
		{"value on the next line", `<p><b>Date</b><br>1<br>more</p>`, "Date", "Date [1]"},
		{"value in the next block", `<p>Date:</p><p>1</p>`, "Date", "Date [1]"},
		{"with a colon comes first", `<div><span>Type</span><span>sort</span></div><p>Type: Report</p>`, "Type", "Type [Report]"},
		{"twice in a group", `<dl><dt>By<dd>A<dt>By<dd>B</dl><dl><dt>By<dd>C</dl>`, "By", "By [A] [B]"},
		{"text and links are one", `<p>Type: <a href="/r">Report</a> on fees <a href="/f">more</a></p>`, "Type", "Type [Report on fees more]"},
		{"small screens", `<table><tr><td data-label="Date">1</td><td>x</td></tr></table>`, "Date", "Date [1]"},
		{"wrapped head", `<table><tr><th><div><span>Date</span></div></th><td>1</td></tr></table>`, "Date", "Date [1]"},
		{"a table in a cell", `<table><tr><th>Date</th><td><table><tr><td>1</td></tr></table></td></tr></table>`, "Date", "Date [1]"},
		{"an element of the site's own", `<x-row><x-label>Date:</x-label><x-value>1</x-value></x-row>`, "Date", "Date [1]"},
		{"nothing to look for", `<p>: 1</p>`, ":", " "},
	} {
		found, label := labelled.Find(parse(t, tt.html).Selection, strings.Split(tt.labels, "|"))
		if got := label + " " + said(found); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestRowsOfATable are the cards of a list: the heads of their columns stand
// outside of them, and cells may span rows and columns.
func TestRowsOfATable(t *testing.T) {
	doc := parse(t, `<table>
		<thead><tr><th rowspan="2">Country</th><th colspan="2">Law</th><th rowspan="2">Year</th></tr><tr><th>Title</th><th>Kind</th></tr></thead>
		<tbody>
		<tr><td rowspan="3">Ghana</td><td>Act 694</td><td>Act</td><td>2005</td></tr>
		<tr><td colspan="2">Act 560</td><td>1998</td></tr>
		<tr><td>LI 2219</td></tr>
		<tr><td>Kenya</td><td>Act 8</td><td>Act</td><td>2010</td></tr>
		</tbody></table>`)
	var got []string
	for _, row := range doc.Find("tbody tr").EachIter() {
		line := ""
		for _, label := range []string{"Country", "Title", "Kind", "Year"} {
			found, _ := labelled.Find(row, []string{label})
			line += said(found) + ";"
		}
		got = append(got, line)
	}
	want := []string{"[Ghana];[Act 694];[Act];[2005];", "[Ghana];[Act 560];[Act 560];[1998];", "[Ghana];[LI 2219];;;", "[Kenya];[Act 8];[Act];[2010];"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestFarRowsOfATable: heads are found from any row, also within the body, and
// a cell that reached down far above does not shift what is below.
func TestFarRowsOfATable(t *testing.T) {
	doc := parse(t, `<table><tr><th>Title</th><th>Year</th></tr><tr><td rowspan="3">a</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>`+
		strings.Repeat(`<tr><td>b</td><td>4</td></tr>`, 400)+`<tr><th>Year</th><th>Title</th></tr><tr><td>5</td><td>c</td></tr></table>`)
	for _, tt := range []struct {
		row  int
		want string
	}{{2, "[2]"}, {3, "[3]"}, {4, "[4]"}, {300, "[4]"}, {405, "[5]"}} {
		found, _ := labelled.Find(doc.Find("tr").Eq(tt.row), []string{"Year"})
		if got := said(found); got != tt.want {
			t.Errorf("row %d: %s, want %s", tt.row, got, tt.want)
		}
	}
}

// TestPageIsNotChanged: what is made for a value is a copy.
func TestPageIsNotChanged(t *testing.T) {
	doc := parse(t, `<p><b>Date</b>: 1 <i>May</i></p><p>Type: a <i>b</i></p>`)
	before, _ := doc.Html()
	labelled.Find(doc.Selection, []string{"Date"})
	labelled.Find(doc.Selection, []string{"Type"})
	if after, _ := doc.Html(); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

func FuzzFind(f *testing.F) {
	pages, _ := filepath.Glob("testdata/*.html")
	for _, path := range pages {
		if text, err := os.ReadFile(path); err == nil {
			f.Add(string(text), "Date")
		}
	}
	f.Add(`<table><tr><th rowspan=9999999 colspan=-1>Date<tr><td colspan=99999999>x`, "Date")
	f.Add("<dl><dt>A\u00a0:<dd>"+strings.Repeat("<div>", 400), "a")
	f.Fuzz(func(t *testing.T, html, label string) {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		if err != nil {
			t.Skip("nested too deeply to be parsed")
		}
		for _, scope := range []*goquery.Selection{doc.Selection, doc.Find("tr"), doc.Find("dl, p")} {
			found, which := labelled.Find(scope, []string{label, "Date"})
			if (found.Length() > 0) != (which != "") {
				t.Errorf("%d values of label %q", found.Length(), which)
			}
			if found.Length() > 100 {
				t.Errorf("%d values", found.Length())
			}
			labelled.Parts(found).Text()
			labelled.Holding(found, "href", "src").Length()
		}
	})
}
