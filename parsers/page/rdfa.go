package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// vocabulary is how the terms of RDFa Lite are read at one place of a page
// (https://www.w3.org/TR/rdfa-lite/, section 2): what terms without a prefix
// belong to, and what prefixes stand for.
type vocabulary struct {
	vocab    string // as declared, "" where nothing is
	declared bool
	prefixes map[string]string
}

// schemaPrefixes are the vocabularies whose terms mean what those of schema.org
// mean, or are of it, by the prefix that they have where a page declares none
// (https://www.w3.org/2011/rdfa-context/rdfa-1.1).
var schemaPrefixes = map[string]string{
	"schema": "schema", "rnews": "schema", "dc": "dc", "dcterms": "dc", "dct": "dc", "dc11": "dc",
	"foaf": "foaf", "sioc": "sioc", "og": "og",
}

// dublinCore are the properties of Dublin Core by their names in schema.org.
var dublinCore = map[string]string{
	"title": "headline", "created": "datePublished", "issued": "datePublished", "date": "datePublished", "modified": "dateModified",
	"creator": "author", "abstract": "description", "language": "inLanguage", "subject": "keywords", "rights": "license",
}

// family names the vocabulary of an address: "schema", "dc", or "".
func family(address string) string {
	low := strings.ToLower(address)
	switch {
	case strings.Contains(low, "schema.org"), strings.Contains(low, "iptc.org/std/rnews"):
		return "schema"
	case strings.Contains(low, "purl.org/dc/"):
		return "dc"
	}
	return ""
}

// maxAncestors is how far up declarations of vocabularies are looked for; pages
// are no deeper.
const maxAncestors = 300

// vocabularyOf collects what the elements around declare.
func vocabularyOf(n *html.Node) vocabulary {
	v := vocabulary{prefixes: make(map[string]string)}
	for up := 0; n != nil && up < maxAncestors; up++ {
		for _, a := range n.Attr {
			switch a.Key {
			case "vocab":
				if !v.declared {
					v.vocab, v.declared = a.Val, true
				}
			case "prefix":
				words := strings.Fields(clip(a.Val, 2000))
				for i := 0; i+1 < len(words); i += 2 {
					if p := strings.ToLower(strings.TrimSuffix(words[i], ":")); v.prefixes[p] == "" {
						v.prefixes[p] = words[i+1]
					}
				}
			default:
				if p, ok := strings.CutPrefix(a.Key, "xmlns:"); ok && v.prefixes[p] == "" { // RDFa 1.0
					v.prefixes[p] = a.Val
				}
			}
		}
		n = n.Parent
	}
	return v
}

// resolve tells the vocabulary of a term and its name there: "schema" and "dc"
// are known, others are "".
func (v vocabulary) resolve(term string) (of, name string) {
	prefix, local, ok := strings.Cut(term, ":")
	switch {
	case !ok && v.declared && v.vocab != "":
		return family(v.vocab), term
	case !ok:
		return "schema", term // pages leave the vocabulary out
	case strings.HasPrefix(local, "//"):
		return family(term), term[strings.LastIndexAny(term, "/#")+1:]
	}
	prefix = strings.ToLower(prefix)
	if address := v.prefixes[prefix]; address != "" {
		return family(address), local
	}
	return schemaPrefixes[prefix], local
}

// types are the types of schema.org among those of a typeof attribute.
func (v vocabulary) types(typeof string) (out []string) {
	for term := range strings.FieldsSeq(clip(typeof, 500)) {
		if of, name := v.resolve(term); of == "schema" {
			out = append(out, name)
		}
	}
	return out
}

// property is the name of schema.org that a term has or stands for, or "".
func (v vocabulary) property(term string) string {
	switch of, name := v.resolve(term); of {
	case "schema":
		return name
	case "dc":
		if same := dublinCore[name]; same != "" {
			return same
		}
		return name
	}
	return ""
}

// rdfaThing reads the thing that an element with typeof begins, with the things
// that are values of its properties.
func (r *markupReader) rdfaThing(n *html.Node, depth int) thing {
	t := thing{}
	v := vocabularyOf(n)
	var types []any
	for _, name := range v.types(attr(n, "typeof")) {
		types = append(types, name)
	}
	if types != nil {
		t["@type"] = types
	}
	if id := r.resolved(resourceOf(n)); id != "" {
		t["@id"] = id
	}
	before := len(t)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.rdfaProps(c, t, v, depth)
	}
	if len(t) == before {
		t.addName(n)
	}
	return t
}

// rdfaProps adds the properties that an element and what is below it state of t.
func (r *markupReader) rdfaProps(n *html.Node, t thing, v vocabulary, depth int) {
	if n.Type != html.ElementNode || r.left <= 0 {
		return
	}
	r.left--
	if hasAttr(n, "vocab") || hasAttr(n, "prefix") {
		v = vocabularyOf(n)
	}
	names, typed := attr(n, "property"), hasAttr(n, "typeof")
	if names != "" {
		var value any
		switch {
		case typed && depth < maxNested:
			value = map[string]any(r.rdfaThing(n, depth+1))
		case !typed:
			value = r.rdfaValue(n)
		}
		for term := range strings.FieldsSeq(clip(names, 200)) {
			t.add(v.property(term), value)
		}
	}
	if typed || names == "" && hasAttr(n, "resource") {
		return // what is below is said of another thing
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.rdfaProps(c, t, v, depth)
	}
}

// rdfaValue is the value of a property without typeof: its content, the time or
// the thing at another address, which the words of the link name, else the text.
func (r *markupReader) rdfaValue(n *html.Node) any {
	if hasAttr(n, "content") {
		return normalize.Text(clip(attr(n, "content"), maxValue))
	}
	if n.DataAtom == atom.Time && hasAttr(n, "datetime") {
		return strings.TrimSpace(clip(attr(n, "datetime"), maxValue))
	}
	text := normalize.Text(limitedText(n, maxValue))
	id := r.resolved(resourceOf(n))
	switch {
	case id == "":
		return text
	case text == "":
		return map[string]any{"@id": id}
	}
	return map[string]any{"@id": id, "name": text}
}

// resourceOf is the address that an element is about or leads to.
func resourceOf(n *html.Node) string {
	for _, name := range [...]string{"resource", "about", "href", "src"} {
		if s := attr(n, name); s != "" {
			return s
		}
	}
	return ""
}
