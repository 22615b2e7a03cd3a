package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// filters are the flags that narrow a query. What is given of one flag are
// alternatives; a record must pass every flag.
type filters struct {
	sources, categories, topics, countries, languages, years, states []string
	since                                                            string
	limit                                                            int
}

// filterHelp explains the flags in the help of every command that has them.
const filterHelp = `Filters may be given several times, or with commas between values: a record must
have one of the values of each filter that is given.`

func (x *filters) bind(cmd *cobra.Command, limit int, limitUsage string) {
	each := cmd.Flags().StringArrayVar
	each(&x.sources, "source", nil, "only records of that `source`")
	each(&x.categories, "category", nil, "only that `category`, such as guidance")
	each(&x.topics, "topic", nil, "only about that `topic`, such as child-labour")
	each(&x.countries, "country", nil, "only about that `country`, by its code or English name, such as NP")
	each(&x.languages, "lang", nil, "only in that `language`, such as fr")
	each(&x.years, "year", nil, "only published in that `year`")
	each(&x.states, "state", nil, "records of that `state`, active by default: "+strings.Join(stateNames, ", "))
	cmd.Flags().StringVar(&x.since, "since", "", "only published on that `date` or later: 2021, 2021-03 or 2021-03-15")
	cmd.Flags().IntVar(&x.limit, "limit", limit, limitUsage)
	_ = cmd.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(cobraStrings(stateNames), cobra.ShellCompDirectiveNoFileComp))
}

// stateNames are the states that records can be asked for by.
var stateNames = []string{string(harvest.StateActive), string(harvest.StateGone), string(harvest.StateWithdrawn), string(harvest.AnyState)}

// query checks the flags and makes a query of them. Sources are checked by
// [room.knowsSources], when the catalogue is open.
func (x *filters) query() (harvest.Query, error) {
	q := harvest.Query{Limit: x.limit}
	if x.limit < 0 {
		return q, usageError{fmt.Errorf("--limit %d is below 0", x.limit)}
	}
	for _, values := range []*[]string{&x.sources, &x.categories, &x.topics, &x.countries, &x.languages, &x.years, &x.states} {
		*values = apart(*values)
	}
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		return q, err
	}
	var topics []string
	for i := range vocabulary.Topics {
		topics = append(topics, vocabulary.Topics[i].ID)
	}
	q.Sources = textsAs[harvest.SourceID](x.sources)
	q.Countries, err = each(x.countries, countryOf)
	errs := []error{err}
	q.Languages, err = each(x.languages, languageOf)
	errs = append(errs, err)
	q.Years, err = each(x.years, yearOf)
	errs = append(errs, err, known("--category", x.categories, vocabulary.DocTypeIDs()), known("--topic", x.topics, topics), known("--state", x.states, stateNames))
	q.Categories, q.Topics, q.States = x.categories, x.topics, textsAs[harvest.State](x.states)
	if x.since != "" {
		if q.Since, err = harvest.ParseDate(x.since); err != nil {
			errs = append(errs, fmt.Errorf("--since: %w", err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return q, usageError{err}
	}
	return q, nil
}

// apart are the values, each of which may be several with commas between.
func apart(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	return out
}

// known checks values that come from a closed list.
func known(flag string, values, all []string) error {
	var errs []error
	for _, v := range values {
		if !slices.Contains(all, v) {
			errs = append(errs, unknown(flag, v, all))
		}
	}
	return errors.Join(errs...)
}

// unknown says what is there instead of a value: the one that was meant, if it
// can be told, and all.
func unknown(flag, value string, all []string) error {
	hint := config.DidYouMean(value, all)
	if list := "known: " + strings.Join(all, ", "); hint != list {
		hint += " " + list
	}
	return fmt.Errorf("%s %q is unknown; %s", flag, value, hint)
}

// each reads every value.
func each[T any](values []string, read func(string) (T, error)) ([]T, error) {
	var out []T
	var errs []error
	for _, v := range values {
		x, err := read(v)
		if errs = append(errs, err); err == nil {
			out = append(out, x)
		}
	}
	return out, errors.Join(errs...)
}

func countryOf(text string) (string, error) {
	code, ok := normalize.Country(text)
	if !ok {
		return "", fmt.Errorf("--country %q is neither a code of ISO 3166-1, such as NP, nor the English name of a country; known: %s", text, strings.Join(normalize.CountryCodes(), " "))
	}
	return code, nil
}

func languageOf(text string) (string, error) {
	tag, err := language.Parse(text)
	if err != nil {
		return "", fmt.Errorf("--lang %q is not a language tag such as en, fr or pt-BR", text)
	}
	return tag.String(), nil
}

func yearOf(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != len("2006") || year < 1 {
		return 0, fmt.Errorf("--year %q is not a year such as 2021", text)
	}
	return year, nil
}

func textsAs[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
}

// knowsSources checks that there are, or were, sources of these names.
func (r *room) knowsSources(ctx context.Context, wanted []harvest.SourceID) error {
	if len(wanted) == 0 {
		return nil
	}
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return err
	}
	names := stats.BySource
	if names == nil {
		names = map[harvest.SourceID]int{}
	}
	for i := range r.cfg.Sources {
		names[r.cfg.Sources[i].ID] += 0
	}
	for _, id := range wanted {
		if _, ok := names[id]; ok {
			continue
		}
		n, err := r.store.Count(ctx, harvest.Query{Sources: []harvest.SourceID{id}, States: []harvest.State{harvest.AnyState}})
		if err != nil {
			return err
		}
		if n == 0 {
			return usageError{unknown("--source", string(id), textsOf(slices.Sorted(maps.Keys(names))))}
		}
	}
	return nil
}

func textsOf[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
