package main_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	main "github.com/harvest87/harvest/cmd/harvest"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

func TestMain(m *testing.M) {
	if os.Getenv("HARVEST_TEST_AS_PROGRAM") != "" { // see program
		os.Exit(main.HarvestMain())
	}
	// Most tests wait for the program, and the program for its clocks: so more of
	// them go on at once than there are processors, unless -parallel says otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.NumCPU())); err != nil {
		panic(err)
	}
	testscript.Main(tidy{m}, map[string]func(){
		"harvest": func() { os.Exit(main.HarvestMain()) },
	})
}

// Each script has the sample site at $SITE, its two source files in
// config/sources, and these commands:
//
//	change SLUG TITLE   gives one item of the site another title; with "now"
//	                    behind it, modified now, else long ago
//	break               gives the listing other class names
//	freeport VAR        sets VAR to an address where nothing listens
//	now VAR             sets VAR to this second, in UTC
//	await URL           waits until the URL answers
//	get URL             prints what the URL answers
//	fits SCHEMA FILE    checks each line of JSON against a schema
//	asked N             checks how many requests the site has got since the last asked
//	serve-files VAR DIR serves the files of a folder at $VAR
//	serve-redirect URL  starts a site at $REDIRECT that sends every visitor to the URL
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"), UpdateScripts: *update,
		RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"change": changeSite, "break": breakSite, "freeport": freePort, "now": thisSecond, "await": awaitURL, "get": getURL,
			"serve-redirect": serveRedirect, "serve-files": serveFiles, "fits": fitsSchema, "asked": askedOfSite,
		},
	})
}

type siteKey struct{}

func setup(env *testscript.Env) error {
	site := sample.New(sample.Options{})
	base, stop := site.Start()
	env.Defer(stop)
	env.Values[siteKey{}] = site
	env.Setenv("SITE", base)
	env.Setenv("NO_COLOR", "1")
	if cache, err := os.UserCacheDir(); err == nil { // what PDF is read with is compiled once for all
		env.Setenv("XDG_CACHE_HOME", cache)
	}
	if err := unwatched(env); err != nil {
		return err
	}
	for id, text := range sample.Sources(base) {
		if err := writeFile(filepath.Join(env.WorkDir, "config", "sources", string(id)+".yaml"), text); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(env.WorkDir, "config", "harvest.yaml"), "contact: tests@example.org\n")
}

// watchedScripts are those whose program the race detector watches: those in which
// most goes on at once. The others would take five times as long.
var watchedScripts = []string{"run", "serve", "pause", "notify"}

// unwatched gives a script the program without the race detector.
func unwatched(env *testscript.Env) error {
	name := strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")
	if !raced || slices.Contains(watchedScripts, name) {
		return nil
	}
	file, err := built()
	if err != nil {
		return err
	}
	env.Setenv("PATH", filepath.Dir(file)+string(filepath.ListSeparator)+env.Getenv("PATH"))
	return nil
}

func writeFile(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

func changeSite(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 && (len(args) != 3 || args[2] != "now") {
		ts.Fatalf("usage: change SLUG TITLE [now]")
	}
	edit := sample.Edit{Slug: args[0], Title: args[1]}
	if len(args) == 3 {
		edit.Modified = time.Now().Add(time.Second)
	}
	site(ts).Change(sample.Options{Edits: []sample.Edit{edit}})
}

func breakSite(ts *testscript.TestScript, _ bool, _ []string) {
	site(ts).Change(sample.Options{Redesigned: true})
}

// askedOfSite fails unless the site has got that many requests; "some" is any
// number but none.
func askedOfSite(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	for _, count := range site(ts).Requests() {
		n += count
	}
	site(ts).ResetCounts()
	if want := strings.Join(args, " "); want != fmt.Sprint(n) && (want != "some" || n == 0) {
		ts.Fatalf("%d requests, want %s", n, want)
	}
}

func site(ts *testscript.TestScript) *sample.Site { return ts.Value(siteKey{}).(*sample.Site) }

func freePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

func thisSecond(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], time.Now().UTC().Format(time.RFC3339))
}

// awaitURL waits until an address answers, and says what a pattern wants or,
// after "!", does not want.
func awaitURL(ts *testscript.TestScript, not bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	wanted := regexp.MustCompile(strings.Join(args[1:], " "))
	for {
		body, err := get(ctx, args[0])
		if err == nil && wanted.Match(body) != not {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("%s does not answer %s, but %s (%v)", args[0], wanted, body, err)
		}
	}
}

func getURL(ts *testscript.TestScript, _ bool, args []string) {
	body, err := get(context.Background(), args[0])
	ts.Check(err)
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}

func serveRedirect(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, args[0], http.StatusFound)
	}))
	ts.Defer(server.Close)
	ts.Setenv("REDIRECT", server.URL)
}

func serveFiles(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[1]))))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

func get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return b.Bytes(), nil
}
