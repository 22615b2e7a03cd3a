package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A door stops working. The next one takes its place, which the report, the health of
// the source and a message say, once and until it works again.
func TestDoorThatStopsIsToldOf(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	closed := false
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch {
		case r.URL.Path == "/hook":
			var m struct{ Subject, Text string }
			_ = json.NewDecoder(r.Body).Decode(&m)
			told = append(told, m.Subject)
		case r.URL.Path == "/new" && !closed, r.URL.Path == "/old":
			io.WriteString(w, `<article><a href="/item/1">Recruitment fees, part 1</a></article><article><a href="/item/2">Recruitment fees, part 2</a></article>`)
		case r.URL.Path == "/item/1", r.URL.Path == "/item/2":
			io.WriteString(w, article(int(r.URL.Path[len(r.URL.Path)-1]-'0'), ""))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer site.Close()
	p := newWithin(t, map[string]string{
		"harvest.yaml": fmt.Sprintf("contact: test@example.org\nfetch: {retries: 0}\nnotify: {webhook: {url: '%s/hook'}, digest: never}\n", site.URL),
		"sources/library.yaml": fmt.Sprintf(`id: library
name: A library
homepage: %[1]s/
doors:
  - listing: {start: '%[1]s/new', item: {card: article, link: a@href}}
  - links: {start: '%[1]s/old', items: ['/item/']}
network: {allow: [127.0.0.0/8]}
politeness: {delay: 0s}
checked: never
`, site.URL),
	})
	close := func(yes bool) {
		mu.Lock()
		defer mu.Unlock()
		closed = yes
	}
	const warning = "door listing does not work any more (not-found"
	says := func(want bool, args ...string) {
		t.Helper()
		if said := p.does(0, args...); strings.Contains(said, warning) != want {
			t.Errorf("harvest %v: the warning is there: %v, want %v\n%s", args, !want, want, said)
		}
	}
	says(false, "run", "library")
	close(true)
	for range 2 {
		says(true, "run", "library")
		says(true, "runs", "show", "library")
		says(true, "sources", "health")
	}
	var shown []struct{ Fallback struct{ Door, By string } }
	if err := json.Unmarshal([]byte(p.does(0, "sources", "health", "--json")), &shown); err != nil || len(shown) != 1 || shown[0].Fallback.Door != "listing" || shown[0].Fallback.By != "links" {
		t.Errorf("%+v, %v", shown, err)
	}
	close(false)
	says(false, "run", "library")
	says(false, "sources", "health")
	if got := strings.Join(told, ", "); got != "Another door: library, Recovered: library" {
		t.Errorf("people heard %s", got)
	}
}
