package match_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest/match"
)

// knownPapers are papers that bibliographies cite, several by the same people
// on the same subject: the facts of authors, title, places and year. A place is
// written long, short and as people do.
var knownPapers = []struct {
	authors, title string
	places         []string
	year, volume   int
	pages          [2]int
}{
	{"Robert E. Schapire", "The strength of weak learnability", []string{"Machine Learning", "Mach. Learning", "machine learning journal"}, 1990, 5, [2]int{197, 227}},
	{"Yoav Freund", "Boosting a weak learning algorithm by majority", []string{"Information and Computation", "Inform. and Comput.", "inf. comput."}, 1995, 121, [2]int{256, 285}},
	{"Yoav Freund; Robert E. Schapire", "Experiments with a new boosting algorithm", []string{"Machine Learning: Proceedings of the Thirteenth International Conference", "Proc. 13th International Conference on Machine Learning", "icml-96"}, 1996, 0, [2]int{148, 156}},
	{"Yoav Freund; Robert E. Schapire", "A decision-theoretic generalization of on-line learning and an application to boosting", []string{"Journal of Computer and System Sciences", "J. Comput. Syst. Sci.", "jcss"}, 1997, 55, [2]int{119, 139}},
	{"Yoav Freund; Robert E. Schapire", "Game theory, on-line prediction and boosting", []string{"Proceedings of the Ninth Annual Conference on Computational Learning Theory", "Proc. 9th COLT", "9th annual conf. on computational learning theory"}, 1996, 0, [2]int{325, 332}},
	{"Leslie G. Valiant", "A theory of the learnable", []string{"Communications of the ACM", "Comm. ACM", "cacm"}, 1984, 27, [2]int{1134, 1142}},
	{"Michael J. Kearns; Leslie G. Valiant", "Cryptographic limitations on learning Boolean formulae and finite automata", []string{"Journal of the ACM", "J. ACM", "jacm"}, 1994, 41, [2]int{67, 95}},
	{"Anselm Blumer; Andrzej Ehrenfeucht; David Haussler; Manfred K. Warmuth", "Learnability and the Vapnik-Chervonenkis dimension", []string{"Journal of the ACM", "J. ACM", "journal of the association for computing machinery"}, 1989, 36, [2]int{929, 965}},
	{"Anselm Blumer; Andrzej Ehrenfeucht; David Haussler; Manfred K. Warmuth", "Occam's razor", []string{"Information Processing Letters", "Inform. Process. Lett.", "ipl"}, 1987, 24, [2]int{377, 380}},
	{"Nick Littlestone", "Learning quickly when irrelevant attributes abound: a new linear-threshold algorithm", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1988, 2, [2]int{285, 318}},
	{"Nick Littlestone; Manfred K. Warmuth", "The weighted majority algorithm", []string{"Information and Computation", "Inform. Comput.", "inf. and comp."}, 1994, 108, [2]int{212, 261}},
	{"J. Ross Quinlan", "Induction of decision trees", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1986, 1, [2]int{81, 106}},
	{"J. Ross Quinlan", "Learning logical definitions from relations", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1990, 5, [2]int{239, 266}},
	{"J. Ross Quinlan", "Bagging, boosting, and C4.5", []string{"Proceedings of the Thirteenth National Conference on Artificial Intelligence", "Proc. AAAI-96", "aaai"}, 1996, 0, [2]int{725, 730}},
	{"Leo Breiman", "Bagging predictors", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1996, 24, [2]int{123, 140}},
	{"Leo Breiman", "Random forests", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 2001, 45, [2]int{5, 32}},
	{"Scott E. Fahlman; Christian Lebiere", "The cascade-correlation learning architecture", []string{"Advances in Neural Information Processing Systems 2", "NIPS 2", "in d. s. touretzky (ed.), advances in neural information processing systems"}, 1990, 2, [2]int{524, 532}},
	{"David E. Rumelhart; Geoffrey E. Hinton; Ronald J. Williams", "Learning representations by back-propagating errors", []string{"Nature", "nature (london)", "Nature"}, 1986, 323, [2]int{533, 536}},
	{"Judea Pearl", "Fusion, propagation, and structuring in belief networks", []string{"Artificial Intelligence", "Artif. Intell.", "aij"}, 1986, 29, [2]int{241, 288}},
	{"Gregory F. Cooper; Edward Herskovits", "A Bayesian method for the induction of probabilistic networks from data", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1992, 9, [2]int{309, 347}},
	{"Wray Buntine", "A guide to the literature on learning probabilistic networks from data", []string{"IEEE Transactions on Knowledge and Data Engineering", "IEEE Trans. Knowl. Data Eng.", "ieee tkde"}, 1996, 8, [2]int{195, 210}},
	{"Richard S. Sutton", "Learning to predict by the methods of temporal differences", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1988, 3, [2]int{9, 44}},
	{"Christopher J. C. H. Watkins; Peter Dayan", "Q-learning", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1992, 8, [2]int{279, 292}},
	{"Ron Kohavi; George H. John", "Wrappers for feature subset selection", []string{"Artificial Intelligence", "Artif. Intell.", "aij"}, 1997, 97, [2]int{273, 324}},
	{"George H. John; Ron Kohavi; Karl Pfleger", "Irrelevant features and the subset selection problem", []string{"Machine Learning: Proceedings of the Eleventh International Conference", "Proc. 11th Int. Conf. on Machine Learning", "ml-94"}, 1994, 0, [2]int{121, 129}},
	{"Corinna Cortes; Vladimir Vapnik", "Support-vector networks", []string{"Machine Learning", "Mach. Learn.", "machine learning"}, 1995, 20, [2]int{273, 297}},
	{"Arthur P. Dempster; Nan M. Laird; Donald B. Rubin", "Maximum likelihood from incomplete data via the EM algorithm", []string{"Journal of the Royal Statistical Society, Series B", "J. R. Stat. Soc. B", "j. roy. statist. soc. ser. b"}, 1977, 39, [2]int{1, 38}},
	{"Steven L. Salzberg", "On comparing classifiers: pitfalls to avoid and a recommended approach", []string{"Data Mining and Knowledge Discovery", "Data Min. Knowl. Disc.", "dmkd"}, 1997, 1, [2]int{317, 328}},
}

// scribble writes a reference as people do: all in lower case, authors as
// initials or in full, parts in another order or left out, a label before it,
// full stops for commas and the other way round, now and then a misspelling.
func (s *synthetic) scribble(at int) string {
	p := knownPapers[at]
	style := s.IntN(4)
	var names []string
	for a := range strings.SplitSeq(p.authors, "; ") {
		words := strings.Fields(a)
		family, given := words[len(words)-1], words[:len(words)-1]
		var initials []string
		for _, g := range given {
			initials = append(initials, g[:1]+".")
		}
		switch style {
		case 0:
			names = append(names, strings.Join(initials, " ")+" "+family)
		case 1:
			names = append(names, family+", "+strings.Join(initials, " "))
		case 2:
			names = append(names, a)
		default:
			names = append(names, family+" "+strings.Join(initials, ""))
		}
	}
	who := names[0]
	if n := len(names); n > 1 {
		who = strings.Join(names[:n-1], ", ") + s.pick([]string{" and ", ", and ", " & "}) + names[n-1]
	}
	title, place := p.title, s.pick(p.places)
	if s.chance(0.15) {
		title = s.typo(title)
	}
	if s.chance(0.3) {
		place = s.pick([]string{"in ", "in: "}) + place
	}
	where := ""
	if p.pages[0] > 0 && s.chance(0.7) {
		where = fmt.Sprintf(s.pick([]string{", pp. %d-%d", ", pages %d--%d", ", p. %d - %d", ":%d-%d"}), p.pages[0], p.pages[1])
	}
	if p.volume > 0 && s.chance(0.7) {
		where = fmt.Sprintf(s.pick([]string{", vol. %d", " %d", ", %d(2)", " (%d)"}), p.volume) + where
	}
	year := fmt.Sprint(p.year)
	if s.chance(0.1) {
		year += s.pick([]string{"a", "b"})
	}
	var out string
	switch s.IntN(6) {
	case 0:
		out = fmt.Sprintf("%s (%s). %s. %s%s.", who, year, title, place, where)
	case 1:
		out = fmt.Sprintf("%s. %s. %s%s, %s.", who, title, place, where, year)
	case 2:
		out = fmt.Sprintf("%s, \"%s,\" %s%s (%s).", who, title, place, where, year)
	case 3:
		out = fmt.Sprintf("%s, %s, %s%s, %s", who, title, place, where, year)
	case 4:
		out = fmt.Sprintf("[%s%s] %s. %s. %s, %s%s", who[:1], year[2:], who, title, place, year, where)
	default:
		out = fmt.Sprintf("%s: %s. %s %s%s", who, title, place, year, where)
	}
	return strings.ToLower(out)
}

// TestScribbledReferences groups lower-cased references to papers of one
// field, many by the same people, in one string or with some fields apart.
func TestScribbledReferences(t *testing.T) {
	for _, apart := range []bool{false, true} {
		s := newSynthetic(41)
		for at := range knownPapers {
			for range 4 + s.IntN(25) {
				line := map[string]any{"id": "x", "source": "s"}
				if apart {
					s.fieldsOf(at, line)
				} else {
					line[s.pick([]string{"title", "citation", "text"})] = s.scribble(at)
				}
				raw, err := json.Marshal(line)
				if err != nil {
					t.Fatal(err)
				}
				d, err := match.ReadDescription(raw)
				if err != nil {
					t.Fatal(err)
				}
				s.add(at, d)
			}
		}
		found := clusters(s.descriptions)
		precision, recall := s.measure(found)
		t.Logf("fields apart %t: %d references: precision %.4f, recall %.4f", apart, len(s.descriptions), precision, recall)
		if precision < 0.99 || recall < 0.88 {
			t.Errorf("fields apart %t: precision %.4f, recall %.4f\n%s", apart, precision, recall, s.mistakes(found, 10))
		}
	}
}

// fieldsOf writes a reference in fields, some of them missing, with authors as
// one string and years as they stand.
func (s *synthetic) fieldsOf(at int, line map[string]any) {
	p := knownPapers[at]
	title := p.title
	if s.chance(0.2) {
		title = s.typo(title)
	}
	if s.chance(0.15) { // the place inside the title
		title += s.pick([]string{", ", ". ", ". in "}) + s.pick(p.places)
	}
	line["title"] = strings.ToLower(title) + s.pick([]string{"", ".", ","})
	if s.chance(0.85) {
		authors := strings.Split(p.authors, "; ")
		for i, a := range authors {
			words := strings.Fields(a)
			family := words[len(words)-1]
			authors[i] = s.pick([]string{a, words[0][:1] + ". " + family, family + ", " + words[0][:1] + "."})
		}
		line["authors"] = strings.ToLower(strings.Join(authors, s.pick([]string{" and ", "; "})))
	}
	if s.chance(0.8) {
		line["year"] = fmt.Sprintf(s.pick([]string{"%d", "(%d)", "%da", "%d."}), p.year)
	}
	if s.chance(0.7) {
		line["venue"] = strings.ToLower(s.pick(p.places))
	}
	if s.chance(0.5) && p.volume > 0 {
		line["volume"] = fmt.Sprint(p.volume)
	}
	if s.chance(0.5) {
		line["pages"] = fmt.Sprintf(s.pick([]string{"%d-%d", "pp. %d--%d"}), p.pages[0], p.pages[1])
	}
}
