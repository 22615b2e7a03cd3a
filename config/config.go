package config

import (
	"net/netip"
	"regexp"
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
	TextIndex      bool          // of the words of records, for $text; default false
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
