package page

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

// maxDepth is how deep elements may nest before they are flattened. Real
// pages stay below 60.
const maxDepth = 256

// decode turns the body into UTF-8. A body that is valid UTF-8 beyond ASCII is
// UTF-8 whatever it declares: text in another encoding practically never is.
func decode(body []byte, label string) []byte {
	bom := []byte("\xef\xbb\xbf")
	if strings.EqualFold(label, "utf-8") || bytes.HasPrefix(body, bom) || utf8.Valid(body) && !hasEscapes(body) {
		return bytes.TrimPrefix(body, bom)
	}
	contentType := ""
	if label != "" {
		contentType = "text/html; charset=" + label
	}
	enc, name, _ := charset.DetermineEncoding(body, contentType)
	if name == "utf-8" {
		return bytes.TrimPrefix(body, bom)
	}
	out, err := io.ReadAll(transform.NewReader(bytes.NewReader(body), enc.NewDecoder()))
	if err != nil {
		return body
	}
	return out
}

// hasEscapes: ISO-2022-JP is ASCII to the eye, with escape sequences.
func hasEscapes(body []byte) bool {
	return bytes.Contains(body, []byte("\x1b$")) || bytes.Contains(body, []byte("\x1b("))
}

// parse builds the document. The parser refuses pages that nest deeper than
// 512 elements; these are flattened first.
func parse(body []byte) (*goquery.Document, []string) {
	root, err := html.Parse(bytes.NewReader(body))
	if err == nil {
		return goquery.NewDocumentFromNode(root), nil
	}
	notes := []string{"elements nest too deep; flattened"}
	if root, err = html.Parse(bytes.NewReader(flatten(body))); err == nil {
		return goquery.NewDocumentFromNode(root), notes
	}
	root, _ = html.Parse(strings.NewReader(""))
	return goquery.NewDocumentFromNode(root), []string{"the page cannot be parsed"}
}
