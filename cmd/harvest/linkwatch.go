package main

import (
	"context"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

// linksLater is when the next look is reckoned anew, so that a change of the
// system's clock is noticed.
const linksLater = time.Minute

// countLinksEvery is how often broken links are counted without a look: other
// servers look too, and records change what they name.
const countLinksEvery = time.Hour

// watchLinks looks after the documents of records: at links.when, and when it is asked to.
// A pass that fails is told of; the next one is tried all the same.
func (s *server) watchLinks(ctx context.Context) error {
	next := s.nextLook(s.now())
	count := time.NewTicker(countLinksEvery)
	defer count.Stop()
	s.countLinks(ctx)
	for {
		wait := linksLater
		if !next.IsZero() {
			wait = min(wait, max(0, next.Sub(s.now())))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-count.C:
			s.countLinks(ctx)
		case want := <-s.linksWanted:
			s.lookAt(ctx, want)
		case <-timer.C:
			if !next.IsZero() && !s.now().Before(next) {
				s.lookAt(ctx, wantedLinks{})
				next = time.Time{}
			}
		}
		timer.Stop()
		if at := s.nextLook(s.now()); next.IsZero() || at.Before(next) {
			next = at
		}
	}
}

// nextLook is when links are looked at by themselves, zero for never.
func (s *server) nextLook(after time.Time) time.Time {
	cfg := s.settings()
	if !cfg.Links.Check {
		return time.Time{}
	}
	at, err := schedule.Next(schedule.Entry{Spec: config.Schedule{Cron: cfg.Links.When}, Closed: cfg.Schedule}, after)
	if err != nil {
		s.logger.Error("links are not looked at", "reason", err.Error())
		return time.Time{}
	}
	return at
}

func (s *server) lookAt(ctx context.Context, want wantedLinks) {
	sources := s.files.all()
	if len(want.Sources) > 0 {
		sources = nil
		for _, name := range want.Sources {
			if src := s.files.source(harvest.SourceID(name)); src != nil {
				sources = append(sources, src)
			}
		}
	}
	result, err := s.lookAtLinks(ctx, sources, want.Limit, nil)
	s.countLinks(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.logger.Warn("links are not looked at to the end", "err", err)
	case result.Checked > 0:
		s.logger.Info("links are looked at", "checked", result.Checked, "broken", result.Broken, "mended", result.Mended)
	}
}

// countLinks keeps up how many documents are not where records say, for whoever
// asks for metrics.
func (s *server) countLinks(ctx context.Context) {
	counts := map[harvest.SourceID]int{}
	for _, src := range s.files.all() {
		n, err := s.brokenLinks(ctx, src.ID)
		if err != nil {
			if ctx.Err() == nil {
				s.logger.Warn("broken links are not counted", "source", src.ID, "err", err)
			}
			return
		}
		counts[src.ID] = n
	}
	s.mu.Lock()
	s.brokenDocuments = counts
	s.mu.Unlock()
}
