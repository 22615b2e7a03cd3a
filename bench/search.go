package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// question is one search of the mix.
type question struct {
	kind  string
	query harvest.Query
	order search.Order
}

// questions are so many of each kind, the same for the same library. What
// people ask a catalogue of one subject: its own phrases, words that are
// everywhere and words that are rare, beginnings, and lists by filters alone.
func questions(l *library, each int) (out []question) {
	rng := rand.New(rand.NewPCG(3, 4))
	word := func(from, to int) string { return l.words[from+rng.IntN(to-from)] }
	phrase := func() string { return subject[rng.IntN(len(subject))].phrase }
	filters := func() harvest.Query {
		since, _ := harvest.ParseDate(fmt.Sprint(2005 + rng.IntN(20)))
		q := harvest.Query{Categories: []string{fmt.Sprintf("category-%02d", rng.IntN(4))}, Languages: []string{"en"}}
		if rng.IntN(2) == 0 {
			q.Since = since
		} else {
			q.Sources = []harvest.SourceID{sourceID(rng.IntN(librarySources))}
		}
		return q
	}
	kinds := []struct {
		kind string
		make func() question
	}{
		{"rare word", func() question { return question{query: harvest.Query{Words: word(5_000, libraryWords)}} }},
		{"word", func() question { return question{query: harvest.Query{Words: word(100, 1_000)}} }},
		{"common word", func() question { return question{query: harvest.Query{Words: word(1, 50)}} }},
		{"words of the subject", func() question { return question{query: harvest.Query{Words: phrase()}} }},
		{"subject and word", func() question { return question{query: harvest.Query{Words: phrase() + " " + word(50, 2_000)}} }},
		{"phrase", func() question { return question{query: harvest.Query{Words: `"` + phrase() + `"`}} }},
		{"beginning", func() question {
			w := word(200, 5_000)
			return question{query: harvest.Query{Words: w[:min(len(w), 4)] + "*"}}
		}},
		{"fuzzy", func() question { return question{query: harvest.Query{Words: word(200, 5_000) + "ing~1"}} }},
		{"either", func() question {
			return question{query: harvest.Query{Words: word(100, 1_000) + " OR " + word(100, 5_000)}}
		}},
		{"subject, filters", func() question {
			q := filters()
			q.Words = phrase()
			return question{query: q}
		}},
		{"filters alone", func() question { return question{query: filters()} }},
		{"everything", func() question { return question{} }},
		{"subject, newest", func() question { return question{query: harvest.Query{Words: phrase()}, order: search.Newest} }},
	}
	for _, k := range kinds {
		for range each {
			q := k.make()
			q.kind, q.query.Limit = k.kind, 20
			out = append(out, q)
		}
	}
	return out
}

// searchAtScale prints what an index of many records costs to build and to
// hold, and how long its answers with five facets take.
func searchAtScale(ctx context.Context, o options, out io.Writer) error {
	l := newLibrary(o.records, o.words)
	dir := o.index
	if dir == "" {
		dir = filepath.Join(o.dir, "index")
	}
	ix, err := search.Open(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer ix.Close()
	built := ix.Notice() != ""
	before, began := processorTime(), time.Now()
	if err := ix.Sync(ctx, l, nil); err != nil {
		return err
	}
	took, used := time.Since(began), processorTime()-before
	state, err := search.Look(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nSearch among %d made-up records of %d words, 20 hits and five facets each time.\n", l.n, l.length)
	if built {
		fmt.Fprintf(out, "Built in %.0f s (%.0f s of processor), at most %d MB resident, %d MB on disk (%d octets a record).\n",
			took.Seconds(), used.Seconds(), peakMemory()/1e6, state.Bytes/1e6, state.Bytes/int64(max(1, l.n)))
	}
	if o.settle {
		waited, err := settle(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Asked when its files were merged, %.0f s later.\n", waited.Seconds())
	}
	fmt.Fprintln(out)
	stop, err := profileInto(o.profile)
	if err != nil {
		return err
	}
	return errors.Join(askAll(ctx, ix, questions(l, o.each), out), stop())
}

// settle waits until the process has nothing to do: the index merges its files for
// a while after the last record.
func settle(ctx context.Context) (time.Duration, error) {
	const (
		look  = 3 * time.Second
		quiet = look / 20 // of processor time
	)
	began := time.Now()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for used := processorTime(); ; {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
		now := processorTime()
		if now-used < quiet {
			return time.Since(began), nil
		}
		used = now
	}
}

// askAll asks the questions in an order that mixes the kinds, after one round that
// brings the index into memory, as it is on a server, and prints a table.
func askAll(ctx context.Context, ix *search.Index, all []question, out io.Writer) error {
	rng := rand.New(rand.NewPCG(5, 6))
	took, used := make(map[string][]time.Duration), make(map[string][]time.Duration)
	found := make(map[string]int)
	var kinds []string
	for _, q := range all {
		if !slices.Contains(kinds, q.kind) {
			kinds = append(kinds, q.kind)
		}
	}
	const mix = "the mix"
	for round := range 2 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, q := range all {
			before, began := processorTime(), time.Now()
			res, err := ix.Search(ctx, q.query, search.Options{Order: q.order, Facets: search.Facets()[:5]})
			if err != nil {
				return fmt.Errorf("%s %q: %w", q.kind, q.query.Words, err)
			}
			if round > 0 {
				d, p := time.Since(began), processorTime()-before
				took[q.kind], took[mix] = append(took[q.kind], d), append(took[mix], d)
				used[q.kind], used[mix] = append(used[q.kind], p), append(used[mix], p)
				found[q.kind] += res.Total
			}
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "QUESTION\tASKED\tFOUND ON AVERAGE\tMEDIAN MS\tP95 MS\tLONGEST MS\tMEDIAN OF PROCESSOR\tP95\t")
	for _, kind := range append(kinds, mix) {
		d, p := took[kind], used[kind]
		slices.Sort(d)
		slices.Sort(p)
		mean := "-"
		if kind != mix {
			mean = fmt.Sprint(found[kind] / len(d))
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", kind, len(d), mean,
			ms(percentile(d, 50)), ms(percentile(d, 95)), ms(d[len(d)-1]), ms(percentile(p, 50)), ms(percentile(p, 95)))
	}
	return w.Flush()
}

// percentile is the smallest of the sorted values that so many percent do not exceed.
func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
