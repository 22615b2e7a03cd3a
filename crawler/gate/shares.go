package gate

import (
	"fmt"
	"slices"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// shareGate holds a share below what history lets expect.
type shareGate struct {
	name  string
	limit config.Limit
	of    func(*harvest.Figures) ratio
	prior prior
	// absolute is the share above which the gate fails without any history; 1
	// for never.
	absolute float64
	// matters and margin are what a share must reach, in itself and above the
	// mean of history, least how many cases there must be, to be worth a word.
	matters, margin float64
	least           int
	// what says in words what k of n are, "have lost their summary".
	what string
	// of what n are.
	among    string
	hints    []string
	examples []harvest.Example
	// paired gates compare records with themselves, and need no earlier run for
	// that: the catalogue has them.
	paired bool
}

// rarely is the prior of what hardly happens on a site that is well.
var rarely = prior{mean: 0.02, strength: 16, weight: 2}

func (c *court) shares() {
	f := c.now
	if c.whole() {
		c.share(&shareGate{
			name: "missed", limit: c.gates.Missed, prior: rarely, absolute: 1, matters: 0.15, margin: 0.1, least: 4,
			of:   func(f *harvest.Figures) ratio { return wholeRatio(f, f.Missed, f.Standing) },
			what: "were not seen any more", among: "of the records known before",
		})
	}
	if c.sameReading() {
		c.share(&shareGate{
			name: "changed", limit: c.gates.Changed, prior: prior{0.05, 4, 2}, absolute: 1, matters: 0.5, margin: 0.3, least: 8,
			of:   func(f *harvest.Figures) ratio { return ratio{f.Changed, f.Again + f.Unread} },
			what: "say something else than before", among: "of the known records that were seen",
		})
	}
	c.share(&shareGate{
		name: "invalid", limit: c.gates.Invalid, prior: rarely, absolute: 0.8, matters: 0.2, margin: 0.15, least: 4,
		of:   func(f *harvest.Figures) ratio { return ratio{f.Invalid, f.Invalid + f.Seen()} },
		what: "are no record, for want of a title or an address", among: "of what was found",
	})
	c.share(&shareGate{
		name: "pages", limit: c.gates.Pages, prior: prior{0.05, 8, 2}, absolute: 0.8, matters: 0.25, margin: 0.2, least: 5,
		of:   func(f *harvest.Figures) ratio { return ratio{f.Lost, f.Asked} },
		what: "are missing or closed, or ask to be left alone", among: "of the item pages",
	})
	c.share(&shareGate{
		name: "repeats", limit: c.gates.Repeats, prior: prior{0.02, 5, 2}, absolute: 0.6, matters: 0.3, margin: 0.2, least: 8,
		of:   func(f *harvest.Figures) ratio { return ratio{f.Repeats, f.Asked} },
		what: "say word for word what another page says", among: "of the item pages",
	})
	c.share(&shareGate{
		name: "same_title", limit: c.gates.SameTitle, prior: prior{0.03, 6, 2}, absolute: 0.5, matters: 0.25, margin: 0.2, least: 5,
		of:   func(f *harvest.Figures) ratio { return ratio{max(f.TopCount-1, 0), max(f.Read()-1, 0)} },
		what: fmt.Sprintf("have the title of another, %q", f.TopTitle), among: "of the records read",
	})
	for i := range f.Fields {
		c.field(&f.Fields[i])
		c.fading(&f.Fields[i])
	}
	c.moves("category_moves", c.gates.CategoryMoves, "category", f.CategoryMoves, func(f *harvest.Figures) []harvest.Tally { return f.CategoryMoves })
	c.moves("language_moves", c.gates.LanguageMoves, "language", f.LanguageMoves, func(f *harvest.Figures) []harvest.Tally { return f.LanguageMoves })
}

func wholeRatio(f *harvest.Figures, k, n int) ratio {
	if !f.Whole {
		return ratio{}
	}
	return ratio{k, n}
}

// field holds the records that were read again to what they had, and the new
// ones to what new ones have had.
func (c *court) field(f *harvest.FieldFigures) {
	name := f.Name
	c.share(&shareGate{
		name: "lost." + name, limit: c.gates.Lost[name], prior: rarely, absolute: 1, matters: 0.15, margin: 0.1, least: 4,
		of: func(f *harvest.Figures) ratio {
			x := f.Field(name)
			return ratio{x.Lost, x.Had}
		},
		paired: true, what: "have it no longer", among: "of the records read again that had " + name,
		hints: c.died(f), examples: f.Examples,
	})
	gate := shareGate{
		name: "without." + name, limit: c.gates.Without[name], prior: prior{0.5, 4, 1}, absolute: 1, matters: 0.3, margin: 0.3, least: 10,
		of:   func(f *harvest.Figures) ratio { return ratio{f.New - f.Field(name).New, f.New} },
		what: "come without " + name, among: "of the new records", hints: c.died(f),
	}
	var before ratio
	for _, r := range c.past.ratios(gate.of) {
		before.k += r.k
		before.n += r.n
	}
	const usual = 0.4
	if before.n >= gate.least && before.share() <= usual || gate.limit.Set { // else that it is missing means nothing
		c.share(&gate)
	}
}

// died names the places that gave a field before and give it no longer.
func (c *court) died(f *harvest.FieldFigures) []string {
	now := make(map[string]int, len(f.By))
	for _, t := range f.By {
		now[t.Name] = t.Count
	}
	var hints []string
	for _, was := range f.Was {
		if len(hints) == harvest.MaxExamples {
			break
		}
		hints = append(hints, fmt.Sprintf("%s gave it on %d of the pages that have lost it, and now gives it on %d of %d pages read",
			was.Name, was.Count, now[was.Name], c.now.Read()))
	}
	if len(hints) > 0 || len(c.past) == 0 {
		return hints
	}
	for _, last := range slices.Backward(c.past) { // one that read enough to tell
		before := last.Figures
		if before.Read() < 10 {
			continue
		}
		for _, t := range before.Field(f.Name).By {
			then, here := ratio{t.Count, before.Read()}, ratio{now[t.Name], c.now.Read()}
			if then.share() >= 0.2 && here.share() < then.share()/2 {
				hints = append(hints, fmt.Sprintf("%s gave it on %s of the pages in %s, and now on %s", t.Name, percent(then.share()), last.ID, percent(here.share())))
			}
		}
		break
	}
	return hints[:min(len(hints), harvest.MaxExamples)]
}

// moves holds how many of the records read again have another value than before.
func (c *court) moves(name string, limit config.Limit, field string, now []harvest.Tally, of func(*harvest.Figures) []harvest.Tally) {
	if field == "category" && !c.sameReading() {
		return // the labels may be mapped otherwise now
	}
	g := shareGate{
		name: name, limit: limit, prior: rarely, absolute: 1, matters: 0.2, margin: 0.15, least: 5,
		of: func(f *harvest.Figures) ratio {
			x := f.Field(field)
			return ratio{count(of(f)), x.Had - x.Lost}
		},
		paired: true, what: "have another than before", among: "of the records read again that have a " + field,
	}
	for _, t := range now[:min(len(now), harvest.MaxExamples)] {
		g.hints = append(g.hints, fmt.Sprintf("%s: %d", t.Name, t.Count))
	}
	c.share(&g)
}

func count(tallies []harvest.Tally) int {
	n := 0
	for _, t := range tallies {
		n += t.Count
	}
	return n
}

// share judges one gate.
func (c *court) share(g *shareGate) {
	now := g.of(c.now)
	if g.limit.Off || now.n == 0 {
		return
	}
	high := g.absolute
	matters := g.matters
	if len(c.past) > 0 || g.paired && c.now.Standing > 0 {
		history := c.past.ratios(g.of)
		high = min(high, expected(g.prior, history, now.n))
		mean := g.prior.fit(history)
		matters = max(matters, mean.a/(mean.a+mean.b)+g.margin)
	}
	if g.limit.Set {
		high, matters = g.limit.Most, 0
	}
	least := g.least
	if g.limit.Set {
		least = 1
	}
	failed := now.k >= least && now.share() > high && now.share() >= min(matters, 1)
	shown := max(high, min(matters, 1))
	c.add(harvest.GateResult{
		Gate: g.name, Failed: failed, Seen: now.share(), High: shown,
		Says: fmt.Sprintf("%s (%d of %d) %s %s; at most %s expected, %s", percent(now.share()), now.k, now.n, g.among, g.what,
			percent(shown), c.basis(g.limit.Set)),
		Hints: g.hints, Examples: g.examples,
	})
}

func (c *court) basis(set bool) string {
	if set {
		return "as the source file says"
	}
	return c.after()
}
