package match

import (
	"regexp"
	"slices"
	"strings"
)

// languageMarks are how addresses name languages: ISO 639-1, 639-2, and words.
var languageMarks = setOf(`
	en fr es ar ru zh pt de it nl eng fra fre spa esp ara rus zho chi por deu ger ita nld dut
	english french spanish arabic russian chinese portuguese german italian dutch
	francais espanol anglais ingles deutsch portugues
	ne npi nepali hi hin hindi th tha vi vie id ind my mya bn ben ur urd sw swa am amh uk ukr pl pol ro ron tr tur el ell km khm
`)

// addressParts parts an address where a language may stand: "/en/", "en.",
// "_EN.", "-en", "lang=en".
var addressParts = regexp.MustCompile(`[/._=?&+-]+`)

// alignedAddress is an address key without the parts that name a language,
// empty when it has none.
func alignedAddress(key string) string {
	parts := addressParts.Split(strings.ToLower(key), -1)
	kept := slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return languageMarks[p] })
	if len(kept) == len(parts) || len(kept) < 3 {
		return ""
	}
	return strings.Join(kept, " ")
}

// alignedAddresses are those of a record's own pages and files.
func (e *entry) alignedAddresses() []string {
	var out []string
	for _, k := range e.keys {
		if k.Method != URL && k.Method != DocumentURL {
			continue
		}
		if a := alignedAddress(k.Value); a != "" && !slices.Contains(out, a) && len(out) < 4 {
			out = append(out, a)
		}
	}
	return out
}

// languageBlocks are where language versions without a link meet: the same
// address but for its language, the same day or the same numbers and countries
// by the same publisher.
func languageBlocks(e *entry) []uint64 {
	if e.language == "" {
		return nil
	}
	var out []uint64
	for _, a := range e.alignedAddresses() {
		out = append(out, hashOf("aligned address", a))
	}
	by := strings.Join(e.issuer.words, " ")
	if by == "" {
		by = "source " + string(e.source)
	}
	if len(e.date.Value) == len("2006-01-02") {
		out = append(out, hashOf("day", by, e.date.Value))
	}
	t := e.title()
	if e.year != 0 && len(t.numbers)+len(t.countries) > 0 {
		out = append(out, hashOf("year names", by, e.date.Value[:4], strings.Join(t.numbers, " "), strings.Join(t.countries, " ")))
	}
	return out
}

// minCognates is the share of the words of the shorter title that must have a
// cognate in the other for it to be evidence.
const minCognates = 0.4

// weighLanguages compares the titles of two descriptions in two languages by
// what translations have in common: numbers, countries, names and cognates,
// the day, the address. It makes language versions of what one publisher or
// source gives only, and the answer is not Same unless the addresses are aligned
// or three other things are.
func (j *judge) weighLanguages(a, b *entry) (points float64) {
	family := a.source == b.source || len(a.issuer.words) > 0 && len(b.issuer.words) > 0 && a.issuer.likeness(&b.issuer) >= 0.6
	if !family {
		j.doubtful = true
		return 0
	}
	t, u := a.title(), b.title()
	aligned := 0
	add := func(field string, p float64, format string, args ...any) {
		points += p
		aligned++
		j.addf(field, p, format, args...)
	}
	if slices.ContainsFunc(a.alignedAddresses(), func(s string) bool { return slices.Contains(b.alignedAddresses(), s) }) {
		add("address", 5, "their addresses differ in the language alone")
		aligned = minAligned
	}
	if len(t.numbers) > 0 && slices.Equal(t.numbers, u.numbers) {
		add("title", 1.5, "both titles have the numbers %s", strings.Join(t.numbers, ", "))
	}
	if len(t.countries) > 0 && slices.Equal(t.countries, u.countries) {
		add("title", 1.5, "both titles name the countries %s", strings.Join(t.countries, ", "))
	}
	if share := cognates(t, u); share >= minCognates {
		add("title", 1.5+2.5*share, "of the words of the shorter title, %s have a cognate in the other", percent(share))
	} else if aligned > 0 && isASCII(t.key) != isASCII(u.key) {
		// Only a person who reads both can say.
		points += 0.75
		j.addf("title", 0.75, "the titles are in two scripts, in which no words can be compared")
	}
	if len(a.date.Value) == len("2006-01-02") && a.date == b.date {
		add("date", 1.5, "both are of %s", a.date.Value)
	}
	j.weighLooseNumbers(a, b, t, u)
	j.weighLoneParts(t, u)
	j.doubtful = j.doubtful || aligned < minAligned
	return points
}

// minAligned is how many things must be aligned for language versions without
// aligned addresses to be the same.
const minAligned = 3

// weighLoneParts objects to a part or number that one title alone has: a
// translation has all of them.
func (j *judge) weighLoneParts(t, u *title) {
	if !subset(t.numbers, u.numbers) || !subset(u.numbers, t.numbers) || !subset(t.countries, u.countries) || !subset(u.countries, t.countries) {
		j.doubtful = true
		j.addf("title", -2, "only one title has a number or a country")
	}
}

// cognates is the share of the weight of the shorter title's words that are
// names or cognates of words of the other: equal but for their endings.
func cognates(t, u *title) float64 {
	if t.weight > u.weight {
		t, u = u, t
	}
	all, shared := 0.0, 0.0
	taken := make([]bool, len(u.terms))
	for _, x := range t.terms {
		w := max(x.weight, minTermWeight)
		if functionWords[x.word] {
			continue
		}
		all += w
		for i, y := range u.terms {
			if !taken[i] && !functionWords[y.word] && isCognate(x.bones, y.bones) {
				taken[i] = true
				shared += w
				break
			}
		}
	}
	if all < 2 {
		return 0
	}
	return shared / all
}

// minTermWeight is the least that a word weighs when cognates are counted:
// words of the subject tell little within one language, and much across two.
const minTermWeight = 0.5

// isCognate reports whether two words begin with the same five letters or more,
// which are two fifths of the longer one ("estimations", "estimaciones"), or, when
// both are short, with four.
func isCognate(a, b string) bool {
	if a == b {
		return true
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	const least = 5
	return n >= least && 5*n >= 2*max(len(a), len(b)) || n >= 4 && max(len(a), len(b)) <= 7
}
