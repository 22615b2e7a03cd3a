package sitemap

import (
	"net/url"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// card is what an entry says of its item, nil when it says nothing but where
// it is. at is the address of the sitemap.
func (e *entry) card(address, at string) *harvest.Record {
	rec := &harvest.Record{URL: address, CanonicalURL: address, Provenance: make(map[string]harvest.Evidence)}
	said := false
	why := func(field, detail string) {
		said = true
		rec.Provenance[field] = harvest.Evidence{Basis: "door", Detail: detail, Page: at}
	}
	if rec.Title = normalize.Text(e.news.title); rec.Title != "" {
		why("title", "news:title")
	}
	if d, ok := normalize.Date(e.news.date, ""); ok {
		rec.Published = d
		why("published", "news:publication_date")
	}
	if tag := normalize.Tag(e.news.language); tag != "" && rec.Title != "" {
		rec.Language.Declared = tag
		why("language", "news:language")
	}
	for _, a := range e.alternates {
		tag := normalize.Tag(a.language)
		u, err := normalize.URL(at, a.href)
		if tag == "" || err != nil || normalize.URLKey(u) == normalize.URLKey(address) { // x-default is no language
			continue
		}
		rec.Translations = append(rec.Translations, harvest.Translation{Language: tag, URL: u})
		why("translations", "xhtml:link")
	}
	if !said {
		return nil
	}
	return rec
}

// isFrontPage reports whether an address is that of a whole host: sitemaps
// begin with it, and it is no item.
func isFrontPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}
