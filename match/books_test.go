package match_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/harvest87/harvest/match"
)

// genericBooks are titles that many books have, in many languages.
var genericBooks = []string{
	"Selected poems", "Gedichte", "Poésies complètes", "Obras completas", "Gesammelte Werke", "Introduction to economics", "Einführung in die Soziologie",
	"Histoire de la littérature", "История литературы", "Manual de derecho civil", "Lehrbuch der Physik", "Atlas", "Memoirs", "Letters", "Essays",
	"Collected stories", "Контрольные работы", "詩集", "ديوان", "Opere scelte", "Antologia poética", "Verzamelde gedichten", "Wiersze wybrane",
}

var presses = [][2]string{
	{"Oxford University Press", "Oxford Univ. Press"},
	{"Suhrkamp Verlag", "Suhrkamp"},
	{"Éditions du Seuil", "Seuil"},
	{"Alianza Editorial", "Alianza"},
	{"Издательство Наука", "Наука"},
	{"North Harbour Books", "North Harbour"},
}

type book struct {
	title, subtitle string
	author          [2]string
	press           [2]string
	year            int
	volume, edition int
	isbn            string
}

func (s *synthetic) newBook() book {
	b := book{author: [2]string{s.pick(givenNames), s.pick(familyNames)}, press: presses[s.IntN(len(presses))], year: 1950 + s.IntN(70)}
	b.title = s.pick(genericBooks)
	if s.chance(0.5) {
		b.title = s.newTitle()
	}
	if s.chance(0.3) {
		b.subtitle = s.newTitle()
	}
	if s.chance(0.4) {
		b.isbn = fmt.Sprintf("978%010d", s.IntN(1_000_000_000))
	}
	return b
}

// describe writes a book as one catalogue of many does.
func (s *synthetic) describe(b book) match.Description {
	title := b.title
	if b.subtitle != "" && s.chance(0.7) {
		title += s.pick([]string{": ", " : ", " - "}) + b.subtitle
	}
	if b.volume > 0 {
		title += s.pick([]string{", volume ", ", vol. ", ". Bd. ", ", tome "}) + strconv.Itoa(b.volume)
	}
	if s.chance(0.1) {
		title = s.typo(title)
	}
	if s.chance(0.2) {
		title = strings.ToUpper(title)
	}
	edition := ""
	if b.edition > 1 {
		edition = fmt.Sprintf(`,"edition":"%d"`, b.edition)
	}
	isbn := ""
	if b.isbn != "" && s.chance(0.7) {
		isbn = fmt.Sprintf(`,"isbn":%q`, b.isbn)
	}
	author := s.pick([]string{b.author[0] + " " + b.author[1], b.author[1] + ", " + b.author[0], b.author[1] + ", " + b.author[0][:1] + "."})
	d, err := match.ReadDescription(fmt.Appendf(nil, `{"id":"x","source":"s","title":%q,"authors":[%q],"year":%d,"publisher":%q%s%s}`,
		title, author, b.year, b.press[s.IntN(2)], edition, isbn))
	if err != nil {
		panic(err)
	}
	return d
}

// TestBooks groups records of books with generic titles in many languages,
// among them other volumes, editions and books of the same title.
func TestBooks(t *testing.T) {
	s := newSynthetic(11)
	add := func(b book) {
		for range 1 + s.IntN(3) {
			s.add(s.next, s.describe(b))
		}
		s.next++
	}
	for range 700 {
		b := s.newBook()
		switch s.IntN(8) {
		case 0: // the volumes of a set
			for b.volume = 1; b.volume <= 3; b.volume++ {
				b.isbn = ""
				add(b)
			}
		case 1: // editions
			for b.edition = 1; b.edition <= 2; b.edition++ {
				b.isbn = ""
				add(b)
				b.year += 4
			}
		case 2: // another's book of the same title
			add(b)
			b.author, b.isbn = [2]string{s.pick(givenNames), s.pick(familyNames) + "son"}, ""
			add(b)
		default:
			add(b)
		}
	}
	found := clusters(s.descriptions)
	precision, recall := s.measure(found)
	t.Logf("%d records: precision %.4f, recall %.4f", len(s.descriptions), precision, recall)
	if precision < 0.99 || recall < 0.96 {
		t.Errorf("precision %.4f, recall %.4f\n%s", precision, recall, s.mistakes(found, 12))
	}
}
