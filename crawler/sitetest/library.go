package sitetest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// LibraryOptions describe a generated library. The zero value of each field
// but Items is the well-behaved site.
type LibraryOptions struct {
	// Items is the number of documents, each with a page of its own.
	Items int
	// PerPage is the number of cards on a listing page; default 50.
	PerPage int
	// PerSitemap is the number of addresses in one sitemap; with more items
	// /sitemap.xml is an index. Default 50,000, the protocol's limit.
	PerSitemap int
	// Size is about how many octets an item page has; default 11,000.
	Size int

	// NoETag and NoLastModified leave a validator out.
	NoETag, NoLastModified bool
	// Unconditional sends validators and never answers 304, as many caches in
	// front of content management systems do.
	Unconditional bool
	// GzipETag marks the ETag of a compressed answer with "-gzip" and does not
	// know it again, as Apache did for years
	// (https://bz.apache.org/bugzilla/show_bug.cgi?id=45023).
	GzipETag bool
	// Noise puts into every item page what differs from answer to answer and
	// means nothing: a nonce, the time of day, a block of related items. Its
	// ETag then differs each time too, and there is no Last-Modified.
	Noise bool
	// Compress answers with gzip to those who accept it.
	Compress bool
	// NoSitemap serves no sitemap, and names none in robots.txt.
	NoSitemap bool
}

// Library is a generated policy library of any size that costs next to nothing
// to serve: listing pages, item pages with JSON-LD, sitemaps, robots.txt,
// validators and 304. Documents can be edited, removed and added while it is
// being crawled. It is an [http.Handler] that is safe for concurrent use; give
// it to [Site.Handle] under "/*", or to [NewServer] when nobody needs a list of
// requests.
//
//	/                     the front page
//	/items/               the first page of the listing, newest first
//	/items/page/2/        and the others; the last has no "next"
//	/item/17/             document 17, counted from 1
//	/sitemap.xml          one sitemap, or an index of /sitemap-1.xml …
//	/robots.txt           closes /private/ and names the sitemap
type Library struct {
	options LibraryOptions
	answers atomic.Uint64 // for noise

	mu      sync.RWMutex
	items   int
	edits   map[int]int       // item → how often it was edited
	edited  map[int]time.Time // item → last edit
	removed map[int]bool

	requests, notModified, octets atomic.Int64
}

// NewLibrary returns a library.
func NewLibrary(o LibraryOptions) *Library {
	if o.PerPage <= 0 {
		o.PerPage = 50
	}
	if o.PerSitemap <= 0 {
		o.PerSitemap = 50_000
	}
	if o.Size <= 0 {
		o.Size = 11_000
	}
	return &Library{
		options: o, items: o.Items,
		edits: make(map[int]int), edited: make(map[int]time.Time), removed: make(map[int]bool),
	}
}

// Edit changes the text of item i, counted from 1.
func (l *Library) Edit(i int, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.edits[i]++
	l.edited[i] = at
}

// Remove takes item i away: its page is 404 and no list names it.
func (l *Library) Remove(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removed[i] = true
}

// Add publishes n more items, whose numbers follow the last.
func (l *Library) Add(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items += n
}

// LibraryCount is what a library has answered.
type LibraryCount struct {
	Requests    int
	NotModified int   // answers 304
	Octets      int64 // of bodies, as sent
}

// Count returns what was answered so far.
func (l *Library) Count() LibraryCount {
	return LibraryCount{Requests: int(l.requests.Load()), NotModified: int(l.notModified.Load()), Octets: l.octets.Load()}
}

// Path is the address of item i.
func (l *Library) Path(i int) string { return "/item/" + strconv.Itoa(i) + "/" }

// SourceFile is a source file by which Harvest harvests the library at url
// through its listing.
func (l *Library) SourceFile(id, url string) string {
	return fmt.Sprintf(`id: %s
name: Generated library
homepage: %s/
doors:
  - listing:
      start: %s/items/
      item: {card: article.card, link: h3 a@href, title: h3, category: .label, summary: .excerpt}
      next: a.next@href
    page: {summary: .entry-content p}
network: {allow: [127.0.0.0/8]}
politeness: {delay: 0s, contact: optional}
checked: never
`, id, url, url)
}

// ServeHTTP implements http.Handler.
func (l *Library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.requests.Add(1)
	path := r.URL.Path
	switch {
	case path == "/robots.txt":
		l.send(w, r, "text/plain; charset=utf-8", []byte(l.robots(r)))
	case path == "/":
		l.send(w, r, "text/html; charset=utf-8", []byte(`<title>Library</title><h1>Library</h1><a href="/items/">All items</a>`))
	case path == "/items/":
		l.serveListing(w, r, 1)
	case strings.HasPrefix(path, "/items/page/"):
		l.serveListing(w, r, number(path, "/items/page/", "/"))
	case strings.HasPrefix(path, "/item/"):
		l.serveItem(w, r, number(path, "/item/", "/"))
	case path == "/sitemap.xml" && !l.options.NoSitemap:
		l.serveSitemap(w, r, 0)
	case strings.HasPrefix(path, "/sitemap-") && !l.options.NoSitemap:
		l.serveSitemap(w, r, number(path, "/sitemap-", ".xml"))
	default:
		http.NotFound(w, r)
	}
}

// number is what stands between a prefix and a suffix, 0 for what is no number
// as the library writes them.
func number(path, prefix, suffix string) int {
	digits, ok := strings.CutSuffix(strings.TrimPrefix(path, prefix), suffix)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || strconv.Itoa(n) != digits {
		return 0
	}
	return n
}

func (l *Library) robots(r *http.Request) string {
	text := "User-agent: *\nDisallow: /private/\n"
	if !l.options.NoSitemap {
		text += "\nSitemap: http://" + r.Host + "/sitemap.xml\n"
	}
	return text
}

// conditional sets the validators and answers 304 where they fit (RFC 9110
// section 13.2.2: If-None-Match goes before If-Modified-Since).
func (l *Library) conditional(w http.ResponseWriter, r *http.Request, etag string, modified time.Time) (done bool) {
	if l.options.NoETag {
		etag = ""
	}
	if etag != "" && l.options.GzipETag && l.compresses(r) {
		w.Header().Set("ETag", strings.TrimSuffix(etag, `"`)+`-gzip"`)
	} else if etag != "" {
		w.Header().Set("ETag", etag)
	}
	last := ""
	if !l.options.NoLastModified && !modified.IsZero() {
		last = modified.UTC().Format(http.TimeFormat)
		w.Header().Set("Last-Modified", last)
	}
	if l.options.Unconditional {
		return false
	}
	match, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
	if match != "" && (etag == "" || !strings.Contains(match, etag)) || match == "" && (since == "" || since != last) {
		return false
	}
	l.notModified.Add(1)
	w.WriteHeader(http.StatusNotModified)
	return true
}

func (l *Library) compresses(r *http.Request) bool {
	return l.options.Compress && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

var gzipWriters = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level that exists
	return z
}}

func (l *Library) send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	if l.compresses(r) {
		var out bytes.Buffer
		z := gzipWriters.Get().(*gzip.Writer)
		z.Reset(&out)
		z.Write(body) // to memory
		z.Close()
		gzipWriters.Put(z)
		body = out.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	l.octets.Add(int64(len(body))) // before the client can have them and ask for the count
	w.Write(body)                  // the client may have gone
}

// view is one item as it is now.
type view struct {
	number, edits int
	modified      time.Time
}

// item returns an item, unless it is not there.
func (l *Library) item(i int) (view, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if i < 1 || i > l.items || l.removed[i] {
		return view{}, false
	}
	return l.look(i), true
}

func (l *Library) look(i int) view {
	v := view{number: i, edits: l.edits[i], modified: l.edited[i]}
	if v.modified.IsZero() {
		v.modified = published(i)
	}
	return v
}

// published is when an item appeared: one every seven hours, so that no two
// have one moment.
func published(i int) time.Time {
	return time.Date(2015, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * 7 * time.Hour)
}

// newest lists the items that are there, newest first.
func (l *Library) newest() []view {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := make([]view, 0, l.items)
	for i := l.items; i >= 1; i-- {
		if !l.removed[i] {
			out = append(out, l.look(i))
		}
	}
	return out
}

// page is the k-th page of the listing, from 1, and whether there is another.
func (l *Library) page(k int) (page []view, more bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	skip := (k - 1) * l.options.PerPage
	if len(l.removed) == 0 { // most libraries; counts instead of walking
		for i := l.items - skip; i >= 1 && len(page) < l.options.PerPage; i-- {
			page = append(page, l.look(i))
		}
		return page, l.items-skip > l.options.PerPage
	}
	for i := l.items; i >= 1; i-- {
		switch {
		case l.removed[i]:
		case skip > 0:
			skip--
		case len(page) == l.options.PerPage:
			return page, true
		default:
			page = append(page, l.look(i))
		}
	}
	return page, false
}

// tag is an ETag for what is made of these items.
func tag(what string, views []view) string {
	h := fnv.New64a()
	for _, v := range views {
		fmt.Fprintf(h, "%d.%d,", v.number, v.edits)
	}
	return fmt.Sprintf(`"%s-%x"`, what, h.Sum64())
}
