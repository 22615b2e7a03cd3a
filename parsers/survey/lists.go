package survey

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/induce"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/probe"
)

// sureList is the score from which a list is taken without looking further.
const sureList = 8.5

// found list: a list and the page on which it stands.
type seenList struct {
	induce.List
	start string
}

// lists finds lists of items in HTML: on the page that was named, and on those
// that the menus call publications and the like.
func (s *survey) lists() {
	best, others := s.bestList()
	if best == nil {
		s.tried("listing", false, "no list of items was found on the pages that were looked at")
		return
	}
	rules := best.Rules
	s.order = best.Order
	rules.Start = s.starts(best, others)
	doubts := slices.Clone(best.Doubts)
	d := &draft{kind: "listing", note: "listing of " + best.start, rank: rankList, doubts: doubts}
	if s.offSite(best.Links) {
		if !s.named() {
			s.tried("listing of "+best.start, false, "its items stand on other sites; name the page if that is the list you want")
			return
		}
		rules.ItemPages = false
		d.doubts = append(d.doubts, "most items stand on other sites; only what the list says of them is kept")
	}
	if pages, ok := s.listing(d, rules); ok {
		s.closedItems(d)
		s.itemRules(d, rules, pages)
	}
}

// listing tries the rules of a list, without its next page if that is none.
func (s *survey) listing(d *draft, rules config.Listing) ([]induce.Item, bool) {
	d.text = writeListing(rules, config.PageRules{})
	count := len(s.drafts)
	if !s.try(d, probe.Limits{Lists: 1, Items: 3, Onwards: true}) {
		return nil, false
	}
	s.drafts = s.drafts[:count]
	r := d.result
	hasNext := len(rules.Next.Link) > 0 || rules.Next.Pattern != ""
	switch {
	case hasNext && r.GoesOn && !r.Second:
		rules.Next = config.Next{}
		d.doubts = append(d.doubts, "the next page of the list gave nothing new; only the first is read")
		d.text = writeListing(rules, config.PageRules{})
	case !hasNext && r.Items >= 8:
		d.doubts = append(d.doubts, "no way to a next page of the list was found")
	}
	s.drafts = append(s.drafts, d)
	return itemsOf(r), true
}

// closedItems says when no item page could be read, and why.
func (s *survey) closedItems(d *draft) {
	why, n := "", 0
	for _, p := range d.result.Pages {
		if p.Request.Kind != harvest.KindItem {
			continue
		}
		n++
		if p.Outcome == harvest.Fetched {
			return
		}
		why = ending(p)
	}
	if n > 0 {
		d.doubts = append(d.doubts, fmt.Sprintf("none of the %d item pages that were tried could be read, %s: what the list says of each item is all; with item_pages: false they are not asked for", n, why))
	}
}

// itemsOf are the pages of items that a trial asked for, with their cards.
func itemsOf(r *probe.Result) []induce.Item {
	var out []induce.Item
	for _, p := range r.Pages {
		if p.Request.Kind == harvest.KindItem && p.Outcome == harvest.Fetched && isHTML(p) {
			out = append(out, induce.Item{Page: p, Card: p.Request.Card})
		}
	}
	return out
}

// itemRules adds selectors for what item pages do not say by themselves, when
// that gives more.
func (s *survey) itemRules(d *draft, rules config.Listing, items []induce.Item) {
	page, doubts := induce.Page(items)
	d.doubts = append(d.doubts, doubts...)
	if len(d.result.Records) == 0 && len(items) == 0 {
		return
	}
	if len(page.Title)+len(page.Date)+len(page.Summary)+len(page.Category) == 0 {
		return
	}
	if !d.result.Second && d.result.GoesOn {
		rules.Next = config.Next{}
	}
	better := *d
	better.text = writeListing(rules, page)
	src, err := s.sourceOf(&better)
	if err != nil {
		return
	}
	r := probe.Door(s.ctx, s.budget.get, src, s.options.Vocabulary, 0, probe.Limits{Lists: 1, Items: 3, Onwards: true})
	if r.Works && len(r.Records) >= len(d.result.Records) {
		d.text, d.result = better.text, r
	}
}

// starts are the page of the list, its parts by year or letter, and other pages
// with a list of the same kind.
func (s *survey) starts(best *seenList, others []*seenList) []string {
	out := []string{best.start}
	if best.How == "" && len(best.Archives) > 0 {
		for _, a := range best.Archives {
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
		s.unsuref("the list is cut into parts, by year or letter; %d are read", len(best.Archives))
	}
	var left []string
	for _, o := range others {
		if o.Rules.Item.Card[0].String() == best.Rules.Item.Card[0].String() && !slices.Contains(out, o.start) && o.Score >= sureList-1.5 {
			out = append(out, o.start)
		} else if o.start != best.start && o.Score >= sureList-1.5 {
			left = append(left, o.start)
		}
	}
	if len(left) > 0 {
		s.unsuref("other lists were seen and left out: %s; each can be a source of its own", strings.Join(left, ", "))
	}
	return out
}

// offSite reports whether most addresses are of other hosts.
func (s *survey) offSite(links []string) bool {
	n := 0
	for _, l := range links {
		if host(l) != host(s.root) {
			n++
		}
	}
	return n*2 > len(links)
}

// bestList looks at the page that was named and at those that it links.
func (s *survey) bestList() (*seenList, []*seenList) {
	var all []*seenList
	look := func(p *harvest.Page) {
		for _, l := range induce.Lists(p, s.options.Vocabulary) {
			all = append(all, &seenList{l, p.URL})
			break // the best of the page
		}
	}
	look(s.page)
	if !s.named() || len(all) == 0 || all[0].Score < sureList {
		const most, kept = 4, 10 // pages that are looked at, and requests that are kept for the rest
		looked := 0
		for _, hub := range s.hubs() {
			if looked == most || s.budget.left() < kept || s.ctx.Err() != nil {
				break
			}
			looked++
			if p := s.budget.page(s.ctx, hub); p.Outcome == harvest.Fetched && isHTML(p) {
				look(p)
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	best := slices.MaxFunc(all, func(a, b *seenList) int { return cmp.Compare(s.worth(a), s.worth(b)) })
	return best, slices.DeleteFunc(all, func(l *seenList) bool { return l == best })
}

// named reports whether a page was named rather than a site.
func (s *survey) named() bool {
	given, err := url.Parse(s.options.URL)
	return err == nil && strings.Trim(given.Path, "/") != "" && !languageRoot.MatchString(given.Path) || err == nil && given.RawQuery != ""
}

// worth is the score of a list; what stands on the homepage is a selection.
func (s *survey) worth(l *seenList) float64 {
	w := l.Score
	if u, err := url.Parse(l.start); err == nil && (strings.Trim(u.Path, "/") == "" || languageRoot.MatchString(u.Path)) {
		w -= 2.5
	}
	if l.How != "" {
		w++
	}
	if s.offSite(l.Links) {
		w -= 2.5
	}
	return w
}

var languageRoot = regexp.MustCompile(`^/[a-z]{2}(?:[-_][A-Za-z]{2})?/?$`)

// hubWords are what menus call the pages of documents, by how likely documents
// stand there.
var hubWords = []struct {
	words *regexp.Regexp
	worth int
}{
	{regexp.MustCompile(`(?i)\b(?:publications?|publicaciones|publicações|publikationen|pubblicazioni|publicaties|publikacje)\b|المنشورات|منشورات|إصدارات|出版|публикации`), 10},
	{regexp.MustCompile(`(?i)\b(?:resources?|reports?|documents?|library|recursos|informes|documentos|biblioteca|ressources|rapports|bibliothèque|berichte|dokumente|bibliothek|rapporti|documenti|relatórios|resource ?cent(?:re|er)|knowledge(?: hub| base)?|evidence)\b|الموارد|التقارير|المكتبة|资源|报告|ресурсы|доклады`), 9},
	{regexp.MustCompile(`(?i)\b(?:research|studies|briefs?|briefings?|papers?|guidance|toolkits?|materials?|investigación|estudios|recherche|études|forschung|studien|pesquisas?|estudos|items/browse|insights|analysis|policy)\b`), 7},
	{regexp.MustCompile(`(?i)\b(?:news|press|articles?|blog|stories|noticias|actualités?|nouvelles|aktuelles|nachrichten|notícias|updates|media)\b|الأخبار|新闻|новости`), 5},
	{regexp.MustCompile(`(?i)\b(?:events?|archive)\b`), 2},
}

// hubs are addresses of pages on which documents may be listed, the likeliest first.
func (s *survey) hubs() []string {
	type hub struct {
		url   string
		worth int
	}
	var found []hub
	seen := map[string]bool{normalize.URLKey(s.at.String()): true}
	for _, l := range s.links() {
		u, err := url.Parse(l.url)
		if err != nil || host(l.url) != host(s.root) || seen[normalize.URLKey(l.url)] || len(l.text) > 40 || asideHub.MatchString(l.url) {
			continue
		}
		depth := strings.Count(strings.Trim(u.Path, "/"), "/")
		for _, w := range hubWords {
			inText, inPath := w.words.MatchString(l.text), w.words.MatchString(strings.NewReplacer("-", " ", "_", " ").Replace(u.Path))
			if inText || inPath && depth < 3 {
				seen[normalize.URLKey(l.url)] = true
				worth := w.worth*10 - depth*3
				if inText && inPath {
					worth += 5
				}
				found = append(found, hub{l.url, worth})
				break
			}
		}
	}
	slices.SortStableFunc(found, func(a, b hub) int { return cmp.Compare(b.worth, a.worth) })
	out := make([]string, 0, len(found))
	for _, h := range found {
		out = append(out, h.url)
	}
	return out
}

var asideHub = regexp.MustCompile(`(?i)/(?:tag|category|author|login|user|cart|feed)/|\.(?:pdf|docx?|xlsx?|zip|jpe?g|png)$|[?&](?:share|replytocom)=`)

// writeListing is a listing door as it stands in the list of doors.
func writeListing(l config.Listing, page config.PageRules) string {
	var b strings.Builder
	b.WriteString("  - listing:\n")
	if len(l.Start) == 1 {
		fmt.Fprintf(&b, "      start: %s\n", quote(l.Start[0]))
	} else {
		b.WriteString("      start:\n")
		for _, s := range l.Start {
			fmt.Fprintf(&b, "        - %s\n", quote(s))
		}
	}
	b.WriteString("      item:\n")
	field := func(indent, name string, s config.Selectors) {
		if len(s) > 0 {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, name, writeSelectors(s))
		}
	}
	const in = "        "
	field(in, "card", l.Item.Card)
	if l.Item.WithFollowing {
		b.WriteString(in + "with_following: true\n")
	}
	field(in, "link", l.Item.Link)
	writeFields(field, in, l.Item.FieldRules)
	switch n := l.Next; {
	case len(n.Link) > 0:
		field("      ", "next", n.Link)
	case n.Pattern != "" && n.Step > 1:
		fmt.Fprintf(&b, "      next: {pattern: %s, first: %d, step: %d}\n", quote(n.Pattern), n.First, n.Step)
	case n.Pattern != "":
		fmt.Fprintf(&b, "      next: {pattern: %s, first: %d}\n", quote(n.Pattern), n.First)
	}
	if !l.ItemPages {
		b.WriteString("      item_pages: false\n")
	}
	before := b.Len()
	b.WriteString("    page:\n")
	header := b.Len()
	writeFields(field, "      ", page.FieldRules)
	if b.Len() == header {
		return b.String()[:before]
	}
	return b.String()
}

func writeFields(field func(indent, name string, s config.Selectors), indent string, r config.FieldRules) {
	field(indent, "title", r.Title)
	field(indent, "category", r.Category)
	field(indent, "date", r.Date)
	field(indent, "author", r.Author)
	field(indent, "summary", r.Summary)
	field(indent, "document", r.Document)
}

// writeSelectors is a selector, or a list of them, on one line.
func writeSelectors(list config.Selectors) string {
	one := func(s config.Selector) string {
		if s.Regex == nil {
			return quote(s.String())
		}
		plain := s
		plain.Regex = nil
		return fmt.Sprintf("{select: %s, regex: '%s'}", quote(plain.String()), strings.ReplaceAll(s.Regex.String(), "'", "''"))
	}
	if len(list) == 1 {
		return one(list[0])
	}
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = one(s)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
