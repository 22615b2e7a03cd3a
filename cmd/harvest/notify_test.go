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

// From zero to alert: a source breaks while a server runs, and people hear of it
// once, also over a restart, and again when it is mended. What Prometheus is
// shown says the same.
func TestPeopleAreToldOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct{ Subject, Text string }
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &m)
		mu.Lock()
		defer mu.Unlock()
		told = append(told, m.Subject)
	}))
	defer hook.Close()
	heard := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), told...)
	}
	h, site := slow(t)
	site.gate.Open()
	h.write("config/harvest.yaml", fmt.Sprintf("fetch: {retries: 0}\nnotify: {webhook: {url: %q}, digest: never}\n", hook.URL))
	good := h.read("config/sources/innocent.yaml")
	h.write("config/sources/innocent.yaml", strings.ReplaceAll(good, site.URL, "http://"+freeAddress(t)))
	h.does(1, "run", "innocent", "--no-notify")
	if got := heard(); len(got) != 0 {
		t.Errorf("people heard %q of a run that was to tell nobody", got)
	}
	h.does(1, "run", "innocent") // tells, and the server behind it knows
	if got := heard(); len(got) != 1 {
		t.Errorf("after a run without a server people heard %q", got)
	}
	h.does(1, "run", "innocent")
	serve := h.serve()
	h.stop(serve)
	serve = h.serve() // knows what was told
	until(t, "Prometheus is shown", func() bool {
		_, said := answerOf(t, "http://"+serve.address(t)+"/metrics")
		return strings.Contains(said, `harvest_source_state{source="innocent",state="broken"} 1`)
	})
	h.write("config/sources/innocent.yaml", good)
	h.does(0, "run", "innocent")
	until(t, "people are told again", func() bool { return len(heard()) > 1 })
	until(t, "Prometheus is shown again", func() bool {
		_, said := answerOf(t, "http://"+serve.address(t)+"/metrics")
		return strings.Contains(said, `harvest_source_state{source="innocent",state="healthy"} 1`) && strings.Contains(said, `harvest_runs_total{source="innocent",state="passed"} 1`) &&
			strings.Contains(said, `harvest_notifications_total{channel="webhook",result="delivered"} 1`)
	})
	h.stop(serve)
	if got := strings.Join(heard(), ", "); got != "Broken: innocent, Recovered: innocent" {
		t.Errorf("people heard %s", got)
	}
}

// A server follows who is to be told, and when nothing may start; what it cannot follow
// it says. A mistake leaves all as it was.
func TestServerFollowsItsSettings(t *testing.T) {
	var mu sync.Mutex
	told := map[string]int{}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		told[r.URL.Path]++
	}))
	defer hook.Close()
	heard := func(path string) int {
		mu.Lock()
		defer mu.Unlock()
		return told[path]
	}
	h, site := slow(t)
	site.gate.Open()
	settings := func(path, more string) {
		h.write("config/harvest.yaml", fmt.Sprintf("fetch: {retries: 0}\nnotify: {webhook: {url: '%s/%s'}, digest: never}\n%s", hook.URL, path, more))
	}
	h.write("config/harvest.yaml", "fetch: {retries: 0}\n") // nobody is told
	good := h.read("config/sources/innocent.yaml")
	h.write("config/sources/innocent.yaml", strings.ReplaceAll(good, site.URL, "http://"+freeAddress(t)))
	h.does(1, "run", "innocent")
	serve := h.serve()
	settings("first", "")
	until(t, "somebody is told", func() bool { return heard("/first") == 1 })
	h.write("config/harvest.yaml", "notify: {webhook: nonsense}\n")
	until(t, "the mistake is said", func() bool { return strings.Contains(serve.text.String(), "configuration cannot be read") })
	settings("second", "contact: other@example.org\n")
	until(t, "what is not followed is said", func() bool { return strings.Contains(serve.text.String(), "holds from the next start on") })
	h.write("config/sources/innocent.yaml", good)
	until(t, "the file is taken in", func() bool { return strings.Contains(serve.text.String(), "source file has changed") })
	h.does(0, "run", "innocent")
	until(t, "the other is told", func() bool { return heard("/second") == 1 })
	h.stop(serve)
	if heard("/first") != 1 {
		t.Errorf("the first was told %d times", heard("/first"))
	}
}
