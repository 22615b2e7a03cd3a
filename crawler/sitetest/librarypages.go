package sitetest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Words that titles and texts of a [Library] are made of.
var (
	libraryKinds     = []string{"Report", "Guidance", "Policy brief", "Toolkit", "Case study", "Statement"}
	librarySubjects  = []string{"Forced labour", "Debt bondage", "Child labour", "Human trafficking", "Recruitment fees", "Passport retention", "Wage theft", "Domestic work"}
	librarySectors   = []string{"brick kilns", "fishing", "garment factories", "palm oil", "construction", "quarries", "cocoa", "electronics", "shipbreaking", "cotton", "tea estates"}
	libraryPlaces    = []string{"Nepal", "Ghana", "Thailand", "Qatar", "Brazil", "Malaysia", "Uzbekistan", "Italy", "Peru", "Viet Nam", "Jordan", "Kenya", "Mexico"}
	libraryFindings  = []string{"inspections found", "interviews with workers showed", "the courts held", "the ministry reported", "unions documented", "auditors had missed", "families said"}
	libraryDetails   = []string{"that fees were paid before departure", "that passports were held by employers", "that wages came months late", "that contracts were replaced on arrival", "that children worked at night", "that complaints led to dismissal", "that debts grew with each season", "that brokers promised other work"}
	libraryRemedies  = []string{"repayment was ordered", "licences were withdrawn", "a grievance office was opened", "the law was changed", "buyers ended their contracts", "no remedy followed", "a fund was set up for survivors"}
	libraryQualifier = []string{"In most sites", "In three districts", "Along the border", "In larger firms", "Among seasonal workers", "Outside the capital", "Where unions exist", "In the second year"}
)

// mix spreads the bits of a number (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func pick(words []string, x uint64) string { return words[x%uint64(len(words))] }

// Title is the title of item i before any edit.
func (l *Library) Title(i int) string { return view{number: i}.title() }

func (v view) kind() string { return pick(libraryKinds, mix(uint64(v.number))) }

func (v view) title() string {
	x := mix(uint64(v.number) << 8)
	return fmt.Sprintf("%s in %s, %s: %s no. %d",
		pick(librarySubjects, x), pick(librarySectors, x>>8), pick(libraryPlaces, x>>16), v.kind(), v.number)
}

func (v view) summary() string {
	return v.sentence(0) + " " + v.sentence(1)
}

// sentence is the k-th of an item's text; no two items have the same text, and
// an edit changes the first.
func (v view) sentence(k int) string { return string(v.appendSentence(nil, k)) }

func (v view) appendSentence(b []byte, k int) []byte {
	seed := uint64(v.number)<<20 | uint64(k)
	if k == 0 {
		seed |= uint64(v.edits) << 44
	}
	x := mix(seed)
	b = append(append(b, pick(libraryQualifier, x)...), ' ')
	b = append(append(b, pick(libraryFindings, x>>8)...), ' ')
	b = append(append(b, pick(libraryDetails, x>>16)...), ", and in "...)
	b = strconv.AppendUint(b, 1990+x>>24%35, 10)
	b = append(append(b, " in "...), pick(librarySectors, x>>32)...)
	b = append(append(b, ' '), pick(libraryRemedies, x>>40)...)
	return append(b, '.')
}

const libraryMenu = `<header><nav><a href="/">Home</a> <a href="/items/">Library</a></nav></header>`

func (l *Library) serveListing(w http.ResponseWriter, r *http.Request, k int) {
	views, more := l.page(k)
	if k < 1 || k > 1 && len(views) == 0 {
		http.NotFound(w, r)
		return
	}
	etag := tag(fmt.Sprintf("list-%d-%t", k, more), views)
	if l.conditional(w, r, etag, time.Time{}) {
		return
	}
	b := make([]byte, 0, 512*(len(views)+1))
	b = append(b, `<!DOCTYPE html><html lang="en"><head><title>Library</title></head><body>`+libraryMenu+"<main><h1>Library</h1>\n"...)
	for _, v := range views {
		b = fmt.Appendf(b, "<article class=\"card\"><span class=\"label\">%s</span><h3><a href=\"%s\">%s</a></h3><p class=\"excerpt\">%s</p></article>\n",
			v.kind(), l.Path(v.number), v.title(), v.sentence(0))
	}
	if more {
		b = fmt.Appendf(b, `<a class="next" href="/items/page/%d/">Next</a>`, k+1)
	}
	l.send(w, r, "text/html; charset=utf-8", append(b, "</main></body></html>"...))
}

func (l *Library) serveItem(w http.ResponseWriter, r *http.Request, i int) {
	v, ok := l.item(i)
	if !ok {
		http.NotFound(w, r)
		return
	}
	etag, modified := fmt.Sprintf(`"%d-%d"`, v.number, v.edits), v.modified
	turn := uint64(0)
	if l.options.Noise {
		turn = l.answers.Add(1)
		etag, modified = fmt.Sprintf(`"%d-%d-%x"`, v.number, v.edits, mix(turn)), time.Time{}
	}
	if l.conditional(w, r, etag, modified) {
		return
	}
	l.send(w, r, "text/html; charset=utf-8", v.page(l.options.Size, "http://"+r.Host+l.Path(i), turn))
}

// page writes an item page of about size octets. Each turn but 0 has noise of its own.
func (v view) page(size int, url string, turn uint64) []byte {
	b := make([]byte, 0, size+size/8+2048)
	b = fmt.Appendf(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%s | Library</title>
<link rel="canonical" href="%s"><meta property="og:site_name" content="Library"><meta name="description" content="%s">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Report","headline":%q,"datePublished":%q,"dateModified":%q,"inLanguage":"en"}</script>
`, v.title(), url, v.summary(), v.title(), published(v.number).Format(time.DateOnly), v.modified.UTC().Format(time.DateOnly))
	if turn > 0 {
		b = fmt.Appendf(b, "<script nonce=\"%x\">window.token=\"%x\";</script>\n", mix(turn), mix(turn+1<<32))
	}
	b = fmt.Appendf(b, `</head><body>%s<main><article><h1>%s</h1><p class="meta"><span class="label">%s</span> <time datetime="%s">%s</time></p>
<div class="entry-content">`, libraryMenu, v.title(), v.kind(), published(v.number).Format(time.DateOnly), published(v.number).Format("2 January 2006"))
	for k, tail := 0, 700; k == 0 || len(b) < size-tail; k += 4 {
		b = append(b, "<p>"...)
		for s := range 4 {
			b = append(v.appendSentence(b, k+s), ' ')
		}
		b = append(b, "</p>\n"...)
	}
	b = append(b, "</div></article></main>\n<aside class=\"related\"><h2>Related</h2><ul>"...)
	for k := range uint64(4) {
		x := mix(uint64(v.number)<<32|turn<<8|k)%uint64(v.number+4) + 1
		b = fmt.Appendf(b, "<li><a href=\"/item/%d/\">%s</a></li>", x, view{number: int(x)}.title())
	}
	b = append(b, "</ul></aside><footer>Library, all rights reserved"...)
	if turn > 0 {
		b = fmt.Appendf(b, "<!-- served by node %d as answer %d -->", turn%7, turn)
	}
	return append(b, "</footer></body></html>"...)
}

func (l *Library) serveSitemap(w http.ResponseWriter, r *http.Request, k int) {
	views, per := l.newest(), l.options.PerSitemap
	first := (k - 1) * per
	switch {
	case k == 0 && len(views) > per:
		l.sitemapIndex(w, r, views)
		return
	case k == 0:
		first = 0
	case k < 0 || first >= len(views):
		http.NotFound(w, r)
		return
	}
	views = views[first:min(first+per, len(views))]
	if l.conditional(w, r, tag(fmt.Sprintf("map-%d", k), views), time.Time{}) {
		return
	}
	b := make([]byte, 0, 120*(len(views)+2))
	b = append(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"...)
	for _, v := range views {
		b = fmt.Appendf(b, "<url><loc>http://%s%s</loc><lastmod>%s</lastmod></url>\n", r.Host, l.Path(v.number), v.modified.UTC().Format(time.RFC3339))
	}
	l.send(w, r, "application/xml", append(b, "</urlset>\n"...))
}

func (l *Library) sitemapIndex(w http.ResponseWriter, r *http.Request, views []view) {
	b := []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for first, k := 0, 1; first < len(views); first, k = first+l.options.PerSitemap, k+1 {
		var last time.Time
		for _, v := range views[first:min(first+l.options.PerSitemap, len(views))] {
			if v.modified.After(last) {
				last = v.modified
			}
		}
		b = fmt.Appendf(b, "<sitemap><loc>http://%s/sitemap-%d.xml</loc><lastmod>%s</lastmod></sitemap>\n", r.Host, k, last.UTC().Format(time.RFC3339))
	}
	l.send(w, r, "application/xml", append(b, "</sitemapindex>\n"...))
}
