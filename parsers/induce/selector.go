package induce

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// plainName is a name that needs no escapes in CSS.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// passing are names that say how an element looks or what state it is in: of
// layout frameworks, of positions, and of scripts.
var passing = regexp.MustCompile(`(?i)^(?:(?:col|row|grid|flex|order|offset|gap|gutter|container|wrap|m|mt|mb|ml|mr|mx|my|p|pt|pb|pl|pr|px|py|w|h|d|g|gy|gx|text|font|bg|border|rounded|shadow|z|top|left|right|bottom|align|justify|items|self|space|leading|tracking|overflow|opacity|transition|duration|min|max|is|has|js|no|uk|small|medium|large|xs|sm|md|lg|xl)(?:-.*|\d*)|first|last|odd|even|active|current|selected|open|closed|clearfix|cf|clear|hidden|visible|block|inline|relative|absolute|sticky|wow|aos|animated?|fade\w*|views-row-(?:\d+|odd|even|first|last)|lazy\w*|sticky|hentry-\d+|cell|columns?|column-\d+|span\d+|alignleft|alignright)$`)

// ofOneItem are names that belong to one item, such as post-123 or
// category-news, not to all.
var ofOneItem = regexp.MustCompile(`(?i)(?:\d{2,}|^(?:post|node|item|entry|views-row|row|card|product|article|result|comment|menu-item|page-item|nid|id|teaser)[-_]\d+$|^(?:category|tag|author|status|format|type|post_tag|cat|term|topic|theme|publication_type|resource_type|lang|country|region)-[a-z0-9_-]+$)`)

// machineMade are names that a build made and the next will make otherwise:
// css-1x2y3z, sc-bdVaJa, jsx-3172, Card_title__3kXyZ.
var machineMade = regexp.MustCompile(`^(?:css|sc|jsx|emotion|svelte|styled)-[A-Za-z0-9]+$|^_[A-Za-z0-9]{4,}$|^[a-z]{1,2}[A-Z][A-Za-z]{2,6}$`)

// moduleName is the part of a name of CSS modules that stays.
var moduleName = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*_[A-Za-z][A-Za-z0-9-]*__)[A-Za-z0-9_-]{4,8}$`)

// names are selectors for the classes of an element that hold: ".card", or
// [class*="Card_card__"]. Those that only say how it looks are left out.
func names(n *html.Node) []string {
	var out []string
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if len(out) == 6 {
			break
		}
		if m := moduleName.FindStringSubmatch(class); m != nil {
			out = append(out, fmt.Sprintf("[class*=%q]", m[1]))
			continue
		}
		if plainName.MatchString(class) && !passing.MatchString(class) && !ofOneItem.MatchString(class) && !machineMade.MatchString(class) {
			out = append(out, "."+class)
		}
	}
	return out
}

// anchor is a selector for an element that is the only one of its name on the
// page, empty when it has no such name.
func (d *document) anchor(n *html.Node) string {
	if id := attr(n, "id"); plainName.MatchString(id) && !ofOneItem.MatchString(id) && d.ids[id] == 1 {
		return "#" + id
	}
	for _, name := range names(n) {
		if strings.HasPrefix(name, ".") && d.classes[name[1:]] == 1 {
			return name
		}
	}
	if n.Data == "main" {
		return "main"
	}
	return ""
}

// path leads from the nearest anchor above an element to it by tags:
// "#results > ul > li"; empty when a tag on the way has no plain name.
func (d *document) path(n *html.Node) string {
	const longest = 12
	if !plainName.MatchString(n.Data) {
		return ""
	}
	parts := []string{n.Data}
	for p := n.Parent; p != nil && p.Type == html.ElementNode && len(parts) < longest; p = p.Parent {
		if a := d.anchor(p); a != "" {
			return a + " > " + strings.Join(reversed(parts), " > ")
		}
		if !plainName.MatchString(p.Data) {
			return ""
		}
		if p.Data == "body" {
			return "body > " + strings.Join(reversed(parts), " > ")
		}
		parts = append(parts, p.Data)
	}
	return strings.Join(reversed(parts), " > ")
}

func reversed(s []string) []string {
	out := make([]string, len(s))
	for i, v := range s {
		out[len(s)-1-i] = v
	}
	return out
}

// nthOfType counts an element among its siblings of the same tag, from 1.
func nthOfType(n *html.Node) int {
	i := 1
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode && s.Data == n.Data {
			i++
		}
	}
	return i
}

// before is the element before n among its siblings, nil when there is none.
func before(n *html.Node) *html.Node {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode {
			return s
		}
	}
	return nil
}

// ways are selectors that may lead from a card to an element in it, those that
// will hold longest first.
func ways(card, n *html.Node) []string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	if n == card {
		for _, name := range names(n) {
			add(n.Data + name)
		}
		add(n.Data)
		return out
	}
	if label := labelBefore(n); label != "" {
		b := before(n)
		add(fmt.Sprintf("%s:contains(%q) + %s", b.Data, label, n.Data))
	}
	for _, name := range names(n) {
		add(name)
		add(n.Data + name)
	}
	if p := attr(n, "itemprop"); plainName.MatchString(p) {
		add(fmt.Sprintf("[itemprop=%q]", p))
	}
	if attr(n, "rel") == "tag" || attr(n, "rel") == "category tag" {
		add(`a[rel~="tag"]`)
	}
	add(n.Data)
	var above []string
	for p, depth := n.Parent, 0; p != nil && p != card.Parent && depth < 3; p, depth = p.Parent, depth+1 {
		if p != card {
			above = append(above, names(p)...)
			above = append(above, p.Data)
		}
	}
	for _, a := range above {
		for _, name := range names(n) {
			add(a + " " + name)
		}
		add(a + " " + n.Data)
	}
	nth := fmt.Sprintf("%s:nth-of-type(%d)", n.Data, nthOfType(n))
	add(nth)
	for _, a := range above {
		add(a + " > " + nth)
	}
	if b := before(n); b != nil {
		add(b.Data + " + " + n.Data)
	}
	if p := n.Parent; p != nil && p != card {
		add(fmt.Sprintf("%s:nth-of-type(%d) %s", p.Data, nthOfType(p), n.Data))
		add(fmt.Sprintf("%s:nth-of-type(%d) > %s", p.Data, nthOfType(p), nth))
	}
	return out
}

// labelBefore is a label that stands before an element, such as "Date:" in
// <dt>Date:</dt><dd>…</dd>, empty when there is none.
func labelBefore(n *html.Node) string {
	b := before(n)
	if b == nil {
		return ""
	}
	text := textOf(b)
	switch b.Data {
	case "dt", "th", "label":
	case "b", "strong", "span", "em", "div", "td":
		if !strings.HasSuffix(text, ":") {
			return ""
		}
	default:
		return ""
	}
	text = strings.TrimRight(text, ": ")
	if len(text) < 2 || len(text) > 30 || strings.ContainsAny(text, `"\'()[]`) {
		return ""
	}
	return text
}

// labelOf is the label before an element or, in a table, the head of its column.
func labelOf(n *html.Node) string {
	if label := labelBefore(n); label != "" {
		return label
	}
	cell := n
	for depth := 0; cell != nil && cell.Data != "td" && depth < 3; depth++ {
		cell = cell.Parent
	}
	if cell == nil || cell.Data != "td" || cell != n && textOf(cell) != textOf(n) {
		return ""
	}
	return headOf(cell)
}

// headOf is the text above a cell in the first row of its table, empty when
// that row holds links to items or is the cell's own.
func headOf(cell *html.Node) string {
	row := cell.Parent
	if row == nil || row.Data != "tr" {
		return ""
	}
	column := 0
	for c := before(cell); c != nil; c = before(c) {
		column++
	}
	table := row
	for table != nil && table.Data != "table" {
		table = table.Parent
	}
	if table == nil {
		return ""
	}
	for _, e := range elementsIn(table) {
		if e.Data != "tr" {
			continue
		}
		if e == row {
			return ""
		}
		head := e.FirstChild
		if head != nil && head.Type != html.ElementNode {
			head = next(head)
		}
		for ; head != nil && column > 0; column-- {
			head = next(head)
		}
		if head == nil {
			return ""
		}
		if text := strings.TrimRight(textOf(head), ": "); len(text) <= 30 {
			return text
		}
		return ""
	}
	return ""
}
