package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// again harvests a site twice that does not change in between, and prints what
// the second time cost it.
func again(ctx context.Context, o options, out io.Writer) error {
	host, err := openSite(ctx, o)
	if err != nil {
		return err
	}
	defer host.close()
	a := host.arguments
	a.Role = "pipeline"
	if a.Dir, err = os.MkdirTemp(o.dir, "again"); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nA site of %d pages, harvested again without a change.\n\n", a.Pages)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tREQUESTS\tNOT MODIFIED\tMB OF BODIES\tPAGES/S\tRECORDS\t")
	var first, second lap
	for _, l := range []struct {
		name string
		lap  *lap
	}{{"first", &first}, {"again", &second}} {
		var doErr, countErr error
		l.lap.usage, doErr = perform(ctx, a)
		l.lap.counts, countErr = takeCounts(ctx, a.Hosts[0])
		if err := errors.Join(doErr, countErr); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%.2f\t%.0f\t%d\t\n", l.name, l.lap.counts.Requests, l.lap.NotModified, float64(l.lap.counts.Bytes)/1e6, l.lap.speed(), l.lap.Records)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	skipped := a.Pages - second.counts.Requests + second.NotModified
	fmt.Fprintf(out, "\nNot modified or skipped: %.1f%% (hold >= 95%%). Octets: %.2f%% (hold < 2%%).\n",
		100*float64(skipped)/float64(a.Pages), 100*float64(second.counts.Bytes)/float64(first.counts.Bytes))
	return nil
}
