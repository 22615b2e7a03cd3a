package links

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/page"
)

// enough is the sum of signs from which on a page counts as an item.
const enough = 3

// verdict is what a page was taken for, and why.
type verdict struct {
	item  bool
	sure  bool // a pattern of the source file said so, or the signs are clear
	signs []sign
}

// String lists what was weighed, "an item (7): +3 it calls itself an article; …".
func (v verdict) String() string {
	what := "a hub"
	if v.item {
		what = "an item"
	}
	var parts []string
	for _, s := range v.signs {
		parts = append(parts, fmt.Sprintf("%+d %s", s.weight, s.says))
	}
	if !v.sure {
		what += ", not surely"
	}
	return fmt.Sprintf("%s (%+d of %d): %s", what, sum(v.signs), enough, strings.Join(parts, "; "))
}

// judge decides whether a page is an item. found is what was read on it.
func (d *Door) judge(p *harvest.Page, doc *goquery.Document, found *page.Result) verdict {
	at := p.URL
	for _, is := range []struct {
		item bool
		says string
		hit  bool
	}{
		{false, "its address matches hubs", matches(d.links.Hubs, at) || matches(d.links.Hubs, p.Request.URL)},
		{true, "its address matches items", matches(d.links.Items, at) || matches(d.links.Items, p.Request.URL)},
	} {
		if is.hit {
			weight := -100
			if is.item {
				weight = 100
			}
			return verdict{item: is.item, sure: true, signs: []sign{{is.says, weight}}}
		}
	}
	if p.Request.Step == StepStart {
		return verdict{sure: true, signs: []sign{{"the door begins there", -100}}}
	}
	signs := addressSigns(at)
	signs = append(signs, declared(doc)...)
	signs = append(signs, evidence(found)...)
	signs = append(signs, textSigns(doc)...)
	signs = append(signs, headingSigns(doc, found.Record.Title)...)
	total := sum(signs)
	return verdict{item: total >= enough, sure: total >= enough+2 || total <= enough-3, signs: signs}
}

// What pages call themselves in Open Graph (https://ogp.me) and JSON-LD
// (https://schema.org).
var (
	itemTypes = regexp.MustCompile(`"@type"\s*:\s*\[?\s*"(?:\w+:)?(?:Article|NewsArticle|BlogPosting|Report|ScholarlyArticle|TechArticle|Legislation|Book|Dataset|DigitalDocument|PublicationIssue|CreativeWork|Event|PodcastEpisode|VideoObject|OpinionNewsArticle|AnalysisNewsArticle)"`)
	listTypes = regexp.MustCompile(`"@type"\s*:\s*\[?\s*"(?:\w+:)?(?:CollectionPage|SearchResultsPage|ItemList|ProfilePage|ContactPage|AboutPage|Blog)"`)
)

// declared is what the page says of itself to programs.
func declared(doc *goquery.Document) []sign {
	var out []sign
	meta := func(name string) string {
		return strings.ToLower(strings.TrimSpace(doc.Find(`meta[property="`+name+`"], meta[name="`+name+`"]`).First().AttrOr("content", "")))
	}
	switch meta("og:type") {
	case "article", "book", "video.other":
		out = append(out, sign{"it calls itself an article (og:type)", 3})
	case "website": // what programs write where they know no better
		out = append(out, sign{"it calls itself a website (og:type)", -1})
	case "profile":
		out = append(out, sign{"it calls itself a profile (og:type)", -4})
	}
	if meta("citation_title") != "" || meta("dc.type") != "" || meta("dcterms.type") != "" {
		out = append(out, sign{"it has the data of a citation", 4})
	}
	data := doc.Find(`script[type="application/ld+json"]`).Text()
	switch {
	case listTypes.MatchString(data):
		out = append(out, sign{"it calls itself a list (JSON-LD)", -4})
	case itemTypes.MatchString(data):
		out = append(out, sign{"it calls itself a document (JSON-LD)", 3})
	}
	if hasNext(doc) && meta("og:type") != "article" {
		out = append(out, sign{"it has a next page", -2})
	} else if doc.Find(`.pagination, .pager, .page-numbers, .nav-links .next, [aria-label="pagination" i]`).Length() > 0 {
		out = append(out, sign{"it has the numbers of pages", -3})
	}
	for class := range strings.FieldsSeq(doc.Find("body").AttrOr("class", "")) {
		switch {
		case slices.Contains([]string{"archive", "category", "tag", "blog", "search", "home", "author", "path-frontpage", "page-node-type-landing-page", "ns-special"}, class):
			return append(out, sign{"its body is of a list, by the class " + class, -4})
		case strings.HasPrefix(class, "single-") || class == "single" || strings.HasPrefix(class, "page-node-type-") || strings.HasPrefix(class, "node--type-"):
			return append(out, sign{"its body is of one item, by the class " + clip(class, 40), 3})
		}
	}
	return out
}

// hasNext reports whether the page names a next one. A link that bears a title
// leads to the next document, not to more of a list.
func hasNext(doc *goquery.Document) bool {
	next := doc.Find(`a[rel~="next"], a[rel~="prev"]`)
	if next.Length() > 0 {
		return next.FilterFunction(func(_ int, a *goquery.Selection) bool { return len(strings.Fields(a.Text())) < 4 }).Length() > 0
	}
	return doc.Find(`link[rel="next"], link[rel="prev"]`).Length() > 0
}

// evidence is what was read of a document's data.
func evidence(found *page.Result) []sign {
	var out []sign
	r := &found.Record
	if !r.Published.IsZero() {
		out = append(out, sign{"it has a date", 2})
	}
	if len(r.Authors) > 0 {
		out = append(out, sign{"it has an author", 1})
	}
	if n := len(r.Documents); n > 0 && n <= 5 {
		out = append(out, sign{"it offers a file", 2})
	} else if n > 10 {
		out = append(out, sign{"it offers many files", -2})
	}
	if r.Title == "" {
		out = append(out, sign{"it has no title", -3})
	}
	return out
}

// headingSigns: documents have titles of several words, and print them as their
// heading; lists are called by a word or two.
func headingSigns(doc *goquery.Document, title string) []sign {
	heading := strings.Join(strings.Fields(doc.Find("h1").First().Text()), " ")
	if heading == "" || !strings.EqualFold(heading, title) {
		return nil
	}
	const long = 20 // characters
	switch words := len(strings.Fields(heading)); {
	case words >= 4 && utf8.RuneCountInString(heading) >= long:
		return []sign{{"its heading has the words of a title", 1}}
	case words <= 2:
		return []sign{{"its heading is a word or two", -1}}
	}
	return nil
}

// margins are what stands on every page of a site.
const margins = "nav, header, footer, aside, script, style, noscript, [role=navigation], [role=banner], [role=contentinfo], .menu, .sidebar, .breadcrumb, .breadcrumbs, .related, .comments, #comments, .cookie"

// textSigns compare how much a page says with how much of that are links, and
// look for cards: links that repeat one pattern.
func textSigns(doc *goquery.Document) []sign {
	main := doc.Find("main, [role=main], article, #content, .content").First()
	if main.Length() == 0 {
		main = doc.Find("body")
	}
	main = main.Clone()
	main.Find(margins).Remove()
	main.Find("form").Not(":has(h1, h2, article, table)").Remove() // ASP.NET puts the whole page into one
	all := utf8.RuneCountInString(strings.Join(strings.Fields(main.Text()), " "))
	linked, links := 0, 0
	menu := above(main)
	patterns := make(map[string]int)
	main.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		text := strings.Join(strings.Fields(a.Text()), " ")
		linked += utf8.RuneCountInString(text)
		if text != "" && !strings.HasPrefix(a.AttrOr("href", ""), "#") {
			links++
			if a.ParentsFiltered("p").Length() == 0 && !menu[a.Nodes[0]] { // links in the run of a text are no cards
				patterns[pattern(a)]++
			}
		}
	})
	var out []sign
	const much, some = 900, 350 // characters
	switch plain := all - linked; {
	case plain >= much && linked*4 < all:
		out = append(out, sign{fmt.Sprintf("%d characters of text, %d of them links", all, linked), 2})
	case plain >= some && linked*4 < all:
		out = append(out, sign{fmt.Sprintf("%d characters of text, %d of them links", all, linked), 1})
	case links >= 5 && linked*2 > all:
		out = append(out, sign{fmt.Sprintf("%d characters of text, most of them links", all), -4})
	case plain < 100:
		out = append(out, sign{"it says hardly anything", -2})
	}
	cards := 0
	for _, n := range patterns {
		cards = max(cards, n)
	}
	switch plain := all - linked; {
	case cards >= 5 && plain/cards < 400:
		out = append(out, sign{fmt.Sprintf("%d links of one pattern", cards), -4})
	case cards >= 3 && plain/cards < 250:
		out = append(out, sign{fmt.Sprintf("%d links of one pattern", cards), -2})
	}

	return out
}

// above are the links before the first heading of the page, such as those of a
// menu that bears no name.
func above(main *goquery.Selection) map[*html.Node]bool {
	out := make(map[*html.Node]bool)
	if main.Find("h1").Length() == 0 {
		return out
	}
	main.Find("a[href], h1").EachWithBreak(func(_ int, e *goquery.Selection) bool {
		if goquery.NodeName(e) == "h1" {
			return false
		}
		out[e.Nodes[0]] = true
		return true
	})
	return out
}

// pattern is where a link stands: the names and classes of the elements around it.
func pattern(a *goquery.Selection) string {
	var parts []string
	for e, depth := a, 0; e.Length() > 0 && depth < 4; e, depth = e.Parent(), depth+1 {
		parts = append(parts, goquery.NodeName(e)+"."+strings.Join(strings.Fields(e.AttrOr("class", "")), "."))
	}
	return strings.Join(parts, " ")
}

// isDocument reports whether an address is that of a file and not of a page.
func isDocument(address string) bool { return item.DocumentType(address) != "" }
