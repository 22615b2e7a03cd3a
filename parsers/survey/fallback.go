package survey

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/probe"
)

// direct takes an address that is no page of HTML for what it is.
func (s *survey) direct() {
	at := s.page.URL
	head := bytes.ToLower(s.page.Body[:min(len(s.page.Body), 4096)])
	has := func(marks ...string) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return bytes.Contains(head, []byte(m)) })
	}
	switch {
	case has("<oai-pmh", "openarchives.org/oai/2.0"):
		s.oai(strings.SplitN(at, "?", 2)[0])
	case has("<rss", "<feed", "<rdf:rdf", "jsonfeed.org/version"):
		s.feed(at, rankList)
	case has("<urlset", "<sitemapindex"):
		s.sitemap(at)
	default:
		s.tried(s.page.MediaType, false, "it is neither a page, a feed, a sitemap nor a repository; a json, csv or xlsx door needs to be told what its fields are, see docs/adding-a-source.md")
	}
}

// fallbacks are the doors behind the best: a sitemap, and the feed.
func (s *survey) fallbacks() {
	const kept = 6 // requests without which nothing comes of a sitemap
	api := slices.ContainsFunc(s.drafts, func(d *draft) bool { return d.rank <= rankRecords })
	if !api && s.budget.left() >= kept {
		s.sitemap("")
	}
	feeds := s.target.feeds
	if len(feeds) == 0 {
		feeds = s.home.feeds
	}
	if len(feeds) == 0 && s.is("joomla") {
		feeds = []string{s.at.Scheme + "://" + s.at.Host + strings.TrimSuffix(s.at.Path, "/") + "?format=feed&type=rss"}
	}
	if len(feeds) > 0 && s.budget.left() > 2 {
		s.feed(feeds[0], rankFeed)
	}
}

// itemsOfLinks is how many pages are looked at where links are followed.
const itemsOfLinks = 8

// followLinks follows links where there is nothing else.
func (s *survey) followLinks() {
	d := &draft{kind: "links", rank: rankSitemap, note: "nothing else works: links are followed", text: fmt.Sprintf("  - links: {start: %s}\n", quote(s.page.URL))}
	if s.try(d, probe.Limits{Lists: 5, Items: itemsOfLinks}) {
		d.doubts = append(d.doubts,
			fmt.Sprintf("pages are told from lists by what they look like; of the pages that were read %d gave a record: look at some with `harvest sources try`, and name their addresses under items and hubs", len(d.result.Records)),
			"links are followed to the depth of 4; bound the run with limits: {pages: …} and with within")
	}
}

func (s *survey) feed(at string, rank int) {
	d := &draft{kind: "feed", note: "feed at " + at, rank: rank, text: fmt.Sprintf("  - feed: {start: %s}\n", quote(at))}
	if s.try(d, probe.Limits{Lists: 2, Items: 2}) && rank != rankFeed {
		d.doubts = append(d.doubts, "a feed shows what is newest; older items may be missing")
	}
}

// sitemap tries a sitemap: that at the address, or what robots.txt names. Items
// are told from other pages by the folders that the known items stand in, or
// else by folders that hold many pages.
func (s *survey) sitemap(at string) {
	start := ""
	if at != "" {
		start = "      start: " + quote(at) + "\n"
	}
	first := &draft{kind: "sitemap", text: "  - sitemap: {}\n"}
	if start != "" {
		first.text = "  - sitemap:\n" + start
	}
	src, err := s.sourceOf(first)
	if err != nil {
		return
	}
	r := probe.Door(s.ctx, s.budget.get, src, s.options.Vocabulary, 0, probe.Limits{Lists: 5, Items: -1})
	if !r.Works {
		s.tried("sitemap", false, r.Why)
		return
	}
	include := s.folders(r.Leads)
	if len(include) == 0 {
		s.tried("sitemap", false, "nothing in it tells items from other pages")
		return
	}
	d := &draft{kind: "sitemap", rank: rankSitemap, note: "sitemap", text: "  - sitemap:\n" + start + "      include: [" + strings.Join(include, ", ") + "]\n"}
	d.doubts = []string{"items of the sitemap are told by their folders: " + strings.Join(include, ", ")}
	s.try(d, probe.Limits{Lists: 5, Items: 2})
}

// noItems are folders of pages that are no items.
var noItems = regexp.MustCompile(`(?i)^/(?:tags?|categor(?:y|ies)|authors?|users?|about(?:-us)?|contact|people|team|staff|jobs?|careers?|donate|shop|product|cart|login|search|privacy|page|wp-content|sites|topics?|feed|events?/categor.*)(?:/|$)`)

// folders are patterns for the addresses of items.
func (s *survey) folders(leads []harvest.Request) []string {
	known := s.knownFolders()
	count := make(map[string]int)
	for _, l := range leads {
		if f := folder(l.URL); f != "" && !noItems.MatchString(f) {
			count[f]++
		}
	}
	var out []string
	for f, n := range count {
		const few = 5
		switch {
		case len(known) > 0 && known[f], len(known) == 0 && n >= few && docFolder(f):
			out = append(out, quote("^https?://[^/]+"+regexp.QuoteMeta(f)+"[^/]+/?$"))
		}
	}
	slices.Sort(out)
	const most = 8
	return out[:min(len(out), most)]
}

func docFolder(f string) bool {
	name := strings.NewReplacer("-", " ", "_", " ", "/", " ").Replace(f)
	for _, w := range hubWords {
		if w.words.MatchString(name) {
			return true
		}
	}
	return false
}

// folder is the path of an address up to its last part, "" for the root.
func folder(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	dir := path.Dir(strings.TrimSuffix(u.Path, "/"))
	if dir == "/" || dir == "." {
		return ""
	}
	return dir + "/"
}

// knownFolders are those of the items that other doors have found.
func (s *survey) knownFolders() map[string]bool {
	count, total := make(map[string]int), 0
	for _, d := range s.drafts {
		seen := make(map[string]bool)
		add := func(address string) {
			if key := normalize.URLKey(address); !seen[key] && host(address) == host(s.root) {
				seen[key] = true
				count[folder(address)]++
				total++
			}
		}
		for i := range d.result.Records {
			add(d.result.Records[i].URL)
		}
		for i := range d.result.Leads {
			add(d.result.Leads[i].URL)
		}
	}
	out := make(map[string]bool)
	for f, n := range count {
		if f != "" && n*10 >= total {
			out[f] = true
		}
	}
	return out
}
