package match

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// person is the name of an author: words and initials in the order given.
type person struct {
	words []string
	// family is the word that is the family name by the comma behind it, ""
	// where the form does not tell.
	family string
	// body is true for what looks like an organisation.
	body bool
}

// maxAuthors bounds how many authors of a record are compared.
const maxAuthors = 24

var bodyWords = setOf(`
	organization organisation organizations committee commission council ministry department office agency institute institut university
	foundation bank centre center association international nations united federation union project group network government bureau programme
	fund society academy inc ltd ministere ministerio universidad universite organizacion comision instituto fundacion oficina
`)

// besideNames stand beside names and are none: titles, and what a person did.
var besideNames = setOf(`
	jr sr dr prof iii et al ed eds editor editors edited author authors aut hrsg hg herausgeber herausgegeben by trans translator translated trad
	traducteur traduccion comp compiler illustrator ill director dir coord red сост ред пер авт
`)

// lifeYears are the years of life behind a name, as libraries write them.
var lifeYears = regexp.MustCompile(`\s*[,(\[]\s*(?:b\. |d\. |ca\. |geb\. |né )?1\d{3}\??(?:\s*[-–/]\s*(?:\d{4}\??)?)?[)\]]?\.?|\s*,\s*20\d\d-\.?`)

func readPerson(s string) person {
	s = unescape(cut(s, 200))
	var p person
	if before, _, found := strings.Cut(s, ","); found {
		if w := wordsOf(before); len(w) > 0 {
			p.family = w[len(w)-1]
		}
	}
	for _, w := range wordsOf(s) {
		if besideNames[w] || isNumber(w) {
			continue
		}
		p.body = p.body || bodyWords[w]
		p.words = append(p.words, w)
	}
	p.body = p.body || len(p.words) > 5
	return p
}

// familyName is the word before the comma, else the longest word.
func (p *person) familyName() string {
	if p.family != "" {
		return p.family
	}
	best := ""
	for _, w := range p.words {
		if len(w) >= len(best) {
			best = w
		}
	}
	return best
}

// initial is the first letter of the first word that is not the family name.
func (p *person) initial() string {
	family := p.familyName()
	for _, w := range p.words {
		if w != family {
			_, n := utf8.DecodeRuneInString(w)
			return w[:n]
		}
	}
	return ""
}

// sameness of two names: 1 for equal or one an abbreviation of the other, less
// when only the family name is common, 0 when they differ.
func (p *person) sameness(o *person) float64 {
	if len(p.words) == 0 || len(o.words) == 0 {
		return 0
	}
	used := make([]bool, len(o.words))
	full, initial, open := 0, 0, 0
	familySeen := false
	for _, w := range p.words {
		found := false
		for i, v := range o.words {
			if !used[i] && len(w) > 1 && sameName(w, v) {
				used[i], found = true, true
				full++
				familySeen = familySeen || w == p.family || v == o.family || p.family == "" && o.family == ""
				break
			}
		}
		if !found {
			open++
		}
	}
	if full == 0 || !familySeen {
		return 0
	}
	// What is left on both sides must agree as initials, in any order.
	left := open
	for _, w := range p.words {
		if containsUsed(o.words, used, w) {
			continue
		}
		for i, v := range o.words {
			if !used[i] && (abbreviates(w, v) || abbreviates(v, w) || len(w) > 3 && len(v) > 3 && w[0] == v[0] && withinEdits(w, v, 2)) {
				used[i] = true
				initial++
				left--
				break
			}
		}
	}
	other := 0
	for i := range o.words {
		if !used[i] {
			other++
		}
	}
	switch {
	case left > 0 && other > 0 && initial == 0 && full == 1:
		return 0.15 // one family name, other given names
	case left > 0 && other > 0:
		return 0.7
	}
	return 1
}

// sameName reports whether two words are one name: with a letter that differs,
// or transliterated otherwise.
func sameName(a, b string) bool {
	return a == b || len(a) >= 5 && len(b) >= 5 && withinEdits(a, b, 1) || len(a) >= 4 && len(b) >= 4 && bonesOf(a) == bonesOf(b)
}

// containsUsed reports whether w has been paired as a whole word.
func containsUsed(words []string, used []bool, w string) bool {
	for i, v := range words {
		if used[i] && len(w) > 1 && sameName(w, v) {
			return true
		}
	}
	return false
}

// shortNames are given names that people use in place of those on their
// papers, where they are no beginnings of them.
var shortNames = pairsOf(`
	bob robert rob robert bert robert bill william will william dick richard rick richard mike michael mick michael jim james jack john johnny john
	joe joseph tony anthony ted edward ned edward betty elizabeth liz elizabeth bess elizabeth beth elizabeth kate katherine kate catherine
	kathy katherine cathy catherine kitty katherine peggy margaret maggie margaret meg margaret molly mary polly mary sally sarah chuck charles
	charlie charles hank henry harry henry larry lawrence nick nicholas tim timothy gus august fritz friedrich hans johannes heinz heinrich
	sasha alexander sascha alexander alex alexandr misha mikhail vanya ivan kolya nikolai pepe jose paco francisco pancho francisco
	lola dolores nacho ignacio lupe guadalupe ze jose chico francisco beppe giuseppe gianni giovanni avi abraham moshe moses andy andrew drew andrew
	steve stephen steve steven dave david jerry gerald gerry gerald terry terence bernie bernard ernie ernest ken kenneth ron ronald don donald
	sue susan nan nancy jenny jennifer penny penelope sandy alexandra sandy alexander trish patricia pat patrick patty patricia
`)

// pairsOf reads a list of pairs.
func pairsOf(list string) map[[2]string]bool {
	out := make(map[[2]string]bool)
	words := strings.Fields(list)
	for i := 0; i+1 < len(words); i += 2 {
		out[[2]string{words[i], words[i+1]}] = true
	}
	return out
}

// abbreviates reports whether short may stand for long: an initial, initials
// written together, or a beginning.
func abbreviates(short, long string) bool {
	if short == "" || long == "" || len(short) > len(long) {
		return false
	}
	return strings.HasPrefix(long, short) || len(short) <= 3 && short[0] == long[0] || shortNames[[2]string{short, long}]
}

// readPeople reads a list of authors. One string may hold many.
func readPeople(authors []string) []person {
	if len(authors) == 1 {
		authors = splitAuthors(authors[0])
	}
	var out []person
	for _, a := range authors {
		if p := readPerson(a); len(p.words) > 0 && len(out) < maxAuthors {
			out = append(out, p)
		}
	}
	return out
}

// splitAuthors parts "A. Sato and B. Lund; C. Diop". Commas part names only
// where they cannot stand between family and given names.
func splitAuthors(s string) []string {
	s = unescape(cut(s, maxTitleBytes)) // the end of an entity parts no names
	s = lifeYears.ReplaceAllString(s, ";")
	if strings.Contains(s, ";") {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
	}
	folded := strings.NewReplacer(" AND ", " and ", " & ", " and ", ", and ", " and ", ", & ", " and ").Replace(s)
	var out []string
	for part := range strings.SplitSeq(folded, " and ") {
		out = append(out, splitCommas(part)...)
	}
	return out
}

// splitCommas parts a list of names at its commas: "Sato, A., Lund, B." after
// every second one, "Ana Sato, Bo Lund" after each.
func splitCommas(s string) []string {
	parts := strings.Split(s, ",")
	if len(parts) < 2 {
		return parts
	}
	short := 0
	for i := 1; i < len(parts); i += 2 {
		if isInitials(parts[i]) {
			short++
		}
	}
	if short*2 >= len(parts)/2*2 && short > 0 {
		var out []string
		for i := 0; i < len(parts); i += 2 {
			out = append(out, strings.Join(parts[i:min(i+2, len(parts))], ","))
		}
		return out
	}
	if len(parts) == 2 && (len(strings.Fields(parts[0])) == 1 || len(strings.Fields(parts[1])) == 1) {
		return []string{s}
	}
	return parts
}

// isInitials reports whether s is given names cut to initials: "A.", "J. K.".
func isInitials(s string) bool {
	words := wordsOf(s)
	for _, w := range words {
		if len(w) > 2 {
			return false
		}
	}
	return len(words) > 0
}

// agreement compares two lists of authors: the share of the shorter list that
// the longer has too, and how many people that is.
func agreement(a, b []person) (share float64, people int) {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0, 0
	}
	taken := make([]bool, len(b))
	sum := 0.0
	for i := range a {
		best, at := 0.0, -1
		for j := range b {
			if taken[j] {
				continue
			}
			if s := a[i].sameness(&b[j]); s > best {
				if best, at = s, j; s == 1 {
					break
				}
			}
		}
		if at >= 0 {
			taken[at] = true
			if sum += best; best > 0.5 {
				people++
			}
		}
	}
	return sum / float64(len(a)), people
}
