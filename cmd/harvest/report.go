package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/health"
)

// printReport writes a run's report for people.
func printReport(w io.Writer, r *harvest.Run, now time.Time) {
	fmt.Fprintf(w, "Run %s: %s, %s\n", r.ID, r.State, r.Duration(now).Round(10*time.Millisecond))
	if r.Reason != "" {
		fmt.Fprintf(w, "  why       %s\n", safeLine(r.Reason))
	}
	printGates(w, r)
	for _, d := range r.Doors {
		if d.Used {
			fmt.Fprintf(w, "  door      %s\n", d.Door)
		} else {
			fmt.Fprintf(w, "  door      %s, passed over: %s\n", d.Door, safeLine(d.Reason))
		}
	}
	if f := health.FallbackOf(r); f != nil {
		fmt.Fprintf(w, "  warning   %s\n", safeLine(f.String()))
	}
	fmt.Fprintf(w, "  records   %s new, %s changed, %s unchanged\n", count(r, harvest.NewRecord), count(r, harvest.ChangedRecord), count(r, harvest.UnchangedRecord))
	fmt.Fprintf(w, "  requests  %s, %s over the wire, %s of content\n", humanize.Comma(int64(r.Requests)), bytesText(r.WireBytes), bytesText(r.Bytes))
	if r.Resumed > 0 {
		fmt.Fprintf(w, "  resumed   %s\n", number(r.Resumed, "time", "times"))
	}
	printOutcomes(w, r)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  note      %s\n", safeLine(n))
	}
	printManners(w, r.Hosts)
	printLabels(w, r.Labels)
}

func bytesText(n int64) string { return humanize.Bytes(uint64(max(0, n))) }

func count(r *harvest.Run, o harvest.Outcome) string { return humanize.Comma(int64(r.Outcomes[o])) }

// printOutcomes lists every ending with its count, meaning and, where it is
// not fine, an example.
func printOutcomes(w io.Writer, r *harvest.Run) {
	t := newTable(w, "", "OUTCOME", "COUNT", "MEANS")
	for _, info := range harvest.Outcomes() {
		if n := r.Outcomes[info.Outcome]; n > 0 {
			t.AppendRow([]any{string(info.Subject), string(info.Outcome), n, info.Means})
		}
	}
	if len(r.Outcomes) > 0 {
		t.Render()
	}
	for _, s := range r.Samples {
		where := s.URL
		if where == "" {
			where = string(s.Record)
		}
		fmt.Fprintf(w, "  %-18s %s", s.Outcome, safeLine(where))
		if s.Reason != "" {
			fmt.Fprintf(w, "\n  %-18s   %s", "", safeLine(s.Reason))
		}
		fmt.Fprintln(w)
	}
}

func printLabels(w io.Writer, labels map[string]int) {
	if len(labels) == 0 {
		return
	}
	names := make([]string, 0, len(labels))
	for l := range labels {
		names = append(names, l)
	}
	slices.SortFunc(names, func(a, b string) int {
		if labels[a] != labels[b] {
			return labels[b] - labels[a]
		}
		return strings.Compare(a, b)
	})
	const most = 10
	var parts []string
	for i, l := range names {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%q (%d)", safeLine(l), labels[l]))
	}
	fmt.Fprintf(w, "  labels    without a category: %s\n            map them under categories: in the source file\n", strings.Join(parts, ", "))
}

// printRecords writes a table of records. Behind the identifier of a record stands
// how many others describe the same document, where count says that more than
// one does.
func printRecords(w io.Writer, records []harvest.Record, count map[harvest.RecordID]int) {
	columns := width(w)
	t := newTable(w, "DATE", "LANG", "CATEGORY", "TITLE", "ID")
	for i := range records {
		r := &records[i]
		category := r.Category
		if category == "" && r.CategoryRaw != "" {
			category = "(" + r.CategoryRaw + ")"
		}
		id := string(r.ID)
		if n := count[r.ID] - 1; n > 0 {
			id += fmt.Sprintf(" +%d", n)
		}
		t.AppendRow([]any{r.Published.Value, r.Language.Value, fit(category, 14), fit(r.Title, max(30, columns-65)), id})
	}
	t.Render()
}

// overrideOf is what a person said of the field that is shown under that name.
func overrideOf(r *harvest.Record, shown string) (harvest.Override, bool) {
	for field, o := range r.Overrides {
		if shortField(field) == shown {
			return o, true
		}
	}
	return harvest.Override{}, false
}

// printRecord writes one record in full, each field with where it came from.
func printRecord(w io.Writer, r *harvest.Record) {
	line := func(name, value string) {
		if value == "" {
			return
		}
		fmt.Fprintf(w, "%-14s %s\n", name, strings.ReplaceAll(safeText(value), "\n", "\n"+strings.Repeat(" ", 15)))
		e, ok := r.Provenance[name]
		if !ok {
			e, ok = r.Provenance["identifiers."+name]
		}
		if ok {
			from := e.Basis
			if e.Detail != "" {
				from += ": " + e.Detail
			}
			fmt.Fprintf(w, "%-14s   ← %s\n", "", fit(from, max(40, width(w)-20)))
			if o, ok := overrideOf(r, name); ok {
				fmt.Fprintf(w, "%-14s   (the source says: %s)\n", "", fit(cmp.Or(strings.Join(o.Harvested, "; "), "nothing"), max(40, width(w)-35)))
			}
		}
	}
	line("id", string(r.ID))
	line("title", r.Title)
	line("title_alt", strings.Join(r.TitleAlt, "\n"))
	line("category", r.Category)
	line("category_raw", r.CategoryRaw)
	if len(r.CategoriesRaw) > 1 {
		line("categories_raw", strings.Join(r.CategoriesRaw, "; "))
	}
	line("summary", r.Summary)
	if r.SummaryBasis.Truncated {
		fmt.Fprintf(w, "%-14s   (the source shows only the beginning)\n", "")
	}
	line("published", dateText(r.Published))
	line("modified", dateText(r.Modified))
	line("authors", strings.Join(r.Authors, "; "))
	line("publisher", r.Publisher)
	line("language", r.Language.Value)
	if r.Language.Declared != r.Language.Value {
		line("declared as", r.Language.Declared)
	}
	line("countries", strings.Join(r.Countries, " "))
	line("regions", strings.Join(r.Regions, " "))
	line("topics", strings.Join(r.Topics, ", "))
	line("doi", r.Identifiers.DOI)
	line("isbn", r.Identifiers.ISBN)
	line("un_symbol", r.Identifiers.UNSymbol)
	line("celex", r.Identifiers.CELEX)
	line("eli", r.Identifiers.ELI)
	line("ecli", r.Identifiers.ECLI)
	line("handle", r.Identifiers.Handle)
	for _, d := range r.Documents {
		line("documents", strings.TrimSpace(d.URL+" "+d.MediaType))
	}
	for _, t := range r.Translations {
		line("translations", t.Language+" "+t.URL)
	}
	line("url", r.URL)
	if r.CanonicalURL != r.URL {
		line("canonical_url", r.CanonicalURL)
	}
	line("licence", r.Licence)
	line("state", string(r.State))
	line("work", string(r.Work))
	line("seen", fmt.Sprintf("first %s by %s, last %s; revision %d of %s by %s",
		r.FirstSeen.Format(time.DateTime), r.FirstRun, r.LastSeen.Format(time.DateTime), r.Revision, r.LastChanged.Format(time.DateTime), r.Run))
}

func dateText(d harvest.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s (%s)", d.Value, d.Precision)
}
