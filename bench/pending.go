package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	journals "github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/memory"
	"github.com/harvest87/harvest/parsers/normalize"
)

// A crawl whose pages come from nowhere: lists that name so many items, and
// items that hold nothing. Frontier and journal are the real ones.

// perPage is the number of items on a list of such a crawl.
const perPage = 100

// endless is its door. Lists come first, so that all items are pending when
// the first of them is fetched.
type endless struct {
	items int
	cards bool
}

func (d endless) Seeds(time.Time) (out []harvest.Request, _ bool) {
	for n := range (d.items + perPage - 1) / perPage {
		out = append(out, harvest.Request{URL: fmt.Sprintf("https://library.example/list/%d/", n+1), Kind: harvest.KindDiscovery, Step: "list", Page: n + 1})
	}
	return out, false
}

func (d endless) Parse(p *harvest.Page) (out harvest.Parsed) {
	if p.Request.Kind != harvest.KindDiscovery {
		return out
	}
	for i := (p.Request.Page - 1) * perPage; i < min(d.items, p.Request.Page*perPage); i++ {
		r := harvest.Request{URL: fmt.Sprintf("https://library.example/resources/%d/report-on-forced-labour-%d/", i%97, i), Kind: harvest.KindItem, Step: "item"}
		if d.cards {
			doc := (&site{seed: 87}).document(i)
			r.Card = &harvest.Record{Title: doc.title, CategoryRaw: doc.label, Summary: doc.summary}
		}
		out.Requests = append(out.Requests, r)
	}
	return out
}

// nobody answers at once, and looks at what comes along.
type nobody struct {
	lists atomic.Int64
	items atomic.Int64
	seen  func(n int64) // called with the number of each item that is asked for, from 1
}

func (f *nobody) Fetch(ctx context.Context, req harvest.Request, _ harvest.Validators) *harvest.Page {
	p := &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Status: 200, Requests: 1, FetchedAt: time.Now()}
	if req.Kind == harvest.KindDiscovery {
		f.lists.Add(1)
		return p
	}
	f.seen(f.items.Add(1))
	if ctx.Err() != nil {
		p.Outcome = harvest.Cancelled
	}
	return p
}

// filled is what a process holds that has many addresses pending, in octets.
type filled struct {
	Start, Full, Peak int64
	Later             []int64       // after each tenth of the crawl, in MB
	Took              time.Duration // until all were pending
}

// taken is what it costs to take such a run up again.
type taken struct {
	Took time.Duration // from the opened queue to the first fetch
	CPU  time.Duration // that it took
	Peak int64
	URLs int
}

// workers are how many pages of the crawl are in work at once.
const workers = 16

// visitRun performs the crawl in a folder until the fetcher ends it.
func visitRun(ctx context.Context, a arguments, f *nobody) error {
	q, err := journals.Open(context.Background(), journals.Options{Dir: filepath.Join(a.Dir, "queue")})
	if err != nil {
		return err
	}
	defer q.Close()
	memory.Frugal() // as the program does
	src, problems := config.ParseSource("library.yaml", []byte("id: library\nname: Library\nhomepage: https://library.example\ndoors: [{wordpress: {}}]\n"))
	if src == nil {
		return problems.Err()
	}
	src.Politeness.Concurrency = workers // the pages come from nowhere, and all from one host
	at := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	id := harvest.NewRunID(src.ID, at)
	journal, err := q.Journal(context.Background(), id)
	if err != nil {
		return err
	}
	defer journal.Close()
	_, err = crawler.Harvest(ctx, crawler.Options{
		Source: src, Doors: []crawler.Door{endless{a.Pages, a.Cards}}, DoorNames: []string{"endless"}, Fetcher: f, Store: nowhere{},
		Journal: journal, ID: id, ScheduledAt: at, Fingerprint: "bench",
		Form: normalize.URLForm, Workers: workers,
	})
	return err
}

// pending is a child that fills a frontier, goes on for a tenth of it, and
// stops.
func pending(a arguments, _ io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	said := filled{Start: residentMemory()}
	begin := time.Now()
	var mu sync.Mutex // workers ask at the same time
	var failed error
	f := &nobody{seen: func(n int64) {
		mu.Lock()
		defer mu.Unlock()
		tenth := int64(max(1, a.Pages/10))
		switch {
		case n == 1:
			said.Took, said.Full = time.Since(begin), residentMemory()
			failed = heapInto(a.Profile, "full")
		case n%tenth == 0 && n <= tenth*int64(a.Tenths):
			said.Later = append(said.Later, residentMemory()/1e6)
			if n == tenth*int64(a.Tenths) {
				failed = errors.Join(failed, heapInto(a.Profile, "later"))
				cancel()
			}
		}
	}}
	if err := errors.Join(visitRun(ctx, a, f), failed); err != nil {
		return err
	}
	said.Peak = peakMemory()
	return json.NewEncoder(out).Encode(said)
}

// takeUp is a child that takes such a run up again, up to its first fetch.
func takeUp(a arguments, _ io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var said taken
	begin, spent := time.Now(), processorTime()
	f := &nobody{seen: func(n int64) {
		if n == 1 {
			said.Took, said.CPU = time.Since(begin), processorTime()-spent
			cancel()
		}
	}}
	if err := visitRun(ctx, a, f); err != nil {
		return err
	}
	if f.lists.Load() > 0 {
		return errors.New("a list was asked for again")
	}
	said.Peak, said.URLs = peakMemory(), a.Pages+a.Pages/perPage
	return json.NewEncoder(out).Encode(said)
}

// pendings prints the memory of a run with many addresses pending, and how
// soon it goes on after a stop.
func pendings(ctx context.Context, o options, out io.Writer) error {
	fmt.Fprint(out, "\nMemory of a process with so many addresses pending, and of one that takes the run up again.\n"+
		"Resident MB: at start, when all are pending, after each further tenth of the crawl, at most (hold < 150 at a million, flat afterwards).\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "PENDING\tWITH CARDS\tSTART\tFULL\tLATER\tPEAK\tFOUND IN\tTAKEN UP IN\tCPU\tURLS/S\tPEAK\t")
	for _, n := range o.pending {
		for _, cards := range []bool{false, true} {
			var f filled
			var t taken
			dir, err := os.MkdirTemp(o.dir, "pending")
			if err != nil {
				return err
			}
			a := arguments{Role: "pending", Pages: n, Dir: dir, Cards: cards, Tenths: o.tenths}
			if o.profile != "" {
				a.Profile = fmt.Sprintf("%s-%d-%t", o.profile, n, cards)
			}
			if err := ask(ctx, a, &f); err != nil {
				return err
			}
			a.Role = "take up"
			if err := errors.Join(ask(ctx, a, &t), os.RemoveAll(dir)); err != nil {
				return err
			}
			fmt.Fprintf(w, "%d\t%t\t%d\t%d\t%v\t%d\t%.2fs\t%.2fs\t%.2fs\t%.0f\t%d\t\n", n, cards, f.Start/1e6, f.Full/1e6, f.Later, f.Peak/1e6,
				f.Took.Seconds(), t.Took.Seconds(), t.CPU.Seconds(), float64(t.URLs)/t.Took.Seconds(), t.Peak/1e6)
		}
	}
	return w.Flush()
}
