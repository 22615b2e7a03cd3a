package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/linkcheck"
)

// A document goes away. It is broken after days, in all views, and the record stays
// as it was.
func TestBrokenDocumentIsFound(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/list":
			io.WriteString(w, `<article><a href="/item/1">Recruitment fees, part 1</a></article><article><a href="/item/2">Recruitment fees, part 2</a></article>`)
		case "/item/1", "/item/2":
			n := int(r.URL.Path[len(r.URL.Path)-1] - '0')
			io.WriteString(w, strings.Replace(article(n, ""), "</main>", fmt.Sprintf(`<a class="file" href="/files/%d.pdf">Download</a></main>`, n), 1))
		case "/files/1.pdf", "/files/2.pdf":
			if w.Header().Set("Content-Type", "application/pdf"); away.Load() && r.URL.Path == "/files/1.pdf" {
				w.WriteHeader(http.StatusNotFound)
			}
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer site.Close()
	p := newWithin(t, map[string]string{
		"harvest.yaml": "contact: test@example.org\n",
		"sources/library.yaml": fmt.Sprintf(`id: library
name: A library
homepage: %[1]s/
doors:
  - listing:
      start: %[1]s/list
      item: {card: article, link: a@href}
    page: {document: "a.file@href"}
network: {allow: [127.0.0.0/8]}
politeness: {delay: 0s}
checked: never
`, site.URL),
	})
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	p.now = func() time.Time { return now }
	p.does(0, "run", "library")
	before := p.does(0, "export", "--format", "jsonl")
	if said := p.does(0, "links", "check"); !strings.Contains(said, "2 links looked at, 0 broken") {
		t.Errorf("the first look said\n%s", said)
	}
	away.Store(true)
	now = now.Add(31 * 24 * time.Hour)
	for range 4 { // four days in a row
		p.does(0, "links", "list", "--check")
		p.does(0, "links", "check", "library")
		now = now.Add(24 * time.Hour)
	}
	p.does(1, "links", "list", "--check")
	var listed []struct {
		URL, State string
		Records    []string
	}
	if err := json.Unmarshal([]byte(p.does(0, "links", "list", "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	if len(listed) != 1 || listed[0].State != string(linkcheck.Broken) || listed[0].URL != site.URL+"/files/1.pdf" || len(listed[0].Records) != 1 {
		t.Fatalf("listed %+v", listed)
	}
	if said := p.does(0, "show", listed[0].Records[0]); !strings.Contains(said, "broken link") || !strings.Contains(said, "404 Not Found") {
		t.Errorf("show says\n%s", said)
	}
	var shown struct {
		ID    string
		Links []struct{ URL, State, Reason string }
	}
	if err := json.Unmarshal([]byte(p.does(0, "show", listed[0].Records[0], "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.ID != listed[0].Records[0] || len(shown.Links) != 1 || shown.Links[0].State != "broken" || shown.Links[0].URL != listed[0].URL {
		t.Errorf("show --json says %+v", shown)
	}
	if said := p.does(0, "sources", "health"); !strings.Contains(said, "library: 1 document is not where its records say") {
		t.Errorf("health says\n%s", said)
	}
	ctx, stop := context.WithCancel(context.Background())
	then := now
	address, ended := freeAddress(t), make(chan string, 1)
	server := within{t: t, dir: p.dir, now: func() time.Time { return then }}
	go func() { ended <- server.until(ctx, "serve", "--listen", address) }()
	until(t, "the metrics have it", func() bool {
		_, said := answerOf(t, "http://"+address+"/metrics")
		return strings.Contains(said, `harvest_source_broken_documents{source="library"} 1`)
	})
	stop()
	if said := <-ended; said != "" {
		t.Error(said)
	}
	if after := p.does(0, "export", "--format", "jsonl"); after != before {
		t.Errorf("the records have changed:\n%s\nwere\n%s", after, before)
	}
	away.Store(false)
	now = now.Add(8 * 24 * time.Hour)
	if said := p.does(0, "links", "check"); !strings.Contains(said, "1 there again") {
		t.Errorf("when it was back: %s", said)
	}
	p.does(0, "links", "list", "--check")
}

// A running server looks when it is asked to.
func TestServerLooksAtLinks(t *testing.T) {
	h, site := quiet(t)
	h.write("config/harvest.yaml", "links: {when: '* * * * * *'}\n")
	site.Handle("/item/1", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, strings.Replace(article(1, ""), "</main>", `<a href="/files/1.pdf">Download the report (PDF)</a></main>`, 1))
	}))
	h.does(0, "run", "innocent")
	if !strings.Contains(h.does(0, "links", "list", "--all"), "/files/1.pdf") {
		t.Fatal("the record names no document; the test is about nothing")
	}
	serve := h.serve()
	until(t, "the server looks by itself", func() bool { return site.Count("/files/1.pdf") > 0 })
	if said := h.does(0, "links", "check", "innocent"); !strings.Contains(said, "harvest serve") {
		t.Errorf("asked, the server said %s", said)
	}
	h.does(2, "links", "check", "nobody")
	h.stop(serve)
	if said := h.does(0, "links", "list"); !strings.Contains(said, "suspect") {
		t.Errorf("listed is\n%s", said)
	}
}
