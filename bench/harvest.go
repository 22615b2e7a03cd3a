package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/fetch"
	journals "github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/match"
	"github.com/harvest87/harvest/memory"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// rig is what a run stands on, as the program puts it together.
type rig struct {
	src    *config.Source
	vocab  *config.Vocabulary
	client *fetch.Client
	queue  *journals.Engine
}

func newRig(a arguments) (*rig, error) {
	memory.Frugal() // as the program does
	vocab, err := config.LoadVocabulary()
	if err != nil {
		return nil, err
	}
	src, problems := config.ParseSource("bench.yaml", []byte(siteOf(a).source()))
	if src == nil {
		return nil, fmt.Errorf("source file of the site: %v", problems)
	}
	q, err := journals.Open(context.Background(), journals.Options{Dir: filepath.Join(a.Dir, "queue")})
	if err != nil {
		return nil, err
	}
	return &rig{src: src, vocab: vocab, queue: q, client: fetch.New(fetch.Options{Concurrency: max(8, a.Connections)})}, nil
}

func (r *rig) close() {
	_ = r.client.Close()
	_ = r.queue.Close()
}

// run performs one run with these doors and this store.
func (r *rig) run(a arguments, o crawler.Options) (harvest.Run, error) {
	ctx, now := context.Background(), time.Now()
	journal, err := r.queue.Journal(ctx, harvest.NewRunID(r.src.ID, now))
	for errors.Is(err, journals.ErrEnded) { // of the same second
		now = now.Add(time.Second)
		journal, err = r.queue.Journal(ctx, harvest.NewRunID(r.src.ID, now))
	}
	if err != nil {
		return harvest.Run{}, err
	}
	defer journal.Close()
	o.ID = harvest.NewRunID(r.src.ID, now)
	session := r.client.Source(r.src)
	session.RedirectScope = crawler.Scope(r.src, o.Doors)
	o.Source, o.Fetcher, o.Journal = r.src, session, journal
	o.ScheduledAt, o.Fingerprint, o.Form, o.Workers = now, r.src.Hash, normalize.URLForm, a.Connections
	o.Host = fetch.ClockOf
	o.Bench = crawler.NewBench(64 << 20)
	run, err := crawler.Harvest(ctx, o)
	if err != nil {
		return run, err
	}
	return run, journal.End(ctx)
}

// linksAlone is the crawler without extraction: fetch, robots.txt, clocks and
// journal around a door that takes the same links as the loop by hand.
func linksAlone(a arguments) (work, func(), error) {
	r, err := newRig(a)
	if err != nil {
		return nil, nil, err
	}
	return func() (int, int, error) {
		run, err := r.run(a, crawler.Options{Doors: []crawler.Door{linkDoor{siteOf(a)}}, DoorNames: []string{"links"}, Store: nowhere{}})
		if err != nil {
			return 0, 0, err
		}
		return run.Outcomes[harvest.Fetched], 0, nil
	}, r.close, nil
}

// linkDoor follows the links of the site and makes no records.
type linkDoor struct{ *site }

func (d linkDoor) Seeds(time.Time) ([]harvest.Request, bool) {
	var out []harvest.Request
	for _, u := range d.starts() {
		out = append(out, harvest.Request{URL: u, Kind: harvest.KindDiscovery, Step: "list"})
	}
	return out, false
}

func (d linkDoor) Parse(p *harvest.Page) (out harvest.Parsed) {
	if p.Outcome != harvest.Fetched {
		return out
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return out
	}
	add := func(link string, kind harvest.Kind, step string) {
		doc.Find(link).Each(func(_ int, s *goquery.Selection) {
			if u, ok := resolve(p.URL, s.AttrOr("href", "")); ok {
				out.Requests = append(out.Requests, harvest.Request{URL: u, Kind: kind, Step: step})
			}
		})
	}
	add(cardLinks, harvest.KindItem, "item")
	add(nextLink, harvest.KindDiscovery, "list")
	return out
}

// pipeline is a run as the program performs it: the source's door, extraction,
// the catalogue in SQLite with its ledger. The works of its records are made
// behind it, see works; the search index is measured with the program.
func pipeline(a arguments) (work, func(), error) { return intoSQLite(a, false) }

// works is the pipeline, and behind it the works of all records.
func works(a arguments) (work, func(), error) { return intoSQLite(a, true) }

func intoSQLite(a arguments, matching bool) (work, func(), error) {
	r, err := newRig(a)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlite.Open(context.Background(), filepath.Join(a.Dir, "harvest.db"))
	if err != nil {
		r.close()
		return nil, nil, err
	}
	door, err := parsers.New(r.src, r.vocab, 0)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return func() (int, int, error) {
			run, err := r.run(a, crawler.Options{
				Doors: []crawler.Door{door}, DoorNames: []string{"listing"}, Store: store,
			})
			switch {
			case err != nil:
				return 0, 0, err
			case run.State != harvest.RunPassed:
				return 0, 0, fmt.Errorf("run ended %s: %s", run.State, run.Reason)
			}
			if matching {
				err = matchAll(store)
			}
			return run.Outcomes[harvest.Fetched] + run.Outcomes[harvest.NotModified], run.Records(), err
		}, func() {
			_ = store.Close()
			r.close()
		}, nil
}

// matchAll makes works of all records, as the program does at the end of a run.
func matchAll(store *sqlite.Catalogue) error {
	ctx, pass := context.Background(), match.NewPass(store)
	for after := harvest.RecordID(""); ; {
		records, err := store.Pending(ctx, after, 200)
		if err != nil || len(records) == 0 {
			return err
		}
		after = records[len(records)-1].ID
		if err := store.PutKeys(ctx, pass.Keys(records)); err != nil {
			return err
		}
		changes, err := pass.Update(ctx, records)
		if err != nil {
			return err
		}
		err = errors.Join(store.PutWorks(ctx, time.Now(), changes.Works), store.PutDoubts(ctx, changes.Looked, changes.Doubts))
		if err := errors.Join(err, store.Settle(ctx, records)); err != nil {
			return err
		}
		pass.Wrote(changes.Works)
	}
}

// nowhere is a store that takes everything and knows nothing.
type nowhere struct{}

func (nowhere) Put(_ context.Context, _ harvest.RunID, _ time.Time, records []harvest.Record) ([]harvest.Change, error) {
	changes := make([]harvest.Change, len(records))
	for i := range records {
		changes[i] = harvest.Change{Record: records[i].ID, Outcome: harvest.NewRecord}
	}
	return changes, nil
}

func (nowhere) Touch(context.Context, time.Time, []harvest.RecordID) (int, error) { return 0, nil }

func (nowhere) Pages(context.Context, harvest.SourceID, []string) (map[string]harvest.PageFacts, error) {
	return nil, nil
}
func (nowhere) PutPages(context.Context, []harvest.PageFacts) error { return nil }
func (nowhere) PutRun(context.Context, harvest.Run) error           { return nil }
func (nowhere) Runs(context.Context, harvest.SourceID, int) ([]harvest.Run, error) {
	return nil, nil
}
func (nowhere) Count(context.Context, harvest.Query) (int, error) { return 0, nil }
