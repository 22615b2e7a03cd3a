package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/pprof/profile"
)

// ours is the path of this module, with the slash that follows.
const ours = "github.com/harvest87/harvest/"

// layer is a part of the work, recognised by functions. Of a sample's stack
// the function nearest to the leaf that any layer knows decides, so that time
// in the standard library belongs to whoever called it.
type layer struct {
	name      string
	functions []string // prefixes of full names
}

// A vague layer gives way to a precise one of the same first word further up.
const vague = ", the rest"

// layersOfPage are the layers in the order of a page's way. Within it the
// first that knows a function has it: the special come before the general.
var layersOfPage = []layer{
	{"clock: turns of hosts", []string{ours + "crawler/fetch.(*clocks)", ours + "crawler/fetch.(*clock)", ours + "crawler/fetch.(*turn)"}},
	{"robots.txt", []string{ours + "crawler/fetch.(*robots", ours + "crawler/fetch.(*Session).robots", ours + "crawler/fetch.(*Session).admit", "github.com/jimsmart/grobotstxt"}},
	{"Colly", []string{"github.com/gocolly/colly"}},
	{"net/http, connections", []string{"net/http", "net.", "net/textproto", "internal/poll"}},
	{"read: limits, decompression", []string{ours + "crawler/fetch.(*exchange).read", ours + "crawler/fetch.read", ours + "crawler/fetch.(*limited"}},
	{"charset", []string{ours + "crawler/fetch.toUTF8", ours + "crawler/fetch.prescan", "golang.org/x/net/html/charset", "golang.org/x/text/encoding", "golang.org/x/text/transform"}},
	{"challenge and login pages", []string{ours + "crawler/fetch.survey", ours + "crawler/fetch.(*survey", ours + "crawler/fetch.challenge", ours + "crawler/fetch.interstitial", ours + "crawler/fetch.loginPage", ours + "crawler/fetch.look"}},
	{"hash of the body", []string{ours + "crawler/fetch.(*Session).conclude"}},
	{"fetch: attempts, limits, facts", []string{ours + "crawler/fetch"}},
	{"weigh", []string{ours + "crawler.weigh", ours + "crawler.(*Bench)"}},
	{"parse: bytes to tree", []string{"golang.org/x/net/html.Parse", "golang.org/x/net/html.(*parser)", "github.com/PuerkitoBio/goquery.NewDocument"}},
	{"normalise", []string{ours + "parsers/normalize"}},
	{"extract: listing", []string{ours + "parsers/listing"}},
	{"extract: page", []string{ours + "parsers/page", ours + "parsers/item", ours + "parsers", "main.linkDoor", "main.resolve"}},
	{"selectors", []string{"github.com/PuerkitoBio/goquery", "github.com/andybalholm/cascadia"}},
	{"SQLite: works and keys", []string{
		ours + "sinks/sqlite.(*Catalogue).Pending", ours + "sinks/sqlite.(*Catalogue).Lookup", ours + "sinks/sqlite.(*Catalogue).Holders",
		ours + "sinks/sqlite.(*Catalogue).PutKeys", ours + "sinks/sqlite.(*Catalogue).PutWorks", ours + "sinks/sqlite.(*Catalogue).PutDoubts",
		ours + "sinks/sqlite.(*Catalogue).Settle", ours + "sinks/sqlite.(*Catalogue).Decisions", ours + "sinks/sqlite.(*Catalogue).Work",
	}},
	{"SQLite: ledger", []string{ours + "sinks/sqlite.(*Catalogue).Pages", ours + "sinks/sqlite.(*Catalogue).PutPages"}},
	{"SQLite: records", []string{ours + "sinks/sqlite.(*Catalogue).Put", ours + "sinks/sqlite.putBatch"}},
	{"works", []string{ours + "match", "main.matchAll"}},
	{"SQLite, the rest", []string{ours + "sinks/sqlite", "modernc.org/", "database/sql"}},
	{"journal", []string{ours + "crawler/queue", ours + "crawler.(*entry)", "github.com/nats-io"}},
	{"frontier, commit, report", []string{ours + "crawler"}},
	{"garbage collection", []string{"runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge", "runtime.gcStart"}},
}

const rest = "runtime and the rest"

// layers prints what each layer of the pipeline costs per page: processor
// time by sampling, over as many runs as there are rounds.
func layers(ctx context.Context, o options, out io.Writer) error {
	roles := []string{"links", "works"}
	if o.only != "" {
		roles = strings.Split(o.only, ",")
	}
	for _, role := range roles {
		if err := layersOf(ctx, o, role, out); err != nil {
			return err
		}
	}
	return nil
}

func layersOf(ctx context.Context, o options, role string, out io.Writer) error {
	host, err := openSite(ctx, o)
	if err != nil {
		return err
	}
	defer host.close()
	spent := make(map[string]time.Duration)
	pages := 0
	for round := range o.rounds {
		a := host.arguments
		a.Role, a.Profile = role, filepath.Join(o.dir, fmt.Sprintf("%s-%d.pprof", role, round))
		if o.profile != "" {
			a.Profile = o.profile + "-" + strings.ReplaceAll(role, " ", "-") + ".pprof"
		}
		if a.Dir, err = os.MkdirTemp(o.dir, "layers"); err != nil {
			return err
		}
		u, err := perform(ctx, a)
		if err := errors.Join(err, os.RemoveAll(a.Dir)); err != nil {
			return err
		}
		if err := addProfile(spent, a.Profile); err != nil {
			return err
		}
		pages += u.Pages
	}
	return printLayers(out, role, spent, pages)
}

// addProfile adds the samples of a profile to the layers they belong to.
func addProfile(spent map[string]time.Duration, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, s := range p.Sample {
		spent[layerOf(s)] += time.Duration(s.Value[len(s.Value)-1])
	}
	return nil
}

// layerOf finds the layer of a sample.
func layerOf(s *profile.Sample) string {
	known := ""
	for _, l := range s.Location { // leaf first
		for _, line := range l.Line {
			name := nameOf(line.Function.Name)
			family, isVague := strings.CutSuffix(known, vague)
			if known == "" || isVague && strings.HasPrefix(name, family) {
				known = name
			}
		}
	}
	if known == "" {
		return rest
	}
	return known
}

func nameOf(function string) string {
	for _, l := range layersOfPage {
		for _, prefix := range l.functions {
			if strings.HasPrefix(function, prefix) {
				return l.name
			}
		}
	}
	return ""
}

func printLayers(out io.Writer, role string, spent map[string]time.Duration, pages int) error {
	var total time.Duration
	for _, d := range spent {
		total += d
	}
	if pages == 0 || total == 0 {
		return errors.New("no page or no sample")
	}
	fmt.Fprintf(out, "\nProcessor time per page by layer, %q, %d pages, by sampling.\n\n", role, pages)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "µs/PAGE\tSHARE\t  LAYER")
	for _, l := range append(layersOfPage, layer{name: rest}) {
		if d := spent[l.name]; d > 0 {
			fmt.Fprintf(w, "%.1f\t%.1f%%\t  %s\n", float64(d.Microseconds())/float64(pages), 100*float64(d)/float64(total), l.name)
		}
	}
	fmt.Fprintf(w, "%.1f\t100%%\t  together\n", float64(total.Microseconds())/float64(pages))
	return w.Flush()
}
