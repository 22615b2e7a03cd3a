package page

import (
	"slices"
	"strings"
	"unicode"
)

// ballot collects the candidates of one field.
type ballot struct {
	list []Candidate
}

// offer adds a candidate; an empty value is none.
func (b *ballot) offer(value, basis, detail string, score int) {
	if value != "" && len(b.list) < 400 {
		b.list = append(b.list, Candidate{Value: value, Basis: basis, Detail: detail, Score: score})
	}
}

// reject adds a value that is not taken, and why.
func (b *ballot) reject(value, basis, detail, why string) {
	if value != "" && len(b.list) < 400 {
		b.list = append(b.list, Candidate{Value: value, Basis: basis, Detail: detail, Rejected: why})
	}
}

// outranked is why a candidate was not taken that nothing else speaks against.
const outranked = "outranked"

// winner is the best candidate; the others are marked as outranked. Among
// equals the one that was offered first wins.
func (b *ballot) winner() (Candidate, bool) {
	slices.SortStableFunc(b.list, func(x, y Candidate) int {
		if (x.Rejected == "") != (y.Rejected == "") {
			if x.Rejected == "" {
				return -1
			}
			return 1
		}
		return y.Score - x.Score
	})
	if len(b.list) == 0 || b.list[0].Rejected != "" {
		return Candidate{}, false
	}
	for i := 1; i < len(b.list); i++ {
		if b.list[i].Rejected == "" {
			b.list[i].Rejected = outranked
		}
	}
	return b.list[0], true
}

// key is a text without case, punctuation and white space, for comparing.
func key(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < 0x80 {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
				b.WriteByte(byte(r))
			case r >= 'A' && r <= 'Z':
				b.WriteByte(byte(r) + 'a' - 'A')
			}
			continue
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
