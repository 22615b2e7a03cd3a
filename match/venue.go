package match

import "strings"

// venue is where a document appeared: a journal, a conference, a series.
type venue struct {
	words []string // without words of grammar and numbers
	kind  venueKind
}

type venueKind byte

const (
	anyVenue venueKind = iota
	journal
	conference
	manuscript // a technical report, a thesis
)

var venueKinds = map[venueKind]map[string]bool{
	journal: setOf(`journal j zeitschrift revue revista rivista transactions trans annals archives magazine letters quarterly acta
		bulletin record zhonghua tidsskrift`),
	conference: setOf(`conference conf proceedings proc symposium symp workshop colloquium congress meeting kongress tagung congres`),
	manuscript: setOf(`tech technical thesis dissertation phd tr arxiv preprint manuscript unpublished`),
}

func readVenue(s string) venue {
	var v venue
	for _, w := range wordsOf(unescape(cut(s, 400))) {
		for kind, words := range venueKinds {
			if words[w] && (v.kind == anyVenue || kind < v.kind) {
				v.kind = kind
			}
		}
		if !functionWords[w] && !isNumber(w) {
			v.words = append(v.words, w)
		}
	}
	return v
}

// readIssuer reads a publisher, whose place libraries put before it (ISBD 4).
func readIssuer(s string) venue {
	s = cut(s, 400)
	if _, name, found := strings.Cut(s, " : "); found {
		s = name
	}
	v := readVenue(s)
	v.kind = anyVenue
	if len(v.words) == 2 && v.words[0] == "s" && v.words[1] == "n" { // [s.n.]: without a name
		v.words = nil
	}
	return v
}

// issuerWords stand in the names of publishers of all kinds.
var issuerWords = setOf(`
	verlag verl press presse presses publisher publishers publishing publications books book university univ universite universitat editions edition editorial
	editora editore edizioni editeur ed eds uitgeverij forlag izdatelstvo izd изд-во wydawnictwo nakladatelstvi co company inc ltd llc gmbh sons group house librairie
	libreria casa imprenta imprimerie
`)

// likeness is the share of the shorter name that the longer has too, in words,
// abbreviations or as an acronym.
func (v *venue) likeness(o *venue) float64 {
	a, b := v.words, o.words
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	taken := make([]bool, len(b))
	sum, most := 0.0, 0.0
	for _, w := range a {
		worth := 1.0
		if isVenueWord(w) {
			worth = 0.4
		}
		most += worth
		for i, x := range b {
			if !taken[i] && (w == x || shortens(w, x) || shortens(x, w) || worth < 1 && w[0] == x[0] && (len(w) == 1 || len(x) == 1)) {
				taken[i] = true
				sum += worth
				break
			}
		}
	}
	share := sum / most
	if share < 0.5 && (hasAcronym(a, b) || hasAcronym(b, a)) {
		return 1
	}
	return share
}

// shortens reports whether short abbreviates long as the names of journals are
// (ISO 4): its end is cut off, or letters within are left out: "dtsch" for
// "deutsche", "natl" for "national".
func shortens(short, long string) bool {
	if len(short) < 2 || len(short) >= len(long) || short[0] != long[0] {
		return false
	}
	if strings.HasPrefix(long, short) {
		return true
	}
	at := 0
	for i := 0; i < len(long) && at < len(short); i++ {
		if long[i] == short[at] {
			at++
		}
	}
	return at == len(short) && len(short) >= 4
}

func isVenueWord(w string) bool {
	for _, words := range venueKinds {
		if words[w] {
			return true
		}
	}
	return issuerWords[w] || w == "international" || w == "int" || w == "intl" || w == "annual" || w == "on"
}

// hasAcronym reports whether a word of a is made of the initials of words that
// stand together in b.
func hasAcronym(a, b []string) bool {
	for _, w := range a {
		if len(w) < 3 || len(w) > len(b) || isVenueWord(w) {
			continue
		}
		for start := 0; start+len(w) <= len(b); start++ {
			match := true
			for i := range len(w) {
				if b[start+i][0] != w[i] {
					match = false
					break
				}
			}
			if match {
				return true
			}
		}
	}
	return false
}

// pages is a range of pages; 0 when unknown.
type pages struct{ first, last int }

// readPages reads "197-227", "47--65", "744-8" (up to 748) or "pp. 12".
func readPages(s string) pages {
	var numbers []int
	n, in := 0, false
	for _, r := range cut(s, 60) + " " {
		if r >= '0' && r <= '9' && n < 1e7 {
			n, in = n*10+int(r-'0'), true
			continue
		}
		if in {
			numbers = append(numbers, n)
		}
		n, in = 0, false
	}
	switch {
	case len(numbers) == 0:
		return pages{}
	case len(numbers) == 1:
		return pages{first: numbers[0]}
	}
	p := pages{numbers[0], numbers[1]}
	for unit := 10; p.last < p.first && unit <= 1000; unit *= 10 {
		if numbers[1] < unit {
			p.last = p.first/unit*unit + numbers[1]
		}
	}
	return p
}
