package survey_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/probe"
	"github.com/harvest87/harvest/parsers/survey"
)

// asked answers for a site and counts.
func asked(s site, count *int) probe.Ask {
	return func(_ context.Context, req harvest.Request) *harvest.Page {
		*count++
		p := &harvest.Page{Request: req, URL: req.URL, Requests: 1}
		u, err := url.Parse(req.URL)
		if err != nil || u.Host != "library.example" {
			p.Outcome = harvest.InvalidURL
			return p
		}
		r := s.answer(u)
		p.Status, p.MediaType, p.Header = r.status, r.kind, header(r.header)
		switch r.status {
		case 0:
			p.Outcome, p.Status = harvest.NotFoundPage, 404
		case 200:
			p.Outcome, p.Body, p.Bytes = harvest.Fetched, []byte(r.body), int64(len(r.body))
		case 204:
			p.Outcome, p.Status = harvest.UnexpectedType, 200
		case 401:
			p.Outcome, p.Body = harvest.AccessDenied, []byte(r.body)
		default:
			p.Outcome, p.Body = harvest.ClientError, []byte(r.body)
		}
		return p
	}
}

var now = time.Date(2024, 12, 1, 12, 0, 0, 0, time.UTC)

// fault surveys a site, harvests the first pages with the file as it is, and
// says what is wrong, empty when nothing is.
func fault(s site, vocabulary *config.Vocabulary) string {
	count := 0
	got, err := survey.Survey(context.Background(), asked(s, &count), survey.Options{URL: root + s.start, Vocabulary: vocabulary, Now: now})
	if err != nil {
		if got != nil {
			return fmt.Sprintf("%v; tried %+v\n%s", err, got.Tried, got.Text)
		}
		return err.Error()
	}
	if count > 30 || got.Requests > 30 {
		return fmt.Sprintf("%d requests", count)
	}
	src, problems := config.Loader{Now: func() time.Time { return now }, Vocabulary: vocabulary}.ParseSource(got.ID+".yaml", []byte(got.Text))
	if src == nil || len(problems) > 0 {
		return fmt.Sprintf("lint: %v\n%s", problems, got.Text)
	}
	if src.Doors[0].Kind != s.door {
		return fmt.Sprintf("first door %s, want %s; tried %+v\n%s", src.Doors[0].Kind, s.door, got.Tried, got.Text)
	}
	return judge(s, src, vocabulary, got.Text)
}

// harvestAll goes through the first door of a file as a run does, to its end.
func harvestAll(s site, src *config.Source, vocabulary *config.Vocabulary) ([]harvest.Record, string) {
	door, err := parsers.New(src, vocabulary, 0)
	if err != nil {
		return nil, err.Error()
	}
	count := 0
	ask := asked(s, &count)
	queue, _ := door.Seeds(time.Time{})
	visited := make(map[string]bool)
	var records []harvest.Record
	for len(queue) > 0 && count < 300 {
		req := queue[0]
		queue = queue[1:]
		if visited[req.URL] && !req.Aside { // a page is asked for again with what was looked up for it
			continue
		}
		visited[req.URL] = true
		parsed := door.Parse(ask(context.Background(), req))
		if parsed.Dead != "" {
			return records, parsed.Dead
		}
		records, queue = append(records, parsed.Records...), append(queue, parsed.Requests...)
	}
	return records, ""
}

// judge harvests a site with the file as it is, and says what is wrong.
func judge(s site, src *config.Source, vocabulary *config.Vocabulary, text string) string {
	records, dead := harvestAll(s, src, vocabulary)
	known := make(map[string]document)
	for _, d := range documents() {
		known[d.title] = d
	}
	found := make(map[string]bool)
	for _, rec := range records {
		d, ok := known[rec.Title]
		switch {
		case !ok:
			return fmt.Sprintf("a record of another title: %q at %s\n%s", rec.Title, rec.URL, text)
		case s.dated && rec.Published.Value != d.day.Format(time.DateOnly):
			return fmt.Sprintf("%q: day %q, want %s\n%s", rec.Title, rec.Published.Value, d.day.Format(time.DateOnly), text)
		case rec.Summary == "":
			return fmt.Sprintf("%q has no summary\n%s", rec.Title, text)
		}
		if rec.NativeID != "" && s.door == "wordpress" && rec.NativeID != fmt.Sprintf("wp:%d", d.n) {
			return fmt.Sprintf("%q: identifier %q\n%s", rec.Title, rec.NativeID, text)
		}
		found[rec.Title] = true
	}
	if len(found) < s.seen {
		return fmt.Sprintf("%d documents found, want %d; %s\n%s", len(found), s.seen, dead, text)
	}
	return ""
}

// TestSitesNeedNoEdit: of the sites of common platforms nine in ten are
// harvested with the file as it was written; so are lists of platforms that
// nothing here knows.
func TestSitesNeedNoEdit(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		sites []site
	}{{"known platforms", sites()}, {"others", apartSites()}} {
		right := 0
		for _, s := range tt.sites {
			why := fault(s, vocabulary)
			if why == "" {
				right++
				continue
			}
			t.Logf("%s: %s", s.name, why)
		}
		t.Logf("%s: %d of %d sites need no edit", tt.name, right, len(tt.sites))
		if right*10 < len(tt.sites)*9 {
			t.Errorf("%s: %d of %d sites need no edit, want nine in ten", tt.name, right, len(tt.sites))
		}
	}
}

func TestNothingIsWrittenWhereNothingIsFound(t *testing.T) {
	s := site{answer: func(*url.URL) reply {
		return page("<html><body><h1>Closed</h1><p>The library is closed.</p></body></html>")
	}}
	count := 0
	got, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + "/"})
	if err == nil || got.Text != "" || len(got.Tried) == 0 {
		t.Errorf("%v, %+v", err, got)
	}
	if _, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: "ftp://library.example/"}); err == nil {
		t.Error("an address that is none is taken")
	}
}

func TestRequestsAreBounded(t *testing.T) {
	for _, s := range sites() {
		count := 0
		_, _ = survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + s.start, Requests: 4})
		if count > 4 {
			t.Errorf("%s: %d requests, may be 4", s.name, count)
		}
	}
}

// TestHostileNames: what a site says of itself cannot break out of its place
// in the file, nor steer a terminal.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{
		"Library\nid: other\ndoors: []", "\x1b[2J\u202eLibrary", "'\"#: [{&*!|>%@`", strings.Repeat("x", 5000), "- a\n- b", "\u2028", "{{.}}", "null", "yes", "~", "1e3",
	} {
		s := site{answer: func(u *url.URL) reply {
			if u.Path != "/" {
				return itemPage(frame("", "", ""), u.Path, func(d document) string { return "<h1>" + d.title + "</h1><p>" + d.text + "</p>" }, func(d document) string { return "/x/" + d.slug() })
			}
			return page(`<html lang="x: y"><head><meta property="og:site_name" content="` + strings.ReplaceAll(name, `"`, "&quot;") + `"></head><body><main>` + cards(documents(), func(d document) string {
				return fmt.Sprintf(`<div class="card"><h3><a href="/x/%s">%s</a></h3><p class="label">a: %s</p></div>`, d.slug(), d.title, strings.ReplaceAll(name[:min(len(name), 20)], "<", ""))
			}) + "</main></body></html>")
		}}
		count := 0
		got, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + "/", Now: now})
		if err != nil {
			t.Errorf("%q: %v\n%s", name, err, got.Text)
			continue
		}
		if strings.ContainsAny(got.Text, "\x1b\u202e\u2028") {
			t.Errorf("%q steers: %q", name, got.Text)
		}
	}
}

// TestAddressesWithParameters: the address of a feed may hold a question mark,
// which ends a plain text between the brackets of YAML.
func TestAddressesWithParameters(t *testing.T) {
	s := site{answer: orRobots(func(u *url.URL) reply {
		if u.Path != "/index.php" {
			return reply{}
		}
		if u.RawQuery != "feed=rss&title=Special:NewPages" && u.RawQuery != "title=Special:NewPages&feed=rss" {
			return page("<html><head><link rel=alternate type='application/rss+xml' href='/index.php?title=Special:NewPages&amp;feed=rss'></head><body><p>Welcome.</p></body></html>")
		}
		return xml(`<rss version="2.0"><channel><title>L</title>` + cards(documents(), func(d document) string {
			return fmt.Sprintf("<item><title>%s</title><link>%s/index.php/%s</link><description>%s</description></item>", d.title, root, d.slug(), d.text)
		}) + `</channel></rss>`)
	})}
	count := 0
	got, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + "/index.php", Now: now})
	if err != nil || got.Source.Doors[0].Kind != "feed" || len(got.Records) == 0 {
		t.Errorf("%v, %+v", err, got)
	}
}
