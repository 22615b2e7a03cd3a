package induce_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"time"
)

// layout is one way in which a site may print a list. The same choices always
// give the same page.
type layout struct {
	card, title, date, label, text, paging, noise, links, class string
	wrap, cards                                                 int
	gaps                                                        bool // some cards lack fields
	language                                                    string
}

func (l layout) String() string {
	return fmt.Sprintf("card %s (%s, %d wrapped), title %s, date %s, label %s, text %s, paging %s, noise %s, links %s, %d cards, gaps %v, %s",
		l.card, l.class, l.wrap, l.title, l.date, l.label, l.text, l.paging, l.noise, l.links, l.cards, l.gaps, l.language)
}

// choices are the parts of layouts: those that the rules were made with, and
// those that were kept apart.
type choices struct {
	cards, titles, dates, labels, texts, pagings, noises, links, classes, languages []string
}

var seen = choices{
	cards:     []string{"li", "article", "div", "tr", "dl", "dtdd", "rows"},
	titles:    []string{"h3 a", "a", "h2+more", "cover"},
	dates:     []string{"time", "span", "line", "label", "none"},
	labels:    []string{"span", "rel", "line", "none"},
	texts:     []string{"p", "div", "none", "more"},
	pagings:   []string{"rel", "text", "numbers0", "path", "offset", "none"},
	noises:    []string{"plain", "sidebar", "mega", "hero"},
	links:     []string{"absolute", "root", "relative", "base"},
	classes:   []string{"named", "none", "peritem", "utility"},
	languages: []string{"en", "es", "fr"},
}

var apart = choices{
	cards:     []string{"section", "figure", "h3p", "custom", "olli", "tablediv"},
	titles:    []string{"strong a", "a title", "h4 plain", "span"},
	dates:     []string{"small", "postedby", "iso", "attr", "under"},
	labels:    []string{"badge", "kicker", "none", "slug"},
	texts:     []string{"p", "span", "two", "none"},
	pagings:   []string{"aria", "sign", "more", "numbers1", "query", "none"},
	noises:    []string{"footerlists", "related", "cookie", "sidebar2"},
	links:     []string{"absolute", "root", "query", "tracking"},
	classes:   []string{"bem", "module", "german", "none"},
	languages: []string{"en", "pt", "de", "ar"},
}

func draw(r *rand.Rand, c choices) layout {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	return layout{
		card: pick(c.cards), title: pick(c.titles), date: pick(c.dates), label: pick(c.labels), text: pick(c.texts), paging: pick(c.pagings),
		noise: pick(c.noises), links: pick(c.links), class: pick(c.classes), wrap: r.IntN(3), cards: 4 + r.IntN(18), gaps: r.IntN(3) == 0, language: pick(c.languages),
	}
}

// doc is one item that a page prints.
type doc struct {
	url, title, label, text string
	day                     time.Time
}

const site = "https://library.example"

var subjects = map[string][]string{
	"en": {"Wages withheld in %s", "Recruitment fees and debt: what workers in %s pay", "Annual report of the inspectorate, %s", "Guidance for buyers from %s", "Child labour in %s: a survey of households", "Trafficking cases before the courts of %s"},
	"es": {"Salarios retenidos en %s", "Trabajo forzoso y deuda en %s", "Informe anual de la inspección, %s", "Guía para compradores de %s", "Trabajo infantil en %s: una encuesta"},
	"fr": {"Salaires retenus à %s", "Travail forcé et dettes à %s", "Rapport annuel de l’inspection, %s", "Guide pour les acheteurs de %s", "Travail des enfants à %s : enquête"},
	"pt": {"Salários retidos em %s", "Trabalho forçado e dívidas em %s", "Relatório anual da inspeção, %s", "Guia para compradores de %s"},
	"de": {"Einbehaltene Löhne in %s", "Zwangsarbeit und Schulden in %s", "Jahresbericht der Aufsicht, %s", "Leitfaden für Einkäufer aus %s"},
	"ar": {"الأجور المحتجزة في %s", "العمل القسري والديون في %s", "التقرير السنوي للتفتيش في %s", "دليل المشترين من %s"},
}

var places = []string{"Accra", "Bihar", "Cebu", "Dakar", "Esmeraldas", "Faisalabad", "Gujarat", "Haiphong", "Iquique", "Jalisco", "Karachi", "Lagos", "Manaus", "Nairobi", "Odisha", "Penang", "Quetta", "Rabat", "Surat", "Tamale", "Ubon", "Valencia", "Wuhan", "Xining", "Yangon", "Zanzibar"}

var labelsOf = []string{"Report", "Guidance", "News", "Working paper"}

// docs are the items of a page.
func (l layout) docs(r *rand.Rand) []doc {
	out := make([]doc, 0, l.cards)
	forms := subjects[l.language]
	for i := range l.cards {
		title := fmt.Sprintf(forms[(i*7+len(places))%len(forms)], places[i])
		slug := fmt.Sprintf("/publications/%s-%d", strings.ToLower(places[i]), 100+i*13)
		if l.links == "query" {
			slug = fmt.Sprintf("/view.php?id=%d", 900+i*17)
		}
		text := fmt.Sprintf("Inspectors spoke with %d workers in %s about their pay, their contracts and the papers that were taken from them.", 40+i, places[i])
		if l.gaps && i%4 == 3 {
			text = ""
		}
		day := time.Date(2024, 11, 28, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -i*19-r.IntN(9))
		out = append(out, doc{site + slug, title, labelsOf[(i*i+i/3)%len(labelsOf)], text, day})
	}
	return out
}

var months = map[string][]string{
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	"pt": {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	"ar": {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
}

func (l layout) printed(day time.Time) string {
	m := months[l.language][day.Month()-1]
	switch l.language {
	case "es", "pt":
		return fmt.Sprintf("%d de %s de %d", day.Day(), m, day.Year())
	case "de":
		return fmt.Sprintf("%d. %s %d", day.Day(), m, day.Year())
	}
	return fmt.Sprintf("%d %s %d", day.Day(), m, day.Year())
}

// name is a class attribute for a part of a card.
func (l layout) name(part string, i int) string {
	switch l.class {
	case "named":
		return ` class="` + part + `"`
	case "peritem":
		if part == "item" {
			return fmt.Sprintf(` class="item post-%d category-c%d type-post" id="post-%d"`, 4000+i, i%3, 4000+i)
		}
		return ` class="` + part + `"`
	case "utility":
		return fmt.Sprintf(` class="mb-4 p-%d flex text-sm rounded-lg"`, len(part)%5)
	case "bem":
		return ` class="c-teaser__` + part + ` c-teaser__` + part + `--small"`
	case "module":
		return ` class="Teaser_` + part + `__x9Kd2"`
	case "german":
		return ` class="` + map[string]string{"item": "eintrag", "title": "titel", "date": "datum", "label": "rubrik", "text": "kurztext", "meta": "angaben"}[part] + `"`
	}
	return ""
}

func (l layout) href(d doc) string {
	path := strings.TrimPrefix(d.url, site)
	switch l.links {
	case "root", "query":
		return html.EscapeString(path)
	case "relative":
		return html.EscapeString(strings.TrimPrefix(path, "/publications/"))
	case "base":
		return html.EscapeString(strings.TrimPrefix(path, "/"))
	case "tracking":
		return html.EscapeString(d.url + "?utm_source=list&utm_medium=web")
	}
	return d.url
}

// parts are what stands in a card, by role.
func (l layout) parts(d doc, i int) (title, date, label, text string) {
	href, name := l.href(d), html.EscapeString(d.title)
	switch l.title {
	case "h3 a":
		title = fmt.Sprintf(`<h3%s><a href="%s">%s</a></h3>`, l.name("title", i), href, name)
	case "a":
		title = fmt.Sprintf(`<a href="%s">%s</a>`, href, name)
	case "h2+more", "h4 plain":
		tag := map[string]string{"h2+more": "h2", "h4 plain": "h4"}[l.title]
		title = fmt.Sprintf(`<%s%s>%s</%s>`, tag, l.name("title", i), name, tag)
	case "cover":
		title = fmt.Sprintf(`<a href="%s"><img src="/c.jpg" alt=""></a><h3%s><a href="%s">%s</a></h3>`, href, l.name("title", i), href, name)
	case "strong a":
		title = fmt.Sprintf(`<p><strong><a href="%s">%s</a></strong></p>`, href, name)
	case "a title":
		title = fmt.Sprintf(`<a%s href="%s" title="%s">%s</a>`, l.name("title", i), href, name, name)
	case "span":
		title = fmt.Sprintf(`<a href="%s"><span%s>%s</span></a>`, href, l.name("title", i), name)
	}
	printed := l.printed(d.day)
	line := ""
	switch l.date {
	case "time":
		date = fmt.Sprintf(`<time datetime="%s">%s</time>`, d.day.Format("2006-01-02T08:00:00Z"), printed)
	case "span":
		date = fmt.Sprintf(`<span%s>%s</span>`, l.name("date", i), printed)
	case "small":
		date = "<small>" + printed + "</small>"
	case "iso":
		date = fmt.Sprintf(`<span%s>%s</span>`, l.name("date", i), d.day.Format(time.DateOnly))
	case "attr":
		date = fmt.Sprintf(`<time datetime="%s"></time>`, d.day.Format(time.DateOnly))
	case "under":
		date = fmt.Sprintf(`<div%s><span>%s</span></div>`, l.name("date", i), printed)
	case "postedby":
		date = fmt.Sprintf(`<p%s>Posted on %s by the editors</p>`, l.name("meta", i), printed)
	case "label":
		date = fmt.Sprintf(`<p><b>Published:</b> <span>%s</span></p>`, printed)
	case "line":
		line = printed
	}
	switch l.label {
	case "span":
		label = fmt.Sprintf(`<span class="label">%s</span>`, d.label)
	case "badge":
		label = fmt.Sprintf(`<span class="badge badge-info">%s</span>`, d.label)
	case "kicker":
		label = fmt.Sprintf(`<div class="kicker">%s</div>`, d.label)
	case "rel":
		label = fmt.Sprintf(`<a rel="tag" href="/category/%s/">%s</a>`, strings.ToLower(d.label), d.label)
	case "slug":
		label = fmt.Sprintf(`<a href="/topics/%s">%s</a>`, strings.ToLower(d.label), d.label)
	case "line":
		if line != "" {
			line += " | "
		}
		line += d.label
	}
	if line != "" {
		date += fmt.Sprintf(`<p%s>%s</p>`, l.name("meta", i), line)
	}
	if d.text != "" {
		switch l.text {
		case "p":
			text = "<p>" + d.text + "</p>"
		case "div":
			text = fmt.Sprintf(`<div%s>%s</div>`, l.name("text", i), d.text)
		case "span":
			text = fmt.Sprintf(`<span%s>%s</span>`, l.name("text", i), d.text)
		case "two":
			text = "<p>" + d.text + "</p><p>It is one of several.</p>"
		case "more":
			text = fmt.Sprintf(`<p>%s <a href="%s">Read more</a></p>`, d.text, href)
		}
	}
	if l.title == "h2+more" || l.title == "h4 plain" {
		text += fmt.Sprintf(`<p><a href="%s">Read more</a></p>`, href)
	}
	return title, date, label, text
}

// list is the list as a piece of HTML.
func (l layout) list(docs []doc) string {
	var b strings.Builder
	inner := func(d doc, i int) string {
		title, date, label, text := l.parts(d, i)
		body := label + title + date + text
		if i%2 == 0 && l.noise == "hero" {
			body = `<div class="thumb"><img src="/t.jpg" alt=""></div>` + body
		}
		return body
	}
	open, end := map[string]string{"li": "<ul>", "olli": "<ol>", "tr": "<table><tbody>", "dtdd": "<dl>", "tablediv": "<div>"}[l.card],
		map[string]string{"li": "</ul>", "olli": "</ol>", "tr": "</tbody></table>", "dtdd": "</dl>", "tablediv": "</div>"}[l.card]
	b.WriteString(open)
	for i, d := range docs {
		title, date, label, text := l.parts(d, i)
		name := l.name("item", i)
		switch l.card {
		case "li", "olli":
			fmt.Fprintf(&b, "<li%s>%s</li>", name, inner(d, i))
		case "article", "div", "section", "figure":
			fmt.Fprintf(&b, "<%s%s>%s</%s>", l.card, name, inner(d, i), l.card)
		case "custom":
			fmt.Fprintf(&b, "<library-item%s>%s</library-item>", name, inner(d, i))
		case "tablediv":
			fmt.Fprintf(&b, `<div%s><div>%s%s</div><div>%s%s</div></div>`, name, title, text, date, label)
		case "tr":
			fmt.Fprintf(&b, "<tr%s><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>", name, title, date, label, text)
		case "dl":
			fmt.Fprintf(&b, "<dl%s><dt>%s</dt><dd>%s</dd><dd>%s%s</dd></dl>", name, title, date, label, text)
		case "dtdd":
			fmt.Fprintf(&b, "<dt>%s</dt><dd>%s%s</dd><dd>%s</dd>", title, date, label, text)
		case "h3p":
			fmt.Fprintf(&b, `<h3><a href="%s">%s</a></h3>%s%s`, l.href(d), html.EscapeString(d.title), date, strings.ReplaceAll(text, "<h4", "<h5"))
		case "rows":
			if i%3 == 0 {
				b.WriteString(`<div class="row">`)
			}
			fmt.Fprintf(&b, `<div class="col-md-4"><div%s>%s</div></div>`, name, inner(d, i))
			if i%3 == 2 || i == len(docs)-1 {
				b.WriteString("</div>")
			}
		}
	}
	b.WriteString(end)
	out := b.String()
	for range l.wrap {
		out = "<div>" + out + "</div>"
	}
	return out
}

const listURL = site + "/publications/"

// pager is what leads to the next page, and where.
func (l layout) pager() (markup, next string) {
	numbers := func(at func(int) string, from int) string {
		var b strings.Builder
		b.WriteString(`<div class="pages"><ul><li class="current"><span>1</span></li>`)
		for n := 2; n <= 4; n++ {
			fmt.Fprintf(&b, `<li><a href="%s">%d</a></li>`, at(n-2+from), n)
		}
		return b.String() + "</ul></div>"
	}
	switch l.paging {
	case "rel":
		return `<div class="nav-links"><a rel="next" href="/publications/?page=2">Older</a></div>`, listURL + "?page=2"
	case "text":
		next := map[string]string{"en": "Next", "es": "Siguiente", "fr": "Suivant"}[l.language]
		return `<ul class="pagination"><li><a href="?page=2">2</a></li><li><a href="?page=2">` + next + ` »</a></li></ul>`, listURL + "?page=2"
	case "numbers0":
		return numbers(func(n int) string { return fmt.Sprintf("?page=%d", n) }, 1), listURL + "?page=1"
	case "numbers1":
		return numbers(func(n int) string { return fmt.Sprintf("?seite=%d&amp;sort=date", n) }, 2), listURL + "?seite=2&sort=date"
	case "path":
		return numbers(func(n int) string { return fmt.Sprintf("/publications/page/%d/", n) }, 2), listURL + "page/2/"
	case "offset":
		return numbers(func(n int) string { return fmt.Sprintf("?start=%d", n*10) }, 1), listURL + "?start=10"
	case "query":
		return `<nav><a class="next page-numbers" href="/publications/?paged=2&amp;kind=">→</a></nav>`, listURL + "?paged=2&kind="
	case "aria":
		return `<nav aria-label="Pages"><a aria-label="Next page" href="/publications/?p=2"><svg></svg></a></nav>`, listURL + "?p=2"
	case "sign":
		return `<div class="paging"><a href="?page=2">2</a><a href="?page=3">3</a><a href="?page=2">›</a></div>`, listURL + "?page=2"
	case "more":
		return `<button class="btn load-more" data-url="/publications/?page=2">Load more</button>`, listURL + "?page=2"
	}
	return "", ""
}

// page is the whole page.
func (l layout) page(r *rand.Rand) (text string, docs []doc, next string) {
	docs = l.docs(r)
	pager, next := l.pager()
	var b strings.Builder
	base := ""
	if l.links == "base" {
		base = `<base href="` + site + `/">`
		if next != "" { // relative to the base as well
			pager = strings.ReplaceAll(pager, `href="?`, `href="/publications/?`)
		}
	}
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"><head><title>Publications</title>%s</head><body>`, l.language, base)
	b.WriteString(`<header><a href="/">Library</a><nav><ul>`)
	for _, name := range []string{"Home", "About us", "Our work", "Publications", "News and events", "Get involved", "Contact"} {
		fmt.Fprintf(&b, `<li><a href="/%s/">%s</a></li>`, strings.ReplaceAll(strings.ToLower(name), " ", "-"), name)
	}
	b.WriteString("</ul></nav></header>")
	before, after := l.surroundings()
	b.WriteString(before)
	open, end := "<main>", "</main>"
	if l.class == "none" || l.class == "german" {
		open, end = `<div id="inhalt">`, "</div>"
	}
	fmt.Fprintf(&b, `%s<h1>Publications</h1><p>What we have published on the work of people who could not leave it.</p>%s%s%s`, open, l.list(docs), pager, end)
	b.WriteString(after)
	b.WriteString(`<footer><ul><li><a href="/privacy/">Privacy policy and cookies</a></li><li><a href="/jobs/">Work with us in the library</a></li><li><a href="/press/">Press contacts and pictures</a></li></ul></footer></body></html>`)
	return b.String(), docs, next
}

// surroundings are what stands before and behind the list and is no part of it.
func (l layout) surroundings() (before, after string) {
	other := func(tag string, n int, dated bool) string {
		var b strings.Builder
		for i := range n {
			day := ""
			if dated {
				day = fmt.Sprintf("<time datetime=\"2024-10-%02d\">%d October 2024</time>", i+1, i+1)
			}
			fmt.Fprintf(&b, `<%s><a href="/news/a-visit-of-the-minister-%d">The minister visits the library, day %d of the autumn</a>%s</%s>`, tag, i, i+1, day, tag)
		}
		return b.String()
	}
	switch l.noise {
	case "sidebar":
		return "", `<aside><h2>Latest news</h2><ul>` + other("li", 5, true) + "</ul></aside>"
	case "sidebar2":
		return `<div class="sidebar-left"><div class="widget"><h4>Recent posts</h4><ul>` + other("li", 6, true) + "</ul></div></div>", ""
	case "mega":
		return `<div class="megamenu"><ul>` + other("li", 12, false) + "</ul></div>", ""
	case "footerlists":
		return "", `<div class="footer-columns"><div><ul>` + other("li", 8, false) + "</ul></div></div>"
	case "related":
		return "", `<section class="related-items"><h2>You may also like</h2>` + other("article", 3, true) + "</section>"
	case "cookie":
		return `<div id="cookie-banner"><p>We use cookies for statistics. You may refuse them and read on.</p><a href="/cookies/">More on cookies</a></div>`, ""
	case "hero":
		return `<section class="hero"><div class="slides"><div><h2><a href="/appeal">Support the appeal of the library this year</a></h2></div><div><h2><a href="/film">See the film about the library</a></h2></div></div></section>`, ""
	}
	return "", ""
}
