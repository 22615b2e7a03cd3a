package induce_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/induce"
)

func items(markup string) []induce.Item {
	var out []induce.Item
	for i, place := range places[:4] {
		title := "Wages withheld in " + place
		day := fmt.Sprintf("2021-05-%02d", i+3)
		text := fmt.Sprintf("Inspectors spoke with %d workers in %s about their pay and the papers that were taken from them.", 40+i, place)
		body := strings.NewReplacer("{title}", title, "{day}", day, "{text}", text, "{label}", labelsOf[i%2]).Replace(markup)
		at := fmt.Sprintf("%s/item-%d", site, i)
		card := &harvest.Record{URL: at, Title: title, Published: harvest.Date{Value: day, Precision: "day"}}
		out = append(out, induce.Item{Page: &harvest.Page{URL: at, Outcome: harvest.Fetched, MediaType: "text/html", Body: []byte(body)}, Card: card})
	}
	return out
}

func written(r config.PageRules) map[string]string {
	out := make(map[string]string)
	for name, s := range map[string]config.Selectors{"title": r.Title, "date": r.Date, "summary": r.Summary, "category": r.Category} {
		if len(s) > 0 {
			out[name] = s[0].String()
		}
	}
	return out
}

func TestItemPages(t *testing.T) {
	for _, tt := range []struct {
		name, markup string
		want         map[string]string
	}{
		{
			"a page that says all needs no rules",
			`<html><head><meta property="article:published_time" content="{day}"><meta name="description" content="{text}"></head><body><article><h1>{title}</h1><span class="category">{label}</span><p>{text}</p></article></body></html>`,
			map[string]string{},
		},
		{
			"one description for the whole site",
			`<html><head><meta name="description" content="The library collects what is written on the work of people."></head><body><main><h1>{title}</h1><time datetime="{day}">{day}</time><a rel="tag" href="/tag/x">x</a><div class="abstract"></div></main></body></html>`,
			map[string]string{},
		},
		{
			"a label that stands in the same place",
			`<html><body><div class="doc"><h1>{title}</h1><dl><dt>Type:</dt><dd>{label}</dd><dt>Date:</dt><dd>{day}</dd></dl><p>{text}</p></div></body></html>`,
			map[string]string{"category": `dt:contains("Type") + dd`},
		},
	} {
		rules, doubts := induce.Page(items(tt.markup))
		if diff := cmp.Diff(tt.want, written(rules)); diff != "" {
			t.Errorf("%s (-want +got), doubts %q:\n%s", tt.name, doubts, diff)
		}
	}
}
