package match_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/harvest87/harvest/match"
)

// oldBooks are books in their languages: title, author, and for those not in
// Latin letters both as libraries transliterate them (ALA-LC, then ISO 9).
var oldBooks = []struct {
	title, author string
	other         [][2]string
}{
	{"Избранные произведения", "Пушкин, Александр Сергеевич", [][2]string{{"Izbrannye proizvedeniia", "Pushkin, Aleksandr Sergeevich"}, {"Izbrannye proizvedenija", "Puškin, Aleksandr S."}}},
	{"Собрание сочинений", "Чехов, Антон Павлович", [][2]string{{"Sobranie sochinenii", "Chekhov, Anton Pavlovich"}, {"Sobranie sočinenij", "Čehov, Anton P."}}},
	{"Рассказы и повести", "Толстой, Лев Николаевич", [][2]string{{"Rasskazy i povesti", "Tolstoi, Lev Nikolaevich"}, {"Rasskazy i povesti", "Tolstoj, Lev N."}}},
	{"Очерки истории крестьянства", "Ковалевский, Максим Максимович", [][2]string{{"Ocherki istorii krest'ianstva", "Kovalevskii, Maksim Maksimovich"}, {"Očerki istorii krest'janstva", "Kovalevskij, Maksim M."}}},
	{"Ποιήματα", "Καβάφης, Κωνσταντίνος", [][2]string{{"Poiemata", "Kavaphes, Konstantinos"}}},
	{"Gesammelte Werke", "Heine, Heinrich", nil},
	{"Sämtliche Schriften", "Lessing, Gotthold Ephraim", nil},
	{"Obras completas", "Martí, José", nil},
	{"Cuentos escogidos", "Darío, Rubén", nil},
	{"Œuvres complètes", "Hugo, Victor", nil},
	{"Lettres choisies", "Sévigné, Marie de", nil},
	{"Selected writings", "Emerson, Ralph Waldo", nil},
	{"Letters and journals", "Byron, George Gordon", nil},
	{"Opere", "Alfieri, Vittorio", nil},
	{"Dzieła wybrane", "Mickiewicz, Adam", nil},
	{"Vybrané spisy", "Němcová, Božena", nil},
	{"Samlede verker", "Ibsen, Henrik", nil},
	{"Obras escolhidas", "Castelo Branco, Camilo", nil},
	{"الأعمال الكاملة", "جبران، جبران خليل", nil},
	{"全集", "鲁迅", nil},
	{"Seçme şiirler", "Hikmet, Nâzım", nil},
}

var houses = [][]string{
	{"Nauka", "Изд-во Наука", "Moskva : Nauka", "Наука"},
	{"Suhrkamp", "Suhrkamp Verlag", "Frankfurt am Main : Suhrkamp"},
	{"Gallimard", "Éditions Gallimard", "Paris : Gallimard"},
	{"Oxford University Press", "Oxford : Oxford Univ. Press", "O.U.P."},
	{"Alianza", "Alianza Editorial", "Madrid : Alianza Ed."},
	{"Einaudi", "G. Einaudi", "Torino : Einaudi"},
	{"North Harbour Books", "North Harbour Books Ltd.", "London : North Harbour"},
}

// volume is a book as it stands on a shelf.
type volume struct {
	at, by  int // in oldBooks: the title, and whose
	house   int
	year    int
	part    int
	edition int
	isbn    string
	// subtitle is that of a book of its own.
	subtitle string
}

// catalogued writes a book as one library or another does: with the
// punctuation of ISBD, a statement of responsibility, years of life, years as
// on the title page, and much of it missing.
func (s *synthetic) catalogued(v volume) match.Description {
	b := oldBooks[v.at]
	title, author := b.title, oldBooks[v.by].author
	if i := s.IntN(4); i < min(len(b.other), len(oldBooks[v.by].other)) {
		title, author = b.other[i][0], oldBooks[v.by].other[i][1]
	}
	if v.subtitle != "" && s.chance(0.8) {
		title += s.pick([]string{" : ", ": ", ". "}) + v.subtitle
	}
	if v.part > 0 {
		title += fmt.Sprintf(s.pick([]string{". Vol. %d", ", volume %d", ". Bd. %d", ". T. %d", " (%d)", ", tom %d"}), v.part)
	}
	if s.chance(0.2) {
		title += " / " + s.pick([]string{author, "by " + author, "[Hrsg. von E. Weber]", author + " ; edited by K. Olsen"})
	}
	if s.chance(0.08) {
		title += s.pick([]string{" [electronic resource]", " [microform]", " [Texte imprimé]", " (print)"})
	}
	if s.chance(0.08) {
		title = strings.ToUpper(title)
	}
	line := map[string]any{"id": "x", "source": "library" + strconv.Itoa(s.IntN(4)), "title": title}
	if !s.chance(0.06) {
		line["authors"] = s.authored(author)
	}
	if !s.chance(0.05) {
		line["year"] = fmt.Sprintf(s.pick([]string{"%d", "c%d", "[%d]", "%d.", "cop. %d", "[%d?]"}), v.year)
	}
	if !s.chance(0.12) {
		line["publisher"] = s.pick(houses[v.house])
	}
	if v.edition > 1 && !s.chance(0.1) {
		line["edition"] = fmt.Sprintf(s.pick([]string{"%d. ed.", "%d. Aufl.", "%de éd.", "%d", "Изд. %d-е", "%d., überarb. Aufl."}), v.edition)
	}
	if v.isbn != "" && s.chance(0.4) {
		line["isbn"] = v.isbn
	}
	raw, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	d, err := match.ReadDescription(raw)
	if err != nil {
		panic(err)
	}
	return d
}

// authored writes an author as one library or another does.
func (s *synthetic) authored(author string) any {
	family, given, inverted := strings.Cut(author, ", ")
	if !inverted {
		return author
	}
	switch s.IntN(8) {
	case 0:
		return author + ", 1821-1880."
	case 1:
		return []string{author + " (1821-1880)"}
	case 2:
		return given + " " + family
	case 3:
		return []string{strings.ToUpper(family) + ", " + given}
	case 4:
		return family + ", " + string([]rune(given)[:1]) + "."
	case 5:
		return []string{given + " " + family + " (author)"}
	}
	return []string{author}
}

// TestShelves groups what several libraries say of books whose titles many
// books have: other volumes, editions, years and houses are other books.
func TestShelves(t *testing.T) {
	s := newSynthetic(23)
	add := func(v volume) {
		for range 1 + s.IntN(4) {
			s.add(s.next, s.catalogued(v))
		}
		s.next++
	}
	known := make(map[[2]int]int)
	for range 500 {
		v := volume{at: s.IntN(len(oldBooks)), by: s.IntN(len(oldBooks)), house: s.IntN(len(houses)), isbn: isbnOf(s)}
		if (oldBooks[v.at].other == nil) != (oldBooks[v.by].other == nil) {
			continue
		}
		v.year = 1890 + 7*known[[2]int{v.at, v.by}] + s.IntN(3) // the next book of that title and author is years later
		known[[2]int{v.at, v.by}] += 1 + s.IntN(4)
		switch s.IntN(6) {
		case 0:
			for v.part = 1; v.part <= 3; v.part++ {
				v.isbn = isbnOf(s)
				add(v)
			}
		case 1:
			for v.edition = 1; v.edition <= 2; v.edition++ {
				v.isbn = isbnOf(s)
				add(v)
				v.year += 3
			}
		case 2:
			v.subtitle = s.newTitle()
			add(v)
		default:
			add(v)
		}
	}
	found := clusters(s.descriptions)
	precision, recall := s.measure(found)
	t.Logf("%d records: precision %.4f, recall %.4f", len(s.descriptions), precision, recall)
	if precision < 0.99 || recall < 0.78 {
		t.Errorf("precision %.4f, recall %.4f\n%s", precision, recall, s.mistakes(found, 20))
	}
}

func isbnOf(s *synthetic) string { return fmt.Sprintf("978%010d", s.IntN(1_000_000_000)) }
