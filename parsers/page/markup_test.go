package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
)

type object = map[string]any

// Things that elements describe are read as their specifications have it: the
// HTML Living Standard, sections 5.2.2 to 5.2.5, and RDFa Lite 1.1, section 2.
func TestThingsOfElements(t *testing.T) {
	const article = `<article itemscope itemtype="https://schema.org/NewsArticle">`
	for _, tt := range []struct {
		name, html string
		want       object
	}{
		{"values by element", article + `
			<meta itemprop=keywords content="wages, mills"><a itemprop=url href="/wages">here</a><img itemprop=image src=a.png><object itemprop=file data=b.pdf></object>
			<data itemprop=wordCount value=900>nine hundred</data><meter itemprop=rating value=3.5>high</meter>
			<time itemprop=datePublished datetime=2021-03-04>Thursday</time><time itemprop=dateModified>2021-03-05</time><b itemprop=headline> Wages
			withheld </b></article>`, object{
			"@type": []any{"https://schema.org/NewsArticle"}, "keywords": "wages, mills", "url": "https://example.org/wages", "image": "https://example.org/a/a.png", "file": "https://example.org/a/b.pdf",
			"wordCount": "900", "rating": "3.5", "datePublished": "2021-03-04", "dateModified": "2021-03-05", "headline": "Wages withheld",
		}},
		{"content on any element", article + `<span itemprop=datePublished content=2021-03-04>Thursday</span></article>`, object{"@type": []any{"https://schema.org/NewsArticle"}, "datePublished": "2021-03-04"}},
		{"several names and values", article + `<i itemprop="author creator">Jo Doe</i><i itemprop=author>Ann Roe</i></article>`, object{"@type": []any{"https://schema.org/NewsArticle"}, "author": []any{"Jo Doe", "Ann Roe"}, "creator": "Jo Doe"}},
		{
			"an item within", article + `<h1 itemprop=headline>Wages</h1><p itemprop=author itemscope itemtype="https://schema.org/Person" itemid="urn:jo"><b itemprop=name>Jo Doe</b> <i itemprop=jobTitle>Reporter</i></p></article>`,
			object{"@type": []any{"https://schema.org/NewsArticle"}, "headline": "Wages", "author": object{"@type": []any{"https://schema.org/Person"}, "@id": "urn:jo", "name": "Jo Doe", "jobTitle": "Reporter"}},
		},
		{
			"an item within that has no property but its text", article + `<span itemprop=author itemscope itemtype="https://schema.org/Person">Jo Doe</span></article>`,
			object{"@type": []any{"https://schema.org/NewsArticle"}, "author": object{"@type": []any{"https://schema.org/Person"}, "name": "Jo Doe"}},
		},
		{"an item within that is no value", article + `<h1 itemprop=headline>Wages</h1><div itemscope itemtype="https://schema.org/WPHeader"><b itemprop=headline>Site</b></div></article>`, object{"@type": []any{"https://schema.org/NewsArticle"}, "headline": "Wages"}},
		{"properties elsewhere", `<p id=by>By <b itemprop=author>Jo Doe</b></p><article itemscope itemtype="https://schema.org/NewsArticle" itemref="by none by"><h1 itemprop=headline>Wages</h1></article>`, object{"@type": []any{"https://schema.org/NewsArticle"}, "headline": "Wages", "author": []any{"Jo Doe", "Jo Doe"}}},
		{
			"a circle of references", `<article id=a itemscope itemtype="https://schema.org/NewsArticle" itemref=b><h1 itemprop=headline>Wages</h1></article><div id=b itemprop=about itemscope itemref=c><i itemprop=name>B</i></div><div id=c itemprop=about itemscope itemref=b><i itemprop=name>C</i></div>`,
			object{"@type": []any{"https://schema.org/NewsArticle"}, "headline": "Wages", "about": object{"name": "B", "about": object{"name": "C"}}},
		},
		{"names that are addresses", article + `<b itemprop="https://schema.org/headline">Wages</b></article>`, object{"@type": []any{"https://schema.org/NewsArticle"}, "headline": "Wages"}},

		{
			"vocab, typeof and property", `<div vocab="https://schema.org/" typeof="NewsArticle" resource="#a"><h1 property="headline">Wages</h1><p property="author" typeof="Person"><b property="name">Jo Doe</b></p><time property="datePublished" datetime="2021-03-04">Thursday</time></div>`,
			object{"@type": []any{"NewsArticle"}, "@id": "https://example.org/a/#a", "headline": "Wages", "author": object{"@type": []any{"Person"}, "name": "Jo Doe"}, "datePublished": "2021-03-04"},
		},
		{
			"prefixes declared and known", `<div prefix="s: http://schema.org/ x: http://example.com/ns#" typeof="s:NewsArticle x:Thing"><h1 property="s:headline x:label">Wages</h1><i property="dcterms:issued" content="2021-03-04">Thursday</i><i property="dc:creator">Jo Doe</i></div>`,
			object{"@type": []any{"NewsArticle"}, "headline": "Wages", "datePublished": "2021-03-04", "author": "Jo Doe"},
		},
		{
			"links name what they lead to", `<div vocab="https://schema.org/" typeof="Article"><a property="author" href="/people/jo">Jo Doe</a><img property="image" src="a.png"></div>`,
			object{"@type": []any{"Article"}, "author": object{"@id": "https://example.org/people/jo", "name": "Jo Doe"}, "image": object{"@id": "https://example.org/a/a.png"}},
		},
		{
			"a nested vocabulary", `<div vocab="https://schema.org/" typeof="Article"><h1 property="headline">Wages</h1><p vocab="http://xmlns.com/foaf/0.1/"><i property="name">Jo</i></p></div>`,
			object{"@type": []any{"Article"}, "headline": "Wages"},
		},
		{
			"another thing within", `<div vocab="https://schema.org/" typeof="Article"><h1 property="headline">Wages</h1><div resource="#b"><i property="headline">Other</i></div><div typeof="ImageObject"><i property="headline">Picture</i></div></div>`,
			object{"@type": []any{"Article"}, "headline": "Wages"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := parse([]byte("<body>" + tt.html))
			scopes := look(doc.Nodes[0]).scopes
			r := newMarkupReader("https://example.org/a/")
			var got object
			for _, s := range scopes {
				if got != nil || typeRank(scopeTypes(s.node, s.rdfa)) == 0 {
					continue
				}
				if s.rdfa {
					got = r.rdfaThing(s.node, 0)
				} else {
					got = r.microdataThing(s.node, 0)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is read of things that nest, refer to each other and repeat without end
// is bounded.
func TestHostileMarkup(t *testing.T) {
	for name, body := range map[string]string{
		"references to all": strings.Repeat(`<div id=a itemscope itemtype="https://schema.org/Article" itemref="a b c d e f g h"><i itemprop=author>x</i></div>`, 2_000),
		"nested things":     strings.Repeat(`<div vocab="https://schema.org/" typeof=Article property=about prefix="a: b c: d">`, 250),
		"nested items":      strings.Repeat(`<div itemscope itemtype="https://schema.org/Article" itemprop=about>`, 250),
		"many references":   `<div itemscope itemtype="https://schema.org/Article" itemref="` + strings.Repeat("r ", 500) + `"></div><div id=r>` + strings.Repeat("<i itemprop=author>x</i>", 20_000) + `</div>`,
	} {
		t.Run(name, func(t *testing.T) {
			doc, _ := parse([]byte("<body>" + body))
			e := newExtractor("https://example.org/a", doc, config.PageRules{})
			e.gather()
			if got := len(e.describedThings()); got > maxMarkupItems {
				t.Errorf("%d things", got)
			}
			r := newMarkupReader("")
			for _, s := range e.v.scopes {
				r.microdataThing(s.node, 0)
			}
			if r.left < 0 {
				t.Errorf("looked at %d elements more than it may", -r.left)
			}
		})
	}
}
