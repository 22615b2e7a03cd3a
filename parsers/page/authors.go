package page

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// maxAuthors bounds the authors of one item.
const maxAuthors = 100

// authorList is one statement of who wrote the item.
type authorList struct {
	names []string
	cand  Candidate
}

// decideAuthors finds who wrote the item: persons or bodies.
func (e *extractor) decideAuthors() {
	var lists []authorList
	add := func(names []string, basis, detail string, score int) {
		if len(lists) >= 200 {
			return
		}
		if names = e.cleanNames(names); len(names) > 0 {
			lists = append(lists, authorList{names, Candidate{Value: strings.Join(names, "; "), Basis: basis, Detail: detail, Score: score}})
		}
	}
	if values, which := findLines(e.scope, e.rules.Author); len(values) > 0 {
		if names := namesBeforeRoles(strings.Join(values, "\n")); names != nil {
			values = names
		}
		add(values, "selector", which, 1000)
	}
	e.declaredAuthors(add)
	e.microAuthors(add)
	e.markedAuthors(add)
	e.rolledAuthors(add)
	e.printedAuthors(add)
	e.listedAuthors(add)
	e.agreeOnAuthors(lists)
	e.doubtAuthors(lists)
	b := &ballot{}
	for _, l := range lists {
		b.list = append(b.list, l.cand)
	}
	c, ok := e.settle("authors", b)
	if !ok {
		return
	}
	for _, l := range lists {
		if l.cand.Value == c.Value {
			e.result.Record.Authors = l.names[:min(len(l.names), maxAuthors)]
			return
		}
	}
}

type addNames func(names []string, basis, detail string, score int)

func (e *extractor) declaredAuthors(add addNames) {
	for i, t := range e.things {
		if i == 3 {
			break
		}
		less := 15 * i
		names, body := e.namesOf(t["author"])
		if body {
			less += 14
		}
		add(names, "json-ld", "author", 90-less)
		names, _ = e.namesOf(t["creator"])
		add(names, "json-ld", "creator", 74-less)
	}
	e.cardAuthors(add)
	for _, m := range []struct {
		name  string
		score int
	}{
		{"citation_author", 96},
		{"citation_authors", 95},
		{"bepress_citation_author", 95},
		{"eprints.creators_name", 92},
		{"dc.creator", 84},
		{"dcterms.creator", 84},
		{"dc.contributor", 50},
		{"dc.creator.personalname", 88},
		{"parsely-author", 82},
		{"sailthru.author", 80},
		{"author", 76},
		{"article:author_name", 80},
		{"article:author", 72},
		{"og:article:author", 72},
		{"byl", 80},
		{"cxenseparse:author", 78},
		{"shareaholic:article_author_name", 76},
		{"book:author", 74},
		{"og:author", 72},
		{"authors", 72},
		{"article.author", 74},
		{"rbauthors", 76},
	} {
		add(e.v.meta[m.name], "meta", m.name, m.score)
	}
}

// cardAuthors reads the labelled values that are meant for previews
// ("twitter:label1" says "Written by"), and addresses of authors' pages that
// stand in the place of a name.
func (e *extractor) cardAuthors(add addNames) {
	for _, n := range []string{"1", "2"} {
		label, data := e.v.meta["twitter:label"+n], e.v.meta["twitter:data"+n]
		if len(label) > 0 && len(data) > 0 && isByLabel(label[0]) {
			add(data[:1], "meta", "twitter:data"+n, 83)
		}
	}
	for _, value := range append(e.v.meta["article:author"], e.v.meta["author"]...) {
		if m := authorPage.FindStringSubmatch(strings.TrimSpace(value)); m != nil {
			add([]string{titleCase(strings.ReplaceAll(m[1], "-", " "))}, "url", "address of the author's page", 52)
		}
	}
}

// authorPage is the address of a person's page at the site: ".../authors/jo-doe/".
var authorPage = regexp.MustCompile(`^https?://[^?#]+/(?:authors?|editors?|people|person|profile|staff|autor|autoren|auteur|autores|by)/([a-z]+(?:-[a-z]+){1,3})/?$`)

func titleCase(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// namesOf reads the names of persons and bodies in JSON-LD; bodies is true
// when all of them are said to be bodies.
func (e *extractor) namesOf(v any) (out []string, bodies bool) {
	persons := 0
	for _, a := range values(v) {
		switch a := e.g.resolve(a).(type) {
		case string:
			out = append(out, a)
			persons++
		case map[string]any:
			t := thing(a)
			if types := t.types(); len(types) == 0 || !strings.HasSuffix(types[0], "Organization") {
				persons++
			}
			if names := t.texts("name"); len(names) > 0 {
				out = append(out, names...)
			} else if given, family := t.text("givenName"), t.text("familyName"); family != "" {
				out = append(out, given+" "+family)
			}
		}
	}
	return out, persons == 0
}

func (e *extractor) microAuthors(add addNames) {
	var names []string
	for _, p := range e.v.props {
		if p.name != "author" && p.name != "creator" || p.zone&(inComments|inRelated|inCard) != 0 || typeRank([]string{typeName(p.owner)}) < 50 {
			continue
		}
		names = append(names, propText(p.node))
	}
	add(names, "microdata", "author", 80)
	for i, d := range e.markup[:min(len(e.markup), 3)] {
		add(e.namesOfDescribed(d), d.basis, strings.Join(d.types(), "+")+".author", 81-10*i)
	}
}

// markedAuthors reads elements whose class or rel says author.
func (e *extractor) markedAuthors(add addNames) {
	var linked, classed []string
	near := e.authorsNear()
	for _, m := range e.v.marks {
		if m.role&forAuthor == 0 || near && !e.nearTitle(m.at) || m.zone&(inComments|inRelated|inCard|inNav|inFooter|inForm) != 0 {
			continue
		}
		if !e.nearTitle(m.at) && m.zone&inAside != 0 {
			continue
		}
		raw := limitedText(m.node, 300)
		if names := namesBeforeRoles(raw); names != nil {
			add(names, "class", classDetail(m.node), 74)
			continue
		}
		text := normalize.Text(raw)
		if len(text) > 160 {
			continue
		}
		if m.node.DataAtom == atom.A {
			linked = append(linked, text)
			continue
		}
		score := 62
		if e.nearTitle(m.at) {
			score = 72
		}
		if m.role&forDate != 0 {
			score -= 8
		}
		names := namesWithin(m.node)
		if names != nil {
			score += 2
		} else {
			names = []string{text}
		}
		classed = append(classed, names...)
		add(names, "class", classDetail(m.node), score)
	}
	const most = 8 // more authors far from the title are those of other items or of comments
	if near || len(linked) <= most {
		add(linked, "link", "rel=author", 73)
	}
	if len(classed) > 1 && (near || len(classed) <= most) {
		add(classed, "class", "author elements", 60)
	}
}

// authorsNear reports whether an element marked for an author stands near the
// title; then those elsewhere are of other items.
func (e *extractor) authorsNear() bool {
	return slices.ContainsFunc(e.v.marks, func(m mark) bool {
		return m.role&forAuthor != 0 && m.zone&(inComments|inRelated|inCard|inNav|inFooter|inForm) == 0 && e.nearTitle(m.at)
	})
}

// namesBeforeRoles reads a list of persons, one a line, each with what she or
// he is behind a bar: "Jo Doe | Professor of Law". It is nil when a line has
// another form. A single line may also be two names, "Jo Doe | Ann Roe"; it
// counts only when what stands behind the bar cannot be a name.
func namesBeforeRoles(text string) []string {
	var names []string
	twoNames := false
	for line := range strings.Lines(text) {
		line = normalize.Text(line)
		if line == "" {
			continue
		}
		name, role, ok := strings.Cut(line, " | ")
		if !ok || role == "" || !personName.MatchString(name) {
			return nil
		}
		names = append(names, name)
		twoNames = personName.MatchString(role)
	}
	if len(names) == 1 && twoNames {
		return nil
	}
	return names
}

func classDetail(n *html.Node) string {
	return n.Data + "." + strings.Join(strings.Fields(clip(attr(n, "class"), 60)), ".")
}

// namesWithin are the texts of the links in a byline, which are the names
// without what stands around them: of one link, or of several that are all
// persons' names.
func namesWithin(n *html.Node) []string {
	var names []string
	root := n
	for seen := 0; n != nil && seen < 120 && len(names) < 12; seen++ {
		if n.DataAtom == atom.A && n.Type == html.ElementNode {
			if text := normalize.Text(limitedText(n, 100)); text != "" {
				names = append(names, text)
			}
		}
		n = next(n, root)
	}
	if len(names) > 1 && slices.ContainsFunc(names, func(s string) bool { return !personName.MatchString(s) }) {
		return nil
	}
	return names
}

// agreeOnAuthors raises lists that others confirm name by name, and lowers
// those that say less than they should: the site's name, a login, a name with
// a rest of its line.
func (e *extractor) agreeOnAuthors(lists []authorList) {
	for i := range lists {
		l := &lists[i]
		if l.cand.Score >= 900 {
			continue
		}
		bases, wider := make(map[string]bool), make(map[string]bool)
		longer := false
		for j := range lists {
			other := &lists[j]
			if i == j || other.cand.Basis == l.cand.Basis && other.cand.Detail == l.cand.Detail {
				continue
			}
			switch {
			case sameNames(l.names, other.names):
				bases[other.cand.Basis] = true
			case holdsAll(other.names, l.names):
				wider[other.cand.Basis] = true
			case l.cand.Basis == "text" && other.cand.Basis != "text" && begins(l.names, other.names):
				longer = true
			}
		}
		l.cand.Score += 6 * min(2, len(bases))
		if len(wider) > 1 && len(wider) >= len(bases) {
			l.cand.Score -= 20 // several places name more authors
		}
		if longer {
			l.cand.Score -= 20
		}
		if e.onlySite(l.names) {
			l.cand.Score -= 25
		}
		if onlyLogins(l.names) {
			l.cand.Score -= 30
		}
	}
}

// holdsAll reports whether a has every name of b and more.
func holdsAll(a, b []string) bool {
	if len(a) <= len(b) || len(a) > 12 {
		return false
	}
	for _, n := range b {
		if !slices.ContainsFunc(a, func(m string) bool { return key(m) == key(n) }) {
			return false
		}
	}
	return true
}

// begins reports whether a is b with something behind it that is no name.
func begins(a, b []string) bool {
	if len(b) == 0 || len(a) < len(b) {
		return false
	}
	for i, n := range b {
		if i == len(b)-1 {
			return key(a[i]) != key(n) && strings.HasPrefix(key(a[i]), key(n)) || key(a[i]) == key(n) && len(a) > len(b)
		}
		if key(a[i]) != key(n) {
			return false
		}
	}
	return false
}

func (e *extractor) onlySite(names []string) bool {
	for _, n := range names {
		if !e.isSiteName(n) && !e.isSiteName(strings.TrimSuffix(n, " Staff")) && !e.isSiteName(strings.TrimSuffix(strings.TrimSuffix(n, "Redaktion"), "-")) {
			return false
		}
	}
	return true
}

// onlyLogins: single words without a capital letter, such as "wpeditor".
func onlyLogins(names []string) bool {
	for _, n := range names {
		if strings.Contains(n, " ") || startsUpper(n) {
			return false
		}
	}
	return true
}

func sameNames(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if key(a[i]) != key(b[i]) {
			return false
		}
	}
	return true
}
