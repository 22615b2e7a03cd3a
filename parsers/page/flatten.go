package page

import (
	"bytes"

	"golang.org/x/net/html"
)

// flatten rewrites HTML so that elements nest no deeper than maxDepth: start
// tags below that and their end tags are left out, text stays. It runs over
// the tokens once.
func flatten(body []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(body))
	var out bytes.Buffer
	depth, dropped := 0, 0
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return out.Bytes()
		case html.StartTagToken:
			name, _ := z.TagName()
			if isVoidTag(name) {
				break
			}
			if depth >= maxDepth {
				dropped++
				if !isRawText(name) {
					continue
				}
				dropped--
			} else {
				depth++
			}
		case html.EndTagToken:
			if dropped > 0 {
				dropped--
				continue
			}
			if depth > 0 {
				depth--
			}
		}
		out.Write(z.Raw())
	}
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
