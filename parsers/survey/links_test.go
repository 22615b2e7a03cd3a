package survey_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/survey"
)

// TestLinksAreTheLastResort: a site in which nothing repeats gets a door that
// follows its links, with words of doubt; one without links gets none.
func TestLinksAreTheLastResort(t *testing.T) {
	paper := func(n int, about string) string {
		return fmt.Sprintf(`<html><head><title>%s</title><meta property="og:type" content="article"></head><body><h1>%s</h1><p>%d March 2004</p><p>%s</p></body></html>`, about, about, n, strings.Repeat("Inspectors read the files of workers in "+about+" and wrote down what they saw. ", 9))
	}
	pages := map[string]string{
		"/":                                `<html><title>Papers</title><p>We keep papers, such as <a href="/wages-withheld-at-sea.htm">one on wages</a>.</p><p>Older ones are <a href="/more.htm">elsewhere</a>.</p>`,
		"/more.htm":                        `<html><title>More</title><h2>Kilns</h2><blockquote>There is <a href="/debt-bondage-in-brick-kilns.htm">a paper</a> on debt.</blockquote>`,
		"/wages-withheld-at-sea.htm":       paper(3, "Wages withheld at sea"),
		"/debt-bondage-in-brick-kilns.htm": paper(4, "Debt bondage in brick kilns"),
	}
	ask := func(_ context.Context, req harvest.Request) *harvest.Page {
		p := &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.NotFoundPage, Status: 404}
		if body, ok := pages[strings.TrimPrefix(req.URL, "https://papers.example.org")]; ok {
			p.Outcome, p.Status, p.MediaType, p.Body = harvest.Fetched, 200, "text/html", []byte(body)
		}
		return p
	}
	got, err := survey.Survey(t.Context(), ask, survey.Options{URL: "https://papers.example.org/"})
	if err != nil {
		t.Fatalf("%v\n%+v", err, got)
	}
	if len(got.Source.Doors) != 1 || got.Source.Doors[0].Kind != "links" || len(got.Records) == 0 || !strings.Contains(strings.Join(got.Unsure, "\n"), "told from lists by what they look like") {
		t.Errorf("%s\nunsure %q, %d records", got.Text, got.Unsure, len(got.Records))
	}
	clear(pages)
	pages["/"] = "<html><title>Nothing</title><p>Come back later."
	if _, err := survey.Survey(t.Context(), ask, survey.Options{URL: "https://papers.example.org/"}); !errors.Is(err, survey.ErrNothing) {
		t.Errorf("error %v, want that nothing was found", err)
	}
}
