package search

import (
	"fmt"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search"

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

// filters are what a query asks besides words; a record must pass all.
func filters(q harvest.Query) (out []plan) {
	for _, f := range []struct {
		field string
		terms []string
	}{
		{fieldState, texts(q.WantedStates())},
		{fieldSource, texts(q.Sources)},
		{fieldCategory, q.Categories},
		{fieldTopic, q.Topics},
		{fieldCountry, q.Countries},
		{fieldLanguage, foldedTags(q.Languages)},
		{fieldYear, yearsOf(q.Years)},
	} {
		if len(f.terms) > 0 {
			out = append(out, plan{form: oneOf, field: f.field, terms: distinct(f.terms)})
		}
	}
	if day := firstDay(q.Since); day != "" {
		out = append(out, plan{form: since, field: fieldSince, moment: day, levels: dayLevels})
	}
	if !q.ChangedSince.IsZero() {
		moment := q.ChangedSince.UTC().Truncate(time.Nanosecond).Format(changedLayout)
		out = append(out, plan{form: since, field: fieldChanged, moment: moment, levels: changedLevels})
	}
	return out
}

func closeAll(searchers []search.Searcher) {
	for _, s := range searchers {
		_ = s.Close()
	}
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// foldedTags are language tags as the index has them.
func foldedTags(tags []string) []string {
	out := make([]string, len(tags))
	for i, tag := range tags {
		out[i] = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	}
	return out
}

func yearsOf(years []int) []string {
	out := make([]string, len(years))
	for i, y := range years {
		out[i] = fmt.Sprintf("%04d", y)
	}
	return out
}
