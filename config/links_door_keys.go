package config

import "regexp"

func linksDoorKind() kind[LinksDoor] {
	return group("links door", []key[LinksDoor]{
		at("start", listOf(webAddress()), func(l *LinksDoor) *[]string { return &l.Start }, Key{
			Required: true, Doc: "The page from which links are followed, or several.", Example: "https://example.org/publications/", Also: []string{"url", "urls", "starts", "start_urls"},
		}),
		at("items", listOf(regex()), func(l *LinksDoor) *[]*regexp.Regexp { return &l.Items }, Key{
			Otherwise: "told by what pages look like", Doc: "Regular expressions; a page whose address matches one is an item.", Example: `["/publications/[^/]+/$"]`, Also: []string{"item"},
		}),
		at("hubs", listOf(regex()), func(l *LinksDoor) *[]*regexp.Regexp { return &l.Hubs }, Key{
			Otherwise: "told by what pages look like", Doc: "Regular expressions; a page whose address matches one only leads to others.", Example: `["/topics/"]`, Also: []string{"lists", "hub"},
		}),
		at("within", listOf(regex()), func(l *LinksDoor) *[]*regexp.Regexp { return &l.Within }, Key{
			Otherwise: "the hosts of the source", Doc: "Regular expressions; a link is followed when its address matches one.", Example: `["/publications/", "/topics/"]`, Also: []string{"follow", "include"},
		}),
		at("depth", integer(1, 20), func(l *LinksDoor) *int { return &l.Depth }, Key{
			Default: "4", Doc: "How many links a page may be away from the first.", Example: "3", Also: []string{"max_depth", "levels"},
		}),
	})
}
