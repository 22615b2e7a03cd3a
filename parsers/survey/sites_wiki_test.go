package survey_test

import (
	"fmt"
	"net/url"
	"slices"
)

// wikiSites imitate MediaWiki, as the one of Debian answers.
func wikiSites() []site {
	frame := func(title, body string) string {
		return `<!DOCTYPE html><html class="client-nojs" lang="en" dir="ltr"><head><title>` + title + ` - Labour Library</title><meta name="generator" content="MediaWiki 1.39.17"><link rel="EditURI" type="application/rsd+xml" href="//library.example/api.php?action=rsd"><link rel="alternate" type="application/atom+xml" title="Atom feed" href="/index.php?title=Special:RecentChanges&amp;feed=atom"></head><body class="mediawiki ltr"><div id="content" class="mw-body" role="main"><h1 id="firstHeading" class="firstHeading mw-first-heading">` + title + `</h1><div id="mw-content-text"><div class="mw-parser-output">` + body + `</div></div></div><div id="mw-navigation"><nav id="p-navigation"><ul><li><a href="/index.php/Main_Page">Main page</a></li></ul></nav></div></body></html>`
	}
	at := func(d document) string { return "/index.php/" + d.slug() }
	answer := func(generator string) func(u *url.URL) reply {
		prefix := map[string]string{"categorymembers": "gcm", "allpages": "gap"}[generator]
		return func(u *url.URL) reply {
			q := u.Query()
			switch {
			case u.Path == "/index.php/Category:Papers":
				return page(frame("Category:Papers", `<div id="mw-pages"><h2>Pages in category "Papers"</h2></div>`))
			case u.Path == "/index.php/Main_Page":
				return page(frame("Main Page", `<p>Welcome to the library.</p><ul><li><a class="external" href="https://wiki.example/guide">The guide for users of the software</a></li><li><a class="external" href="https://wiki.example/list">The list of all configuration settings</a></li><li><a class="external" href="https://wiki.example/faq">Questions that are asked frequently</a></li></ul>`))
			case u.Path != "/api.php":
				return itemPage(func(title, body string) string { return frame(title, body) }, u.Path, func(d document) string { return "<p>" + d.text + "</p>" }, at)
			case q.Get("generator") != generator || generator == "categorymembers" && q.Get("gcmtitle") != "Category:Papers":
				return jsonOf(map[string]any{"error": map[string]any{"code": "badvalue"}})
			}
			from := 0
			if c := q.Get(prefix + "continue"); c != "" {
				from = slices.IndexFunc(documents(), func(d document) bool { return "page|"+d.slug() == c })
			}
			const size = 10
			var pages []any
			for _, d := range documents()[from:min(len(documents()), from+size)] {
				pages = append(pages, map[string]any{"pageid": d.n, "ns": 0, "title": d.title, "pagelanguage": "en", "fullurl": root + at(d), "canonicalurl": root + at(d), "revisions": []any{map[string]any{"timestamp": d.iso()}}})
			}
			if generator == "allpages" && from == 0 {
				pages = append(pages, map[string]any{"pageid": 1, "title": "Main Page", "fullurl": root + "/index.php/Main_Page", "canonicalurl": root + "/index.php/Main_Page"})
			}
			out := map[string]any{"batchcomplete": true, "query": map[string]any{"pages": pages}}
			if from+size < len(documents()) {
				out["continue"] = map[string]any{prefix + "continue": fmt.Sprintf("page|%s", documents()[from+size].slug()), "continue": prefix + "continue||"}
			}
			return jsonOf(out)
		}
	}
	return []site{
		{"mediawiki, a category", "/index.php/Category:Papers", "json", 24, false, answer("categorymembers")},
		{"mediawiki", "/index.php/Main_Page", "json", 24, false, answer("allpages")},
	}
}
