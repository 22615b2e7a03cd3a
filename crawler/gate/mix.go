package gate

import (
	"fmt"
	"math"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// The prior share of the variance that lies between runs, what new records of
// one run have in common: they come in batches of one kind.
const (
	mixBetween = 0.2
	mixWeight  = 2
)

// A difference of distributions matters from so many bits on, among so many new
// records. Sites publish whole batches of one kind, less often of one language.
const (
	kindMatters     = 0.7
	languageMatters = 0.5
	mixLeast        = 20
)

// mixes holds what new records are like to what new records were like.
func (c *court) mixes() {
	c.mix("category", c.gates.Category, kindMatters, func(f *harvest.Figures) []harvest.Tally { return f.Categories })
	c.mix("language", c.gates.Language, languageMatters, func(f *harvest.Figures) []harvest.Tally { return f.Languages })
	c.mix("title_length", c.gates.TitleLength, kindMatters, func(f *harvest.Figures) []harvest.Tally { return f.Lengths })
}

func (c *court) mix(name string, limit config.Limit, matters float64, of func(*harvest.Figures) []harvest.Tally) {
	now := tallied(of(c.now))
	if limit.Off || total(now) < mixLeast {
		return
	}
	pool := make(map[string]int)
	for _, r := range c.past {
		for n, count := range tallied(of(r.Figures)) {
			pool[n] += count
		}
	}
	if total(pool) < mixLeast {
		return
	}
	m := newMixes(now, pool)
	g, df := m.g()
	spread := 1 + (math.Min(m.nNow, m.nBefore)-1)*c.between(of, pool)
	far := m.divergence()
	high := matters
	failed := g/spread > rareChiSquared(df) && far >= high
	if limit.Set {
		high = limit.Most
		failed = far > high
	}
	c.add(harvest.GateResult{
		Gate: name, Failed: failed, Seen: far, High: high,
		Says: fmt.Sprintf("new records are of another kind than before: %s; a distance of %.2f, %.2f at most, %s", mostMoved(&m), far, high, c.basis(limit.Set)),
	})
}

// between learns how alike the new records of one run are, from how far each
// earlier run lies from all others.
func (c *court) between(of func(*harvest.Figures) []harvest.Tally, pool map[string]int) float64 {
	sum, weight := mixBetween*mixWeight, float64(mixWeight)
	for _, r := range c.past {
		own := tallied(of(r.Figures))
		n := total(own)
		rest := make(map[string]int, len(pool))
		for name, count := range pool {
			if left := count - own[name]; left > 0 {
				rest[name] = left
			}
		}
		if n < 2 || total(rest) < mixLeast {
			continue
		}
		m := newMixes(own, rest)
		g, df := m.g()
		w := math.Min(float64(n)/mixLeast, 1)
		size := math.Min(m.nNow, m.nBefore)
		sum += w * min(max((g/float64(df)-1)/max(size-1, 1), 0), 1)
		weight += w
	}
	return min(sum/weight, 1)
}

func tallied(list []harvest.Tally) map[string]int {
	out := make(map[string]int, len(list))
	for _, t := range list {
		out[t.Name] += t.Count
	}
	return out
}

func total(of map[string]int) int {
	n := 0
	for _, count := range of {
		n += count
	}
	return n
}

// mostMoved says of the two names whose shares have moved most from where to where.
func mostMoved(m *mixes) string {
	type move struct {
		name     string
		from, to float64
	}
	var first, second move
	for i, name := range m.names {
		x := move{name, m.before[i] / m.nBefore, m.now[i] / m.nNow}
		if far := math.Abs(x.to - x.from); far > math.Abs(first.to-first.from) {
			first, second = x, first
		} else if far > math.Abs(second.to-second.from) {
			second = x
		}
	}
	var parts []string
	for _, x := range []move{first, second} {
		if x.name != "" {
			parts = append(parts, fmt.Sprintf("%q %s, before %s", x.name, percent(x.to), percent(x.from)))
		}
	}
	return strings.Join(parts, ", ")
}
