package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// zone says in which parts of the page something stands. Zones are inherited.
type zone uint16

const (
	inArticle  zone = 1 << iota // within <article> or articleBody
	inMain                      // within <main>
	inHeader                    // the site's header
	inNav                       // menus, breadcrumbs, paginations
	inFooter                    // the site's footer
	inAside                     // sidebars and widgets
	inRelated                   // links to other items
	inComments                  // what readers wrote
	inBanner                    // cookies, subscriptions, advertisements, sharing
	inForm                      // forms
	inFigure                    // figures and their captions
	inCard                      // an article within a list of articles
	inQuote                     // quotations
)

// offContent are the zones that never belong to the item.
const offContent = inNav | inFooter | inAside | inRelated | inComments | inBanner | inForm | inCard

// role says for what an element is marked by its class, id or attributes.
type role uint16

const (
	forAuthor role = 1 << iota
	forDate
	forTitle
	forSummary
	forCategory
	forTags
	forKicker
	forModified
	forTeaser
)

// meaning is where and for what an element is.
type meaning struct {
	zone zone
	role role
}

// classWords are the words of class names and identifiers that tell where and
// for what an element is. Site builders of many languages use them.
var classWords = map[string]meaning{
	"nav": {inNav, 0}, "navbar": {inNav, 0}, "navigation": {inNav, 0}, "menu": {inNav, 0}, "submenu": {inNav, 0}, "breadcrumb": {inNav, 0}, "breadcrumbs": {inNav, 0},
	"pagination": {inNav, 0}, "pager": {inNav, 0}, "search": {inForm, 0}, "toc": {inNav, 0}, "skip": {inNav, 0}, "masthead": {inHeader, 0}, "topbar": {inHeader, 0},
	"footer": {inFooter, 0}, "colophon": {inFooter, 0}, "copyright": {inFooter, 0}, "imprint": {inFooter, 0},
	"sidebar": {inAside, 0}, "widget": {inAside, 0}, "aside": {inAside, 0}, "infobox": {inAside, 0}, "marginalspalte": {inAside, 0}, "rightcol": {inAside, 0},
	"related": {inRelated, 0}, "recommended": {inRelated, 0}, "recommendations": {inRelated, 0}, "recommendation": {inRelated, 0}, "popular": {inRelated, 0},
	"trending": {inRelated, 0}, "mostread": {inRelated, 0}, "readmore": {inRelated, 0}, "morefrom": {inRelated, 0}, "similar": {inRelated, 0}, "relacionadas": {inRelated, 0},
	"relacionados": {inRelated, 0}, "outbrain": {inRelated, 0}, "taboola": {inRelated, 0}, "carousel": {inRelated, 0}, "latest": {inRelated, 0},
	"jp": {0, 0}, "profile": {inAside, 0}, "bio": {inAside, 0}, "comment": {inComments, 0}, "comments": {inComments, 0}, "commentlist": {inComments, 0}, "disqus": {inComments, 0}, "respond": {inComments, 0}, "kommentare": {inComments, 0},
	"kommentar": {inComments, 0}, "reviews": {inComments, 0},
	"skiptranslate": {inBanner, 0}, "cookie": {inBanner, 0}, "cookies": {inBanner, 0}, "consent": {inBanner, 0}, "gdpr": {inBanner, 0}, "cmp": {inBanner, 0}, "newsletter": {inBanner, 0}, "subscribe": {inBanner, 0}, "subscription": {inBanner, 0},
	"paywall": {inBanner, 0}, "share": {inBanner, 0}, "sharing": {inBanner, 0}, "sharedaddy": {inBanner, 0}, "social": {inBanner, 0}, "ad": {inBanner, 0}, "ads": {inBanner, 0}, "advert": {inBanner, 0},
	"advertisement": {inBanner, 0}, "werbung": {inBanner, 0}, "anzeige": {inBanner, 0}, "promo": {inBanner, 0}, "sponsored": {inBanner, 0}, "popup": {inBanner, 0}, "modal": {inBanner, 0}, "donate": {inBanner, 0},
	"caption": {inFigure, 0}, "bildunterschrift": {inFigure, 0}, "credit": {inFigure, 0},

	"author": {0, forAuthor}, "authorname": {0, forAuthor}, "authorlist": {0, forAuthor}, "username": {0, forAuthor}, "articleauthor": {0, forAuthor}, "postauthor": {0, forAuthor}, "bylineauthor": {0, forAuthor}, "verfasser": {0, forAuthor}, "redaktor": {0, forAuthor}, "autorin": {0, forAuthor}, "penulis": {0, forAuthor}, "yazar": {0, forAuthor}, "forfatter": {0, forAuthor}, "författare": {0, forAuthor}, "authors": {0, forAuthor}, "byline": {0, forAuthor}, "bylines": {0, forAuthor}, "autor": {0, forAuthor}, "autoren": {0, forAuthor}, "auteur": {0, forAuthor},
	"auteurs": {0, forAuthor}, "autores": {0, forAuthor}, "autore": {0, forAuthor}, "creator": {0, forAuthor}, "writer": {0, forAuthor}, "contributor": {0, forAuthor}, "contributors": {0, forAuthor}, "redakteur": {0, forAuthor}, "firma": {0, forAuthor}, "skribent": {0, forAuthor},
	"vcard": {0, forAuthor}, "reporter": {0, forAuthor}, "journalist": {0, forAuthor}, "postedby": {0, forAuthor},

	"date": {0, forDate}, "dates": {0, forDate}, "datum": {0, forDate}, "fecha": {0, forDate}, "data": {0, 0}, "published": {0, forDate}, "publication": {0, forDate}, "publish": {0, forDate}, "pubdate": {0, forDate}, "pubtime": {0, forDate},
	"time": {0, forDate}, "timestamp": {0, forDate}, "datetime": {0, forDate}, "dateline": {0, forDate}, "posted": {0, forDate}, "postdate": {0, forDate}, "created": {0, forDate}, "datepublished": {0, forDate},
	"meta": {0, forDate}, "metadata": {0, forDate}, "dateformat": {0, forDate}, "fechas": {0, forDate}, "datepublish": {0, forDate}, "veroeffentlicht": {0, forDate}, "submitted": {0, forDate},
	"updated": {0, forModified | forDate}, "modified": {0, forModified | forDate}, "lastmod": {0, forModified | forDate},

	"title": {0, forTitle}, "headline": {0, forTitle}, "titel": {0, forTitle}, "titre": {0, forTitle}, "titulo": {0, forTitle}, "heading": {0, forTitle}, "überschrift": {0, forTitle},
	"summary": {0, forSummary}, "excerpt": {0, forSummary}, "standfirst": {0, forSummary}, "abstract": {0, forSummary}, "lead": {0, forSummary}, "lede": {0, forSummary}, "leadtext": {0, forSummary}, "dek": {0, forSummary},
	"deck": {0, forSummary}, "intro": {0, forSummary}, "introduction": {0, forSummary}, "subtitle": {0, forSummary}, "subheadline": {0, forSummary}, "subhead": {0, forSummary}, "subheading": {0, forSummary}, "perex": {0, forSummary},
	"chapeau": {0, forSummary}, "chapo": {0, forSummary}, "bajada": {0, forSummary}, "entradilla": {0, forSummary}, "copete": {0, forSummary}, "vorspann": {0, forSummary}, "ingress": {0, forSummary}, "manchet": {0, forSummary},
	"teaser": {0, forTeaser}, "teasertext": {0, forSummary}, "preamble": {0, forSummary}, "sommario": {0, forSummary}, "sumario": {0, forSummary}, "anriss": {0, forSummary}, "introtext": {0, forSummary}, "subtit": {0, forSummary}, "subtitel": {0, forSummary}, "sottotitolo": {0, forSummary}, "occhiello": {0, forSummary}, "untertitel": {0, forSummary}, "sapo": {0, forSummary}, "leadin": {0, forSummary}, "textlg": {0, forSummary}, "textxl": {0, forSummary}, "strapline": {0, forSummary}, "subline": {0, forSummary}, "spoiler": {0, 0}, "leden": {0, forSummary}, "articlelead": {0, forSummary}, "articleintro": {0, forSummary}, "resumen": {0, forSummary}, "résumé": {0, forSummary}, "resume": {0, forSummary}, "zusammenfassung": {0, forSummary}, "anleser": {0, forSummary}, "anreisser": {0, forSummary}, "einleitung": {0, forSummary}, "teasertitle": {0, 0},
	"category": {0, forCategory}, "categories": {0, forCategory}, "rubrik": {0, forCategory}, "section": {0, 0}, "cat": {0, forCategory}, "label": {0, forCategory}, "type": {0, 0},
	"tags": {0, forTags}, "tag": {0, forTags}, "taglist": {0, forTags}, "keywords": {0, forTags}, "schlagworte": {0, forTags}, "topics": {0, forTags},
	"kicker": {0, forKicker}, "overline": {0, forKicker}, "dachzeile": {0, forKicker}, "supertitle": {0, forKicker}, "pretitle": {0, forKicker}, "roofline": {0, forKicker}, "eyebrow": {0, forKicker}, "spitzmarke": {0, forKicker},
}

// maxClass bounds how much of a class attribute is read.
const maxClass = 240

// classOf reads the words of class and id as read tells them.
func classOf(n *html.Node, read func(names string) meaning) (m meaning) {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "data-testid", "data-test-id", "data-component", "data-qa", "data-manual":
			of := read(a.Val)
			m.zone |= of.zone
			m.role |= of.role
		}
	}
	return m
}

// meaningOf is [wordsOf], with the names of this page read once: the cards of a
// list bear the same ones.
func (v *view) meaningOf(names string) meaning {
	m, ok := v.words[names]
	if !ok {
		m = wordsOf(names)
		if len(v.words) < maxMarks {
			v.words[names] = m
		}
	}
	return m
}

// wordsOf cuts names like "entry-meta postDate" into words.
func wordsOf(names string) (m meaning) {
	if len(names) > maxClass {
		names = names[:maxClass]
	}
	var buf, pair [40]byte
	for len(names) > 0 {
		name := names
		if i := strings.IndexByte(names, ' '); i >= 0 {
			name, names = names[:i], names[i+1:]
		} else {
			names = ""
		}
		if isModifier(name) {
			continue
		}
		n := 0
		not := zone(0)
		if strings.Contains(name, "content") { // "content-search" is what search engines are to read
			not = inForm
		}
		before := 0 // how much of pair is the word before
		flush := func() {
			if n > 1 {
				w := classWords[string(buf[:n])]
				m.zone |= w.zone &^ not
				m.role |= w.role
			}
			if before > 0 && n > 1 && before+n <= len(pair) { // "sub-title", "teaserText"
				copy(pair[before:], buf[:n])
				m.role |= classWords[string(pair[:before+n])].role & forSummary
			}
			if n > 0 {
				before = copy(pair[:], buf[:n])
			}
			n = 0
		}
		lastLower := false
		for i := range len(name) {
			c := name[i]
			upper := c >= 'A' && c <= 'Z'
			if upper {
				c += 'a' - 'A'
			}
			if c < 0x80 && (c < 'a' || c > 'z') {
				flush()
				lastLower = false
				continue
			}
			if upper && lastLower {
				flush()
			}
			lastLower = !upper
			if n < len(buf) {
				buf[n] = c
				n++
			}
		}
		flush()
	}
	return m
}

// isModifier: "has-sidebar" and "no-comments" say how a page is built, not
// what the element is.
func isModifier(name string) bool {
	for _, p := range [...]string{"has-", "no-", "with-", "without-", "is-", "js-", "single-", "wp-", "hide-", "show-", "elementor-"} {
		if len(name) > len(p) && strings.EqualFold(name[:len(p)], p) {
			return p != "wp-" || !strings.Contains(name, "caption")
		}
	}
	return false
}

// zoneOf is the zone that an element opens. exempt elements hold the page's
// heading: what their names say of them does not concern the item.
func zoneOf(n *html.Node, within zone, class zone, exempt bool) zone {
	z := within
	switch n.DataAtom {
	case atom.Article:
		if within&inArticle != 0 && !exempt {
			z |= inCard
		}
		z |= inArticle
	case atom.Main:
		z |= inMain
	case atom.Nav:
		z |= inNav
	case atom.Aside:
		z |= inAside
	case atom.Footer:
		if within&inArticle == 0 {
			z |= inFooter
		}
	case atom.Header:
		if within&(inArticle|inMain) == 0 && !exempt {
			z |= inHeader
		}
	case atom.Form:
		if !exempt {
			z |= inForm
		}
	case atom.Figure, atom.Figcaption:
		z |= inFigure
	case atom.Blockquote:
		z |= inQuote
	}
	switch attr(n, "role") {
	case "navigation", "menu", "menubar", "search":
		z |= inNav
	case "complementary":
		z |= inAside
	case "contentinfo":
		z |= inFooter
	case "banner":
		z |= inHeader
	case "main":
		z |= inMain
	case "dialog", "alertdialog":
		z |= inBanner
	}
	if !exempt && n.DataAtom != atom.Body && n.DataAtom != atom.Html && n.DataAtom != atom.Main {
		z |= class
	}
	if attr(n, "itemprop") == "articleBody" {
		z |= inArticle
	}
	return z
}

// startsUpper reports whether s begins with a capital letter, or with a letter
// of a script without case.
func startsUpper(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return !unicode.IsLower(r)
		}
	}
	return false
}
