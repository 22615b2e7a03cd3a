package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// perList is the number of cards on a listing page.
const perList = 24

// site is a library of documents: listing pages with cards that lead to item
// pages. Its content follows from the seed alone. The pages are spread over
// several hosts, since one host is asked one thing at a time; each host has a
// list of its own.
type site struct {
	hosts []string // "http://127.0.0.1:port"
	items int
	lists int
	seed  uint64
}

// newSite divides pages into listing and item pages.
func newSite(hosts []string, pages int, seed uint64) *site {
	lists := max(len(hosts), (pages+perList)/(perList+1))
	return &site{hosts: hosts, items: max(1, pages-lists), lists: lists, seed: seed}
}

func (s *site) itemURL(i int) string {
	return fmt.Sprintf("%s/resource/%d/", s.hosts[i%len(s.hosts)], i)
}

// starts are the first pages of the lists.
func (s *site) starts() []string {
	out := make([]string, len(s.hosts))
	for n := range s.hosts {
		out[n] = s.listURL(n)
	}
	return out
}

func (s *site) listURL(n int) string {
	return fmt.Sprintf("%s/resources/page/%d/", s.hosts[n%len(s.hosts)], n)
}

var (
	sectors   = strings.Fields("fishing brickmaking cocoa garment construction mining domestic-work electronics sugar palm-oil shipbreaking tobacco cotton tea quarrying carpet seafood logistics hospitality agriculture")
	places    = strings.Fields("Nepal Ghana Thailand Brazil Qatar Malaysia India Uzbekistan Kenya Mexico Italy Jordan Vietnam Peru Pakistan Ethiopia Mauritania Cambodia Indonesia Spain Argentina Bangladesh Lebanon Morocco Nigeria")
	angles    = strings.Fields("recruitment-fees debt-bondage remedy due-diligence inspection child-labour wages survivors prosecution prevention supply-chains migration statistics law monitoring financing procurement grievances audits disclosure")
	labels    = []string{"Guidance", "Report", "Research", "Policy brief", "Toolkit", "News", "Legislation", "Case study"}
	people    = strings.Fields("Amara Okafor Luis Ferreira Sita Gurung Elena Rossi Kofi Mensah Hannah Weber Nadia Haddad Tomas Novak Grace Wanjiru Arun Pillai")
	fillWords = strings.Fields("the of and to in workers labour employers evidence forced report states that findings were from with rights protection national interviews households agencies payment conditions contract a an is are by which between during inspectors courts victims measures data estimates policy framework companies suppliers migrant recruitment access justice support services children schools communities regions programme implementation legal standards convention protocol authorities research sample survey")
)

// document is what one item page is about.
type document struct {
	title, label, author, date, summary, doi string
}

func (s *site) document(i int) document {
	r := rand.New(rand.NewPCG(s.seed, uint64(i)))
	pick := func(from []string) string { return strings.ReplaceAll(from[r.IntN(len(from))], "-", " ") }
	d := document{
		title: fmt.Sprintf("%s and %s in the %s sector of %s: %s %d, part %d",
			capital(pick(angles)), pick(angles), pick(sectors), pick(places), pick(fillWords), 1995+r.IntN(30), 1+r.IntN(900)),
		label:   labels[r.IntN(len(labels))],
		author:  pick(people) + " " + pick(people),
		date:    fmt.Sprintf("%04d-%02d-%02d", 2005+r.IntN(20), 1+r.IntN(12), 1+r.IntN(28)),
		summary: sentences(r, 260),
	}
	if i%5 == 0 {
		d.doi = fmt.Sprintf("10.5555/cle.%d", i)
	}
	return d
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// sentences are about that many octets of prose.
func sentences(r *rand.Rand, octets int) string {
	var b strings.Builder
	for b.Len() < octets {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(capital(fillWords[r.IntN(len(fillWords))]))
		for range 6 + r.IntN(14) {
			b.WriteByte(' ')
			b.WriteString(fillWords[r.IntN(len(fillWords))])
		}
		b.WriteByte('.')
	}
	return b.String()
}

// frame is what all pages have around their content.
func (s *site) frame(title, head, main string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`+
		`<title>%s - Centre for Labour Evidence</title><meta property="og:site_name" content="Centre for Labour Evidence">%s`+
		`<link rel="stylesheet" href="/theme/style.css"></head><body class="site"><header class="site-header"><a class="logo" href="/">Centre for Labour Evidence</a><nav><ul>`, title, head)
	for _, word := range []string{"Home", "About", "Resources", "Topics", "Countries", "Events", "News", "Partners", "Contact", "Newsletter"} {
		fmt.Fprintf(&b, `<li class="menu-item"><a href="/%s/">%s</a></li>`, strings.ToLower(word), word)
	}
	b.WriteString(`</ul></nav></header><main>`)
	b.WriteString(main)
	b.WriteString(`</main><footer class="site-footer"><ul>`)
	for _, word := range []string{"Privacy", "Terms", "Accessibility", "Press", "Careers", "Archive"} {
		fmt.Fprintf(&b, `<li><a href="/%s/">%s</a></li>`, strings.ToLower(word), word)
	}
	b.WriteString(`</ul><p>© Centre for Labour Evidence. Texts may be shared under CC BY 4.0.</p></footer></body></html>`)
	return []byte(b.String())
}

func jsonLD(v map[string]any) string {
	v["@context"] = "https://schema.org"
	b, _ := json.Marshal(v) // strings and maps of them never fail
	return `<script type="application/ld+json">` + string(b) + `</script>`
}

// itemPage is the page of one document, of about 11 KB.
func (s *site) itemPage(i int) []byte {
	d, r := s.document(i), rand.New(rand.NewPCG(s.seed+1, uint64(i)))
	head := fmt.Sprintf(`<link rel="canonical" href="%s"><meta name="description" content="%s"><meta property="og:title" content="%s">`+
		`<meta property="og:type" content="article"><meta property="article:published_time" content="%sT09:00:00Z">`, s.itemURL(i), d.summary, d.title, d.date) +
		jsonLD(map[string]any{
			"@type": "Report", "headline": d.title, "url": s.itemURL(i), "datePublished": d.date, "inLanguage": "en",
			"author": map[string]any{"@type": "Person", "name": d.author}, "publisher": map[string]any{"@type": "Organization", "name": "Centre for Labour Evidence"},
			"description": d.summary,
		})
	var m strings.Builder
	fmt.Fprintf(&m, `<article class="hentry"><header class="entry-header"><span class="label">%s</span><h1 class="entry-title">%s</h1>`+
		`<p class="meta">By <span class="author">%s</span>, <time datetime="%s">%s</time></p></header><div class="entry-content"><p class="lead">%s</p>`,
		d.label, d.title, d.author, d.date, d.date, d.summary)
	for m.Len() < 7000 {
		fmt.Fprintf(&m, `<p>%s</p>`, sentences(r, 500))
		if r.IntN(4) == 0 {
			fmt.Fprintf(&m, `<h2>%s</h2>`, capital(angles[r.IntN(len(angles))]))
		}
	}
	m.WriteString(`</div>`)
	if d.doi != "" {
		fmt.Fprintf(&m, `<p class="doi"><a href="https://doi.org/%s">https://doi.org/%s</a></p>`, d.doi, d.doi)
	}
	fmt.Fprintf(&m, `<a class="download" href="/files/%d.pdf">Download the report (PDF)</a></article><aside class="related"><h2>Related</h2><ul>`, i)
	for range 6 {
		k := r.IntN(s.items)
		fmt.Fprintf(&m, `<li><a href="%s">%s</a></li>`, s.itemURL(k), s.document(k).title)
	}
	m.WriteString(`</ul></aside>`)
	return s.frame(d.title, head, m.String())
}

// listPage is the n-th listing page, from 0.
func (s *site) listPage(n int) []byte {
	head := jsonLD(map[string]any{"@type": "CollectionPage", "name": "Resources", "url": s.listURL(n)})
	var m strings.Builder
	m.WriteString(`<h1>Resources</h1><div class="cards">`)
	for i := n * perList; i < min(s.items, (n+1)*perList); i++ {
		d := s.document(i)
		fmt.Fprintf(&m, `<article class="card"><h3><a href="%s">%s</a></h3><span class="label">%s</span><p class="excerpt">%.150s</p></article>`,
			s.itemURL(i), d.title, d.label, d.summary)
	}
	m.WriteString(`</div>`)
	if next := n + len(s.hosts); next < s.lists {
		fmt.Fprintf(&m, `<nav class="pages"><a class="next" rel="next" href="%s">Older</a></nav>`, s.listURL(next))
	}
	return s.frame(fmt.Sprintf("Resources, page %d", n+1), head, m.String())
}

// The selectors of the links that every contestant follows.
const (
	cardLinks = "article.card h3 a[href]"
	nextLink  = "a.next[href]"
)

// source is the site's source file.
func (s *site) source() string {
	starts, _ := json.Marshal(s.starts()) // strings never fail
	return fmt.Sprintf(`id: bench
name: Centre for Labour Evidence (bench)
homepage: %q
doors:
  - listing:
      start: %s
      item:
        card: "article.card"
        link: "h3 a@href"
        title: "h3"
        category: ".label"
        summary: ".excerpt"
      next: {link: "a.next@href", max_pages: 100000}
    page:
      content: "article.hentry"
      title: "h1.entry-title"
      category: ".entry-header .label"
      summary: ".entry-content > p.lead"
      author: ".author"
      date: "time@datetime"
      document: "a.download@href"
categories: {Case study: case-law}
politeness: {delay: 0s, contact: optional}
network: {allow: [127.0.0.1/32]} # the site is on this machine
checked: never
`, s.hosts[0]+"/", starts)
}
