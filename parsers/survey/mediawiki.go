package survey

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/probe"
)

// mediawiki tries the Action API of MediaWiki
// (https://www.mediawiki.org/wiki/API:Query): the pages of the category that
// was named, or all articles. The articles are read besides, since the
// interface gives no text and no day of writing. Wikis that close it to
// robots, as Wikipedia does, are left to the doors behind it.
func (s *survey) mediawiki() {
	api, name := "", ""
	for _, e := range []*evidence{s.target, s.home} {
		if href := e.doc.Find(`link[rel="EditURI"]`).First().AttrOr("href", ""); api == "" && strings.Contains(href, "api.php") {
			api = strings.SplitN(e.resolve(href), "?", 2)[0]
		}
	}
	if api == "" || host(api) != host(s.root) {
		s.tried("json of MediaWiki", false, "no page names the interface")
		return
	}
	if s.target.doc.Find("#mw-pages").Length() > 0 {
		name = normalize.Text(s.target.doc.Find("#firstHeading").First().Text())
	}
	q := url.Values{"action": {"query"}, "format": {"json"}, "formatversion": {"2"}, "prop": {"info|revisions"}, "inprop": {"url"}, "rvprop": {"timestamp"}}
	cursor, items := "gapcontinue", "query.pages"
	if name != "" {
		cursor = "gcmcontinue"
		q.Set("generator", "categorymembers")
		q.Set("gcmtitle", name)
		q.Set("gcmtype", "page")
		q.Set("gcmlimit", "50")
	} else {
		q.Set("generator", "allpages")
		q.Set("gapfilterredir", "nonredirects")
		q.Set("gaplimit", "50")
		if home := s.home.at.String(); !strings.ContainsAny(home, "'`\\") {
			items = "query.pages[?fullurl!='" + home + "']" // the main page is none of them
		}
	}
	d := &draft{kind: "json", note: "json of MediaWiki", rank: rankRecords, text: fmt.Sprintf(`  - json:
      start: %s
      items: %s
      next: {cursor: continue.%s, param: %s}
      pages: when-needed
      fields:
        id: to_string(pageid)
        title: title
        link: [canonicalurl, fullurl]
        modified: revisions[0].timestamp
        language: pagelanguage
`, quote(api+"?"+q.Encode()), quote(items), cursor, cursor)}
	if s.try(d, probe.Limits{Items: 3}) {
		d.doubts = append(d.doubts, "a wiki says when a page was changed, not when its document was published")
		if name == "" {
			d.doubts = append(d.doubts, "all articles of the wiki are read; name the page of a category to read only its own")
		}
	}
}
