package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest/match"
)

// reference is a paper that bibliographies cite.
type reference struct {
	authors     [][2]string
	title       string
	venue       [3]string // long, abbreviated, with an editor
	place       string
	year        int
	volume      int
	first, last int
}

var citedVenues = [][3]string{
	{"Proceedings of the Tenth International Conference on Machine Learning", "Proc. 10th Int. Conf. on Machine Learning", "Machine Learning: Proceedings of the Tenth International Conference"},
	{"Journal of Labour Economics", "J. Labour Econ.", "Journal of Labour Economics"},
	{"Advances in Neural Information Processing Systems", "NIPS", "J. Moody, editor, Advances in Neural Information Processing Systems"},
	{"Artificial Intelligence", "Artif. Intell.", "Artificial Intelligence Journal"},
	{"International Migration Review", "Int. Migration Rev.", "International Migration Review"},
	{"Proceedings of the Annual Symposium on Theory of Computing", "STOC", "Proc. of the ACM Symposium on Theory of Computing"},
	{"Communications of the ACM", "Comm. ACM", "CACM"},
}

func (s *synthetic) newReference() reference {
	r := reference{authors: s.newAuthors(), title: s.newTitle(), venue: citedVenues[s.IntN(len(citedVenues))], year: 1975 + s.IntN(40), volume: 1 + s.IntN(60)}
	r.place = s.pick([]string{"Morgan Kaufmann", "San Mateo, CA", "Cambridge, MA: MIT Press", "New York"})
	r.first = 1 + s.IntN(900)
	r.last = r.first + 5 + s.IntN(30)
	return r
}

func initialOf(given string) string { return given[:1] + "." }

// cite writes a reference in one of the forms in which bibliographies do.
func (s *synthetic) cite(r reference) string {
	var names []string
	style := s.IntN(6)
	for _, a := range r.authors {
		switch style {
		case 0, 3:
			names = append(names, initialOf(a[0])+" "+a[1])
		case 1, 4:
			names = append(names, a[1]+", "+initialOf(a[0]))
		default:
			names = append(names, a[0]+" "+a[1])
		}
	}
	who := names[0]
	switch {
	case len(names) > 2 && s.chance(0.1):
		who += " et al."
	case len(names) > 1:
		who = strings.Join(names[:len(names)-1], ", ") + s.pick([]string{" and ", ", and ", ", & "}) + names[len(names)-1]
	}
	title := r.title
	if s.chance(0.15) {
		title = s.typo(title)
	}
	venue := r.venue[s.IntN(3)]
	pages := s.pick([]string{
		fmt.Sprintf("pages %d-%d", r.first, r.last), fmt.Sprintf("pp. %d--%d", r.first, r.last), fmt.Sprintf("%d:%d-%d", r.volume, r.first, r.last),
		fmt.Sprintf("%d(%d), %d-%d", r.volume, 1+r.volume%4, r.first, r.last), "",
	})
	place := ""
	if s.chance(0.4) {
		place = ", " + r.place
	}
	var out string
	switch style {
	case 0, 2:
		out = fmt.Sprintf("%s. %s. In %s, %s%s, %d.", who, title, venue, pages, place, r.year)
	case 1:
		out = fmt.Sprintf("%s (%d). %s. %s, %s%s.", who, r.year, title, venue, pages, place)
	case 3:
		out = fmt.Sprintf("%s, \"%s,\" %s, %s, %d.", who, title, venue, pages, r.year)
	case 4:
		out = fmt.Sprintf("%s %s. %s, %s %d.", who, title, venue, pages, r.year)
	default:
		out = fmt.Sprintf("%s. %s. %s, %s (%d).", who, title, venue, pages, r.year)
	}
	out = strings.NewReplacer(", ,", ",", ", .", ".", " ,", ",", "..", ".", ". .", ".").Replace(out)
	return strings.ToLower(out)
}

// TestCitations groups lower-cased references in six styles, among them other
// papers by the same people.
func TestCitations(t *testing.T) {
	s := newSynthetic(7)
	for range 120 {
		r := s.newReference()
		document := s.next
		s.next++
		for range 1 + s.IntN(12) {
			d, err := match.ReadDescription(fmt.Appendf(nil, `{"id":"x","source":"s","title":%q}`, s.cite(r)))
			if err != nil {
				t.Fatal(err)
			}
			s.add(document, d)
		}
		if s.chance(0.3) { // another paper by the same people in the same place
			r.title, r.year, r.first = s.newTitle(), r.year+s.IntN(3), r.first+100
			r.last = r.first + 9
			for range 1 + s.IntN(4) {
				d, err := match.ReadDescription(fmt.Appendf(nil, `{"id":"x","source":"s","citation":%q}`, s.cite(r)))
				if err != nil {
					t.Fatal(err)
				}
				s.add(s.next, d)
			}
			s.next++
		}
	}
	found := clusters(s.descriptions)
	precision, recall := s.measure(found)
	t.Logf("%d references: precision %.4f, recall %.4f", len(s.descriptions), precision, recall)
	if precision < 0.99 || recall < 0.95 {
		t.Errorf("precision %.4f, recall %.4f\n%s", precision, recall, s.mistakes(found, 8))
	}
}
