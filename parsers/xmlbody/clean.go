package xmlbody

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

const (
	// head is how many octets are looked at for a declaration.
	head = 1024
	// maxTag is the longest tag, in octets: attributes are kept while it is read.
	maxTag = 256 << 10
	// maxToken is the longest text, comment or declaration, in octets: the
	// parser keeps each as a whole.
	maxToken = 8 << 20
)

var (
	errLongTag   = errors.New("a tag is longer than any format needs")
	errLongToken = errors.New("a text is longer than any format needs")
)

var declaration = regexp.MustCompile(`(?s)^[^<]*(?:<[^?!][^<>]*>[^<]*)*<\?xml\s([^>]*?)\?>`)

var encodingName = regexp.MustCompile(`encoding\s*=\s*["']\s*([A-Za-z][A-Za-z0-9._:-]*)\s*["']`)

// Text returns a body of at most so many octets as text in UTF-8, as far as its
// first octets say what it is, for lists that are no XML.
func Text(body []byte, most int64) io.Reader {
	return &cleaner{src: text(Unpack(body, most)), token: math.MinInt}
}

// text returns the content in UTF-8, without byte order mark and XML
// declaration, and the reading of its charset: a byte order mark, else the
// declaration. The fetcher has done this for all but what was compressed.
func text(r io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(r, 32<<10)
	start, _ := b.Peek(4)
	if label := byteOrder(start); label != "" {
		if decoded, err := charset.NewReaderLabel(label, b); err == nil {
			b = bufio.NewReaderSize(decoded, 32<<10)
		}
		skipMark(b)
		discardDeclaration(b)
		return b
	}
	skipMark(b)
	label := discardDeclaration(b)
	if sample, _ := b.Peek(32 << 10); label != "" && !likeUTF8(sample) {
		if decoded, err := charset.NewReaderLabel(label, b); err == nil {
			return bufio.NewReaderSize(decoded, 32<<10)
		}
	}
	return b
}

// byteOrder is the charset that a byte order mark, or the first octets of XML
// in two-octet characters, stands for (XML 1.0, appendix F).
func byteOrder(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte("\xFE\xFF")), bytes.HasPrefix(start, []byte("\x00<\x00?")):
		return "utf-16be"
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("<\x00?\x00")):
		return "utf-16le"
	}
	return ""
}

func skipMark(b *bufio.Reader) {
	for {
		start, _ := b.Peek(3)
		if !bytes.Equal(start, []byte("\uFEFF")) {
			return
		}
		_, _ = b.Discard(3) // it has been looked at
	}
}

// discardDeclaration removes the XML declaration with what stands before it
// and returns the charset that it names. A declaration of version 1.1 would
// stop the parser, and one that is wrong about the charset mislead it.
func discardDeclaration(b *bufio.Reader) string {
	start, _ := b.Peek(head)
	m := declaration.FindSubmatchIndex(start)
	if m == nil {
		return ""
	}
	label := ""
	if name := encodingName.FindSubmatch(start[m[2]:m[3]]); name != nil {
		label = string(name[1])
	}
	_, _ = b.Discard(m[1]) // it has been looked at
	return label
}

// likeUTF8 reports whether a text is UTF-8, up to a character that its end may
// have cut.
func likeUTF8(sample []byte) bool {
	for len(sample) > 0 {
		r, size := utf8.DecodeRune(sample)
		if r == utf8.RuneError && size <= 1 {
			return !utf8.FullRune(sample)
		}
		sample = sample[size:]
	}
	return true
}

// cleaner lets through what XML 1.0 allows (section 2.2) and replaces octets
// that are no UTF-8.
type cleaner struct {
	src   *bufio.Reader
	left  []byte // of a replacement that did not fit
	inTag bool
	tag   int // octets of the tag
	token int // octets since the last token
	total int64
	ended bool
}

// Read implements io.Reader.
func (c *cleaner) Read(p []byte) (int, error) {
	n := copy(p, c.left)
	c.left = c.left[n:]
	for n < len(p) {
		b, err := c.src.ReadByte()
		if err != nil {
			c.ended = true
			if n > 0 {
				return n, nil // the next call says so again
			}
			return 0, err
		}
		keep, err := c.character(b)
		if err != nil {
			return n, err
		}
		if c.token++; c.token > maxToken {
			return n, errLongToken
		}
		c.total += int64(len(keep))
		copied := copy(p[n:], keep)
		n += copied
		c.left = keep[copied:]
	}
	return n, nil
}

// ascii are the octets that stand for themselves.
var ascii = func() (all [utf8.RuneSelf]byte) {
	for i := range all {
		all[i] = byte(i)
	}
	return all
}()

// character returns what becomes of the character that begins with b.
func (c *cleaner) character(b byte) ([]byte, error) {
	switch {
	case b == '<': // CDATA, comments and declarations may be long
		ahead, _ := c.src.Peek(1)
		c.inTag, c.tag = len(ahead) > 0 && ahead[0] != '!' && ahead[0] != '?', 0
	case b == '>':
		c.inTag = false
	case b == '&':
		ahead, _ := c.src.Peek(24)
		if n := forbidden(ahead); n > 0 {
			_, _ = c.src.Discard(n) // it has been looked at
			return nil, nil
		}
	case b < 0x20 && b != '\t' && b != '\n' && b != '\r':
		return nil, nil
	case b >= utf8.RuneSelf:
		return c.rune(), nil
	}
	if c.tag++; c.inTag && c.tag > maxTag {
		return nil, errLongTag
	}
	return ascii[b : b+1], nil
}

// rune reads the character beyond ASCII whose first octet was just read.
func (c *cleaner) rune() []byte {
	_ = c.src.UnreadByte() // never fails after ReadByte
	r, size, err := c.src.ReadRune()
	if err != nil || r == utf8.RuneError && size == 1 {
		return []byte("\uFFFD")
	}
	if r == 0xFFFE || r == 0xFFFF {
		return nil
	}
	c.tag += size
	return utf8.AppendRune(nil, r)
}

// forbidden is the length of a reference to a character that XML forbids, such
// as &#x1F; without its "&"; 0 for everything else. Repositories escape what
// they have, control characters too.
func forbidden(ahead []byte) int {
	end := bytes.IndexByte(ahead, ';')
	if end < 2 || ahead[0] != '#' {
		return 0
	}
	digits, base := string(ahead[1:end]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	legal := n == '\t' || n == '\n' || n == '\r' || n >= 0x20 && n <= 0xD7FF || n >= 0xE000 && n <= 0xFFFD || n >= 0x10000 && n <= utf8.MaxRune
	if err == nil && legal {
		return 0
	}
	return end + 1
}
