package main_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	main "github.com/harvest87/harvest/cmd/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
	"github.com/harvest87/harvest/traces/collectortest"
)

// traced harvests a library of three items, whose list has a key in its address,
// with that much of a configuration.
func traced(t *testing.T, harvestYAML string) (code int, said string) {
	t.Helper()
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 3, Size: 2000, NoSitemap: true})
	site := sitetest.NewServer(t, library)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"harvest.yaml":         harvestYAML,
		"sources/library.yaml": strings.Replace(library.SourceFile("library", site), "/items/", "/items/?key=hush-hush", 1),
	} {
		if err := writeFile(filepath.Join(dir, "config", name), text); err != nil {
			t.Fatal(err)
		}
	}
	var out, log bytes.Buffer
	code = (main.Main{Stdout: &out, Stderr: &log}).Run(context.Background(), []string{
		"run", "library", "--config", filepath.Join(dir, "config", "harvest.yaml"), "--data", filepath.Join(dir, "data"),
	})
	return code, out.String() + log.String()
}

// A run is told as a tree: what it waited for, and what became of it.
func TestRunIsTraced(t *testing.T) {
	t.Parallel()
	c := collectortest.New(t)
	if code, said := traced(t, fmt.Sprintf("traces: {endpoint: %q}\n", c.URL)); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	byID := map[string]*tracepb.Span{}
	for _, s := range c.Spans() {
		byID[string(s.GetSpanId())] = s
	}
	above := func(s *tracepb.Span) string { return byID[string(s.GetParentSpanId())].GetName() }
	count := map[string]int{}
	for _, s := range c.Spans() {
		count[s.GetName()+" < "+above(s)]++
	}
	for what, least := range map[string]int{"run < ": 1, "door < run": 1, "request < door": 4, "parse < request": 4, "publish < run": 1, "match < run": 1, "index < run": 1} {
		if count[what] < least {
			t.Errorf("%d of %s, want %d", count[what], what, least)
		}
	}
	run := c.Named("run")[0]
	if collectortest.Attribute(run, "harvest.state") != "passed" || collectortest.Attribute(run, "harvest.new") != "3" {
		t.Errorf("the run says %v", run.GetAttributes())
	}
	for _, s := range c.Named("request") {
		if collectortest.Attribute(s, "server.address") != "127.0.0.1" || collectortest.Attribute(s, "harvest.outcome") != "fetched" ||
			collectortest.Attribute(s, "http.response.status_code") != "200" || collectortest.Attribute(s, "http.response.body.size") == "0" {
			t.Errorf("a request says %v", s.GetAttributes())
		}
	}
	if strings.Contains(c.Raw(), "hush-hush") {
		t.Error("the key of a source was sent to the collector")
	}
}

// Nobody waits for a collector that is not there, and no run fails for it.
func TestCollectorNotThere(t *testing.T) {
	t.Parallel()
	code, said := traced(t, fmt.Sprintf("traces: {endpoint: 'http://%s'}\n", freeAddress(t)))
	if code != 0 || strings.Count(said, "traces cannot be sent") != 1 {
		t.Errorf("exit code %d\n%s", code, said)
	}
}
