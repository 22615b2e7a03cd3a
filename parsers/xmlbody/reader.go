package xmlbody

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strings"
)

// maxDepth is how deep elements may stand within each other; the parser keeps
// something of each. The deepest format in use has some twenty levels.
const maxDepth = 200

// maxTokens is how many tokens are read of one body: a sitemap of a million
// addresses has half as many.
const maxTokens = 20_000_000

// unread stands for an entity that the document declares. What it stands for
// is not looked up: it may be a file, another site, or a billion laughs.
const unread = '\U0010FFFD'

// Reader reads the tokens of a body. It is not safe for concurrent use.
type Reader struct {
	d     *xml.Decoder
	src   *cleaner
	depth int
	count int
	most  int // tokens
}

// Open returns a reader of a body that decompresses to at most so many octets.
// Nothing is read before the first call of Next.
func Open(body []byte, most int64) *Reader { return open(Unpack(body, most), maxTokens) }

// OpenReader returns a reader of content that somebody else unpacks, of which at
// most so many octets and tokens are read.
func OpenReader(content io.Reader, most int64, tokens int) *Reader {
	return open(&bounded{r: content, left: most}, tokens)
}

func open(content io.Reader, tokens int) *Reader {
	src := &cleaner{src: text(content)}
	d := xml.NewDecoder(src)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	return &Reader{d: d, src: src, most: tokens}
}

// Next returns the next start or end of an element, or text, which is only
// valid until the next call. The error is [io.EOF] at the end of a whole body,
// [io.ErrUnexpectedEOF] or [ErrTooLarge] where it was cut, and otherwise says
// what cannot be read.
func (r *Reader) Next() (xml.Token, error) {
	for {
		if r.count++; r.count > r.most {
			return nil, ErrTooLarge
		}
		r.src.token = 0
		token, err := r.d.Token()
		if err != nil {
			return nil, r.explain(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if r.depth++; r.depth > maxDepth {
				return nil, fmt.Errorf("elements stand more than %d deep within each other", maxDepth)
			}
		case xml.EndElement:
			r.depth--
		case xml.Directive:
			r.declared(t)
			continue
		case xml.Comment, xml.ProcInst:
			continue
		}
		return token, nil
	}
}

// explain tells a body that was cut from one that cannot be read.
func (r *Reader) explain(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax) && (strings.Contains(syntax.Msg, "unexpected EOF") || r.src.ended && r.d.InputOffset() >= r.src.total):
		return io.ErrUnexpectedEOF // also within a tag
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %s", syntax.Line, syntax.Msg)
	}
	return err
}

var entityName = regexp.MustCompile(`<!ENTITY\s+([^\s%"'<>&;]+)\s`)

// declared notes the entities that a document type declares.
func (r *Reader) declared(directive xml.Directive) {
	if !bytes.HasPrefix(directive, []byte("DOCTYPE")) {
		return
	}
	own := maps.Clone(r.d.Entity)
	for _, m := range entityName.FindAllSubmatch(directive, 1000) {
		if _, known := own[string(m[1])]; !known {
			own[string(m[1])] = string(unread)
		}
	}
	r.d.Entity = own
}

// Depth is the number of elements that are open.
func (r *Reader) Depth() int { return r.depth }

// Text returns the text of the element that was just opened, with that of the
// elements within it, up to its end. Of more than so many octets the rest is
// left out. An element with an entity of the document's own has no text.
func (r *Reader) Text(most int) (string, error) {
	outside := r.depth - 1
	var b strings.Builder
	for r.depth > outside {
		token, err := r.Next()
		if err != nil {
			return "", err
		}
		if t, ok := token.(xml.CharData); ok && b.Len() < most {
			b.Write(t[:min(len(t), most-b.Len())])
		}
	}
	s := strings.ToValidUTF8(b.String(), "")
	if strings.ContainsRune(s, unread) {
		return "", nil
	}
	return s, nil
}

// Skip reads up to the end of the element that was just opened.
func (r *Reader) Skip() error {
	for outside := r.depth - 1; r.depth > outside; {
		if _, err := r.Next(); err != nil {
			return err
		}
	}
	return nil
}

// Attr is the value of the attribute with that local name, in any namespace.
// One with an entity of the document's own is empty.
func Attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, name) {
			if strings.ContainsRune(a.Value, unread) {
				return ""
			}
			return a.Value
		}
	}
	return ""
}
