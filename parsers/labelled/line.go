package labelled

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bar stands between the labelled values of one line.
var bar = regexp.MustCompile(`\s[|•·‧¦]\s`)

// maxLine is how much of a text node is looked at, in octets.
const maxLine = 2_000

// line takes a text in which the label stands at the beginning of a line, or
// behind a bar, with a colon: "Type: Report | Date: 2021".
func (s *search) line(n *html.Node) {
	text := n.Data[:min(len(n.Data), maxLine)]
	if !strings.ContainsAny(text, colons) {
		return
	}
	parts, at := bar.FindAllStringIndex(text, 20), 0
	for i := 0; i <= len(parts); i++ {
		end := len(text)
		if i < len(parts) {
			end = parts[i][0]
		}
		part := text[at:end]
		colon := strings.IndexAny(part, colons)
		if colon >= 0 && colon <= s.longest*2 && Fold(part[:colon]) == s.label && (at > 0 || beginsLine(n)) {
			after := at + colon
			last := i == len(parts)
			s.add(true, hit{n, n.Parent, func() []*html.Node { return s.rest(n, after, end, last) }})
		}
		if i < len(parts) {
			at = parts[i][1]
		}
	}
}

// beginsLine reports whether nothing is said before a text in its line.
func beginsLine(n *html.Node) bool {
	for at, depth := n, 0; depth < 8; depth++ {
		for c := at.PrevSibling; c != nil; c = c.PrevSibling {
			if is(c, atom.Br) || block(c) {
				return true
			}
			if c.Type == html.TextNode && endsInBar(c.Data) {
				return true
			}
			if !blank(c) && !is(c, atom.Img) {
				return false
			}
		}
		at = at.Parent
		if at == nil || at.Type != html.ElementNode || block(at) {
			return true
		}
	}
	return false
}

func endsInBar(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && strings.ContainsRune("|•·‧¦", lastRune(text))
}

func beginsWithBar(n *html.Node) bool {
	if n.Type != html.TextNode {
		return false
	}
	text := strings.TrimSpace(n.Data)
	return text != "" && strings.ContainsAny(text[:min(len(text), 3)], "|•·‧¦")
}

// rest is what a text says from the colon up to end and, where that is its
// last part, the rest of the line.
func (s *search) rest(n *html.Node, colon, end int, last bool) []*html.Node {
	value := strings.TrimLeft(n.Data[colon:end], colons+" \t\r\n\u00a0")
	if last {
		value += n.Data[end:]
	}
	run := []*html.Node{{Type: html.TextNode, Data: value}}
	if last {
		for c := n.NextSibling; c != nil && len(run) < maxValues; c = c.NextSibling {
			if is(c, atom.Br) || block(c) || announces(c) || beginsWithBar(c) {
				break
			}
			if c.Type == html.TextNode || c.Type == html.ElementNode {
				run = append(run, c)
			}
		}
	}
	if out := made(run); len(out) > 0 {
		return out
	}
	return s.nextBlockOf(n)
}

// nextBlockOf is the block behind a text that ends in its colon.
func (s *search) nextBlockOf(n *html.Node) []*html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if blank(c) || is(c, atom.Br) {
			continue
		}
		if c.Type == html.ElementNode && block(c) && !heading(c) && !announces(c) {
			return []*html.Node{c}
		}
		return nil
	}
	return nil
}
