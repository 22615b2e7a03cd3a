package survey_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/probe"
	"github.com/harvest87/harvest/parsers/survey"
)

// cardsOfAll is a list of all documents, as HTML.
func cardsOfAll() string {
	return cards(documents(), func(d document) string {
		return fmt.Sprintf(`<div class="card"><h3><a href="/papers/%s">%s</a></h3><p>%s</p></div>`, d.slug(), d.title, d.text)
	})
}

// TestObstacles: what stands in the way is said, with the way out.
func TestObstacles(t *testing.T) {
	list := page("<html lang=en><body><main><h1>Papers</h1>" + cardsOfAll() + "</main></body></html>")
	shell := page(`<html lang=en><head><title>Library</title></head><body><header><a href="/about">About the library and its members</a></header><noscript>You need to enable JavaScript to use this library, which is made of scripts.</noscript><div id="app"></div><script src="/app.js"></script></body></html>`)
	closed := func(o harvest.Outcome) probe.Ask {
		return func(_ context.Context, req harvest.Request) *harvest.Page {
			return &harvest.Page{Request: req, URL: req.URL, Outcome: o, Requests: 1}
		}
	}
	site := func(answer func(u *url.URL) reply) probe.Ask {
		count := 0
		return asked(site{answer: orRobots(answer)}, &count)
	}
	for _, tt := range []struct {
		name   string
		ask    probe.Ask
		says   string // in the error, or among what is unsure
		render bool
	}{
		{name: "robots.txt", ask: closed(harvest.RobotsDenied), says: "that is obeyed"},
		{name: "refused", ask: closed(harvest.AccessDenied), says: "keeps programs away"},
		{name: "challenged", ask: closed(harvest.Challenge), says: "keeps programs away"},
		{name: "scripts", ask: site(func(*url.URL) reply { return shell }), says: "filled by scripts"},
		{name: "items that may not be read", says: "none of the 3 item pages that were tried could be read, robots-denied", ask: func(ctx context.Context, req harvest.Request) *harvest.Page {
			if strings.Contains(req.URL, "/papers/") {
				return closed(harvest.RobotsDenied)(ctx, req)
			}
			return site(func(*url.URL) reply { return list })(ctx, req)
		}},
		{name: "another host", says: "leads to another host, library.example", ask: func(ctx context.Context, req harvest.Request) *harvest.Page {
			req.URL = strings.Replace(req.URL, "old.example", "library.example", 1)
			return site(func(*url.URL) reply { return list })(ctx, req)
		}},
	} {
		at := root + "/list"
		if tt.name == "another host" {
			at = "https://old.example/list"
		}
		got, err := survey.Survey(t.Context(), tt.ask, survey.Options{URL: at, Now: now})
		if said := fmt.Sprint(err, "\n", strings.Join(got.Unsure, "\n")); !strings.Contains(said, tt.says) {
			t.Errorf("%s: says %q, want %q in it", tt.name, said, tt.says)
		}
		if got.Scripted != (tt.name == "scripts") {
			t.Errorf("%s: filled by scripts: %v", tt.name, got.Scripted)
		}
	}
}

// TestRenderedDoors: where a browser has filled the pages, doors that read pages
// are written to have them filled.
func TestRenderedDoors(t *testing.T) {
	count := 0
	s := site{answer: orRobots(func(u *url.URL) reply {
		if u.Path == "/list" {
			return page("<html lang=en><head><script src=/app.js></script></head><body><main><h1>Papers</h1>" + cardsOfAll() + "</main></body></html>")
		}
		return reply{}
	})}
	got, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + "/list", Render: true, Now: now})
	if err != nil || got.Source.Doors[0].Kind != "listing" || got.Source.Doors[0].Render != "browser" || got.Scripted {
		t.Errorf("%v\n%s", err, got.Text)
	}
}
