package main

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/harvest87/harvest"
)

// printGates says what gates said of a run, and what can be done.
func printGates(w io.Writer, r *harvest.Run) {
	held, failed := 0, 0
	for i := range r.Gates {
		if !r.Gates[i].Failed {
			held++
			continue
		}
		failed++
		printGate(w, &r.Gates[i])
	}
	if failed > 0 {
		fmt.Fprintf(w, "  gates     %d failed, %d held\n", failed, held)
	}
	if x := r.Ruling; x != nil {
		what := "discarded"
		if x.Publish {
			what = "published"
		}
		if !x.Done {
			what += ", not to the end; repeat the command"
		}
		fmt.Fprintf(w, "  ruling    %s by %s on %s: %s\n", what, safeLine(x.Author), x.At.Format(time.DateTime), safeLine(x.Reason))
	}
	if r.State == harvest.RunQuarantined {
		fmt.Fprintf(w, "  held      %s; the catalogue is as it was\n", number(r.Held, "record", "records"))
		fmt.Fprintf(w, "  if this is how the source is now:  harvest runs publish %s --reason '…'\n", r.ID)
		fmt.Fprintf(w, "  if the site or its file is broken: harvest runs discard %s --reason '…'\n", r.ID)
	}
}

func printGate(w io.Writer, g *harvest.GateResult) {
	fmt.Fprintf(w, "  GATE      %s: %s\n", safeLine(g.Gate), safeLine(g.Says))
	for _, h := range g.Hints {
		fmt.Fprintf(w, "            %s\n", safeLine(h))
	}
	for _, e := range g.Examples {
		before, after := cmp.Or(e.Before, "nothing"), cmp.Or(e.After, "nothing")
		fmt.Fprintf(w, "            e.g. %s\n              before: %s\n              now:    %s\n", safeLine(e.URL), fit(before, max(40, width(w)-22)), fit(after, max(40, width(w)-22)))
	}
}

// absenceText says since when a record is not found, empty when it is.
func absenceText(a *harvest.Absence) string {
	reasons := map[string]string{
		harvest.Reason404: "its page is not there (404)", harvest.Reason410: "its page was removed for good (410)",
		harvest.ReasonDelisted: "nothing leads to it any more", harvest.ReasonDeleted: "the source says that it has deleted it",
	}
	why := reasons[a.Reason]
	if why == "" {
		why = a.Reason
	}
	text := fmt.Sprintf("not found by %s since %s: %s", number(a.Runs, "run", "runs"), a.Since.Format(time.DateOnly), why)
	if !a.Gone.IsZero() {
		text += "; gone since " + a.Gone.Format(time.DateOnly)
	}
	return text
}
