package match

import (
	"slices"
	"strings"
)

// titleMatch is what two titles have in common.
type titleMatch struct {
	shared float64 // weight of the words that both have
	typos  int     // of them, how many are spelt otherwise
	// onlyA and onlyB are the words that one has, with their weights.
	onlyA, onlyB       []term
	weightA, weightB   float64
	derived            string // a word that makes one a document about the other
	atEdge, wholeFirst bool   // see matchTitles
}

// sharedNumber is the weight of a number that both titles have.
const sharedNumber = 0.4

// minExact is the share of the lighter title that must be equal words before
// it is worth looking for words spelt otherwise.
const minExact = 0.2

// fewTerms is up to how many words a title is so short that one word spelt
// otherwise may be all there is.
const fewTerms = 3

// matchTitles pairs the words of two titles: those written apart in one ("data
// base"), equal ones, then those spelt a little otherwise.
func matchTitles(a, b *title) titleMatch {
	var m titleMatch
	takenA, takenB := make([]bool, len(a.terms)), make([]bool, len(b.terms))
	pair := func(i, j int) {
		takenA[i], takenB[j] = true, true
		m.shared += (a.terms[i].weight + b.terms[j].weight) / 2
	}
	// "VideoAnywhere … of video" takes "video anywhere" before the second word
	// takes a part of it.
	m.joinApart(a.terms, b.terms, takenA, takenB)
	m.joinApart(b.terms, a.terms, takenB, takenA)
	for i, t := range a.terms {
		if takenA[i] {
			continue
		}
		for j, u := range b.terms {
			if !takenB[j] && t.word == u.word {
				pair(i, j)
				break
			}
		}
	}
	if m.shared >= minExact*min(a.weight, b.weight) || min(len(a.terms), len(b.terms)) <= fewTerms {
		for i, t := range a.terms {
			if takenA[i] || t.weight < 0.3 {
				continue
			}
			for j, u := range b.terms {
				if !takenB[j] && u.weight >= 0.3 && (t.isSpelt(u) || likeWords(t.word, u.word)) {
					pair(i, j)
					if !t.isSpelt(u) {
						m.typos++
					}
					break
				}
			}
		}
	}
	for _, n := range a.numbers {
		if subset([]string{n}, b.numbers) {
			m.shared += sharedNumber
		}
	}
	m.onlyA, m.weightA = unpaired(a.terms, takenA)
	m.onlyB, m.weightB = unpaired(b.terms, takenB)
	m.derived = derivedIn(m.onlyA, m.onlyB)
	switch {
	case m.weightB < 0.3 && len(m.onlyA) > 0:
		m.atEdge, m.wholeFirst = together(takenA), startsTaken(a, takenA)
	case m.weightA < 0.3 && len(m.onlyB) > 0:
		m.atEdge, m.wholeFirst = together(takenB), startsTaken(b, takenB)
	}
	return m
}

// joinApart pairs one word of a with two neighbours of b that make it up.
func (m *titleMatch) joinApart(a, b []term, takenA, takenB []bool) {
	for i, t := range a {
		if takenA[i] || len(t.word) < 5 {
			continue
		}
		for j := 0; j+1 < len(b); j++ {
			if !takenB[j] && !takenB[j+1] && len(b[j].word)+len(b[j+1].word) == len(t.word) &&
				strings.HasPrefix(t.word, b[j].word) && strings.HasSuffix(t.word, b[j+1].word) {
				takenA[i], takenB[j], takenB[j+1] = true, true, true
				m.shared += t.weight
				break
			}
		}
	}
}

// isSpelt reports whether two words are one in two transliterations.
func (t *term) isSpelt(o term) bool {
	return t.bones == o.bones && min(len(t.word), len(o.word)) >= 5
}

// likeWords reports whether two words are one word spelt otherwise, or one in
// singular and plural. Words with digits are names of things and must be equal.
func likeWords(a, b string) bool {
	// An octet in common at the beginning or the end, and lengths that fit, are
	// asked for first: most words differ in both.
	if len(a) < 4 || len(b) < 4 || len(a)-len(b) > 6 || len(b)-len(a) > 6 || a[0] != b[0] && a[len(a)-1] != b[len(b)-1] {
		return false
	}
	if hasDigit(a) || hasDigit(b) {
		return false
	}
	switch {
	case len(a) >= 5 && len(b) >= 5 && withinEdits(a, b, 1):
		return true
	case len(a) >= 10 && len(b) >= 10 && a[:2] == b[:2] && withinEdits(a, b, 2):
		return true
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	switch strings.TrimPrefix(long, short) {
	case "s", "es", "e", "d", "ed", "n", "en", "ing":
		return true
	}
	return false
}

func hasDigit(w string) bool {
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			return true
		}
	}
	return false
}

func unpaired(terms []term, taken []bool) (only []term, weight float64) {
	for i, t := range terms {
		if !taken[i] && t.weight > 0 {
			only = append(only, t)
			if !kindWords[t.word] {
				weight += max(t.weight, 0.35)
			}
		}
	}
	return only, weight
}

// derivedIn finds a word in one list and not in the other that names a
// document about a document.
func derivedIn(a, b []term) string {
	for _, list := range [][]term{a, b} {
		for _, t := range list {
			if derivedWords[t.word] {
				return t.word
			}
		}
	}
	return ""
}

// together reports whether all that is taken stands together, so that what
// is over stands before or behind it: a subtitle or the name of a series.
func together(taken []bool) bool {
	first, last := slices.Index(taken, true), -1
	for i, t := range taken {
		if t {
			last = i
		}
	}
	return first >= 0 && !slices.Contains(taken[first:last+1], false)
}

// startsTaken reports whether what is taken is the title without its
// subtitle.
func startsTaken(t *title, taken []bool) bool {
	return t.mains > 0 && t.mains < len(taken) && !slices.Contains(taken[:t.mains], false)
}

// maxTitlePoints is what equal titles give at most: a long title that both
// have, and nothing else known, is enough.
const (
	pointsPerWeight = 1.6
	maxTitlePoints  = 9.0
)

// titlePoints weighs what two titles share: f is what their likeness leaves of
// it.
func (m *titleMatch) points() (points, objections float64) {
	worth := min(m.shared*pointsPerWeight, maxTitlePoints)
	all := 2*m.shared + m.weightA + m.weightB
	if all == 0 {
		return 0, 0
	}
	alike := 2 * m.shared / all
	less, more := min(m.weightA, m.weightB), max(m.weightA, m.weightB)
	switch {
	case more < 0.3:
	case less < 0.3 && m.atEdge && m.wholeFirst:
		worth = 0.9*worth + 0.75
	case less < 0.3 && m.atEdge && m.shared >= 2:
		worth *= 0.75
	case less < 0.3:
		worth *= alike * alike
		objections += 0.75 + min(more, 2)
	default:
		worth *= alike * alike * alike
		objections += 0.75 + 2.25*min(less, 2)
	}
	objections += 0.3 * float64(m.typos)
	if m.derived != "" {
		objections += 4
	}
	return worth, objections
}

// inside reports how much of a title's weight stands among the words of a whole
// reference, and that weight.
func (t *title) inside(whole []string) (share, weight float64) {
	if t.weight == 0 {
		return 0, 0
	}
	for _, x := range t.terms {
		if _, found := slices.BinarySearch(whole, x.word); found {
			weight += x.weight
			continue
		}
		if x.weight >= 0.8 && slices.ContainsFunc(whole, func(w string) bool { return likeWords(w, x.word) }) {
			weight += 0.9 * x.weight
		}
	}
	return weight / t.weight, weight
}
