package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// found is one document that a search gives, for programs: the record that fits
// best of those that describe it.
type found struct {
	harvest.Record
	Score   float64 `json:"score,omitempty"`
	Snippet string  `json:"snippet,omitempty"` // matches between ** and **
	// SameWork are the other records of the record's work, whether or not they
	// match.
	SameWork []harvest.RecordID `json:"same_work,omitempty"`
}

// answer is what `harvest search --json` prints.
type answer struct {
	Total   int     `json:"total"` // records that match
	Records []found `json:"records"`
	// Facets count all that was found, by field and value.
	Facets map[search.Facet][]search.Counted `json:"facets,omitempty"`
	// Next is for --after, when there is more.
	Next string `json:"next,omitempty"`
}

func (m Main) search(ctx context.Context, f *flags, q harvest.Query, options search.Options, each bool) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.knowsSources(ctx, q.Sources); err != nil {
		return err
	}
	ix, err := m.openIndex(ctx, r)
	if err != nil {
		return err
	}
	defer ix.Close()
	out, err := r.find(ctx, ix, q, options, each)
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return usageError{syntax}
	}
	if errors.Is(err, search.ErrPlace) {
		return usageError{errors.New("--after belongs to another search; take the one that this search has shown, with the same words, filters and order")}
	}
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, out)
	}
	m.printFound(&out, q.Words != "")
	return nil
}

// find asks the index until q.Limit documents are together, each once; or, when
// each record is wanted, until there are as many records. A limit of 0 is
// [search.MaxHits], and no more hits than these are looked at.
func (r *room) find(ctx context.Context, ix *search.Index, q harvest.Query, options search.Options, each bool) (answer, error) {
	out := answer{Records: []found{}}
	most := q.Limit
	if most == 0 {
		most = search.MaxHits
	}
	shown := make(map[harvest.WorkID]bool)
	q.Limit = min(most, search.MaxHits)
	for first := true; len(out.Records) < most; first = false {
		result, err := ix.Search(ctx, q, options)
		if err != nil {
			return out, err
		}
		if first {
			out.Total, out.Facets = result.Total, result.Facets
			options.Facets = nil // they count all that is found: once is enough
		}
		for i, hit := range result.Hits {
			record, err := r.store.Record(ctx, hit.Record)
			if errors.Is(err, harvest.ErrNotFound) {
				continue // removed since the index was brought up to date
			}
			if err != nil {
				return out, err
			}
			if states := q.WantedStates(); states != nil && !slices.Contains(states, record.State) {
				continue // taken down since
			}
			if record.Work != "" && !each && shown[record.Work] {
				continue
			}
			var same []harvest.RecordID
			if shown[record.Work] = true; !each {
				if same, err = r.sameWork(ctx, &record); err != nil {
					return out, err
				}
			}
			snippet := result.Snippet(&record, snippetWidth).Marked("**", "**")
			if out.Records = append(out.Records, found{record, hit.Score, snippet, same}); len(out.Records) == most {
				if i < len(result.Hits)-1 || len(result.Hits) == q.Limit {
					out.Next = result.Place(i)
				}
				break
			}
		}
		if len(result.Hits) < q.Limit {
			break
		}
		options.Behind = result.Place(len(result.Hits) - 1)
	}
	return out, nil
}

// sameWork are the other records of a record's work.
func (r *room) sameWork(ctx context.Context, record *harvest.Record) ([]harvest.RecordID, error) {
	if record.Work == "" {
		return nil, nil
	}
	work, err := r.store.Work(ctx, record.Work)
	if errors.Is(err, harvest.ErrNotFound) {
		return nil, nil // split since
	}
	if err != nil {
		return nil, err
	}
	var others []harvest.RecordID
	for _, m := range work.Members {
		if m.Record != record.ID {
			others = append(others, m.Record)
		}
	}
	return others, nil
}

// snippetWidth is the length of the passage shown of each record, in characters.
const snippetWidth = 200

func (m Main) printFound(a *answer, words bool) {
	if len(a.Records) == 0 {
		fmt.Fprintln(m.Stdout, "Nothing found.")
		return
	}
	if !words {
		printDocuments(m.Stdout, a.Records)
	} else {
		for i := range a.Records {
			printHit(m.Stdout, &a.Records[i])
		}
	}
	fmt.Fprintf(m.Stdout, "%d of %s.\n", len(a.Records), number(a.Total, "record", "records"))
	if a.Next != "" {
		fmt.Fprintf(m.Stdout, "More: the same search with --after %s\n", a.Next)
	}
	if folded(a.Records) {
		fmt.Fprintln(m.Stdout, "Each document is listed once; --each-record lists all that describe it.")
	}
	for _, facet := range search.Facets() {
		values := a.Facets[facet]
		if len(values) == 0 {
			continue
		}
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = fmt.Sprintf("%s %d", v.Value, v.Count)
		}
		fmt.Fprintf(m.Stdout, "%-9s %s\n", facet, fit(strings.Join(parts, " · "), width(m.Stdout)-10))
	}
}

func printHit(w io.Writer, x *found) {
	fmt.Fprintln(w, safeLine(x.Title))
	facts := []string{}
	for _, s := range []string{x.Published.Value, x.Category, x.Language.Value, x.Publisher} {
		if s != "" {
			facts = append(facts, safeLine(s))
		}
	}
	fmt.Fprintf(w, "  %s\n", strings.Join(append(facts, string(x.ID)), " · "))
	if x.Snippet != "" {
		fmt.Fprintf(w, "  %s\n", safeLine(x.Snippet))
	}
	fmt.Fprintf(w, "  %s\n", safeLine(x.URL))
	if len(x.SameWork) > 0 {
		fmt.Fprintf(w, "  also %s\n", alsoAs(x))
	}
	fmt.Fprintln(w)
}

// alsoShown is how many other records of a work are named.
const alsoShown = 4

func alsoAs(x *found) string {
	var names []string
	for _, id := range x.SameWork[:min(alsoShown, len(x.SameWork))] {
		names = append(names, string(id))
	}
	also := strings.Join(names, ", ")
	if more := len(x.SameWork) - alsoShown; more > 0 {
		also += fmt.Sprintf(" and %d more: harvest works show %s", more, x.Work)
	}
	return also
}

// folded reports whether documents stand for several records.
func folded(documents []found) bool {
	for i := range documents {
		if len(documents[i].SameWork) > 0 {
			return true
		}
	}
	return false
}

// printDocuments lists documents, each by one record.
func printDocuments(w io.Writer, documents []found) {
	records, count := make([]harvest.Record, len(documents)), make(map[harvest.RecordID]int)
	for i := range documents {
		records[i] = documents[i].Record
		count[records[i].ID] = len(documents[i].SameWork) + 1
	}
	printRecords(w, records, count)
}
