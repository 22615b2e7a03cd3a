package page

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/saintfish/chardet"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
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
	enc, name, certain := charset.DetermineEncoding(body, contentType)
	if !certain && !declaresCharset(body) {
		if late := lateCharset(body); late != nil {
			return decodeWith(late, body)
		}
		enc, name = guess(body, enc, name)
	}
	if name == "utf-8" {
		return bytes.TrimPrefix(body, bom)
	}
	return decodeWith(enc, body)
}

func decodeWith(enc encoding.Encoding, body []byte) []byte {
	out, err := io.ReadAll(transform.NewReader(bytes.NewReader(body), enc.NewDecoder()))
	if err != nil {
		return body
	}
	return out
}

// lateDeclaration finds an encoding that a page declares.
var lateDeclaration = regexp.MustCompile(`(?i)<meta[^>]{1,100}charset\s*=\s*["']?\s*([a-z0-9_:-]{2,40})`)

// lateCharset is the encoding that a page declares beyond its first 1024 octets,
// where browsers read it too when they build the tree (WHATWG HTML, section
// 13.2.3.4): archives and content systems put scripts before it.
func lateCharset(body []byte) encoding.Encoding {
	if m := lateDeclaration.FindSubmatch(body[:min(len(body), 256<<10)]); m != nil {
		if enc, name := charset.Lookup(string(m[1])); enc != nil && name != "utf-8" && !strings.HasPrefix(name, "utf-16") {
			return enc
		}
	}
	return nil
}

// declaresCharset reports whether the page names its encoding near its start.
func declaresCharset(body []byte) bool {
	return lateDeclaration.Match(body[:min(len(body), 1024)]) || bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("<?xml"))
}

// guess tells the encoding from the bytes of a page that does not name one:
// UTF-8 with a few broken characters, or what statistics say.
func guess(body []byte, enc encoding.Encoding, name string) (encoding.Encoding, string) {
	good, bad := 0, 0
	for b := body; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else if n > 1 {
			good++
		}
		b = b[n:]
	}
	if good > 2*bad {
		return unicode.UTF8, "utf-8"
	}
	found, err := chardet.NewHtmlDetector().DetectBest(body[:min(len(body), 64<<10)])
	if err != nil || found.Confidence < 30 {
		return enc, name
	}
	if e, n := charset.Lookup(found.Charset); e != nil {
		return e, n
	}
	return enc, name
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
