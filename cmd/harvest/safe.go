package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// steers reports whether a character could steer a terminal or make a text
// read otherwise than it is: control characters, with the one-octet forms of
// escape sequences, and bidirectional embeddings, overrides and isolates
// (CWE-150, CVE-2021-42574).
func steers(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// visible shows a character that steers as a mark.
func visible(r rune) rune {
	if steers(r) {
		return '\uFFFD'
	}
	return r
}

// safeText makes text from outside harmless on a terminal: what could steer it
// becomes a visible mark.
func safeText(s string) string { return strings.Map(visible, s) }

// safeLine is safeText on one line.
func safeLine(s string) string {
	return strings.Join(strings.Fields(safeText(s)), " ")
}

// safeJSON writes JSON in which what could steer a terminal is escaped. It
// means the same: such characters stand in strings only (RFC 8259 section 7).
func safeJSON(w io.Writer) *transform.Writer { return transform.NewWriter(w, escaping{}) }

// safeTable writes text in which what could steer a terminal is a visible mark.
func safeTable(w io.Writer) *transform.Writer { return transform.NewWriter(w, runes.Map(visible)) }

// escaping is a transform.Transformer for safeJSON.
type escaping struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (escaping) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		if !atEOF && !utf8.FullRune(src[read:]) {
			return written, read, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(src[read:])
		out := src[read : read+size]
		if steers(r) && r != '\r' { // all of them have four hexadecimal digits
			out = fmt.Appendf(nil, `\u%04x`, r)
		}
		if len(dst)-written < len(out) {
			return written, read, transform.ErrShortDst
		}
		written += copy(dst[written:], out)
		read += size
	}
	return written, read, nil
}

// logLines writes log lines, each of which comes whole, so that what sites say
// in them cannot steer a terminal.
type logLines struct{ io.Writer }

// Write implements io.Writer.
func (l logLines) Write(line []byte) (int, error) {
	safe, _, err := transform.Bytes(escaping{}, line)
	if err != nil {
		return 0, err
	}
	if _, err := l.Writer.Write(safe); err != nil {
		return 0, err
	}
	return len(line), nil
}
