package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// contestant is one row of the table.
type contestant struct {
	role, what string
	// against is the role that it is held against, hold the least share of
	// its pages per second; 0 for none.
	against string
	hold    float64
}

var contestants = []contestant{
	{"bare", "net/http + goquery, links", "", 0},
	{"links", "harvest without extraction: robots.txt, clocks, journal, links", "bare", 0.8},
	{"colly sync", "plain Colly, own queue, same selectors, records in memory", "", 0},
	{"colly async", "plain Colly, Async, same selectors, records in memory", "", 0},
	{"pipeline", "harvest, everything into SQLite: records and ledger", "colly sync", 1},
	{"works", "the same, and behind it the works of all records", "", 0},
	{"program", "the program `harvest run`, its start and the search index included", "", 0},
}

// lap is what one contestant did in one round.
type lap struct {
	usage
	counts
}

// crawl lets the contestants take turns and prints how they did.
func crawl(ctx context.Context, o options, out io.Writer) error {
	host, err := openSite(ctx, o)
	if err != nil {
		return err
	}
	defer host.close()
	take, err := chosen(o.only)
	if err != nil {
		return err
	}
	exe, err := buildProgram(ctx, o.dir)
	if err != nil {
		return err
	}
	laps := make(map[string][]lap)
	for round := range o.rounds {
		for i := range take {
			// Each round begins with another, so that none always follows the same.
			c := take[(i+round)%len(take)]
			l, err := runLap(ctx, host, c.role, exe)
			if err != nil {
				return fmt.Errorf("%s: %w", c.role, err)
			}
			laps[c.role] = append(laps[c.role], l)
			fmt.Fprintf(os.Stderr, "round %d of %d: %-11s %6.0f pages/s\n", round+1, o.rounds, c.role, l.speed())
		}
	}
	return printCrawl(out, o, take, laps)
}

func runLap(ctx context.Context, host *hosted, role, exe string) (l lap, err error) {
	a := host.arguments
	a.Role = role
	if a.Dir, err = os.MkdirTemp(host.dir, "lap"); err != nil {
		return l, err
	}
	defer os.RemoveAll(a.Dir)
	if _, err = takeCounts(ctx, a.Hosts[0]); err != nil {
		return l, err
	}
	if role == "program" {
		l.usage, err = runProgram(ctx, exe, a)
	} else {
		l.usage, err = perform(ctx, a)
	}
	if err != nil {
		return l, err
	}
	if l.counts, err = takeCounts(ctx, a.Hosts[0]); err != nil {
		return l, err
	}
	if missing := a.Pages - (l.counts.Requests - l.Again); missing != 0 {
		return l, fmt.Errorf("%d of %d pages were not asked for", missing, a.Pages)
	}
	return l, nil
}

func (l lap) speed() float64 { return float64(l.counts.Requests-l.Again) / l.Wall.Seconds() }

// perPage is processor time for each page, in microseconds.
func (l lap) perPage() float64 {
	return float64(l.CPU.Microseconds()) / float64(l.counts.Requests-l.Again)
}

// chosen are the contestants of those names, all when none is named.
func chosen(only string) ([]contestant, error) {
	if only == "" {
		return contestants, nil
	}
	var take []contestant
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(contestants, func(c contestant) bool { return c.role == name })
		if i < 0 {
			return nil, fmt.Errorf("no contestant %q", name)
		}
		take = append(take, contestants[i])
	}
	return take, nil
}

func printCrawl(out io.Writer, o options, take []contestant, laps map[string][]lap) error {
	fmt.Fprintf(out, "\nPages per second over loopback: %d pages, %d at once, %d rounds; medians (lowest to highest).\n"+
		"Processor time is that of the contestant, the site's server apart.\n\n", o.pages, o.connections, o.rounds)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTESTANT\tPAGES/S\tµs CPU/PAGE\tPEAK MB\tAGAIN\t")
	for _, c := range take {
		all := laps[c.role]
		fmt.Fprintf(w, "%s\t%s\t%s\t%.0f\t%d\t%s\n", c.role, spread(all, lap.speed, "%.0f"), spread(all, lap.perPage, "%.0f"),
			middle(all, func(l lap) float64 { return float64(l.Peak) / 1e6 }), int(middle(all, func(l lap) float64 { return float64(l.Again) })), c.what)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	w = tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RATIO, ROUND BY ROUND\tPAGES/S\tBY CPU\tHOLD")
	for _, c := range take {
		for _, against := range []string{"bare", "colly sync", "colly async"} {
			if c.role == against || c.role == "bare" || len(laps[against]) == 0 {
				continue
			}
			hold := ""
			if c.against == against {
				hold = fmt.Sprintf(">= %.1f", c.hold)
			}
			fmt.Fprintf(w, "%s / %s\t%s\t%s\t%s\n", c.role, against,
				spread(pairs(laps[c.role], laps[against]), func(p [2]lap) float64 { return p[0].speed() / p[1].speed() }, "%.2f"),
				spread(pairs(laps[c.role], laps[against]), func(p [2]lap) float64 { return p[1].perPage() / p[0].perPage() }, "%.2f"), hold)
		}
	}
	return w.Flush()
}

// pairs are what two contestants did in the same rounds.
func pairs(a, b []lap) [][2]lap {
	out := make([][2]lap, min(len(a), len(b)))
	for i := range out {
		out[i] = [2]lap{a[i], b[i]}
	}
	return out
}

// middle is the median.
func middle[T any](all []T, of func(T) float64) float64 {
	values := sorted(all, of)
	if len(values) == 0 {
		return 0
	}
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

// spread is the median with the lowest and the highest.
func spread[T any](all []T, of func(T) float64, format string) string {
	values := sorted(all, of)
	if len(values) == 0 {
		return "-"
	}
	return fmt.Sprintf(format+" ("+format+" to "+format+")", middle(all, of), values[0], values[len(values)-1])
}

func sorted[T any](all []T, of func(T) float64) []float64 {
	values := make([]float64, len(all))
	for i := range all {
		values[i] = of(all[i])
	}
	slices.SortFunc(values, cmp.Compare[float64])
	return values
}

// hosted is a site whose server is running.
type hosted struct {
	arguments
	dir    string
	server *child
}

func openSite(ctx context.Context, o options) (*hosted, error) {
	a := arguments{Role: "serve", Hosts: make([]string, o.connections), Pages: o.pages, Seed: o.seed, Connections: o.connections}
	server, err := start(ctx, a)
	if err != nil {
		return nil, err
	}
	h := &hosted{arguments: a, dir: o.dir, server: server}
	return h, server.say(&h.Hosts)
}

func (h *hosted) close() { _ = h.server.end() }
