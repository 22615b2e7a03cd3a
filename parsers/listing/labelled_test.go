package listing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
)

func label(labels ...string) config.Selectors { return config.Selectors{{Labels: labels}} }

// TestLabelledFields: the fields of a card are found by what the site prints
// before them, in whatever shape it prints it.
func TestLabelledFields(t *testing.T) {
	item := func(card string) config.ItemRules {
		return config.ItemRules{Card: css(card), FieldRules: config.FieldRules{
			Title: label("Title"), Date: label("Fecha", "Date"), Category: label("Type"), Publisher: label("Publisher"),
			Author: label("Author", "Authors"), Document: label("Full text"), Summary: label("Summary"),
		}}
	}
	list := func(rows ...string) string { return strings.Join(rows, "\n") }
	for name, tt := range map[string]struct{ card, body string }{
		"columns": {"table.laws tbody tr", list(`<table class="laws"><thead><tr><th>Title<th>Date<th>Type<th>Publisher<th>Authors<th>Full text<th>Summary</thead>`,
			`<tbody><tr><td><a href="/one/">Act one</a><td>15 March 2021<td>Act<td>Parliament<td><a href="/a">A. Writer</a>, <a href="/b">B. Writer</a><td><a href="/one.pdf">PDF</a><td>About fees.</tbody></table>`)},
		"terms": {"dl", list(`<dl><dt>Title</dt><dd><a href="/one/">Act one</a></dd><dt>Date:</dt><dd><time datetime="2021-03-15">last week</time></dd><dt>Type</dt><dd>Act</dd>`,
			`<dt>Publisher</dt><dd>Parliament</dd><dt>Author</dt><dd>A. Writer</dd><dd>B. Writer</dd><dt>Full text</dt><dd>PDF: <a href="one.pdf">here</a></dd><dt>Summary</dt><dd><p>About fees.</p></dd></dl>`)},
		"lines": {"li", list(`<ul><li><a href="/one/"><b>Title:</b></a> <b>Title:</b> Act one<br>Date: 15 March 2021 | Type: Act<br><strong>Publisher</strong>: Parliament<br>Authors: A. Writer; B. Writer<br>`,
			`Full text: <a href="/one.pdf">PDF</a><br>Summary: About fees.</li></ul>`)},
	} {
		got := first(t, source(config.Listing{Item: item(tt.card), ItemPages: false}), tt.body)
		if len(got.Records) != 1 {
			t.Fatalf("%s: %d records, %+v", name, len(got.Records), got.Events)
		}
		r := got.Records[0]
		have := []string{r.Title, r.Published.Value, r.CategoryRaw, r.Publisher, strings.Join(r.Authors, "|"), r.Summary, r.Provenance["published"].Detail}
		for _, d := range r.Documents {
			have = append(have, d.URL)
		}
		pdf := home + "/one.pdf"
		if name == "terms" {
			pdf = start + "one.pdf"
		}
		want := []string{"Act one", "2021-03-15", "Act", "Parliament", "A. Writer|B. Writer", "About fees.", `label "Fecha" or label "Date", found "Date"`, pdf}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
