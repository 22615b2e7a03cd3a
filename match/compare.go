package match

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// weigh adds up all that is known of two entries.
func (j *judge) weigh(a, b *entry) {
	if a.id > b.id {
		a, b = b, a
	}
	j.forbid(a, b)
	if j.vetoed && !j.explain {
		return
	}
	var titles float64
	if a.otherLanguage(b) && !a.likeTitles(b) {
		titles = j.weighLanguages(a, b)
	} else {
		titles = j.weighTitles(a, b)
	}
	j.weighPeople(a, b)
	years := j.weighYears(a, b)
	j.weighPages(a, b, j.weighVenues(a, b))
	j.weighText(a, b)
	j.weighExtent(a, b)
	j.weighKeys(a, b)
	j.doubtful = j.doubtful || j.otherAuthors && !j.settled
	if j.recurs != once && !(j.settled || j.recurs == recurring && j.inIssue) && min(a.title().weight, b.title().weight) < maxRecurring {
		j.doubtful = true
		j.addf("title", -1, "the title recurs in other years, and nothing else tells which one this is")
	}
	if years == yearsApart {
		// The same words years apart are another edition, or a library that
		// dates what it lists: a person must look, unless they are hardly alike.
		j.doubtful = true
		if titles < 0.75*maxTitlePoints {
			j.addf("year", -3, "and their titles are not enough to outweigh that")
		}
	}
}

// maxRecurring is the weight from which a title is so long that it names one
// document whatever the years say.
const maxRecurring = 4

// minEqual is the weight from which titles that are equal word for word say a
// little more than their words.
const minEqual = 1.5

// identifierNames are the names of entry.ids, for people.
var identifierNames = [4]string{"DOI", "UN symbol", "CELEX number", "ECLI"}

// forbid looks for what two descriptions of one document cannot have.
func (j *judge) forbid(a, b *entry) {
	for i, id := range a.ids {
		if id != "" && b.ids[i] != "" && id != b.ids[i] {
			j.vetof("identifiers", "the %ss differ: %s, %s", identifierNames[i], id, b.ids[i])
		}
	}
	if a.otherISBN(b) {
		j.vetof("identifiers", "the ISBNs differ: %s, %s", strings.Join(a.isbn, " "), strings.Join(b.isbn, " "))
	}
	if a.edition != "" && b.edition != "" && a.edition != b.edition {
		j.vetof("edition", "the editions differ: %s, %s", a.edition, b.edition)
	}
	t, u := a.title(), b.title()
	if t.otherNumber(u) {
		j.vetof("title", "the titles have other numbers: %s, %s", strings.Join(t.numbers, " "), strings.Join(u.numbers, " "))
	}
	if t.otherCountry(u) {
		j.vetof("title", "the titles name other countries: %s, %s", strings.Join(t.countries, " "), strings.Join(u.countries, " "))
	}
}

// weighTitles takes the best pair of titles; alternative titles count as the
// title does.
func (j *judge) weighTitles(a, b *entry) float64 {
	if len(a.titles) == 0 || len(b.titles) == 0 {
		return 0
	}
	var best titleMatch
	points, objections, at := math.Inf(-1), 0.0, [2]int{}
	for i := range a.titles {
		for k := range b.titles {
			m := matchTitles(&a.titles[i], &b.titles[k])
			if p, o := m.points(); p-o > points-objections {
				best, points, objections, at = m, p, o, [2]int{i, k}
			}
		}
	}
	if whole := j.weighWhole(a, b); whole > points-objections {
		j.addf("title", whole, "the words of each title, or most words, stand in the other reference")
		return whole
	}
	t, u := &a.titles[at[0]], &b.titles[at[1]]
	switch {
	case t.key == u.key:
		if t.weight >= minEqual {
			points++
		}
		j.addf("title", points, "the titles are equal: %q", brief(t.key))
	case points > 0:
		j.addf("title", points, "the titles share %s", percent(best.shared*2/(best.shared*2+best.weightA+best.weightB)))
	}
	if objections > 0 {
		j.addf("title", -objections, "only one title has: %s", onlyWords{best.onlyA, best.onlyB})
	}
	j.weighLooseNumbers(a, b, t, u)
	return points
}

// weighWhole compares two references by the words of their titles within the
// other one, where the parts could not be told apart well.
func (j *judge) weighWhole(a, b *entry) float64 {
	if a.whole == nil || b.whole == nil {
		return math.Inf(-1)
	}
	shareA, weightA := a.title().inside(b.whole)
	shareB, weightB := b.title().inside(a.whole)
	const enough = 0.9
	if min(shareA, shareB) < enough {
		return wholeInside(a, b)
	}
	return min(min(weightA, weightB)*pointsPerWeight, maxTitlePoints) * min(shareA, shareB)
}

// wholeInside compares two references to the same pages of the same year by all
// their words but names, numbers and words of grammar: pages leave little
// doubt, and what is the title and what the journal need not be known.
func wholeInside(a, b *entry) float64 {
	if a.year != b.year || a.pages != b.pages || a.pages.last <= a.pages.first {
		return math.Inf(-1)
	}
	contents := func(e *entry) (words []string, weight float64) {
		for _, w := range e.whole {
			name := slices.ContainsFunc(e.people, func(p person) bool { return slices.Contains(p.words, w) })
			if x := weightOf(w); !name && !isNumber(w) && x > 0.1 {
				words, weight = append(words, w), weight+x
			}
		}
		return words, weight
	}
	wordsA, weightA := contents(a)
	wordsB, weightB := contents(b)
	shared := 0.0
	for _, w := range wordsA {
		if subset([]string{w}, wordsB) {
			shared += weightOf(w)
		}
	}
	if least := min(weightA, weightB); least > 0 && shared >= minWhole*least {
		return min(shared*pointsPerWeight, maxTitlePoints)
	}
	return math.Inf(-1)
}

// minWhole is the share of the words of the shorter reference that must stand
// in the other.
const minWhole = 0.45

// weighLooseNumbers objects to numbers that one title has and the other lacks:
// a volume, a part, a year that is not that of the other's date.
func (j *judge) weighLooseNumbers(a, b *entry, t, u *title) {
	loose := 0.0
	var which []string
	count := func(t, u *title, e *entry, year int) {
		for _, n := range t.numbers {
			switch {
			case subset([]string{n}, u.numbers), n == yearText(year), n == e.edition, n == e.volume:
			case subset([]string{n}, t.counted):
				loose = max(loose, 4)
				which = append(which, n)
			case n == t.last:
				loose = max(loose, 2.5)
				which = append(which, n)
			case len(n) == 4 && isNumber(n):
				loose = max(loose, 1.5)
				which = append(which, n)
			default:
				loose = max(loose, 1)
				which = append(which, n)
			}
		}
	}
	count(t, u, b, b.year)
	count(u, t, a, a.year)
	if loose > 0 {
		j.addf("title", -loose, "only one title has the number %s", strings.Join(which, ", "))
	}
	switch {
	case a.edition != "" && b.edition == "" && a.edition != "1" && !subset([]string{a.edition}, u.numbers),
		b.edition != "" && a.edition == "" && b.edition != "1" && !subset([]string{b.edition}, t.numbers):
		j.addf("edition", -2, "only one names its edition")
	}
}

func (j *judge) weighPeople(a, b *entry) {
	if len(a.people) == 0 || len(b.people) == 0 {
		return
	}
	share, people := agreement(a.people, b.people)
	if a.whole != nil && b.whole != nil {
		share = max(share, namesInside(a.people, b.whole), namesInside(b.people, a.whole))
		people = max(people, 1)
	}
	body := anyBody(a.people) || anyBody(b.people)
	j.author = share >= 0.6
	switch {
	case share >= 0.6 && people == 1 && len(a.people) != len(b.people) && a.whole == nil && b.whole == nil:
		// One list is of one person: some catalogues keep the first author only.
		if a.people[0].sameness(&b.people[0]) >= 0.6 {
			j.addf("authors", 2, "the first authors agree")
		} else {
			j.addf("authors", 1, "one author agrees")
		}
	case share >= 0.95:
		j.settled = j.settled || people > 1
		j.authors = true
		j.addf("authors", min(3+0.25*float64(people-1), 4), "the authors agree")
	case share >= 0.6:
		j.addf("authors", 2, "most authors agree")
	case share >= 0.3:
		j.addf("authors", 0.5, "some authors agree")
	case body:
		j.addf("authors", -0.5, "the authors have other names, one is an organisation")
	default:
		j.otherAuthors = true
		j.addf("authors", -5, "the authors differ")
	}
}

func namesInside(people []person, whole []string) float64 {
	n := 0
	for i := range people {
		if subset([]string{people[i].familyName()}, whole) {
			n++
		}
	}
	return float64(n) / float64(len(people))
}

func anyBody(people []person) bool {
	for i := range people {
		if people[i].body {
			return true
		}
	}
	return false
}

// yearsApart is what weighYears answers for years that differ by two or more.
const yearsApart = 2

func (j *judge) weighYears(a, b *entry) int {
	if a.year == 0 || b.year == 0 {
		return 0
	}
	apart := max(a.year-b.year, b.year-a.year)
	switch {
	case apart == 0 && a.farApart(b):
		j.addf("year", -2, "both are of %d, yet months apart: %s, %s", a.year, a.date.Value, b.date.Value)
	case apart == 0:
		j.addf("year", 1.5, "both are of %d", a.year)
	case apart == 1 && a.whole != nil && b.whole != nil && (a.pages.first == 0 || b.pages.first == 0 || a.pages.first == b.pages.first):
		j.addf("year", -1.5, "the years are next to each other: %d, %d, as references have it", a.year, b.year)
	case apart == 1:
		j.addf("year", -2.5, "the years are next to each other: %d, %d", a.year, b.year)
		// A paper of a conference comes again as an article of a journal; when
		// only the one is dated wrongly, the pages say so.
		if len(a.venue.words) > 0 && len(b.venue.words) > 0 && (a.pages != b.pages || a.pages.last == 0) {
			j.doubtful = true
		}
	default:
		j.addf("year", -4, "the years differ: %d, %d", a.year, b.year)
		return yearsApart
	}
	return apart
}

func (j *judge) weighVenues(a, b *entry) (like float64) {
	if len(a.issuer.words) > 0 && len(b.issuer.words) > 0 {
		switch like := a.issuer.likeness(&b.issuer); {
		case like >= 0.6:
			// A book of a title that many have is told by author, publisher
			// and year; a column of a journal is not.
			j.settled = j.settled || j.authors && a.year == b.year
			j.addf("publisher", 1.5, "the publishers agree")
		case like <= 0.2:
			j.addf("publisher", -0.5, "the publishers have other names")
			// A short title that two publish, and no year says that it is one book.
			j.doubtful = j.doubtful || !j.settled && (a.year == 0 || b.year == 0) && min(a.title().weight, b.title().weight) < maxRecurring
		}
	}
	if len(a.venue.words) == 0 || len(b.venue.words) == 0 {
		// A book that is in no journal: who wrote it and when says which one it is.
		j.inIssue = j.inIssue || j.authors && a.year == b.year && a.year != 0 && len(a.venue.words) == len(b.venue.words)
		return 0.5
	}
	like = a.venue.likeness(&b.venue)
	x, y := a.venue.kind, b.venue.kind
	switch {
	case x != y && x != anyVenue && y != anyVenue:
		j.addf("venue", -3, "one appeared in a journal, a conference or a report, and the other in another of these")
	case like >= 0.6:
		j.inIssue = j.inIssue || j.author && a.year == b.year && a.year != 0
		j.addf("venue", 1.5, "they appeared in the same place")
	case like <= 0.2:
		j.addf("venue", -1, "the places where they appeared have other names")
	}
	return like
}

// weighPages weighs volume and pages, which together name an article as
// surely as an identifier, and an abstract of the same title as another.
func (j *judge) weighPages(a, b *entry, venues float64) {
	p, q := a.pages, b.pages
	otherVolume := a.volume != "" && b.volume != "" && a.volume != b.volume
	otherPages := p.first != 0 && q.first != 0 && p.first != q.first
	switch {
	case otherVolume:
		j.addf("volume", -3, "the volumes differ: %s, %s", a.volume, b.volume)
		j.doubtful = j.doubtful || otherPages || venues <= 0.2
	case a.volume != "" && b.volume != "":
		j.addf("volume", 0.5, "both are in volume %s", a.volume)
	}
	switch {
	case p.first == 0 || q.first == 0:
	case p == q && p.last > p.first:
		points := 3.0
		if !otherVolume && a.year == b.year && (a.volume != "" && b.volume != "" || venues >= 0.6) {
			points = 5
		}
		j.settled = true
		j.addf("pages", points, "both have the pages %d-%d", p.first, p.last)
	case !otherPages:
		j.addf("pages", 1, "both begin on page %d", p.first)
	case p.last > p.first && q.last > q.first:
		j.addf("pages", -3, "the pages differ: %d-%d, %d-%d", p.first, p.last, q.first, q.last)
		j.doubtful = j.doubtful || venues <= 0.2
	}
}

func (j *judge) weighText(a, b *entry) {
	if a.text.size == 0 || b.text.size == 0 {
		return
	}
	alike, within := a.text.overlap(&b.text)
	bare := len(a.titles) == 0 || len(b.titles) == 0
	switch {
	case alike >= 0.6 && bare:
		j.addf("text", 8, "the texts share %s", percent(alike))
	case alike >= 0.6:
		j.settled = true
		j.addf("summary", 5, "the summaries share %s", percent(alike))
	case within >= 0.8 && (a.cut || b.cut || min(a.text.size, b.text.size) >= 2*minSummaryWords):
		j.addf("summary", 4, "one summary stands in the other")
	case alike >= 0.25:
		j.addf("summary", 2, "the summaries share %s", percent(alike))
	case alike < 0.02 && min(a.text.size, b.text.size) >= 4*minSummaryWords && !a.otherLanguage(b):
		j.addf("summary", -1, "the summaries have nothing in common")
	}
}

// weighKeys counts the surest key that both have.
func (j *judge) weighKeys(a, b *entry) {
	for _, k := range a.keys {
		for _, l := range b.keys {
			if k.Value != l.Value || k.String() != l.String() {
				continue
			}
			j.settled = true
			switch k.Method {
			case DOI, UNSymbol, CELEX, ECLI, ELI, ISBN, Handle:
				j.addf("identifiers", 6, "both bear the %s %s", k.Method, k.Value)
			default:
				j.addf("identifiers", 4, "both have the %s %s", k.Method, brief(k.Value))
			}
			return
		}
	}
}

// farApart reports whether two dates that are known to the month are more than
// one month apart.
func (e *entry) farApart(o *entry) bool {
	a, knownA := months(e.date.Value)
	b, knownB := months(o.date.Value)
	return knownA && knownB && (a-b > 1 || b-a > 1)
}

func months(date string) (int, bool) {
	if len(date) < len("2006-01") {
		return 0, false
	}
	year, errY := strconv.Atoi(date[:4])
	month, errM := strconv.Atoi(date[5:7])
	return year*12 + month, errY == nil && errM == nil
}
