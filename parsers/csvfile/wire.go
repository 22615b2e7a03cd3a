package csvfile

import (
	"bufio"
	"bytes"
	"regexp"
	"strings"
)

// What is read of a file, in octets and in number.
const (
	maxSize    = 512 << 20 // decompressed
	maxCell    = 1 << 20
	maxColumns = 5_000
)

// separators that are met; Excel writes a semicolon where a comma divides
// numbers, and databases a tab or a bar.
const separators = ",;\t|"

// separatorOf is the separator that the first line has most of, outside
// quotation marks. "sep=;" stands before the first line of some of Excel's files.
func separatorOf(b *bufio.Reader) rune {
	start, _ := b.Peek(16 << 10)
	if rest, ok := bytes.CutPrefix(bytes.ToLower(start[:min(len(start), 5)]), []byte("sep=")); ok && len(rest) == 1 {
		_, _ = b.ReadString('\n') // it has been looked at
		return rune(rest[0])
	}
	counts, quoted := make(map[byte]int), false
	for _, c := range start {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n' && len(counts) > 0:
			return most(counts)
		case strings.IndexByte(separators, c) >= 0:
			counts[c]++
		}
	}
	return most(counts)
}

func most(counts map[byte]int) rune {
	best := byte(',')
	for _, c := range []byte(separators) {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

// place is {Column} in a template.
var place = regexp.MustCompile(`\{([^{}]+)\}`)

// template is a value of the source file: the name of a column, or a text with
// columns in it, "https://example.org/{id}".
type template struct{ text string }

// columns are the names of the columns that a template needs.
func (t template) columns() []string {
	var out []string
	for _, m := range place.FindAllStringSubmatch(t.text, -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		return []string{t.text}
	}
	return out
}

// of fills the template from a row; empty when a column is missing or empty.
func (t template) of(row map[string]string, escape func(string) string) string {
	if !place.MatchString(t.text) {
		return row[fold(t.text)]
	}
	whole := true
	out := place.ReplaceAllStringFunc(t.text, func(m string) string {
		value := row[fold(m[1:len(m)-1])]
		whole = whole && value != ""
		return escape(value)
	})
	if !whole {
		return ""
	}
	return out
}

// fold is the form in which names of columns are compared.
func fold(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
