package config

import "fmt"

func feedKind() kind[Feed] {
	return group("feed door", []key[Feed]{
		at("start", listOf(webAddress()), func(f *Feed) *[]string { return &f.Start }, Key{
			Required: true, Doc: "The feed, or a page that names it, or several.", Example: "https://example.org/feed/", Also: []string{"url", "urls", "starts", "base"},
		}),
		at("paging", oneOf("auto", "link", "paged", "none"), func(f *Feed) *string { return &f.Paging }, Key{
			Default: "auto", Doc: "How older items are reached: by the links that the feed has, or by ?paged=2 as WordPress has it.", Example: "none", Also: []string{"next", "pagination"},
		}),
		at("max_pages", integer(1, 1_000_000), func(f *Feed) *int { return &f.MaxPages }, Key{
			Default: fmt.Sprint(mostPages), Doc: "How many pages of the feed are fetched at most.", Example: "50", Also: []string{"max", "limit"},
		}),
		at("pages", oneOf("never", "when-needed", "always"), func(f *Feed) *string { return &f.Pages }, Key{
			Default: "when-needed", Doc: "When the web page of an item is fetched besides.", Example: "always", Also: []string{"item_pages"},
		}),
	})
}
