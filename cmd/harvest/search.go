package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/search"
)

func (m Main) searchCommand(f *flags) *cobra.Command {
	var x filters
	var order, after string
	var facets []string
	var each bool
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Search the catalogue",
		Long: `Search finds records by words in title, summary, authors and publisher.
Without words the newest records are listed. A document that several records
describe is listed once, by the one that fits best, with the others named; on a
later page another of its records may stand for it again.

` + search.Syntax + "\n\n" + filterHelp,
		Example: `  harvest search forced labour
  harvest search '"child labour" -mining' --since 2020 --lang en
  harvest search trafficking --category guidance --json
  harvest search kilns --topic child-labour --country NP,IN --year 2020 --year 2021
  harvest search trafficking --sort newest --facets year,country,topic
  harvest search 'global estimates' --each-record`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := x.query()
			if err != nil {
				return err
			}
			q.Words = strings.Join(args, " ")
			o, err := searchOptions(order, facets)
			if err != nil {
				return err
			}
			o.Behind = after
			return m.search(cmd.Context(), f, q, o, each)
		},
	}
	x.bind(cmd, 20, "the most documents to list")
	cmd.Flags().StringVar(&after, "after", "", "go on behind the last page, by the `place` that it has shown")
	cmd.Flags().BoolVar(&each, "each-record", false, "list each record, not each document once")
	cmd.Flags().StringVar(&order, "sort", "", "relevance or newest (default: relevance with words, newest without)")
	cmd.Flags().StringSliceVar(&facets, "facets", nil, "count what is found by `fields`: "+strings.Join(facetNames(), ", "))
	return cmd
}

func facetNames() []string {
	var out []string
	for _, f := range search.Facets() {
		out = append(out, string(f))
	}
	return out
}

// searchOptions checks what was asked for.
func searchOptions(order string, facets []string) (search.Options, error) {
	o := search.Options{Order: search.Order(order)}
	if order != "" && o.Order != search.ByRelevance && o.Order != search.Newest {
		return o, usageError{fmt.Errorf("--sort %q is unknown; there are: %s, %s", order, search.ByRelevance, search.Newest)}
	}
	for _, name := range facets {
		if !slices.Contains(facetNames(), name) {
			return o, usageError{fmt.Errorf("--facets %q is unknown; %s", name, config.DidYouMean(name, facetNames()))}
		}
		o.Facets = append(o.Facets, search.Facet(name))
	}
	return o, nil
}

// openIndex opens the search index and brings it up to date with the catalogue.
func (m Main) openIndex(ctx context.Context, r *room) (*search.Index, error) {
	if err := os.MkdirAll(r.data, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	ix, err := search.Open(ctx, filepath.Join(r.data, indexFolder), r.logger)
	if err != nil {
		return nil, err
	}
	if notice := ix.Notice(); notice != "" {
		fmt.Fprintln(m.Stderr, safeLine(notice))
	}
	if err := ix.Sync(ctx, r.store, m.indexProgress()); err != nil {
		_ = ix.Close() // the first error says more
		return nil, err
	}
	return ix, nil
}
