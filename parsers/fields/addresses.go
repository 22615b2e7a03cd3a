package fields

import (
	"net/url"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

func isWeb(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && !strings.ContainsAny(s, " \t\n")
}

// Address takes the best of several addresses as that of the item, and those
// of files as its documents. A page on a host of the source is better than a
// resolver (doi.org, hdl.handle.net), that better than a page elsewhere, and
// any page better than a file. What is no address is passed over.
func (b *Builder) Address(detail string, values ...string) {
	type candidate struct {
		address string
		rank    int
	}
	var best candidate
	for _, v := range limited(values) {
		v = strings.TrimSpace(v)
		if !isWeb(v) {
			continue
		}
		u, err := normalize.URL(b.page, v)
		if err != nil {
			continue
		}
		if kind := item.DocumentType(u); kind != "" {
			b.Document(detail, harvest.Document{URL: u, MediaType: kind})
		}
		if c := (candidate{u, b.rank(u)}); c.rank > best.rank {
			best = c
		}
	}
	if best.rank > 0 && b.rec.URL == "" {
		b.rec.URL = best.address
		b.why("url", detail)
	}
}

// rank says how well an address stands for an item.
func (b *Builder) rank(address string) int {
	u, err := url.Parse(address)
	if err != nil {
		return 0
	}
	host, rank := bareHost(u), 2
	switch {
	case item.DocumentType(address) != "":
		return 1
	case host == hostOf(b.home), strings.HasSuffix(host, "."+hostOf(b.home)) && hostOf(b.home) != "":
		rank = 6
	case host == hostOf(b.page):
		rank = 5
	case host == "doi.org", host == "dx.doi.org":
		rank = 4
	case host == "hdl.handle.net":
		rank = 3
	}
	return rank
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return bareHost(u)
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

// Link takes an address, absolute or relative to the page, as the item's.
func (b *Builder) Link(detail, value string) {
	if value = strings.TrimSpace(value); value == "" || b.rec.URL != "" {
		return
	}
	if u, err := normalize.URL(b.page, value); err == nil {
		b.rec.URL = u
		b.why("url", detail)
	}
}

// Document adds a file that the item offers. Its address may be relative.
func (b *Builder) Document(detail string, d harvest.Document) {
	u, err := normalize.URL(b.page, strings.TrimSpace(d.URL))
	if err != nil || strings.TrimSpace(d.URL) == "" || len(b.rec.Documents) == maxValues {
		return
	}
	d.URL = u
	if d.MediaType == "" {
		d.MediaType = item.DocumentType(u)
	}
	same := func(k harvest.Document) bool { return normalize.URLKey(k.URL) == normalize.URLKey(u) }
	if !slices.ContainsFunc(b.rec.Documents, same) {
		b.rec.Documents = append(b.rec.Documents, d)
		b.why("documents", detail)
	}
}

// Translation adds the address of the item in another language.
func (b *Builder) Translation(detail, language, address string) {
	tag := normalize.Tag(language)
	u, err := normalize.URL(b.page, strings.TrimSpace(address))
	if tag == "" || err != nil || strings.TrimSpace(address) == "" || len(b.rec.Translations) == maxValues {
		return
	}
	b.rec.Translations = append(b.rec.Translations, harvest.Translation{Language: tag, URL: u})
	b.why("translations", detail)
}
