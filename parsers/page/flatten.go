package page

import (
	"bytes"

	"golang.org/x/net/html"
)

// flatten rewrites HTML so that elements nest no deeper than maxDepth: start
// tags of containers below that and their end tags are left out, text stays,
// and so do headings, paragraphs, links and dates. It runs over the tokens once.
func flatten(body []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(body))
	var out bytes.Buffer
	var kept []bool // of the open elements
	depth := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.Bytes()
		case html.StartTagToken:
			name, _ := z.TagName()
			if isVoidTag(name) {
				break
			}
			keep := depth < maxDepth || depth < maxDepth+100 && tellsSomething(name) || isRawText(name)
			kept = append(kept, keep)
			if !keep {
				continue
			}
			depth++
		case html.EndTagToken:
			if len(kept) == 0 {
				break
			}
			keep := kept[len(kept)-1]
			kept = kept[:len(kept)-1]
			if !keep {
				continue
			}
			depth--
		}
		out.Write(z.Raw())
	}
}

// tellsSomething: elements that are evidence rather than containers.
func tellsSomething(name []byte) bool {
	switch string(name) {
	case "h1", "h2", "h3", "p", "time", "a", "title":
		return true
	}
	return false
}

func isVoidTag(name []byte) bool {
	switch string(name) {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}

// isRawText: the tokenizer has already taken the content as text.
func isRawText(name []byte) bool {
	switch string(name) {
	case "script", "style", "textarea", "title", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		return true
	}
	return false
}
