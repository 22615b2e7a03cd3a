package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/harvest87/harvest/config"
)

// writeSourcesPage writes the sources as a page in Markdown, docs/sources.md,
// from what their files say: the core of the field first.
func writeSourcesPage(w io.Writer, sources []config.Source) error {
	rows := make([]*config.Source, len(sources))
	enabled, checked := 0, 0
	for i := range sources {
		rows[i] = &sources[i]
		if sources[i].Enabled {
			enabled++
		}
		if sources[i].Checked != "never" {
			checked++
		}
	}
	const untold = 9 // sources of no tier come last
	slices.SortStableFunc(rows, func(a, b *config.Source) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Tier, untold), cmp.Or(b.Tier, untold)), strings.Compare(string(a.ID), string(b.ID)))
	})
	var b strings.Builder
	fmt.Fprintf(&b, `# Sources

Made by `+"`harvest sources list --markdown`"+` from the files in [config/sources](../config/sources); `+"`make docs`"+` writes it anew.

%d sources, %d of them enabled, %d checked against their live sites.

- **Tier**: how much the source matters, from 1, the core of the field, to 4.
- **Doors**: the ways in, in the order in which they are tried.
- **Evidence**: how the first door is known as long as nobody has checked it. *seen*: its address stands in a published page or in
  public code; it may not answer today. *recalled*: sites of its platform usually have it.
- **Sensitivity**: *persons*: natural persons can be found in it; a table becomes one record, without its rows. *companies*: it tells of
  single companies.
- **Checked**: the day of the last `+"`harvest sources check`"+`. Until then nothing here is known to work.

| Id | Name | Tier | Doors | Languages | Licence | Evidence | Sensitivity | Runs | Checked |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`, len(rows), enabled, checked)
	for _, s := range rows {
		fmt.Fprintf(&b, "| [%s](../config/sources/%s.yaml) | [%s](%s) | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			s.ID, s.ID, markdownCell(s.Name), markdownAddress(s.Homepage), tierText(s.Tier), strings.Join(doorsOnce(s), ", "),
			cmp.Or(strings.Join(s.Languages, ", "), s.Language, "unknown"), markdownCell(cmp.Or(s.Licence, "unknown")), cmp.Or(string(s.Evidence), "unknown"),
			s.Sensitivity, markdownCell(whetherItRuns(s)), s.Checked)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func tierText(tier int) string {
	if tier == 0 {
		return "unknown"
	}
	return fmt.Sprint(tier)
}

// doorsOnce are the kinds of the doors of a source, each once.
func doorsOnce(s *config.Source) []string {
	var kinds []string
	for _, d := range s.Doors {
		if !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	return kinds
}

// whetherItRuns says whether a source runs with the others, and if not, why.
func whetherItRuns(s *config.Source) string {
	needs := ""
	if len(s.Requires) > 0 {
		needs = "needs " + strings.Join(s.Requires, ", ")
	}
	switch {
	case !s.Enabled && s.DisabledBecause != "":
		return "no: " + s.DisabledBecause
	case !s.Enabled && needs != "":
		return "no: " + needs
	case !s.Enabled:
		return "no"
	case needs != "":
		return "yes; " + needs
	}
	return "yes"
}

// markdownAddress is an address that does not end the link it stands in.
func markdownAddress(address string) string {
	return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "|", "%7C").Replace(safeLine(address))
}
