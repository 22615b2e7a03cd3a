package crawler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// lookedThrough is how many held pages are searched for examples.
const lookedThrough = 200

// exemplify gives the gates that failed, and have no examples of their own,
// pages that show why, before and after.
func (j *job) exemplify(ctx context.Context, results []harvest.GateResult) error {
	pages, err := j.Store.Held(ctx, j.ID, "", lookedThrough)
	if err != nil {
		return err
	}
	p := &publication{}
	for i := range pages {
		p.pages = append(p.pages, &staged{Records: pages[i].Records})
	}
	was, err := j.known(ctx, p)
	if err != nil {
		return err
	}
	for i := range results {
		g := &results[i]
		if !g.Failed || len(g.Examples) > 0 {
			continue
		}
		if g.Gate == "missed" || g.Gate == "volume" {
			if g.Examples, err = j.missing(ctx); err != nil {
				return err
			}
			continue
		}
		if g.Gate == "changed" {
			g.Hints = append(g.Hints, moved(pages, was)...)
		}
		show := shows[g.Gate]
		for _, page := range pages {
			for k := range page.Records {
				now := &page.Records[k]
				if show == nil || len(g.Examples) == harvest.MaxExamples {
					break
				}
				if e, ok := show(j, now, was[now.ID]); ok {
					e.Record, e.URL = now.ID, now.URL
					g.Examples = append(g.Examples, e)
				}
			}
		}
	}
	return nil
}

// moved says which selectors gave a field of most records that are held and known,
// where something else gives it now: what they looked for has gone, and another
// rule has filled in.
func moved(pages []harvest.Held, was map[harvest.RecordID]*harvest.Record) (hints []string) {
	type move struct{ field, from string }
	gave, instead := map[move]int{}, map[move]map[string]int{}
	known := 0
	for i := range pages {
		for k := range pages[i].Records {
			now := &pages[i].Records[k]
			before := was[now.ID]
			if before == nil {
				continue
			}
			known++
			for field, then := range before.Provenance {
				here, has := now.Provenance[field]
				if then.Basis != "selector" || !has || here.Basis == then.Basis && here.Detail == then.Detail {
					continue
				}
				m := move{field, then.Detail}
				gave[m]++
				if instead[m] == nil {
					instead[m] = map[string]int{}
				}
				instead[m][strings.TrimSpace(here.Basis+" "+here.Detail)]++
			}
		}
	}
	for m, n := range gave {
		if 2*n <= known {
			continue
		}
		to := slices.MaxFunc(slices.Sorted(maps.Keys(instead[m])), func(a, b string) int { return instead[m][a] - instead[m][b] })
		hints = append(hints, fmt.Sprintf("selector %s gave %s of %d of %d known records that are held; now %s does", m.from, m.field, n, known, to))
	}
	slices.Sort(hints)
	return hints
}

// shows say what a record shows of a gate; was is nil for one that is new.
var shows = map[string]func(j *job, now, was *harvest.Record) (harvest.Example, bool){
	"new": func(_ *job, now, was *harvest.Record) (harvest.Example, bool) {
		return harvest.Example{After: now.Title}, was == nil
	},
	"changed": func(_ *job, now, was *harvest.Record) (harvest.Example, bool) {
		if was == nil {
			return harvest.Example{}, false
		}
		as := *now
		if as.State == "" { // what is held has none yet
			as.State = harvest.StateActive
		}
		for _, d := range harvest.Diff(was, &as) { // the first field that differs
			before, after := apart(string(d.Old), string(d.New))
			return harvest.Example{Before: shorten(d.Field + ": " + before), After: shorten(d.Field + ": " + after)}, true
		}
		return harvest.Example{}, false
	},
	"same_title": func(j *job, now, was *harvest.Record) (harvest.Example, bool) {
		if titleOf(now) != printKey(letters(j.state.run.Figures.TopTitle)) {
			return harvest.Example{}, false
		}
		e := harvest.Example{After: shorten(now.Title)}
		if was != nil {
			e.Before = shorten(was.Title)
		}
		return e, true
	},
	"language_moves": func(_ *job, now, was *harvest.Record) (harvest.Example, bool) {
		if was == nil || was.Language.Value == now.Language.Value {
			return harvest.Example{}, false
		}
		return harvest.Example{
			Before: shorten(fmt.Sprintf("%s: %s", was.Language.Value, was.Title)), After: shorten(fmt.Sprintf("%s: %s", now.Language.Value, now.Title)),
		}, true
	},
	"category_moves": func(_ *job, now, was *harvest.Record) (harvest.Example, bool) {
		if was == nil || was.Category == now.Category {
			return harvest.Example{}, false
		}
		return harvest.Example{Before: was.Category + ", from " + shorten(was.CategoryRaw), After: now.Category + ", from " + shorten(now.CategoryRaw)}, true
	},
}

// apart are two texts from shortly before the place where they differ, so that it
// is seen in what [shorten] leaves of them.
func apart(a, b string) (string, string) {
	const lead = 20
	x, y := []rune(a), []rune(b)
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	if same <= 2*lead {
		return a, b
	}
	return "…" + string(x[same-lead:]), "…" + string(y[same-lead:])
}

// shorten keeps an example to a line or two.
func shorten(s string) string {
	const most = 160
	r := []rune(s)
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// missing are examples of records that a whole run has not found.
func (j *job) missing(ctx context.Context) ([]harvest.Example, error) {
	var ids []harvest.RecordID
	for id, err := range j.Store.Unseen(ctx, j.Source.ID, j.state.run.StartedAt) {
		if err != nil {
			return nil, err
		}
		if j.state.claims.knows(id) { // it was seen, and is held
			continue
		}
		if ids = append(ids, id); len(ids) == harvest.MaxExamples {
			break
		}
	}
	var out []harvest.Example
	for r, err := range j.Store.Lookup(ctx, ids) {
		if err != nil {
			return nil, err
		}
		reason := j.state.absent[r.ID]
		if reason == "" {
			reason = harvest.ReasonDelisted
		}
		out = append(out, harvest.Example{Record: r.ID, URL: r.URL, Before: shorten(r.Title), After: "not found: " + reason})
	}
	return out, nil
}
