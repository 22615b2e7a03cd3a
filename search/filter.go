package search

import (
	"context"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/harvest87/harvest"
)

// A moment is written as a string that sorts as time does, and indexed with
// its prefixes: its year, its month, and so on. "At or after" is then one range
// per level, each over few terms: later years, later months of that year,
// later days of that month. This takes a quarter of the space of Bleve's
// numeric fields.

// changedLayout is a moment in UTC to the nanosecond, of fixed width.
const changedLayout = "2006-01-02T15:04:05.000000000"

// The lengths at which moments are cut.
var (
	dayLevels     = []int{len("2006"), len("2006-01"), len("2006-01-02")}
	changedLevels = []int{len("2006"), len("2006-01"), len("2006-01-02"), len("2006-01-02T15"), len("2006-01-02T15:04"), len(changedLayout)}
)

// moments lists the prefixes of a moment at the levels, each marked with its
// level so that ranges of one level meet no others.
func moments(moment string, levels []int) []string {
	var out []string
	for i, n := range levels {
		if len(moment) >= n {
			out = append(out, level(i)+moment[:n])
		}
	}
	return out
}

func level(i int) string { return string(rune('a' + i)) }

// firstDay is the first day of a date of any precision, empty when unknown.
func firstDay(d harvest.Date) string {
	const january1 = "0000-01-01"
	if d.IsZero() || len(d.Value) > len(january1) {
		return ""
	}
	return d.Value + january1[len(d.Value):]
}

// atOrAfter finds the documents whose field holds a moment that is not before
// the one given.
func atOrAfter(ctx context.Context, r index.IndexReader, field, moment string, levels []int) (search.Searcher, error) {
	var ranges []search.Searcher
	start := 0
	for i, n := range levels {
		// The last level includes the moment itself; the others only what is later.
		inclusive := i == len(levels)-1
		from := level(i) + moment[:n]
		to := level(i) + moment[:start] + "\xff"
		s, err := searcher.NewTermRangeSearcher(ctx, r, []byte(from), []byte(to), &inclusive, nil, field, 1, unscored)
		if err != nil {
			closeAll(ranges)
			return nil, err
		}
		ranges = append(ranges, s)
		start = n
	}
	return searcher.NewDisjunctionSearcher(ctx, r, ranges, 0, unscored)
}

// filters are the searchers for the filters of a query; a record must pass all.
func filters(ctx context.Context, r index.IndexReader, q harvest.Query) ([]search.Searcher, error) {
	state := q.State
	if state == "" {
		state = harvest.StateActive
	}
	if state == harvest.AnyState {
		state = ""
	}
	var out []search.Searcher
	add := func(s search.Searcher, err error) error {
		if err != nil {
			closeAll(out)
			return err
		}
		out = append(out, s)
		return nil
	}
	for _, f := range []struct{ field, term string }{
		{fieldState, string(state)},
		{fieldSource, string(q.Source)},
		{fieldCategory, q.Category},
		{fieldLanguage, strings.ToLower(strings.ReplaceAll(q.Language, "_", "-"))},
	} {
		if f.term == "" {
			continue
		}
		if err := add(searcher.NewTermSearcher(ctx, r, f.term, f.field, 1, unscored)); err != nil {
			return nil, err
		}
	}
	if day := firstDay(q.Since); day != "" {
		if err := add(atOrAfter(ctx, r, fieldSince, day, dayLevels)); err != nil {
			return nil, err
		}
	}
	if !q.ChangedSince.IsZero() {
		moment := q.ChangedSince.UTC().Truncate(time.Nanosecond).Format(changedLayout)
		if err := add(atOrAfter(ctx, r, fieldChanged, moment, changedLevels)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unscored are the options of searchers that only say yes or no. Bleve then
// combines whole bitmaps.
var unscored = search.SearcherOptions{Score: "none"}

func closeAll(searchers []search.Searcher) {
	for _, s := range searchers {
		_ = s.Close()
	}
}
