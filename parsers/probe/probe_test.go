package probe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/probe"
)

// site is pages by address; every other address is not found.
type site struct {
	pages map[string]string
	asked []string
}

func (s *site) ask(_ context.Context, req harvest.Request) *harvest.Page {
	s.asked = append(s.asked, req.URL)
	p := &harvest.Page{Request: req, URL: req.URL, MediaType: "text/html", Outcome: harvest.NotFoundPage, Status: 404}
	if body, ok := s.pages[req.URL]; ok {
		p.Outcome, p.Status, p.Body = harvest.Fetched, 200, []byte(body)
	}
	return p
}

func source(t *testing.T, doors string) *config.Source {
	t.Helper()
	src, problems := config.ParseSource("library.yaml", []byte("id: library\nname: A library\nhomepage: https://library.example/\ndoors:\n"+doors))
	if src == nil {
		t.Fatal(problems)
	}
	return src
}

const listing = `  - listing:
      start: https://library.example/list
      item: {card: article, link: a, title: h2}
      next: {pattern: "?page={page}"}
`

func cards(from, to int) string {
	var b strings.Builder
	b.WriteString("<html><body>")
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `<article><h2><a href="/item/%d">Wages withheld, part %d</a></h2></article>`, i, i)
	}
	return b.String()
}

func TestDoorIsOpenedALittle(t *testing.T) {
	s := &site{pages: map[string]string{
		"https://library.example/list":        cards(0, 10),
		"https://library.example/list?page=2": cards(10, 20),
		"https://library.example/item/0":      "<html><body><h1>Wages withheld, part 0</h1><p>Eleven crews told inspectors about their wages.</p>",
		"https://library.example/item/1":      "<html><body><h1>Wages withheld, part 1</h1><p>Twelve crews told inspectors about their wages.</p>",
	}}
	r := probe.Door(t.Context(), s.ask, source(t, listing), nil, 0, probe.Limits{Onwards: true})
	if !r.Works || len(r.Records) != 2 || r.Items != 20 || len(r.Leads) != 18 || !r.GoesOn || !r.Second || len(r.Pages) != 4 {
		t.Errorf("%+v; asked %v", r, s.asked)
	}
	s.asked = nil
	if r := probe.Door(t.Context(), s.ask, source(t, listing), nil, 0, probe.Limits{Items: -1}); !r.Works || len(s.asked) != 1 || !r.GoesOn || r.Second {
		t.Errorf("%+v; asked %v", r, s.asked)
	}
}

func TestDoorThatDoesNotWorkSaysWhy(t *testing.T) {
	for _, tt := range []struct{ name, body, why, door string }{
		{"nothing there", "", "not-found (404)", listing},
		{"no cards", "<html><body><p>We moved.</p>", "no element matches item.card", listing},
		{"not to be followed", `<html><head><meta name="robots" content="noindex,nofollow"></head><body>` + cards(0, 4), "says nofollow", listing},
		{"links to nothing", `<html><body><a href="/a">A</a> <a href="/b">B</a>` + strings.Repeat(` <a href="/c">C</a>`, 9), "not-found (404)", "  - links: {start: https://library.example/list}\n"},
	} {
		s := &site{pages: map[string]string{}}
		if tt.body != "" {
			s.pages["https://library.example/list"] = tt.body
		}
		r := probe.Door(t.Context(), s.ask, source(t, tt.door), nil, 0, probe.Limits{})
		if r.Works || !strings.Contains(r.Why, tt.why) {
			t.Errorf("%s: works %v, because %q; want %q", tt.name, r.Works, r.Why, tt.why)
		}
	}
}

func TestSecondPageThatRepeatsTheFirstIsNone(t *testing.T) {
	s := &site{pages: map[string]string{
		"https://library.example/list":        cards(0, 10),
		"https://library.example/list?page=2": cards(0, 10),
	}}
	if r := probe.Door(t.Context(), s.ask, source(t, listing), nil, 0, probe.Limits{Onwards: true, Items: -1}); !r.Works || !r.GoesOn || r.Second || r.Items != 10 {
		t.Errorf("%+v", r)
	}
}

func TestIndexOfSitemapsIsGoneThrough(t *testing.T) {
	s := &site{pages: map[string]string{
		"https://library.example/sitemap.xml": `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://library.example/a.xml</loc></sitemap></sitemapindex>`,
		"https://library.example/a.xml":       `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://library.example/item/0</loc></url></urlset>`,
		"https://library.example/item/0":      "<html><body><h1>Wages withheld</h1><p>Eleven crews told inspectors about their wages.</p>",
	}}
	r := probe.Door(t.Context(), s.ask, source(t, "  - sitemap: {start: https://library.example/sitemap.xml}\n"), nil, 0, probe.Limits{})
	if !r.Works || len(r.Records) != 1 || r.Items != 1 {
		t.Errorf("%+v; asked %v", r, s.asked)
	}
}
