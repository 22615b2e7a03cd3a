package induce

import (
	"math"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// least is the score below which a group is no list of items: menus have
// links and nothing else.
const least = 5.0

// judge says how much the group looks like the list that people come for;
// 0 when it is none.
func (g *group) judge(d *document, body int) float64 {
	n := float64(len(g.cards))
	if len(g.cards) < fewest {
		return 0
	}
	var linked, titled, dated, summed, headed, alone, crowd, chrome, main, long, text float64
	like := 0
	urls, folders, titles := make(map[string]bool), make(map[string]int), make(map[string]bool)
	for i, f := range g.cards {
		if d.likeItem(f) {
			like++
		}
		if f.url != "" {
			linked++
			urls[normalize.URLKey(f.url)] = true
			folders[folderOf(f.url)]++
		}
		if f.title != nil {
			t := d.text(f.title)
			titles[t] = true
			titled += worth(t)
		}
		dated += one(f.date != nil)
		summed += one(f.summary != nil)
		headed += one(f.heading)
		alone += one(f.headings <= 1)
		long += math.Min(1, float64(max(0, f.words))/25)
		root := g.roots[i]
		crowd += one(d.crowded(f))
		chrome += one(d.chrome[root])
		main += one(d.main[root])
		text += float64(len(f.text))
	}
	if linked/n < 0.7 || float64(len(urls))/linked < 0.75 || titled/n < 0.3 || alone/n < 0.6 || float64(len(titles))/n < 0.6 {
		return 0
	}
	g.good = like * len(g.roots) / len(g.cards)
	most := 0
	for _, c := range folders {
		most = max(most, c)
	}
	share := math.Min(1, text/n*float64(len(g.roots))/math.Max(1, float64(body)))
	score := 3*titled/n + 2*dated/n + 1.2*summed/n + 0.6*long/n + 1.2*headed/n + alone/n + 2.5*share +
		math.Min(1.5, math.Log2(float64(len(g.roots)))/3) + main/n + 0.6*float64(most)/linked + linked/n - 5*chrome/n - 4*crowd/n
	if g.flat {
		score -= 0.4 // an element around each item is better evidence
	}
	return score
}

// crowded reports whether a card holds several items: elements beside each
// other, each with a link into the folder of the card's own.
func (d *document) crowded(f *facts) bool {
	if f.url == "" || f.headings == 1 {
		return false
	}
	beside := make(map[*html.Node]map[string]bool)
	for _, n := range elementsIn(f.root)[1:] {
		if n.DataAtom != atom.A || asideNames(n, f.root) || genericText.MatchString(d.text(n)) {
			continue
		}
		to := d.resolve(attr(n, "href"))
		if to == "" || folderOf(to) != folderOf(f.url) || asideAddress.MatchString(to) {
			continue
		}
		for e := n; e != f.root && e.Parent != nil; e = e.Parent {
			switch e.DataAtom {
			case atom.Li, atom.Tr, atom.P, atom.Dt, atom.Dd, atom.Article:
			default:
				continue
			}
			if beside[e.Parent] == nil {
				beside[e.Parent] = make(map[string]bool)
			}
			beside[e.Parent][normalize.URLKey(to)] = true
			break
		}
	}
	for _, urls := range beside {
		if len(urls) > 1 {
			return true
		}
	}
	return false
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// worth says how much a text looks like the title of a document, up to 1.
func worth(title string) float64 {
	length, words := utf8.RuneCountInString(title), len(strings.Fields(title))
	dense := strings.ContainsFunc(title, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) })
	switch {
	case length == 0 || genericText.MatchString(title):
		return 0
	case dense && length >= 6, words >= 4 && length >= 20:
		return 1
	case words >= 2 && length >= 12:
		return 0.7
	case length >= 12:
		return 0.4
	}
	return 0.15
}

// folderOf is the folder of an address, which the items of a list often share.
func folderOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	folder := path.Dir(strings.TrimSuffix(u.Path, "/"))
	if folder == "/" || folder == "." {
		return u.Host + folder + strings.SplitN(u.RawQuery, "=", 2)[0]
	}
	return u.Host + folder
}
