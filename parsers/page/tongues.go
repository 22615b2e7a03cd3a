package page

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// tongues are the languages that elements of the item declare (HTML Living
// Standard, section 3.2.6.2: an element is in the language of the nearest element
// around it that declares one).
type tongues struct {
	item   string      // of the element that holds the item, "" where only <html> declares one
	sample string      // the text that tells the item's language
	parts  []Candidate // what is declared of other parts of it
}

// maxSample bounds the text by which a language is told, in octets.
const maxSample = 4000

// tonguesOf finds them. Parts that declare another language than the rest, such
// as an abstract or a quotation, are left out of the sample while they are less
// than half of the text.
func (e *extractor) tonguesOf() tongues {
	out := tongues{sample: e.body.text(maxSample)}
	if !e.v.langs || e.body.root == nil {
		return out
	}
	known := make(map[*html.Node]string)
	out.item = langOf(e.body.root, known)
	octets := make(map[string]int)
	all := 0
	for _, b := range e.body.blocks {
		octets[langOf(b.owner, known)] += len(b.text)
		all += len(b.text)
	}
	var order []string
	for lang := range octets {
		order = append(order, lang)
	}
	slices.SortFunc(order, func(a, b string) int {
		if octets[a] != octets[b] {
			return octets[b] - octets[a]
		}
		return strings.Compare(a, b)
	})
	if len(order) < 2 {
		return out
	}
	if main := order[0]; octets[main]*2 > all {
		out.item = main
		out.sample = e.sampleIn(main, known)
	}
	for _, lang := range order {
		if tag := normalize.Tag(lang); tag != "" && lang != out.item {
			out.parts = append(out.parts, Candidate{Value: tag, Basis: "lang", Detail: fmt.Sprintf("lang of %d %% of the text", octets[lang]*100/max(all, 1)), Rejected: "of a part of the text"})
		}
	}
	return out
}

// sampleIn is the beginning of the text that is declared to be in a language.
func (e *extractor) sampleIn(lang string, known map[*html.Node]string) string {
	var b strings.Builder
	for _, bl := range e.body.blocks {
		if b.Len() >= maxSample {
			break
		}
		if langOf(bl.owner, known) == lang && len(bl.text) >= 20 {
			b.WriteString(bl.text)
			b.WriteString("\n\n")
		}
	}
	return clip(b.String(), maxSample)
}

// langOf is the language that an element or the nearest one around it declares,
// without <html>, whose word is that of the whole page.
func langOf(n *html.Node, known map[*html.Node]string) string {
	var path []*html.Node
	lang := ""
	for ; n != nil && n.DataAtom != atom.Html; n = n.Parent {
		if l, ok := known[n]; ok {
			lang = l
			break
		}
		path = append(path, n)
		if lang = attr(n, "lang"); lang == "" {
			lang = attr(n, "xml:lang")
		}
		if lang = normalize.Tag(lang); lang != "" {
			break
		}
	}
	for _, p := range path {
		known[p] = lang
	}
	return lang
}
