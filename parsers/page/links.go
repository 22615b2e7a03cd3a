package page

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

var (
	shortlink = regexp.MustCompile(`[?&](?:p|page_id|attachment_id)=(\d{1,12})(?:&|$)`)
	bodyID    = regexp.MustCompile(`(?:^| )(?:postid|page-id|attachmentid)-(\d{1,12})(?: |$)`)
	drupalID  = regexp.MustCompile(`^/?(?:[a-z]{2}(?:-[a-z]{2,4})?/)?node/(\d{1,12})/?$`)
)

// linkElements reads canonical address, translations and native identifier.
func (e *extractor) linkElements() {
	for _, n := range e.v.links {
		rel, href := strings.ToLower(attr(n, "rel")), strings.TrimSpace(attr(n, "href"))
		if href == "" || len(href) > maxValue {
			continue
		}
		for r := range strings.FieldsSeq(clip(rel, 200)) {
			switch r {
			case "canonical":
				e.canonical(href)
			case "alternate":
				e.translation(attr(n, "hreflang"), href)
			case "shortlink":
				e.shortlink(href)
			}
		}
	}
	if m := bodyID.FindStringSubmatch(e.v.body); m != nil && e.result.NativeID == "" {
		e.result.NativeID = "wp:" + m[1]
	}
	if e.result.CanonicalURL != "" {
		e.result.Record.CanonicalURL = e.result.CanonicalURL
		e.evidence("canonical_url", Candidate{Basis: "meta", Detail: "link rel=canonical"})
	}
	if e.result.NativeID != "" {
		e.result.Record.NativeID = e.result.NativeID
	}
}

// canonical keeps the first declared address that can be meant: a page that
// is not the site's entrance does not have the entrance as its address.
func (e *extractor) canonical(href string) {
	if e.result.CanonicalURL != "" {
		return
	}
	u, err := normalize.URL(e.url, href)
	if err != nil {
		return
	}
	c, err1 := url.Parse(u)
	p, err2 := url.Parse(e.url)
	if err1 != nil || err2 != nil {
		return
	}
	if strings.Trim(c.Path, "/") == "" && c.RawQuery == "" && (strings.Trim(p.Path, "/") != "" || p.RawQuery != "") {
		e.result.Notes = append(e.result.Notes, "rel=canonical names the site's entrance; not believed")
		return
	}
	e.result.CanonicalURL = u
}

func (e *extractor) translation(lang, href string) {
	tag := normalize.Tag(lang)
	if tag == "" || len(e.result.Record.Translations) >= 100 {
		return
	}
	u, err := normalize.URL(e.url, href)
	if err != nil || normalize.URLKey(u) == normalize.URLKey(e.url) {
		return
	}
	for _, t := range e.result.Record.Translations {
		if t.URL == u || t.Language == tag {
			return
		}
	}
	e.result.Record.Translations = append(e.result.Record.Translations, harvest.Translation{Language: tag, URL: u})
	e.evidence("translations", Candidate{Basis: "meta", Detail: "link rel=alternate hreflang"})
}

// shortlink reads the number of a WordPress item ("?p=123") or a Drupal node.
func (e *extractor) shortlink(href string) {
	u, err := normalize.URL(e.url, href)
	if err != nil || e.result.NativeID != "" {
		return
	}
	if m := shortlink.FindStringSubmatch(u); m != nil {
		e.result.NativeID = "wp:" + m[1]
		return
	}
	if p, err := url.Parse(u); err == nil {
		if m := drupalID.FindStringSubmatch(p.Path); m != nil {
			e.result.NativeID = "drupal:" + m[1]
		}
	}
}

// robots reads <meta name="robots"> and "googlebot" is not us.
func (e *extractor) robots() {
	for _, content := range e.v.meta["robots"] {
		for _, d := range strings.FieldsFunc(strings.ToLower(content), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			switch d {
			case "noindex":
				e.result.NoIndex = true
			case "nofollow":
				e.result.NoFollow = true
			case "none":
				e.result.NoIndex, e.result.NoFollow = true, true
			}
		}
	}
}
