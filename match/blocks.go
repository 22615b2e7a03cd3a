package match

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Candidates are looked for among the descriptions that share a block. Blocks
// depend on one description alone; a block that more than maxHolders
// descriptions are in is passed over, so that the cost of one description has
// a bound whatever the others are. The narrower blocks, with the year or an
// author, serve where the wide ones are overfull.
const (
	titleBands, titleRows = 6, 3 // 0.92 at 0.7 in common, 0.55 at 0.5
	textBands, textRows   = 6, 4 // 0.98 at 0.8 in common, 0.57 at 0.6
	// rareWords is how many of a title's heaviest words are paired.
	rareWords = 4
	// minWide is how many of the wide blocks two must share to be compared: in
	// one of them anything meets.
	minWide = 2
)

func blocksOf(e *entry, text []uint64) (narrow, wide []uint64) {
	var out []uint64
	add := func(parts ...string) { out = append(out, hashOf(parts...)) }
	year := strconv.Itoa(e.year)
	author := ""
	if len(e.people) > 0 {
		author = surname(&e.people[0])
	}
	for i := range e.titles[:min(len(e.titles), 3)] {
		t := &e.titles[i]
		key := titleKey(t.terms)
		if key == "" {
			continue
		}
		if i == 0 {
			e.titleBlock = hashOf("title", key)
		} else {
			add("title", key)
		}
		if i > 0 {
			continue
		}
		if e.year != 0 {
			add("title year", key, year)
		}
		if author != "" {
			add("title author", key, author)
		}
		if e.year != 0 && (author != "" || len(e.issuer.words) > 0) {
			add("title year by", key, year, author, strings.Join(e.issuer.words, " "))
		}
		if t.mains > 0 && t.mains < len(t.terms) && t.main >= 1 {
			add("main title", titleKey(t.terms[:t.mains]))
		} else {
			add("main title", key)
		}
		for _, pair := range rarePairs(t) {
			wide = append(wide, hashOf("words", pair[0], pair[1]))
		}
		wide = append(wide, bands("title", titleShingles(bonesOf(t.key)), titleBands, titleRows)...)
	}
	if author != "" && e.year != 0 {
		if t := e.title(); len(t.terms) > 0 {
			add("author year word", author, year, heaviest(t.terms, 1)[0])
			if len(t.terms) <= fewTerms { // which may be spelt otherwise
				add("author year", author, e.people[0].initial(), year)
			}
		}
	}
	if e.pages.first > 0 && e.pages.last > e.pages.first && e.year != 0 {
		add("pages", year, strconv.Itoa(e.pages.first), strconv.Itoa(e.pages.last), e.volume)
	}
	out = append(out, languageBlocks(e)...)
	out = append(out, bands("text", text, textBands, textRows)...)
	slices.Sort(out)
	slices.Sort(wide)
	return slices.Compact(out), slices.Compact(wide)
}

// A signature has a bit for each word of a title that tells something. In the
// wide blocks, where many unlike titles meet, only those are compared of which
// the one with fewer bits has enough in common with the other.
type signature [2]uint64

const minSignature = 0.45

func signatureOf(t *title) (s signature) {
	for _, x := range t.terms {
		if x.weight > 0.1 {
			h := hashOf(x.bones)
			s[h>>6&1] |= 1 << (h & 63)
		}
	}
	return s
}

// near reports whether the titles have enough words in common to be compared.
func (s signature) near(o signature) bool {
	a, b := bits.OnesCount64(s[0])+bits.OnesCount64(s[1]), bits.OnesCount64(o[0])+bits.OnesCount64(o[1])
	if min(a, b) <= 2 {
		return true // a word spelt otherwise may be all there is
	}
	both := bits.OnesCount64(s[0]&o[0]) + bits.OnesCount64(s[1]&o[1])
	return float64(both) >= minSignature*float64(min(a, b))
}

// titleKey joins the words that tell something, in their order, without those
// that one description may leave out.
func titleKey(terms []term) string {
	var b strings.Builder
	for _, t := range terms {
		if t.weight > 0.1 {
			b.WriteString(t.bones)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// sameTitle reports whether two entries have one title, as the block of titles
// has it.
func (e *entry) sameTitle(o *entry) bool {
	return titleKey(e.title().terms) == titleKey(o.title().terms)
}

// rarePairs pairs the heaviest words of the whole title and of its main part.
func rarePairs(t *title) [][2]string {
	var out [][2]string
	pairsOf := func(terms []term) {
		words := heaviest(terms, rareWords)
		for i, a := range words {
			for _, b := range words[i+1:] {
				p := [2]string{min(a, b), max(a, b)}
				if a != b && !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		}
	}
	pairsOf(t.terms)
	if t.mains > 0 && t.mains < len(t.terms) {
		pairsOf(t.terms[:t.mains])
	}
	return out
}

// heaviest are the n words of most weight, longer ones first.
func heaviest(terms []term, n int) []string {
	sorted := slices.Clone(terms)
	slices.SortStableFunc(sorted, func(a, b term) int {
		if a.weight != b.weight {
			if a.weight > b.weight {
				return -1
			}
			return 1
		}
		if len(a.word) != len(b.word) {
			return len(b.word) - len(a.word)
		}
		return strings.Compare(a.word, b.word)
	})
	var out []string
	for _, t := range sorted {
		if len(out) < n && !slices.Contains(out, t.bones) {
			out = append(out, t.bones)
		}
	}
	return out
}

// surname is a person's family name in a form that does not depend on how it
// is transliterated.
func surname(p *person) string { return bonesOf(p.familyName()) }
