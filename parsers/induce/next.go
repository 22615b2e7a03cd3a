package induce

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

var (
	nextText = regexp.MustCompile(`(?i)^\W*(?:go to )?(?:next|next page|older(?: (?:posts|entries|articles))?|siguientes?|próxim[ao]|suivante?s?|weiter|nächste(?: seite)?|volgende|successiv[ao]|avanti|następna|далее|следующая|التالي|下一页|次へ|다음|load more|show more|more results|see more|cargar más|voir plus|mehr laden|afficher plus)(?: (?:page|seite|página|results|publications|posts|articles|items|resources))?\W*$`)
	nextSign = regexp.MustCompile(`^\s*(?:›|»|→|>|>>|&gt;)\s*$`)
	nextName = regexp.MustCompile(`(?i)(?:^|[-_ ])(?:next|nav-previous|older|load-?more|pager-?next|page-?next)(?:$|[-_ ])`)
)

// next finds where a list goes on. list are the cards, which hold no such link.
func (d *document) next(list []*html.Node) (config.Next, string) {
	if n, how := d.nextLink(list); how != "" {
		return n, how
	}
	return d.nextNumber(list)
}

// nextLink finds a link that says that it leads to the next page.
func (d *document) nextLink(list []*html.Node) (config.Next, string) {
	if href := d.Find(`link[rel="next"]`).First().AttrOr("href", ""); d.goesOn(href) {
		return config.Next{Link: config.Selectors{{CSS: `link[rel="next"]`, Attr: "href"}}}, "by the link of its head"
	}
	var found *html.Node
	best := 0
	for _, n := range d.elements {
		if n.DataAtom != atom.A && n.DataAtom != atom.Button {
			continue
		}
		if s := d.judgeNext(n, list); s > best {
			best, found = s, n
		}
	}
	if found == nil {
		return config.Next{}, ""
	}
	_, name := address(found)
	for _, way := range d.waysToNext(found) {
		if first := d.Find(way).First(); first.Length() == 1 && first.Nodes[0] == found {
			return config.Next{Link: config.Selectors{{CSS: way, Attr: name}}}, "by its link"
		}
	}
	return config.Next{}, ""
}

// address is where a link or a button leads, and the attribute that says so.
func address(n *html.Node) (ref, name string) {
	for _, name := range []string{"href", "data-url", "data-href", "data-next", "data-next-url", "hx-get"} {
		if v := strings.TrimSpace(attr(n, name)); v != "" && !strings.HasPrefix(v, "#") {
			return v, name
		}
	}
	return "", ""
}

// judgeNext says how much an element looks like the link to the next page.
func (d *document) judgeNext(n *html.Node, list []*html.Node) int {
	ref, _ := address(n)
	if !d.goesOn(ref) {
		return 0
	}
	for _, card := range list {
		if contains(card, n) && len(elementsIn(card)) > 3 {
			return 0
		}
	}
	s := 0
	text := d.text(n)
	if strings.Contains(" "+attr(n, "rel")+" ", " next ") {
		s += 50
	}
	if nextText.MatchString(text) || nextText.MatchString(attr(n, "aria-label")) || nextText.MatchString(attr(n, "title")) {
		s += 40
	} else if nextSign.MatchString(text) {
		s += 15
	}
	for e, depth := n, 0; e != nil && depth < 2; e, depth = e.Parent, depth+1 {
		if nextName.MatchString(attr(e, "class")) {
			s += 25
			break
		}
	}
	if s == 0 || s == 15 && !d.pageLike(ref) {
		return 0
	}
	if d.pageLike(ref) {
		s += 30
	} else if s < 60 {
		s -= 20 // "next" may be the next event or picture
	}
	return s
}

// goesOn reports whether an address is on the same host and not this page.
func (d *document) goesOn(ref string) bool {
	to := d.resolve(ref)
	if to == "" || normalize.URLKey(to) == normalize.URLKey(d.at) {
		return false
	}
	a, errA := url.Parse(to)
	b, errB := url.Parse(d.at)
	return errA == nil && errB == nil && strings.TrimPrefix(a.Host, "www.") == strings.TrimPrefix(b.Host, "www.")
}

var pageWord = regexp.MustCompile(`(?i)(?:^|[/?&_\[-])(?:p|pg|page|paged|seite|pagina|página|start|offset|from|limitstart|current|resultpage|currentpage)[\]=/_-]*\d+`)

// pageLike reports whether an address is this page's with the number of another.
func (d *document) pageLike(ref string) bool {
	to := d.resolve(ref)
	u, err := url.Parse(to)
	if err != nil {
		return false
	}
	here, err := url.Parse(d.at)
	if err != nil {
		return false
	}
	unescaped, err := url.QueryUnescape(u.RawQuery)
	if err != nil {
		unescaped = u.RawQuery
	}
	same := strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(here.Path, "/") && u.RawQuery != here.RawQuery
	return same || pageWord.MatchString(u.Path) || pageWord.MatchString("?"+unescaped)
}

// waysToNext are selectors that may find the link, those that hold longest first.
func (d *document) waysToNext(n *html.Node) []string {
	var out []string
	if strings.Contains(" "+attr(n, "rel")+" ", " next ") {
		out = append(out, n.Data+`[rel~="next"]`)
	}
	for _, e := range []*html.Node{n, n.Parent} {
		for _, name := range names(e) {
			if !nextName.MatchString(strings.TrimPrefix(name, ".")) {
				continue
			}
			if e == n {
				out = append(out, n.Data+name)
			} else {
				out = append(out, name+" "+n.Data, name+" > "+n.Data)
			}
		}
	}
	for _, a := range []string{"aria-label", "title"} {
		if v := attr(n, a); nextText.MatchString(v) && !strings.ContainsAny(v, `"\`) {
			out = append(out, fmt.Sprintf("%s[%s=%q]", n.Data, a, v))
		}
	}
	if text := d.text(n); text != "" && len(text) < 40 && !strings.ContainsAny(text, `"\`) {
		for _, word := range []string{text} {
			out = append(out, fmt.Sprintf("%s:contains(%q)", n.Data, word))
			for p, depth := n.Parent, 0; p != nil && depth < 4; p, depth = p.Parent, depth+1 {
				for _, name := range names(p) {
					out = append(out, fmt.Sprintf("%s %s:contains(%q)", name, n.Data, word))
				}
			}
		}
	}
	return out
}

// nextNumber finds numbered links and makes a pattern of what they have in common.
func (d *document) nextNumber(list []*html.Node) (config.Next, string) {
	pages := make(map[int]string)
	for _, n := range d.elements {
		if n.DataAtom != atom.A {
			continue
		}
		number, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(strings.ToLower(d.text(n)), "page ")))
		if err != nil || number < 2 || number > 10_000 || !d.pageLike(attr(n, "href")) || !d.goesOn(attr(n, "href")) {
			continue
		}
		inCard := false
		for _, card := range list {
			inCard = inCard || contains(card, n)
		}
		if _, known := pages[number]; !known && !inCard {
			pages[number] = d.resolve(attr(n, "href"))
		}
	}
	two, ok := pages[2]
	if !ok {
		return config.Next{}, ""
	}
	three := pages[3]
	pattern, first, step, ok := patternOf(two, three)
	if !ok {
		return config.Next{}, ""
	}
	if u, err := url.Parse(pattern); err == nil && u.Host != "" { // relative to the list
		pattern = strings.TrimPrefix(pattern, u.Scheme+"://"+u.Host)
	}
	n := config.Next{Pattern: pattern, First: first, Step: step}
	if step > 1 {
		n.Pattern = strings.Replace(pattern, "{page}", "{offset}", 1)
	}
	return n, "by the numbers of its pages"
}

var digits = regexp.MustCompile(`\d+`)

// patternOf finds the number that counts pages in the addresses of the second
// and, if it is known, the third.
func patternOf(two, three string) (pattern string, first, step int, ok bool) {
	for _, at := range digits.FindAllStringIndex(two, -1) {
		value, err := strconv.Atoi(two[at[0]:at[1]])
		if err != nil || value > 100_000 {
			continue
		}
		made := two[:at[0]] + "{page}" + two[at[1]:]
		if three == "" {
			named := pageWord.MatchString(two[max(0, at[0]-14):at[1]])
			if named && (value == 1 || value == 2) {
				return made, value, 1, true
			}
			continue
		}
		rest, cut := strings.CutPrefix(three, two[:at[0]])
		if !cut || !strings.HasSuffix(rest, two[at[1]:]) {
			continue
		}
		other, err := strconv.Atoi(strings.TrimSuffix(rest, two[at[1]:]))
		if err == nil && other > value && value > 0 && (other-value == 1 && value <= 2 || other-value == value) {
			return made, value, other - value, true
		}
	}
	return "", 0, 0, false
}

// Archives finds links to the parts of a list that is cut by year or by
// letter, when there are several beside each other; the list itself goes on
// there.
func (d *document) archives() []string {
	type row struct {
		years, letters []string
	}
	rows := make(map[*html.Node]*row)
	var order []*html.Node
	for _, n := range d.elements {
		if n.DataAtom != atom.A || !d.goesOn(attr(n, "href")) {
			continue
		}
		text, parent := strings.TrimSpace(d.text(n)), n.Parent
		if len(elementsIn(parent)) <= 3 && parent.Parent != nil { // each in an element of its own
			parent = parent.Parent
		}
		r := rows[parent]
		if r == nil {
			r = &row{}
			rows[parent] = r
			order = append(order, parent)
		}
		to := d.resolve(attr(n, "href"))
		switch {
		case yearText.MatchString(text):
			r.years = append(r.years, to)
		case len([]rune(text)) == 1 && letterText.MatchString(text):
			r.letters = append(r.letters, to)
		}
	}
	for _, parent := range order {
		r := rows[parent]
		for _, found := range [][]string{r.letters, r.years} {
			if len(found) >= 4 && sameFolder(found) {
				return found
			}
		}
	}
	return nil
}

var (
	yearText   = regexp.MustCompile(`^(?:19|20)\d\d$`)
	letterText = regexp.MustCompile(`^\p{L}$`)
)

func sameFolder(addresses []string) bool {
	u, err := url.Parse(addresses[0])
	if err != nil {
		return false
	}
	folder := path.Dir(strings.TrimSuffix(u.Path, "/"))
	for _, a := range addresses[1:] {
		v, err := url.Parse(a)
		if err != nil || path.Dir(strings.TrimSuffix(v.Path, "/")) != folder {
			return false
		}
	}
	return true
}
