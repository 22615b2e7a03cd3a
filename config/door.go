package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

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
	// Media says when files attached to items are looked up in the media library:
	// "never", "when-needed" (an item links none, and its page is not fetched;
	// default) or "always". Empty is "never".
	Media string
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
// a mapping {select, label, attr, regex}.
type Selector struct {
	CSS string // empty: the element in which is searched, such as the card itself
	// Labels, when there are any, are what is printed before the value, in the
	// order in which they are looked for within what CSS finds.
	Labels []string
	Attr   string // empty: the element's text, for links their href
	// Regex, when set, must match the value; its first group, or the whole
	// match without a group, becomes the value.
	Regex *regexp.Regexp
}

// String is the selector as a source file writes it.
func (s Selector) String() string {
	out := s.CSS
	for i, label := range s.Labels {
		if i > 0 {
			out += " or"
		}
		out += fmt.Sprintf(" label %q", label)
	}
	out = strings.TrimSpace(out)
	if s.Attr != "" {
		out += "@" + s.Attr
	}
	if s.Regex != nil {
		out += " /" + s.Regex.String() + "/"
	}
	return out
}
