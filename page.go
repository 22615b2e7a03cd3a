package harvest

import (
	"net/http"
	"time"
)

// Kind says what a request is for. It decides priority (discovery before
// items before documents) and whether the ledger's validators are sent.
type Kind string

// The kinds of request.
const (
	// KindDiscovery pages lead to items: listings, API pages, sitemaps. They
	// are always fetched whole and never count as visited across runs.
	KindDiscovery Kind = "discovery"
	// KindItem pages describe one document each.
	KindItem Kind = "item"
	// KindDocument is the file itself, such as a PDF.
	KindDocument Kind = "document"
)

// Request is one URL to fetch and why. It is stored in the run's journal, so
// it holds all that its door needs to go on after a crash.
type Request struct {
	URL  string `json:"url"`
	Kind Kind   `json:"kind"`
	// Door is the position of the door in its source file, from 0.
	Door int `json:"door"`
	// Form, when not empty, is sent to URL with POST, as browsers send a form
	// (application/x-www-form-urlencoded, WHATWG URL section 5.2). Two forms at
	// one address are two requests. Only what searches may be sent so: a form is
	// not sent again unless its server has said that it did nothing.
	Form string `json:"form,omitempty"`
	// Step is the door's own word for this kind of page, such as "posts".
	Step string `json:"step,omitempty"`
	// Page counts along a pagination, from 1.
	Page int `json:"page,omitempty"`
	// Depth is the number of links from the door's first page.
	Depth int `json:"depth,omitempty"`
	// Aside is true when nothing was followed to come here: what a door looks up
	// for a page that it has, and that page when it is asked for again. Such a
	// request is as deep as the page that asked.
	Aside bool `json:"aside,omitempty"`
	// Referrer is the page that held the link.
	Referrer string `json:"referrer,omitempty"`
	// Card is what the referrer already said of the item. The item page's
	// own words win over it, field by field.
	Card *Record `json:"card,omitempty"`
	// Alias is the page that named URL as its canonical address. Card is then
	// that page's whole record, which is kept when URL cannot be had.
	Alias string `json:"alias,omitempty"`
	// MaxBytes is the largest body that is wanted, in octets; 0: whatever the
	// fetcher allows.
	MaxBytes int64 `json:"max_bytes,omitempty"`
	// Modified is the moment until which the page may have changed, as what
	// led to it says: the lastmod of a sitemap, the updated of a feed. Of a day
	// without an hour it is the day's end in the westmost time zone. A page
	// that was fetched after it has not changed since, if the source is to be
	// believed. Zero: nothing is said.
	Modified time.Time `json:"modified,omitzero"`
}

// Validators are what a server gave to recognise an unchanged page
// (RFC 9110 section 8.8), sent back as If-None-Match and If-Modified-Since.
type Validators struct {
	ETag         string `json:"etag,omitempty" bson:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty" bson:"last_modified,omitempty"`
}

// Page is one fetched response with its facts, or the facts of why there is
// none. A Page always has an Outcome.
type Page struct {
	Request Request `json:"request"`
	Outcome Outcome `json:"outcome"`
	// Reason says in words why the outcome is not [Fetched].
	Reason string `json:"reason,omitempty"`
	// URL is the final URL, after redirects; Redirects are the URLs passed
	// on the way, the requested one first.
	URL       string   `json:"url"`
	Redirects []string `json:"redirects,omitempty"`
	// Status is the HTTP status, 0 when there was no response.
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"-"`
	// MediaType is the type alone, in lower case; Charset is the encoding
	// that Body had before it was turned into UTF-8, as WHATWG names it.
	// CharsetFrom says where that was found: "byte order mark", "header",
	// "meta", "XML declaration" or "content", the octets themselves.
	MediaType   string `json:"media_type,omitempty"`
	Charset     string `json:"charset,omitempty"`
	CharsetFrom string `json:"charset_from,omitempty"`
	// Body is whole or empty, never a part: decompressed, and for HTML, XML,
	// JSON and text in UTF-8.
	Body []byte `json:"-"`
	// Bytes counts the body after decompression, WireBytes what travelled,
	// over all attempts.
	Bytes     int64 `json:"bytes"`
	WireBytes int64 `json:"wire_bytes"`
	// Size is what the body of the last answer weighed on the wire, in octets.
	Size int64 `json:"size,omitempty"`
	// Hash is the SHA-256 of the decompressed body before any change of
	// charset, in lower-case hex.
	Hash       string     `json:"hash,omitempty"`
	Validators Validators `json:"validators,omitzero"`
	// NoIndex and NoFollow are what X-Robots-Tag, or a page of HTML by <meta
	// name="robots">, asks of us; RobotsSaid says where and in which words.
	NoIndex    bool   `json:"no_index,omitempty"`
	NoFollow   bool   `json:"no_follow,omitempty"`
	RobotsSaid string `json:"robots_said,omitempty"`
	// NoArchive asks, at the same places, that no copy is kept.
	NoArchive bool `json:"no_archive,omitempty"`
	// Requests counts every request that was sent for this page: attempts
	// and redirect hops, but not robots.txt.
	Requests int `json:"requests"`
	// Hosts is what getting this page asked of each host, robots.txt included,
	// together with what was asked since the last page for no page at all.
	// What is known of a host's robots.txt stands there when it is news.
	Hosts     HostUses      `json:"hosts,omitempty"`
	FetchedAt time.Time     `json:"fetched_at"`
	Duration  time.Duration `json:"duration_ns"` // of the last attempt, waiting excluded
	// RetryAfter is what the server asked for, 0 when it asked for nothing.
	RetryAfter time.Duration `json:"retry_after_ns,omitempty"`
}

// Parsed is what a door makes of one page. The slices belong to the caller.
type Parsed struct {
	// Records are complete as far as the door knows; ID, Source and Run are
	// filled by the crawler.
	Records []Record
	// Requests are the pages to visit next.
	Requests []Request
	// Events are the endings of what became no record: protected posts,
	// cards without a title. An event of [GoneRecord] names the record that
	// the source no longer has.
	Events []Event
	// Expected, when not empty, says why it is no hole in the run that the
	// page ended badly: the list ended there, or the door has asked for the
	// same in another way.
	Expected string
	// Dead, when not empty, says why this door does not work for this
	// source. The crawler then tries the next door.
	Dead string
	// Content is a hash over what the page says where its content stands,
	// without menus, related items, nonces and the time of day. Empty when the
	// door has none; then the records are what a page is compared by.
	Content string `json:"-"`
	// Says are what an item page states that may be a habit of its source; nil
	// for other pages.
	Says []Habit `json:"-"`
	// Newest is true when the page shows only the newest items and leads to no
	// others: of what is not on it nothing may be concluded.
	Newest bool
	// Total is how many items the source says it has, 0 when it does not say.
	Total int
	// Notes are remarks for the run's report, such as why a pagination ended.
	Notes []string
}

// Event is one ending of one URL or record, with its reason.
type Event struct {
	Outcome Outcome  `json:"outcome" bson:"outcome"`
	URL     string   `json:"url,omitempty" bson:"url,omitempty"`
	Record  RecordID `json:"record,omitempty" bson:"record,omitempty"`
	Reason  string   `json:"reason,omitempty" bson:"reason,omitempty"`
}

// PageFacts is the ledger's entry for one item page: what is needed to ask
// for it again politely, and which records stand on it.
type PageFacts struct {
	Source     SourceID   `json:"source" bson:"source"`
	URL        string     `json:"url" bson:"url"` // as requested, normalised
	Validators Validators `json:"validators,omitzero" bson:"validators,omitempty"`
	Hash       string     `json:"hash,omitempty" bson:"hash,omitempty"`
	// Size is what the page weighed on the wire when it was fetched, in octets:
	// what a 304 saves.
	Size      int64     `json:"size,omitempty" bson:"size,omitempty"`
	Status    int       `json:"status" bson:"status"`
	FetchedAt time.Time `json:"fetched_at" bson:"fetched_at"`
	// Config is the hash of the source file that parsed the page. When the
	// file has changed the page is fetched whole, so that new selectors apply.
	Config string `json:"config,omitempty" bson:"config,omitempty"`
	// Content is the hash of what the page says, see [Parsed].
	Content string `json:"content,omitempty" bson:"content,omitempty"`
	// Since is when the page was first fetched, Changes how often it was found
	// to say something else since, and ChangedAt when it was the last time.
	Since     time.Time `json:"since,omitzero" bson:"since,omitempty"`
	Changes   int       `json:"changes,omitempty" bson:"changes,omitempty"`
	ChangedAt time.Time `json:"changed_at,omitzero" bson:"changed_at,omitempty"`
	// Links is where a page of a list has led, in a form of the crawler's own.
	Links   []byte     `json:"links,omitempty" bson:"links,omitempty"`
	Records []RecordID `json:"records,omitempty" bson:"records,omitempty"`
}
