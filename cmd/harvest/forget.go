package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/archive"
)

func (m Main) archiveForgetCommand(f *flags) *cobra.Command {
	var lists bool
	cmd := &cobra.Command{
		Use:   "forget URL|RECORD…",
		Short: "Take pages out of the archive, and never keep them again",
		Long: `Forget takes everything that is kept of an address, or of the pages of a record,
out of the archive, and nothing of them is kept again. It is for requests to take
something down. The record in the catalogue is another matter.

What is said of a record may also stand on lists, such as a page of an API with a
hundred entries. With --lists these go, too; the next run fetches them anew.`,
		Example: `  harvest archive forget https://respect.international/some-page/
  harvest archive forget respect:5hc0v3kq8r2m1x7d --lists`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.forget(cmd.Context(), f, args, lists) },
	}
	cmd.Flags().BoolVar(&lists, "lists", false, "take out pages that say something of a record beside other things")
	return cmd
}

// oblivion is what is to be forgotten, and what else speaks of it.
type oblivion struct {
	pages, lists map[string]bool
}

func (m Main) forget(ctx context.Context, f *flags, args []string, withLists bool) error {
	o, err := m.oblivionOf(ctx, f, args)
	if err != nil {
		return err
	}
	pages, lists := slices.Sorted(maps.Keys(o.pages)), slices.Sorted(maps.Keys(o.lists))
	once := lists
	if !withLists {
		once = nil
	}
	ids, err := archive.Sources(f.archiveRoot())
	if err != nil {
		return err
	}
	gone := make(map[harvest.SourceID]archive.Removed)
	var sum archive.Removed
	for _, id := range ids {
		r, err := archive.At(f.archiveRoot(), id).Forget(ctx, pages, once)
		if err != nil {
			return err
		}
		gone[id] = r
		sum.Captures += r.Captures
		sum.Bytes += r.Bytes
	}
	if f.json {
		return printJSON(m.Stdout, gone)
	}
	fmt.Fprintf(m.Stdout, "%s of %s taken out, %s freed; nothing of what was named is kept again\n",
		number(sum.Captures, "capture", "captures"), number(len(pages)+len(once), "address", "addresses"), bytesText(sum.Bytes))
	if len(lists) > 0 && !withLists {
		fmt.Fprintln(m.Stdout, "Something of it stands on other pages, too, which --lists takes out until the next run:")
		for _, u := range lists {
			fmt.Fprintf(m.Stdout, "  %s\n", safeLine(u))
		}
	}
	return nil
}

// oblivionOf finds the addresses behind what was named.
func (m Main) oblivionOf(ctx context.Context, f *flags, args []string) (oblivion, error) {
	o := oblivion{make(map[string]bool), make(map[string]bool)}
	var ids []string
	for _, arg := range args {
		switch {
		case isURL(arg):
			o.pages[arg] = true
		case strings.Contains(arg, ":"):
			ids = append(ids, arg)
		default:
			return o, usageError{fmt.Errorf("%q is neither an address nor a record; a record is such as respect:5hc0v3kq8r2m1x7d", arg)}
		}
	}
	if len(ids) == 0 {
		return o, nil
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return o, err
	}
	defer r.close()
	for _, id := range ids {
		record, err := r.store.Record(ctx, harvest.RecordID(id))
		if errors.Is(err, harvest.ErrNotFound) {
			return o, fmt.Errorf("no record %q in the catalogue; name the address of its page", id)
		}
		if err != nil {
			return o, err
		}
		o.add(&record)
	}
	return o, nil
}

// add takes in the pages of a record: its own, and those that gave it a field.
func (o oblivion) add(r *harvest.Record) {
	for _, u := range []string{r.URL, r.CanonicalURL} {
		if u != "" {
			o.pages[u] = true
		}
	}
	for _, e := range r.Provenance {
		if e.Page != "" && !o.pages[e.Page] {
			o.lists[e.Page] = true
		}
	}
	for u := range o.pages {
		delete(o.lists, u)
	}
}
