package config

import (
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// Config is everything that the files say: harvest.yaml, the sources beside
// it and the vocabulary. It is read-only once loaded.
type Config struct {
	// File is the path of harvest.yaml, Dir its folder.
	File, Dir string
	// Contact is an e-mail address or web page where site owners reach
	// whoever runs this harvester. It becomes part of the User-Agent.
	Contact string
	Store   Store
	Queue   Queue
	Fetch   Fetch
	Serve   Serve
	Browser Browser
	// Archive holds for every source that does not say otherwise.
	Archive Archive
	// Notify says who is told how sources stand.
	Notify Notify
	// Links says how the documents of records are looked after.
	Links Links
	// Traces says where spans of runs are sent.
	Traces Traces
	// Schedule is about when nothing starts, whatever the source.
	Schedule Calendar
	// Sources are sorted by ID. A source whose file has a problem is not
	// among them; the problem is.
	Sources []Source
	// Vocabulary holds the controlled terms.
	Vocabulary *Vocabulary
}

// Source returns the source with that ID.
func (c *Config) Source(id harvest.SourceID) (*Source, bool) {
	for i := range c.Sources {
		if c.Sources[i].ID == id {
			return &c.Sources[i], true
		}
	}
	return nil, false
}

// Store says where the records go: SQLite in the data folder unless a MongoDB
// URI is set.
type Store struct {
	MongoDB MongoDB
}

// MongoDB says how to reach a MongoDB server.
type MongoDB struct {
	URI      string // secret: it may hold a password
	Database string // default "harvest"
	// What the URI says of the fields below wins over them. Those that are 0
	// are left to the driver.
	MaxPool        int           // connections to one server; default 100
	MinPool        int           // connections kept open; default 0
	IdleTimeout    time.Duration // after which an unused connection is ended; default never
	ConnectTimeout time.Duration // bounds the opening of a connection; default 30s
	SelectTimeout  time.Duration // how long a server is looked for; default 5s
	Timeout        time.Duration // bounds one read or write; default none
}

// Queue says where run journals live: in the data folder unless a URL is set.
type Queue struct {
	URL string
}

// Fetch holds limits that apply to every source.
type Fetch struct {
	Timeout     time.Duration // whole request, body included; default 60s
	MaxBody     int64         // octets after decompression; default 50 MiB
	Retries     int           // attempts after the first; default 3
	Concurrency int           // hosts fetched from at once; default 8
}

// Serve configures the long-running server.
type Serve struct {
	Listen string // host:port of the health endpoint; default 127.0.0.1:8787
	OAI    OAI
}

// Source is one source file.
type Source struct {
	ID        harvest.SourceID
	Name      string
	Homepage  string
	Publisher string // default publisher of its records; empty: none
	Language  string // BCP 47, used only where a text is too short to tell
	// Languages are those in which the source publishes, in BCP 47. They are
	// told to readers of the catalogue and decide nothing.
	Languages []string
	Licence   string // of the metadata or documents, as stated by the source
	// Tier says how much the source matters, from 1, the core of the field, to
	// 4; 0: nobody said.
	Tier int
	// Sensitivity says of whom the source tells, default [NotSensitive].
	Sensitivity Sensitivity
	// Evidence says what is known of the first door; empty: nothing.
	Evidence Evidence
	Notes    string
	Enabled  bool // default true; disabled sources run only by name
	// DisabledBecause is why the source is not enabled; empty: nobody said.
	DisabledBecause string
	// Requires are environment variables without which the source cannot be
	// asked, such as keys.
	Requires []string
	Schedule Schedule
	Doors    []Door
	// Categories maps raw labels, compared case- and space-insensitively, to
	// controlled categories; it wins over the global vocabulary.
	Categories map[string]string
	Politeness Politeness
	Network    Network
	Scope      Scope
	Limits     Limits
	Revisit    Revisit
	Gates      Gates
	Gone       Gone
	Archive    SourceArchive
	Documents  Documents
	// Checked is the date of the last live check, "never" or 2026-01-31.
	Checked string

	// Habits are what earlier runs have learned of its pages. They stand in no
	// file; who performs a run fills them in.
	Habits harvest.Habits `json:"-"`

	// File is the path the source was read from, Hash the SHA-256 of its
	// bytes in lower-case hex.
	File, Hash string
}

// Sensitivity says of whom a source tells.
type Sensitivity string

// The sensitivities.
const (
	NotSensitive Sensitivity = "none"
	// OfCompanies is a source with statements or findings about single
	// companies: they are told apart by their type, or they drown the rest.
	OfCompanies Sensitivity = "companies"
	// OfPersons is a source in which natural persons can be found, such as a
	// register or court decisions. A table of it becomes one record.
	OfPersons Sensitivity = "persons"
)

// Evidence says how the way into a source is known before it was checked live.
type Evidence string

// The kinds of evidence.
const (
	// EvidenceSeen: the address of the first door stands in a published page or
	// in public code.
	EvidenceSeen Evidence = "seen"
	// EvidenceRecalled: it follows from what sites of the platform usually have.
	EvidenceRecalled Evidence = "recalled"
)

// Schedule says when a source is harvested.
type Schedule struct {
	Cron     string         // see [ParseCron]; empty: only by hand
	Timezone *time.Location // default UTC
	Jitter   time.Duration  // a random delay up to this, against the top of the hour
	// Blackout are times of the week, by the clocks of Timezone, in which no
	// run starts. One that is due then starts when they are over.
	Blackout []Window
	// CatchUp says what becomes of ticks that were missed, default [CatchUpOne].
	CatchUp CatchUp
	// StaleAfter is how old the last whole run may be before the source counts
	// as stale; 0: twice the time between two ticks, and a day.
	StaleAfter time.Duration
}

// Calendar holds what is true of all schedules.
type Calendar struct {
	Timezone *time.Location // of Blackout, default UTC
	Blackout []Window       // besides those of the sources
}

// CatchUp says what becomes of ticks that nobody answered when they came,
// because the program was not running or the machine slept.
type CatchUp string

// The policies.
const (
	CatchUpOne  CatchUp = "one"  // one run, for the latest of them
	CatchUpAll  CatchUp = "all"  // a run for each, one after the other
	CatchUpSkip CatchUp = "skip" // none; the next tick is the next run
)

// Politeness says how hard a source may be asked.
type Politeness struct {
	Delay           time.Duration // between the starts of two requests to one host; default 2s
	MaxDelay        time.Duration // cap on an announced crawl-delay; default 60s
	Concurrency     int           // requests to one host at the same time; default 1
	ContactRequired bool          // refuse to run without Config.Contact; default true
}

// Network widens what the SSRF guard allows.
type Network struct {
	Allow []netip.Prefix // non-public address ranges that may be dialled
	Ports []uint16       // besides 80 and 443; with Allow, any port in those ranges
}

// Scope bounds which URLs belong to the source.
type Scope struct {
	Hosts   []string         // besides the hosts of homepage and doors; ".example.org" includes subdomains
	Include []*regexp.Regexp // when set, an item's URL must match one
	Exclude []*regexp.Regexp // no URL may match any
	// Depth is how many links a page may be away from the pages at which its
	// door begins, the pages of one list counted as one; 0 for any number.
	Depth int
}

// Limits bound one run, and what all runs of the source may ask for within 24
// hours. A run that meets one ends there, as a partial one.
type Limits struct {
	Pages  int // 0: no limit
	Budget     // of one run
	PerDay Budget
}

// Budget is what may be asked of a source. Zero means no limit. Pages that are
// in work when it is used up are finished.
type Budget struct {
	Requests int           // of every kind, robots.txt and redirects included
	Bytes    int64         // octets on the wire
	Duration time.Duration // the time between stop and going on excluded
}

// Revisit bounds how long an item page that is known is left alone. Between the
// bounds the page itself decides, by how often it was found changed.
type Revisit struct {
	Min time.Duration // default 0: a page may be asked for in every run
	Max time.Duration // default 30 days; 0: every page is asked for in every run
}

// Gates are checks that a run must pass before what it changed is published.
// Each learns from the source's own history unless it is told otherwise.
type Gates struct {
	Records Bound // number of records that a whole run sees
	// Shares, see docs/gates.md for what each is a share of.
	Missed, New, Changed, Invalid, Pages, Repeats, SameTitle Limit
	CategoryMoves, LanguageMoves                             Limit
	// Distances between 0 and 1 of what new records are like.
	Category, Language, TitleLength Limit
	// Lost and Without are by field: records that had it, and new ones.
	Lost, Without map[string]Limit
	Volume        Limit // share by which the number of records may fall
}

// Limit is how far a gate lets a share go. The zero value learns it from history.
type Limit struct {
	Set  bool
	Most float64 // from 0 to 1
	Off  bool
}

// Bound is a comparison with a number, such as ">= 200". The zero value holds always.
type Bound struct {
	Op    string // ">=", ">", "=", "<=", "<"
	Value int
}

// Gone says when a record that is not found any more counts as gone: after so
// many whole runs that passed and did not see it, and not before so much time
// has passed since the first of them.
type Gone struct {
	Runs  int           // default 3
	After time.Duration // default 7 days
}

// Door is one way into the source. Exactly one of the pointers is set, the one
// that Kind names.
type Door struct {
	Kind      string
	WordPress *WordPress
	Listing   *Listing
	Sitemap   *Sitemap
	OAIPMH    *OAIPMH
	Feed      *Feed
	JSON      *JSON
	CSV       *Register
	XLSX      *Register
	Links     *LinksDoor
	// Page holds selectors for item pages; doors that visit item pages use it.
	Page PageRules
	// Render says whether a browser fills its pages, default [RenderNever].
	Render Rendering
	// Line is the line of the door in its file.
	Line int
}

// Rendering says when the pages of a door are filled by a browser.
type Rendering string

// The answers to render.
const (
	RenderNever      Rendering = ""
	RenderWhenNeeded Rendering = "browser" // when nothing is found in the page as it was sent
	RenderAlways     Rendering = "always"
)

// Browser is the Chromium that fills the pages of doors that say render.
type Browser struct {
	Path    string        // default: the first that is found
	Sandbox bool          // default true
	Tabs    int           // pages at once; default 2
	Timeout time.Duration // of one page; default 2 minutes
}

// DoorKinds are the kinds that this version has.
var DoorKinds = []string{"wordpress", "listing", "sitemap", "oai-pmh", "feed", "json", "csv", "xlsx", "links"}

// WordPress is the REST API of a WordPress site
// (https://developer.wordpress.org/rest-api/reference/).
type WordPress struct {
	// Base is the site's address, default the source's homepage. Route is
	// the path of the API below it, default "wp-json".
	Base, Route string
	// Types are post types, by their REST bases or their own names, default "posts".
	Types   []string
	PerPage int               // 1 to 100, default 100
	Query   map[string]string // further parameters, such as lang
	// Languages are asked for one after the other (?lang=), for sites with
	// Polylang or WPML. None: what the site gives by itself.
	Languages []string
	// Items is the path to the list of posts in replies that are not the list
	// itself.
	Items string
	// Fields are paths within a post. What they find wins over what the door
	// finds by itself.
	Fields JSONFields
	// Pages says when item pages are fetched besides the API: "never",
	// "when-needed" (a summary cut short, or page selectors given; default) or "always".
	Pages string
}

// OAIPMH is a repository that speaks the protocol of libraries
// (http://www.openarchives.org/OAI/openarchivesprotocol.html).
type OAIPMH struct {
	Base string
	// Metadata is the prefix of the format, default "oai_dc".
	Metadata string
	// Sets are specifications of sets, or their names; none: everything.
	Sets []string
	// From is the day before which nothing is asked for, "2015-01-31"; empty: everything.
	From string
	// Window, when set, is the length of the pieces by date in which a list is
	// asked for, for repositories that refuse long ones.
	Window time.Duration
	// OneByOne asks for identifiers and then for each record, for
	// repositories whose lists of records break.
	OneByOne bool
	// Link makes the address of an item of its identifier, with {id} for what
	// stands behind its last colon, or {identifier}.
	Link string
	// Pages says when item pages are fetched besides: "never" (default),
	// "when-needed" or "always".
	Pages string
}

// Feed is RSS, RDF, Atom or JSON Feed.
type Feed struct {
	// Start are feeds, or pages that name one.
	Start []string
	// Paging is how older items are reached: "auto" (default: by links, and
	// by ?paged= where WordPress made the feed), "link", "paged" or "none".
	Paging   string
	MaxPages int // default 1000
	// Pages says when item pages are fetched besides: "never", "when-needed"
	// (a summary that is missing or cut, or page selectors given; default) or "always".
	Pages string
}

// JSON is an interface that answers in JSON, read by paths (JMESPath,
// https://jmespath.site).
type JSON struct {
	// Start are the first pages of lists. ${NAME} in a query stands for an
	// environment variable, which is put in when the page is fetched.
	Start []string
	// Items is the path to the list of entries; empty: the reply is the list.
	Items string
	Total string // path to the number of entries
	Next  JSONNext
	// Since is a query that asks only for what changed, with {date} or {time}.
	Since  string
	Fields JSONFields
	// Detail is the path to the address of an entry's own JSON, DetailFields
	// what stands there, except its identifier; both empty when the list says all.
	Detail       string
	DetailFields JSONFields
	// Pages says when web pages are fetched besides: "never" (default),
	// "when-needed" or "always".
	Pages string
}

// Register is a table that is published as a file: comma-separated values
// (RFC 4180), or a workbook (ECMA-376).
type Register struct {
	Start []string
	// Sheets are the names of the sheets of a workbook that are read; none: all
	// that are shown and have the columns.
	Sheets []string
	// WholeFile makes one record of the file in place of one a row, for
	// registers of persons. Fields are then texts of the source file.
	WholeFile bool
	// Fields are names of columns, or texts with {Column} in them,
	// alternatives in order.
	Fields JSONFields
}

// JSONNext says how a list goes on; at most one of Link, Cursor, Page and
// Offset is set.
type JSONNext struct {
	Link          string // path to the next address, or "header" for the Link header
	Cursor, Param string // path to the next cursor, and the parameter that takes it
	Page          string // the parameter that counts pages
	Offset        string // the parameter that counts entries
	First         int    // the number of the first page, default 1
	Step          int    // what is added to Offset; 0: the entries of the page
	MaxPages      int    // default 1000
}

// JSONFields are the paths to the fields of an entry, alternatives in order.
type JSONFields struct {
	ID, Link, Title, Summary, Date, Modified, Author, Category, Language, Publisher, Document, Licence, Identifier []string
}

// LinksDoor is a site whose links are followed, because there is no list.
type LinksDoor struct {
	Start []string
	// Items and Hubs decide by addresses which pages are items and which only
	// lead to others; of all others their looks decide. Hubs win.
	Items, Hubs []*regexp.Regexp
	// Within, when set, must match the address of a link that is followed.
	Within []*regexp.Regexp
	Depth  int // links from Start, default 4
}

// Sitemap is a list of pages for search engines (https://www.sitemaps.org/protocol.html).
type Sitemap struct {
	// Start are sitemaps or indexes of them. Without any, those that
	// robots.txt names are read, else those at the usual places.
	Start []string
	// Include and Exclude decide which addresses are items: when Include is
	// set, one must match; none of Exclude may.
	Include, Exclude []*regexp.Regexp
	// Follow and Ignore do the same for the sitemaps that an index names.
	Follow, Ignore []*regexp.Regexp
}

// Listing is a paginated list of cards in HTML.
type Listing struct {
	Start []string
	// Form, when it is not empty, leads from Start to the first page of the list.
	Form Form
	// Groups are links on the start pages to lists of their own, such as letters
	// of the alphabet or years.
	Groups Selectors
	Item   ItemRules
	Next   Next
	// ItemPages is false when the cards say all and their pages are not
	// fetched. Default true.
	ItemPages bool
}

// Form is what a search form or a "load more" button sends with POST. The zero
// value is none.
type Form struct {
	// Select is the form on the page, in CSS. Its own fields go along, among them
	// those that are not shown, and it says where it is sent and how. Without it
	// a form has the fields of the one before, if there was one.
	Select string
	// Action is where it is sent, absolute or relative to the start page.
	Action string
	// Fields are set in the form. Those of Next may hold {page} or {offset}.
	Fields map[string]string
	// Tokens are fields whose values stand on the page, also in its scripts.
	Tokens map[string]Selectors
}

// IsZero reports whether there is no form.
func (f *Form) IsZero() bool {
	return f.Select == "" && f.Action == "" && len(f.Fields) == 0 && len(f.Tokens) == 0
}

// Has reports whether a field of the form holds that text.
func (f *Form) Has(text string) bool {
	for _, v := range f.Fields {
		if strings.Contains(v, text) {
			return true
		}
	}
	return false
}

// Next says how the pagination goes on. At most one of Link, Pattern and Form is
// set; with none of them there is one page.
type Next struct {
	Link Selectors
	Form Form
	// Pattern is a URL with {page} or {offset} in it, absolute or relative
	// to the start page. First is the value for the second listing page
	// (default 2, or Step for an offset), Step what is added (default 1).
	Pattern     string
	First, Step int
	MaxPages    int // default 1000
}

// ItemRules are the selectors within a listing page. Field selectors are
// relative to the card.
type ItemRules struct {
	Card Selectors
	Link Selectors // default "a@href"
	// WithFollowing makes a card go on over the elements behind it, up to the
	// next card, for lists without an element around each item.
	WithFollowing bool
	FieldRules
}

// PageRules are the selectors on an item page. Without them the page's own
// evidence decides.
type PageRules struct {
	// Content bounds the item on its page; the other selectors and the text
	// rules look only inside. Remove is taken out first, such as related items.
	Content, Remove Selectors
	FieldRules
}

// FieldRules say where fields stand. An empty list leaves the field to the
// page's own evidence.
type FieldRules struct {
	Title, Category, Summary, Date, Modified, Author, Language, Publisher, Document Selectors
	// Citation selects a line "Title - Publisher, Month Year DOWNLOAD", from
	// which title, publisher, date and document are taken.
	Citation Selectors
}

// Selectors are alternatives, tried in order; the first that finds text wins
// and is named in the record's provenance.
type Selectors []Selector

// Selector finds a value in HTML. In a source file it is "CSS", "CSS@attr" or
// a mapping {select, attr, regex}.
type Selector struct {
	CSS  string // empty: the element in which is searched, such as the card itself
	Attr string // empty: the element's text, for links their href
	// Regex, when set, must match the value; its first group, or the whole
	// match without a group, becomes the value.
	Regex *regexp.Regexp
}

// String is the selector as a source file writes it.
func (s Selector) String() string {
	out := s.CSS
	if s.Attr != "" {
		out += "@" + s.Attr
	}
	if s.Regex != nil {
		out += " /" + s.Regex.String() + "/"
	}
	return out
}
