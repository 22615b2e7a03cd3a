package gate

import (
	"math"
	"slices"
)

// rare is how unlikely a figure must be, if all is well, for a gate to fail.
// There are about thirty gates to a run, so that by chance alone less than one
// run in three hundred would fail; that a difference must also matter makes it
// far fewer.
const rare = 1e-4

// rareDeviations is the normal deviate that is exceeded with probability rare.
const rareDeviations = 3.719

// ratio is k cases among n.
type ratio struct{ k, n int }

func (r ratio) share() float64 {
	if r.n == 0 {
		return 0
	}
	return float64(r.k) / float64(r.n)
}

// prior is what is thought of a share before there is any history.
type prior struct {
	mean float64
	// strength is the sum of the two parameters of the Beta distribution: the
	// larger, the less runs are thought to differ from one another.
	strength float64
	// weight is for how many runs the prior counts against history.
	weight float64
}

// most bounds the number of cases of one run that count, so that one large run
// does not speak for all, and the sums stay short.
const most = 400

func (r ratio) scaled() ratio {
	if r.n <= most {
		return r
	}
	return ratio{int(math.Round(float64(r.k) / float64(r.n) * most)), most}
}

// beta is the distribution of a share over runs.
type beta struct{ a, b float64 }

// narrowest is the largest strength that history can teach: two runs of a site
// are never quite alike.
const narrowest = 400

// fit learns the distribution of a share from earlier runs.
func (p prior) fit(history []ratio) beta {
	sum, n := p.mean*20, 20.0 // the prior mean counts like twenty cases
	for _, h := range history {
		h = h.scaled()
		sum += float64(h.k)
		n += float64(h.n)
	}
	mean := min(max(sum/n, 1e-4), 1-1e-4)

	whole := mean * (1 - mean)
	spread, weight := p.weight*whole/(p.strength+1), p.weight
	for _, h := range history {
		h = h.scaled()
		if h.n == 0 {
			continue
		}
		// what is left of the difference when that of the draw is taken away
		w := float64(h.n) / float64(h.n+10)
		spread += w * max(0, (h.share()-mean)*(h.share()-mean)-whole/float64(h.n))
		weight += w
	}
	strength := min(whole/max(spread/weight, 1e-12)-1, narrowest)
	strength = max(strength, 1)
	return beta{a: mean * strength, b: (1 - mean) * strength}
}

// limit is the largest number of cases among n that is not too rare: so many or
// more have a probability of rare at the least.
func (d beta) limit(n int) int {
	p := d.probabilities(n)
	tail := 0.0
	for k := n; k > 0; k-- {
		if tail += p[k]; tail >= rare {
			return k
		}
	}
	return 0
}

// probabilities are those of 0 to n cases among n, by the ratio of one to the
// next from the middle outwards, where none of them is lost to rounding.
func (d beta) probabilities(n int) []float64 {
	p := make([]float64, n+1)
	at := int(math.Round(float64(n) * d.a / (d.a + d.b)))
	p[at] = math.Exp(choose(n, at) + logBeta(float64(at)+d.a, float64(n-at)+d.b) - logBeta(d.a, d.b))
	ratio := func(k int) float64 { // of k+1 to k
		return float64(n-k) / float64(k+1) * (float64(k) + d.a) / (float64(n-k-1) + d.b)
	}
	for k := at; k < n; k++ {
		p[k+1] = p[k] * ratio(k)
	}
	for k := at; k > 0; k-- {
		p[k-1] = p[k] / ratio(k-1)
	}
	return p
}

// expected is the largest share among n that history allows, from 0 to 1.
func expected(p prior, history []ratio, n int) float64 {
	n = min(n, most)
	if n == 0 {
		return 1
	}
	return float64(p.fit(history).limit(n)) / float64(n)
}

func logBeta(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }

func choose(n, k int) float64 {
	return lgamma(float64(n)+1) - lgamma(float64(k)+1) - lgamma(float64(n-k)+1)
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// median of a list that is not empty; it is not changed.
func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	if m := len(s) / 2; len(s)%2 == 1 {
		return s[m]
	} else {
		return (s[m-1] + s[m]) / 2
	}
}

// deviation is a spread of the values around a middle that a few outliers do
// not move, drawn towards a prior that counts like weight values.
func deviation(x []float64, middle, first, weight float64) float64 {
	var off []float64
	for _, v := range x {
		off = append(off, math.Abs(v-middle))
	}
	own := 0.0
	if len(off) > 0 {
		own = 1.4826 * median(off) // the standard deviation of a normal distribution with that median
	}
	n := float64(len(x))
	return math.Sqrt((weight*first*first + n*own*own) / (weight + n))
}

// mixes are two distributions over the same names.
type mixes struct {
	names         []string
	now, before   []float64
	nNow, nBefore float64
}

func newMixes(now, before map[string]int) mixes {
	m := mixes{}
	for name := range now {
		m.names = append(m.names, name)
	}
	for name := range before {
		if _, ok := now[name]; !ok {
			m.names = append(m.names, name)
		}
	}
	slices.Sort(m.names)
	for _, name := range m.names {
		m.now, m.before = append(m.now, float64(now[name])), append(m.before, float64(before[name]))
		m.nNow += float64(now[name])
		m.nBefore += float64(before[name])
	}
	return m
}

// g is the G statistic of homogeneity, which without any spread between runs
// has a chi-squared distribution with df degrees of freedom.
func (m *mixes) g() (g float64, df int) {
	all := m.nNow + m.nBefore
	for i := range m.names {
		row := m.now[i] + m.before[i]
		g += 2 * (m.now[i]*logRatio(m.now[i]*all, row*m.nNow) + m.before[i]*logRatio(m.before[i]*all, row*m.nBefore))
	}
	return max(g, 0), max(len(m.names)-1, 1)
}

func logRatio(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return math.Log(a / b)
}

// divergence is that of Jensen and Shannon, in bits: 0 when the two are alike,
// 1 when they have no name in common.
func (m *mixes) divergence() float64 {
	if m.nNow == 0 || m.nBefore == 0 {
		return 0
	}
	sum := 0.0
	for i := range m.names {
		p, q := m.now[i]/m.nNow, m.before[i]/m.nBefore
		sum += p*logRatio(2*p, p+q) + q*logRatio(2*q, p+q)
	}
	return min(max(sum/2/math.Ln2, 0), 1)
}

// rareChiSquared is the value that a chi-squared distribution exceeds with
// probability rare, after Wilson and Hilferty (1931).
func rareChiSquared(df int) float64 {
	d := float64(df)
	c := 1 - 2/(9*d) + rareDeviations*math.Sqrt(2/(9*d))
	return d * c * c * c
}
