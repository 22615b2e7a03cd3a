package sitetest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// ask asks with header fields, name and value in turn.
func ask(t *testing.T, c *http.Client, url string, fields ...string) (res *http.Response, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		req.Header.Set(fields[i], fields[i+1])
	}
	res, err = c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func TestLibraryListsAllItsItemsOnce(t *testing.T) {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 230, PerPage: 50, PerSitemap: 100})
	library.Remove(7)
	url := sitetest.NewServer(t, library)
	c := newClient(t, &http.Transport{})
	listed := map[string]int{}
	next, pages := "/items/", 0
	for next != "" {
		_, body := get(t, c, url+next)
		for _, part := range strings.Split(body, `<h3><a href="`)[1:] {
			path, _, _ := strings.Cut(part, `"`)
			listed[path]++
		}
		_, link, _ := strings.Cut(body, `class="next" href="`)
		next, _, _ = strings.Cut(link, `"`)
		pages++
	}
	if len(listed) != 229 || pages != 5 || listed["/item/7/"] != 0 || listed["/item/1/"] != 1 || listed["/item/230/"] != 1 {
		t.Errorf("%d items on %d pages: %v", len(listed), pages, listed)
	}
	for _, path := range []string{"/item/7/", "/item/0/", "/item/007/", "/item/231/", "/item/x/", "/items/page/6/", "/sitemap-4.xml"} {
		if status, _ := get(t, c, url+path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, index := get(t, c, url+"/sitemap.xml"); strings.Count(index, "<sitemap>") != 3 {
		t.Errorf("index: %s", index)
	}
	if _, last := get(t, c, url+"/sitemap-3.xml"); strings.Count(last, "<url>") != 29 {
		t.Errorf("the last sitemap: %s", last)
	}
}

func TestLibraryAnswers304UntilAnItemIsEdited(t *testing.T) {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 3})
	url := sitetest.NewServer(t, library) + library.Path(2)
	c := newClient(t, &http.Transport{})
	first, before := ask(t, c, url)
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	for _, fields := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", modified}, {"If-None-Match", "W/" + etag}} {
		if res, body := ask(t, c, url, fields...); res.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%v: %d, %q", fields, res.StatusCode, body)
		}
	}
	library.Edit(2, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	res, after := ask(t, c, url, "If-None-Match", etag, "If-Modified-Since", modified)
	if res.StatusCode != http.StatusOK || after == before || res.Header.Get("ETag") == etag || res.Header.Get("Last-Modified") != "Sun, 01 Mar 2026 00:00:00 GMT" {
		t.Errorf("after the edit: %d, %v", res.StatusCode, res.Header)
	}
	if n := library.Count(); n.Requests != 5 || n.NotModified != 3 || n.Octets != int64(len(before)+len(after)) {
		t.Errorf("%+v", n)
	}
	if len(before) < 9_000 || len(before) > 13_000 {
		t.Errorf("an item page of %d octets", len(before))
	}
}

func TestLibraryMisbehavesOnDemand(t *testing.T) {
	c := newClient(t, &http.Transport{DisableCompression: true})
	for name, tt := range map[string]struct {
		options sitetest.LibraryOptions
		second  int
	}{
		"validators that are never honoured":    {sitetest.LibraryOptions{Unconditional: true}, 200},
		"an ETag that compression spoils":       {sitetest.LibraryOptions{GzipETag: true, Compress: true, NoLastModified: true}, 200},
		"a new ETag with every answer":          {sitetest.LibraryOptions{Noise: true}, 200},
		"no validators at all":                  {sitetest.LibraryOptions{NoETag: true, NoLastModified: true}, 200},
		"a date alone":                          {sitetest.LibraryOptions{NoETag: true}, 304},
		"compression that leaves the ETag well": {sitetest.LibraryOptions{Compress: true}, 304},
	} {
		t.Run(name, func(t *testing.T) {
			tt.options.Items = 5
			library := sitetest.NewLibrary(tt.options)
			url := sitetest.NewServer(t, library) + library.Path(3)
			first, _ := ask(t, c, url, "Accept-Encoding", "gzip")
			if got := first.Header.Get("Content-Encoding") == "gzip"; got != tt.options.Compress {
				t.Errorf("compressed: %v", got)
			}
			fields := []string{"Accept-Encoding", "gzip"}
			if etag := first.Header.Get("ETag"); etag != "" {
				fields = append(fields, "If-None-Match", etag)
			}
			if at := first.Header.Get("Last-Modified"); at != "" {
				fields = append(fields, "If-Modified-Since", at)
			}
			if res, _ := ask(t, c, url, fields...); res.StatusCode != tt.second {
				t.Errorf("the second time: %d, want %d", res.StatusCode, tt.second)
			}
		})
	}
}

func TestNoiseIsOutsideTheContent(t *testing.T) {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 50, Noise: true})
	url := sitetest.NewServer(t, library) + library.Path(40)
	c := newClient(t, &http.Transport{})
	content := func(page string) string {
		_, rest, _ := strings.Cut(page, "<main>")
		main, _, _ := strings.Cut(rest, "</main>")
		return main
	}
	_, a := get(t, c, url)
	_, b := get(t, c, url)
	if a == b || content(a) != content(b) || content(a) == "" {
		t.Errorf("the same page twice: equal %v, content equal %v", a == b, content(a) == content(b))
	}
}

func TestLibrarySourceFileIsOne(t *testing.T) {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 1})
	src, problems := config.ParseSource("generated.yaml", []byte(library.SourceFile("generated", "http://127.0.0.1:8080")))
	if len(problems) > 0 || src == nil || len(src.Doors) != 1 {
		t.Errorf("%+v: %v", src, problems)
	}
}

func BenchmarkLibraryItem(b *testing.B) {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 10_000})
	r, err := http.NewRequest(http.MethodGet, "http://site.example/item/77/", nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		library.ServeHTTP(discard{}, r)
	}
}

// discard is an http.ResponseWriter that keeps nothing.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
