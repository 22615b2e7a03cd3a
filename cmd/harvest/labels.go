package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

func (m Main) labelsCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "labels ID", Short: "List the labels of a source and what they are taken for",
		Long: `Labels lists the labels that the records of a source bear, as the source prints
them, how many records bear each, and the document type that each is taken for by
itself. Labels that mean nothing yet come first: a line under categories: in the
source's file gives them a type.`,
		Example:           "  harvest sources labels respect\n  harvest sources labels respect --json",
		Args:              cobra.ExactArgs(1),
		RunE:              func(cmd *cobra.Command, args []string) error { return m.labels(cmd.Context(), f, args[0]) },
		ValidArgsFunction: m.completeSource(f),
	}
}

// labelRow is a line of `harvest sources labels`.
type labelRow struct {
	Label   string `json:"label"`
	Records int    `json:"records"`
	Type    string `json:"type,omitempty"` // empty when the label is not mapped
	How     string `json:"how,omitempty"`
	Example string `json:"example"` // the address of a record that bears it
}

func (m Main) labels(ctx context.Context, f *flags, id string) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := choose(cfg, problems, []string{id})
	if err != nil {
		return err
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	rows, unlabelled, err := countLabels(ctx, r, sources[0], cfg.Vocabulary)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, rows)
	}
	m.printLabels(rows, unlabelled)
	return nil
}

// countLabels counts the labels of a source's records, those without a type
// first, then by how many records bear them. unlabelled records bear none.
func countLabels(ctx context.Context, r *room, src *config.Source, vocab *config.Vocabulary) (rows []labelRow, unlabelled int, err error) {
	at := make(map[string]int)
	for rec, err := range r.store.Records(ctx, harvest.Query{Sources: []harvest.SourceID{src.ID}, States: []harvest.State{harvest.AnyState}}) {
		if err != nil {
			return nil, 0, fmt.Errorf("read the catalogue: %w", err)
		}
		labels := rec.CategoriesRaw
		if rec.CategoryRaw != "" && !slices.Contains(labels, rec.CategoryRaw) {
			labels = append(slices.Clone(labels), rec.CategoryRaw)
		}
		if len(labels) == 0 {
			unlabelled++
		}
		for _, label := range labels {
			i, known := at[label]
			if !known {
				i = len(rows)
				at[label] = i
				row := labelRow{Label: label, Example: rec.URL}
				row.Type, _, row.How = normalize.Category([]string{label}, src, vocab, harvest.Record{})
				rows = append(rows, row)
			}
			rows[i].Records++
		}
	}
	slices.SortFunc(rows, func(a, b labelRow) int {
		switch {
		case (a.Type == "") != (b.Type == ""):
			return strings.Compare(a.Type, b.Type) // the empty one first
		case a.Records != b.Records:
			return b.Records - a.Records
		}
		return strings.Compare(a.Label, b.Label)
	})
	return rows, unlabelled, nil
}

func (m Main) printLabels(rows []labelRow, unlabelled int) {
	t := newTable(m.Stdout, "LABEL", "RECORDS", "TYPE", "BECAUSE OF")
	for _, r := range rows {
		kind := r.Type
		if kind == "" {
			kind = "NOT MAPPED"
		}
		t.AppendRow([]any{fit(r.Label, 50), r.Records, kind, fit(r.How, 40)})
	}
	t.Render()
	if unlabelled > 0 {
		fmt.Fprintf(m.Stdout, "%s no label.\n", number(unlabelled, "record bears", "records bear"))
	}
}
