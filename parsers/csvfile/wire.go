package csvfile

import (
	"bufio"
	"bytes"
	"strings"
)

// maxSize is how much is read of a file, decompressed, in octets.
const maxSize = 512 << 20

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
