package match

import (
	"slices"
	"strings"
)

// title is what is compared of a title.
type title struct {
	// key is the title's words; titles that differ in case, accents,
	// punctuation and spacing have one key.
	key string
	// terms are its words in order without numbers and what is counted by them.
	terms []term
	// words are its different words, sorted, without function words, numbers
	// and what is counted by them.
	words []string
	// numbers are its years, editions, volumes and other numbers, sorted.
	numbers []string
	// counted are those of numbers that a word such as "volume" counts.
	counted []string
	// last is the number of up to two digits that the title ends with, such as that
	// of a volume, empty when it ends with none.
	last string
	// countries are the countries that it names, ISO 3166-1 alpha-2, sorted.
	countries []string
	// weight is the sum of the terms' weights, main that of the terms before the
	// first colon, dash or full stop, and mains how many these are.
	weight, main float64
	mains        int
}

// term is a word of a title with its weight, see weightOf, and its bones.
type term struct {
	word, bones string
	weight      float64
}

// maxTitleBytes and maxTerms bound what is read of a title.
const (
	maxTitleBytes = 2000
	maxTerms      = 80
)

func readTitle(s string) title {
	s = cleanTitle(s)
	head, tail := splitTitle(s)
	words := partNumbers(wordsOf(head))
	mainWords := len(words)
	words = append(words, partNumbers(wordsOf(tail))...)
	t := title{key: strings.Join(words, " ")}
	for i, w := range words {
		switch n := numberAt(words, i); {
		case n != "":
			t.numbers = append(t.numbers, n)
			if isCounted(words, i) {
				t.counted = append(t.counted, n)
			}
		case partWords[w] && besideNumber(words, i), countsBehind(words, i):
			continue
		default:
			if !functionWords[w] && !partWords[w] {
				t.words = append(t.words, w)
			}
			if len(t.terms) == maxTerms {
				continue
			}
			x := term{w, bonesOf(w), weightOf(w)}
			t.terms = append(t.terms, x)
			t.weight += x.weight
			if i < mainWords {
				t.main += x.weight
				t.mains++
			}
		}
	}
	t.countries = countriesIn(words)
	if n := len(words); n > 1 && len(words[n-1]) <= 2 && isNumber(words[n-1]) {
		t.last = trimZeros(words[n-1])
	}
	for _, list := range []*[]string{&t.words, &t.numbers, &t.counted} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return t
}

// partNumbers parts letters from a number behind them: "SQL3" and "SQL 3",
// "COVID19" and "COVID-19", "C189" and "C 189" are one thing.
func partNumbers(words []string) []string {
	if !slices.ContainsFunc(words, func(w string) bool { return lettersBefore(w) > 0 }) {
		return words
	}
	var parted []string
	for _, w := range words {
		if n := lettersBefore(w); n > 0 {
			parted = append(parted, w[:n], w[n:])
		} else {
			parted = append(parted, w)
		}
	}
	return parted
}

// lettersBefore is how many octets of letters stand before the number at the
// end of w, 0 where there is no number or more than that.
func lettersBefore(w string) int {
	letters := strings.TrimRight(w, "0123456789")
	if len(letters) == len(w) || hasDigit(letters) {
		return 0
	}
	return len(letters)
}

// besideNumber reports whether the word at i counts the number beside it.
func besideNumber(words []string, i int) bool {
	return i+1 < len(words) && numberAt(words, i+1) != "" || i > 0 && numberAt(words, i-1) != ""
}

// isCounted reports whether the number at i stands beside a word that counts
// parts.
func isCounted(words []string, i int) bool {
	return i > 0 && (partWords[words[i-1]] || countsBehind(words, i-1)) || i+1 < len(words) && partWords[words[i+1]]
}

// countsBehind reports whether the letter at i counts the number behind it:
// "t. 3", "v. 3".
func countsBehind(words []string, i int) bool {
	switch words[i] {
	case "t", "v", "b", "h", "cz":
		return i+1 < len(words) && isNumber(words[i+1]) && len(words[i+1]) <= 3
	}
	return false
}

// splitTitle parts a title from its subtitle: behind a colon, a dash between
// spaces, or the end of a first sentence of three words or more.
func splitTitle(s string) (head, tail string) {
	for i := range len(s) {
		rest := s[i:]
		for _, mark := range []string{": ", " - ", " – ", " — ", ". ", "? ", "! ", "; ", "："} {
			if !strings.HasPrefix(rest, mark) {
				continue
			}
			// A colon between spaces is that of a library (ISBD 1.4).
			if head := s[:i]; len(strings.Fields(head)) >= 2 || i > 0 && (mark == "：" || mark == ": " && s[i-1] == ' ') {
				return head, rest[len(mark):]
			}
		}
	}
	return s, ""
}

// minLikeness is the share of the words of the shorter title that must stand
// in the longer one.
const minLikeness = 0.6

// like reports whether two titles may be those of one document: a subtitle
// dropped, a series name put before, a word spelt otherwise.
func (t *title) like(o *title) bool {
	if t.key == o.key {
		return t.key != ""
	}
	short, long := t.words, o.words
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 0 {
		return false
	}
	shared := 0
	for _, w := range short {
		if _, found := slices.BinarySearch(long, w); found {
			shared++
		}
	}
	return shared >= 2 && float64(shared) >= minLikeness*float64(len(short))
}

// otherNumber reports whether both titles have numbers that the other lacks:
// another year, edition, volume or part.
func (t *title) otherNumber(o *title) bool {
	return !subset(t.numbers, o.numbers) && !subset(o.numbers, t.numbers)
}

// otherCountry reports whether both titles name countries that the other does
// not.
func (t *title) otherCountry(o *title) bool {
	return !subset(t.countries, o.countries) && !subset(o.countries, t.countries)
}

// subset reports whether all of a, which is sorted as b is, stand in b.
func subset(a, b []string) bool {
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); !found {
			return false
		}
	}
	return true
}
