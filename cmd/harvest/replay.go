package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/browser"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/parsers/document"
	"github.com/harvest87/harvest/parsers/normalize"
)

// pass is one walk through the archive in the place of a run: with the doors
// opened as they were for that run, and with the pages as they were then.
type pass struct {
	// Run is the run that fetched the pages, empty when the catalogue knows none.
	Run harvest.RunID `json:"run,omitempty"`
	// NotAfter is when that run ended; zero for the newest, which also has what
	// came since.
	NotAfter time.Time `json:"not_after,omitzero"`
	Since    time.Time `json:"since,omitzero"`
}

// mostPasses bounds how many runs are read again: a feed that is asked each
// hour makes thousands, each of which shows the newest items only.
const mostPasses = 500

// passesOf says which runs have to be read again to see everything that the
// source has shown, newest first: those that asked for changes only, or saw
// only what was newest, and the last one before them that saw everything. What
// a newer one shows of a record counts. more says that there were too many.
func passesOf(runs []harvest.Run) (passes []pass, more bool) {
	for i := range runs {
		r := &runs[i]
		if !r.State.Ended() || r.Replay || r.Door() == "" {
			continue
		}
		if len(passes) == mostPasses {
			return passes, true
		}
		p := pass{Run: r.ID}
		if len(passes) > 0 {
			p.NotAfter = r.EndedAt
		}
		if r.Incremental {
			p.Since = r.Since
		}
		passes = append(passes, p)
		whole := r.State != harvest.RunPartial && r.State != harvest.RunFailed
		if whole && !r.Incremental && !r.Newest {
			break
		}
	}
	if len(passes) == 0 {
		passes = []pass{{}}
	}
	return passes, false
}

// asThen are the captures that counted at a moment, by the addresses that a run
// of the source asks for.
type asThen struct {
	*archive.Reader
	notAfter time.Time
	names    []string // of required variables
}

// Capture implements [fetch.Captures].
func (a asThen) Capture(ctx context.Context, address string) (*fetch.Kept, error) {
	for _, name := range a.names { // a value that is told everywhere stands in what is kept, a secret's name does
		value := "${" + name + "}"
		if told := os.Getenv(name); told != "" && len(told) < tellable {
			value = url.QueryEscape(told)
		}
		address = fillIn(address, name, value)
	}
	return a.CaptureAt(ctx, address, a.notAfter)
}

// replayer reads the archive of one source again.
type replayer struct {
	cfg    *config.Config
	source *config.Source
	kept   *archive.Reader
	bench  *crawler.Bench
	data   *room // for its logger
	ledger crawler.Ledger
	// browser fills pages from what it asked for when they were fetched.
	browser *browser.Browser
}

// options are those of one pass, but for the store, the journal and the run.
func (r *replayer) options(p pass) (crawler.Options, error) {
	doors, names, err := doorsOf(r.cfg, r.source)
	if err != nil {
		return crawler.Options{}, err
	}
	replay := fetch.NewReplay(asThen{r.kept, p.NotAfter, r.source.Requires}, fetch.Options{UserAgent: fetch.UserAgent(version, r.cfg.Contact), Logger: r.data.logger})
	replay.RedirectScope = crawler.Scope(r.source, doors)
	o := crawler.Options{
		Source: r.source, Doors: doors, DoorNames: names, Fetcher: replay, Renderer: r.browser,
		Fingerprint: fingerprint(r.source), Form: normalize.URLForm, Replay: true, Since: p.Since,
		Bench: r.bench, Workers: 4 * runtime.GOMAXPROCS(0), Logger: r.data.logger,
	}
	if linked := document.NewLinked(r.source, r.cfg.Vocabulary); linked != nil { // no archive has the files; what the ledger knows of them holds
		o.Documents, o.Ledger = linked, r.ledger
	}
	return o, nil
}

// note says in a run's report whose pages it has read.
func (p pass) note() string {
	text := "pages come from the archive; no request was sent"
	if p.Run != "" {
		text += fmt.Sprintf("; as run %s found them", p.Run)
	}
	return text
}
