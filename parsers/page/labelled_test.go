package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// TestLabelledFields: a source file names the fields of its pages by what is
// printed before them.
func TestLabelledFields(t *testing.T) {
	label := func(labels ...string) config.Selectors { return config.Selectors{{Labels: labels}} }
	rules := config.PageRules{FieldRules: config.FieldRules{
		Date: label("Adopté le", "Adopted"), Category: label("Type of act"), Publisher: label("Issued by"), Author: label("Rapporteurs"),
		Document: label("Texts"), Summary: label("In short"), Language: config.Selectors{{CSS: ".facts", Labels: []string{"Language"}}},
	}}
	body := `<html><head><title>An act on recruitment fees</title></head><body><main><h1>An act on recruitment fees</h1><p>Language: Klingon</p>
<div class="facts"><p><b>Type of act:</b> <a href="/t/1">Regulation</a>, <a href="/t/2">Labour</a><br><b>Language:</b> fr</p></div>
<table><tr><th>Adopted</th><td>3 April 2019</td></tr><tr><th>Issued by</th><td>Assembly of Examples</td></tr><tr><th>Texts</th><td><a href="/a.pdf">fr</a> <a href="/b.pdf">en</a></td></tr></table>
<h3>In short</h3><p>Nobody pays for a job.</p><p>Who asks for it pays a fine.</p><h3>Rapporteurs</h3><ul><li>Ada Example</li><li>Ben Example</li></ul></main></body></html>`
	r := page.ExtractBytes("https://acts.example.org/1", []byte(body), "", rules).Record
	got := []string{r.Published.Value, strings.Join(r.CategoriesRaw, "|"), r.Publisher, strings.Join(r.Authors, "|"), r.Summary, r.Language.Declared, r.Provenance["published"].Detail}
	for _, d := range r.Documents {
		got = append(got, d.URL)
	}
	want := []string{
		"2019-04-03", "Regulation|Labour", "Assembly of Examples", "Ada Example|Ben Example", "Nobody pays for a job.\n\nWho asks for it pays a fine.", "fr",
		`label "Adopté le" or label "Adopted", found "Adopted"`, "https://acts.example.org/a.pdf", "https://acts.example.org/b.pdf",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}
