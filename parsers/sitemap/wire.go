package sitemap

// The elements are told by their local names. The namespace is not asked for:
// http://www.google.com/schemas/sitemap/0.84, 0.9 with https, prefixes of all
// kinds and none at all are in use for the same thing.

// format is what a body is.
type format string

const (
	urlset format = "urlset"       // https://www.sitemaps.org/protocol.html#xmlTagDefinitions
	index  format = "sitemapindex" // https://www.sitemaps.org/protocol.html#index
	plain  format = "text"         // https://www.sitemaps.org/protocol.html#otherformats
	feed   format = "feed"         // RSS 2.0, RDF or Atom, same section
)

// roots are the formats by the local name of their first element.
var roots = map[string]format{"urlset": urlset, "sitemapindex": index, "rss": feed, "feed": feed, "rdf": feed}

// entries are the elements that hold one entry each, by format.
var entries = map[format]map[string]bool{
	urlset: {"url": true},
	index:  {"sitemap": true},
	feed:   {"item": true, "entry": true},
}

// entry is one <url> or <sitemap>.
type entry struct {
	loc     string
	lastmod string
	news    news
	// alternates are the same page in other languages
	// (https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap).
	alternates []alternate
}

// news is the extension for articles
// (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
// Those for images and videos describe what stands on a page, not the page,
// and are not read.
type news struct {
	publication, language, date, title string
}

type alternate struct{ language, href string }

// What is kept of one entry, in octets and in number.
const (
	maxLoc        = 8 << 10 // the protocol allows 2,048 characters
	maxWords      = 2 << 10
	maxAlternates = 100
)
