package match_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/harvest87/harvest/match"
)

// synthetic makes descriptions whose groups are known, from a seed: the same
// seed gives the same set.
type synthetic struct {
	*rand.Rand
	descriptions []match.Description
	truth        map[string]int // description → document
	next         int
}

func newSynthetic(seed uint64) *synthetic {
	return &synthetic{Rand: rand.New(rand.NewPCG(seed, 87)), truth: make(map[string]int)}
}

func (s *synthetic) pick(list []string) string { return list[s.IntN(len(list))] }
func (s *synthetic) chance(p float64) bool     { return s.Float64() < p }

// add takes in a description of a document.
func (s *synthetic) add(document int, d match.Description) {
	d.ID = fmt.Sprintf("r%06d", len(s.descriptions))
	s.truth[d.ID] = document
	s.descriptions = append(s.descriptions, d)
}

// measure holds clusters against the truth, over pairs.
func (s *synthetic) measure(clusters map[string]string) (precision, recall float64) {
	both, found, known := make(map[string]int), make(map[string]int), make(map[int]int)
	for id, c := range clusters {
		both[fmt.Sprint(c, "|", s.truth[id])]++
		found[c]++
		known[s.truth[id]]++
	}
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	tp, p, t := 0.0, 0.0, 0.0
	for _, n := range both {
		tp += pairs(n)
	}
	for _, n := range found {
		p += pairs(n)
	}
	for _, n := range known {
		t += pairs(n)
	}
	return tp / max(p, 1), tp / max(t, 1)
}

// clusters runs the whole matching over descriptions.
func clusters(descriptions []match.Description) map[string]string {
	var c match.Corpus
	for i := range descriptions {
		if err := c.Add(&descriptions[i]); err != nil {
			panic(err)
		}
	}
	out := make(map[string]string)
	_ = c.Cluster().Each(func(id, cluster string) error { // the function below gives no error
		out[id] = cluster
		return nil
	})
	return out
}

// mistakes lists some pairs that were joined or parted wrongly.
func (s *synthetic) mistakes(clusters map[string]string, most int) string {
	var b strings.Builder
	wrongly := map[bool]int{true: most / 2, false: most / 2}
	text := func(d *match.Description) string {
		return fmt.Sprintf("%s [%d] %q %v %s %s %s", d.ID, s.truth[d.ID], d.Title, d.Authors, d.Date, d.Venue, d.Publisher)
	}
	for i := range s.descriptions {
		for j := i + 1; j < len(s.descriptions); j++ {
			x, y := &s.descriptions[i], &s.descriptions[j]
			if joined := clusters[x.ID] == clusters[y.ID]; joined != (s.truth[x.ID] == s.truth[y.ID]) && wrongly[joined] > 0 {
				v := match.Compare(x, y)
				fmt.Fprintf(&b, "joined %t, alone %s %.2f:\n  %s\n  %s\n  %s\n", joined, v.Answer, v.Score, text(x), text(y), v.Evidence())
				wrongly[joined]--
			}
		}
	}
	return b.String()
}

var (
	givenNames  = strings.Fields("Ana Bo Carla David Elena Farid Grace Hiro Ines Jorge Karen Li Marta Nils Olga Pedro Quentin Rosa Samir Tove Umar Vera Wei Xenia Yusuf Zora")
	familyNames = strings.Fields("Sato Lindqvist Diop Okafor Petrov Nguyen Garcia Haddad Kowalski Mbeki Olsen Rahman Schmidt Tanaka Ueda Vargas Weber Yamada Zhang Abara Brandt Chavez Dubois Eriksen Fontaine Gupta")
	subjects    = strings.Fields(`algorithm inference boosting regression margin kernel lattice parser compiler scheduler estimator classifier
		migration remittance fishery plantation brickwork recruitment sanction tribunal arbitration wage debt bondage census pathway
		catalyst membrane polymer enzyme receptor sediment aquifer glacier turbine antenna spectrum orbit plasma neuron synapse`)
	qualities = strings.Fields("adaptive bayesian causal distributed efficient fuzzy hierarchical incremental optimal parallel robust sparse stochastic temporal universal weighted hidden seasonal informal rural coastal")
	fields    = []string{"noisy environments", "large networks", "domestic work", "supply chains", "small islands", "mobile robots", "partial information", "concept drift", "river deltas", "public procurement", "garment factories", "image retrieval"}
	verbs     = strings.Fields("Learning Measuring Predicting Mapping Estimating Understanding Regulating Modelling Detecting Explaining")
)

// newTitle makes a title of a paper.
func (s *synthetic) newTitle() string {
	switch s.IntN(4) {
	case 0:
		return fmt.Sprintf("%s %s %s in %s", s.pick(verbs), s.pick(qualities), s.pick(subjects), s.pick(fields))
	case 1:
		return fmt.Sprintf("The %s %s of %s %s", s.pick(qualities), s.pick(subjects), s.pick(qualities), s.pick(subjects))
	case 2:
		return fmt.Sprintf("A %s approach to %s and %s", s.pick(qualities), s.pick(subjects), s.pick(subjects))
	}
	return fmt.Sprintf("%s %s: %s %s for %s", s.pick(qualities), s.pick(subjects), s.pick(verbs), s.pick(subjects), s.pick(fields))
}

func (s *synthetic) newAuthors() [][2]string {
	var out [][2]string
	for range 1 + s.IntN(4) {
		out = append(out, [2]string{s.pick(givenNames), s.pick(familyNames)})
	}
	return out
}

// typo changes one letter in the middle of a long word.
func (s *synthetic) typo(text string) string {
	words := strings.Fields(text)
	for range 10 {
		i := s.IntN(len(words))
		if w := []rune(words[i]); len(w) >= 7 && words[i] == strings.Trim(words[i], ".,:;()") {
			at := 2 + s.IntN(len(w)-4)
			switch s.IntN(3) {
			case 0:
				w = append(w[:at], w[at+1:]...)
			case 1:
				w[at], w[at+1] = w[at+1], w[at]
			default:
				w[at] = rune('a' + s.IntN(26))
			}
			words[i] = string(w)
			break
		}
	}
	return strings.Join(words, " ")
}
