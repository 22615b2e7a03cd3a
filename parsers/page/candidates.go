package page

import (
	"slices"
	"unicode"
	"unicode/utf8"
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
	var short [512]byte // most texts are headings, names and the beginnings of others
	out := short[:0]
	if len(s) > len(short) {
		out = make([]byte, 0, len(s))
	}
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if k := keyOctets[c]; k != 0 {
				out = append(out, k)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) {
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
		i += size
	}
	return string(out)
}

// keyOctets is what key makes of ASCII: letters in lower case and digits, nothing of the rest.
var keyOctets = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		switch r := byte(c); {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			t[c] = r
		case r >= 'A' && r <= 'Z':
			t[c] = r + 'a' - 'A'
		}
	}
	return t
}()
