package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// headElement reads an element that stands in the head, or should.
func (v *view) headElement(n *html.Node, s state) {
	switch n.DataAtom {
	case atom.Meta:
		v.metaElement(n, s)
	case atom.Link:
		if len(v.links) < maxMeta {
			v.links = append(v.links, n)
		}
		if p := attr(n, "itemprop"); p != "" {
			v.prop(p, n, s)
		}
	case atom.Base:
		if v.base == "" {
			v.base = attr(n, "href")
		}
	case atom.Title:
		if v.title == "" && n.Parent != nil && n.Parent.DataAtom != atom.Svg && n.FirstChild != nil {
			v.title = normalize.Text(clip(n.FirstChild.Data, maxValue))
		}
	case atom.Script:
		switch {
		case n.FirstChild == nil:
		case strings.Contains(strings.ToLower(attr(n, "type")), "ld+json"):
			if len(v.ld) < 50 {
				v.ld = append(v.ld, n.FirstChild.Data)
			}
		case len(v.state) < 100:
			v.state = append(v.state, n.FirstChild.Data)
		}
	}
}

func (v *view) metaElement(n *html.Node, s state) {
	content := attr(n, "content")
	if content == "" {
		content = attr(n, "value")
	}
	if content == "" || v.nodes > maxNodes || len(v.meta) > maxMeta {
		return
	}
	content = clip(content, maxValue)
	for _, key := range []string{"property", "name", "http-equiv"} {
		for name := range strings.FieldsSeq(clip(attr(n, key), 200)) {
			name = strings.ToLower(name)
			if len(v.meta[name]) < 100 {
				v.meta[name] = append(v.meta[name], content)
			}
		}
	}
	if p := attr(n, "itemprop"); p != "" {
		v.prop(p, n, s)
	}
}
