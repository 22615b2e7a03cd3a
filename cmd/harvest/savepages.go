package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/parsers/fixture"
	"github.com/harvest87/harvest/parsers/probe"
)

// asking is how a source is asked outside of a run: with its politeness, its
// network and its scope, and by the clocks of the client. end ends what that
// needs.
func asking(client *fetch.Client, cfg *config.Config, src *config.Source) (ask probe.Ask, end func(), err error) {
	if src.Politeness.ContactRequired && cfg.Contact == "" {
		return nil, nil, errNoContact
	}
	if names := missing(src); len(names) > 0 {
		return nil, nil, errMissing(names)
	}
	scope, err := scopeOf(cfg, src)
	if err != nil {
		return nil, nil, err
	}
	session := client.Source(src)
	session.RedirectScope = scope
	fetcher, end, err := withBrowser(withVariables(session, src), cfg, src)
	return func(ctx context.Context, req harvest.Request) *harvest.Page {
		return fetcher.Fetch(ctx, req, harvest.Validators{})
	}, end, err
}

// savePages saves pages of every door of a source that has none, or of every
// door. It fails when nothing could be saved.
func (m Main) savePages(ctx context.Context, f *flags, cfg *config.Config, src *config.Source, force bool) error {
	have, err := pagesOf(cfg, src)
	if err != nil {
		return err
	}
	client := m.passingClient(f, cfg)
	defer client.Close()
	ask, end, err := asking(client, cfg, src)
	if err != nil {
		return err
	}
	defer end()
	small := fewAtOnce(src)
	count, wanted := 0, 0
	for i := range src.Doors {
		if have[i] > 0 && !force {
			continue
		}
		wanted++
		r := probe.Door(ctx, ask, small, cfg.Vocabulary, i, probe.Limits{Items: 2})
		if !r.Works {
			fmt.Fprintf(m.Stderr, "door %d, %s, does not work: %s\n", i+1, r.Kind, safeLine(r.Why))
			continue
		}
		pages := worthKeeping(r.Pages)
		lines, err := fixture.Keep(fixture.Folder(src), i+1, pages)
		if err != nil {
			return err
		}
		count += len(lines)
		for _, line := range lines {
			fmt.Fprintf(m.Stderr, "saved %s from %s\n", line.File, safeLine(line.URL))
		}
	}
	switch {
	case wanted == 0:
		return fmt.Errorf("every door of %s has saved pages; with --force new ones take their place", src.ID)
	case count == 0:
		return fmt.Errorf("no page of %s could be saved", src.ID)
	}
	return nil
}

// pagesOf counts the saved pages of each door. Those that are there must be
// read as expected: what is saved beside them is written down unseen.
func pagesOf(cfg *config.Config, src *config.Source) ([]int, error) {
	report, err := fixture.Check(src, cfg.Vocabulary, fixture.Folder(src), false)
	if errors.Is(err, fixture.ErrNone) {
		return make([]int, len(src.Doors)), nil
	}
	if err != nil {
		return nil, err
	}
	for _, finding := range report.Findings {
		if !finding.Remark && finding.File != "" {
			return nil, fmt.Errorf("the pages of %s that are saved do not pass; see 'harvest sources test %s' first", src.ID, src.ID)
		}
	}
	return report.Doors, nil
}

// fewAtOnce is the source with small pages of its interfaces, which are easier
// to read.
func fewAtOnce(src *config.Source) *config.Source {
	few := *src
	few.Doors = append([]config.Door(nil), src.Doors...)
	for i := range few.Doors {
		if w := few.Doors[i].WordPress; w != nil {
			own := *w
			own.PerPage = min(own.PerPage, 5)
			few.Doors[i].WordPress = &own
		}
	}
	return &few
}

// worthKeeping are the pages that came whole, may be read, and are not too
// large for people to look at.
func worthKeeping(pages []*harvest.Page) []*harvest.Page {
	const largest = 5 << 20 // octets
	var out []*harvest.Page
	for _, p := range pages {
		if p.Outcome == harvest.Fetched && (!p.NoIndex || p.Request.Kind != harvest.KindItem) && len(p.Body) <= largest {
			out = append(out, p)
		}
	}
	return out
}
