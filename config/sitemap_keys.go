package config

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

// noItems matches the sitemaps that content management systems make of pages
// that are lists themselves: authors, tags, categories.
const noItems = `'(?i)[/_-](users?|authors?|taxonom(y|ies)|categor(y|ies)|(post_)?tags?|post_format)([._-]|\d|$)'`

func sitemapKind() kind[Sitemap] {
	k := group("sitemap door", []key[Sitemap]{
		at("start", listOf(webAddress()), func(s *Sitemap) *[]string { return &s.Start }, Key{
			Otherwise: "what robots.txt names, else /sitemap.xml and its like", Doc: "The sitemap or the index of sitemaps, or several.",
			Example: "https://example.org/sitemap.xml", Also: []string{"url", "urls", "starts", "start_urls", "base"},
		}),
		at("include", listOf(regex()), func(s *Sitemap) *[]*regexp.Regexp { return &s.Include }, Key{
			Otherwise: "every address", Doc: "Regular expressions; the address of an item must match one.", Example: `["/publications/", "/news/"]`, Also: []string{"only", "match"},
		}),
		at("exclude", listOf(regex()), func(s *Sitemap) *[]*regexp.Regexp { return &s.Exclude }, Key{
			Otherwise: "nothing", Doc: "Regular expressions; an address that matches one is no item.", Example: `["/about/", "/donate"]`, Also: []string{"skip", "without"},
		}),
		at("follow", listOf(regex()), func(s *Sitemap) *[]*regexp.Regexp { return &s.Follow }, Key{
			Otherwise: "every sitemap", Doc: "Regular expressions; the address of a sitemap that an index names must match one.", Example: `["publication-sitemap"]`,
			Also: []string{"sitemaps", "children"},
		}),
		at("ignore", listOf(regex()), func(s *Sitemap) *[]*regexp.Regexp { return &s.Ignore }, Key{
			Default: noItems, Doc: "Regular expressions; a sitemap of an index whose address matches one is left alone.", Example: `["-sitemap-users-"]`,
		}),
	})
	k.empty = &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	return k
}
