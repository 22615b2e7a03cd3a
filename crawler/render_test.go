package crawler_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

func TestThinPages(t *testing.T) {
	words := strings.Repeat("Inspectors visited the kilns. ", 12)
	for name, tt := range map[string]struct {
		html string
		want bool
	}{
		"nothing":         {"", true},
		"a shell":         {`<html><head><title>` + words + `</title></head><body><div id="root"></div><script>` + words + `</script><noscript>` + words + `</noscript></body>`, true},
		"a menu":          {`<body><nav><a>` + words + `</a></nav><main></main><footer>` + words + `</footer>`, true},
		"a text":          {`<body><main><p>` + words + `</p></main>`, false},
		"a text in Urdu":  {`<body><p>` + strings.Repeat("جبری مشقت کے خلاف قانون ", 15) + `</p>`, false},
		"signs only":      {`<body><p>` + strings.Repeat("• — … ", 200) + `</p>`, true},
		"a script unshut": {`<body><p>` + words + words + `</p><script>` + words, false},
	} {
		if got := crawler.Thin([]byte(tt.html)); got != tt.want {
			t.Errorf("%s: thin %t, want %t", name, got, tt.want)
		}
	}
}

// sent gives every request the same page.
type sent string

func (s sent) Fetch(_ context.Context, req harvest.Request, _ harvest.Validators) *harvest.Page {
	return &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, MediaType: "text/html", Body: []byte(s)}
}

// filler counts the pages that it fills.
type filler struct{ pages int }

func (f *filler) Render(_ context.Context, page *harvest.Page, _ func(string) string, _ func(context.Context, harvest.Request) *harvest.Page) string {
	f.pages++
	page.Body = append(page.Body, "<p>filled</p>"...)
	return ""
}

// cardDoor finds an item on pages that hold a card, and breaks on some.
type cardDoor struct{ crawler.Door }

func (cardDoor) Seeds(time.Time) ([]harvest.Request, bool) { return nil, false }

func (cardDoor) Parse(p *harvest.Page) harvest.Parsed {
	if strings.Contains(string(p.Body), "break") {
		panic("broken")
	}
	if strings.Contains(string(p.Body), "card") {
		return harvest.Parsed{Requests: []harvest.Request{{URL: "https://example.org/1", Kind: harvest.KindItem}}}
	}
	return harvest.Parsed{}
}

// Outside of a run a page is filled just when a run would have it filled.
func TestPagesAreFilledWhenNeeded(t *testing.T) {
	for _, tt := range []struct {
		render config.Rendering
		body   string
		want   int
	}{
		{config.RenderNever, "<p>empty</p>", 0},
		{config.RenderWhenNeeded, "<p>empty</p>", 1},
		{config.RenderWhenNeeded, "<p>card</p>", 0},
		{config.RenderWhenNeeded, "<p>break</p>", 1},
		{config.RenderAlways, "<p>card</p>", 1},
	} {
		f := &filler{}
		r := crawler.Rendering{
			Fetcher: sent(tt.body), Renderer: f, Doors: []crawler.Door{cardDoor{}},
			Source: &config.Source{Homepage: "https://example.org/", Doors: []config.Door{{Kind: "listing", Render: tt.render}}},
		}
		p := r.Fetch(t.Context(), harvest.Request{URL: "https://example.org/list", Kind: harvest.KindDiscovery}, harvest.Validators{})
		if f.pages != tt.want || strings.Contains(string(p.Body), "filled") != (tt.want == 1) {
			t.Errorf("render %q, %s: filled %d times, want %d", tt.render, tt.body, f.pages, tt.want)
		}
	}
}
