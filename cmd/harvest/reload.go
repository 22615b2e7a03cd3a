package main

import (
	"context"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

// lookForFiles is how often a server looks whether source files have changed,
// and for sources that are paused.
const lookForFiles = 3 * time.Second

// keepUp follows what changes outside while the server runs: source files,
// pauses, and ticks that schedulers owe which have died.
func (s *server) keepUp(ctx context.Context) error {
	tick := time.NewTicker(lookForFiles)
	defer tick.Stop()
	settle := time.NewTicker(settleEvery)
	defer settle.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.readPauses(ctx); err != nil && ctx.Err() == nil {
				s.logger.Debug("pauses cannot be read yet", "err", err)
			}
			s.reload(ctx)
		case <-settle.C:
			s.settleTicks(ctx)
		}
	}
}

// reload takes in source files that have changed. A bad edit leaves the last
// good version in effect.
func (s *server) reload(ctx context.Context) {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	news, looked := s.files.look(time.Now())
	if looked {
		s.tellNews(&news)
	}
	if news.settings {
		s.retell.Store(true)
		s.lookAgain()
	}
	if len(news.added)+len(news.changed)+len(news.gone) == 0 && !news.settings && !s.behind {
		return
	}
	entries, err := s.entries(ctx)
	if s.behind = err != nil; s.behind {
		s.logger.Warn("schedules are not up to date yet, trying again", "err", err)
		return
	}
	s.scheduler.Set(entries)
}

func (s *server) tellNews(news *fileNews) {
	for _, id := range news.added {
		s.logger.Info("source is new", "source", id, "when", s.when(id))
	}
	for _, id := range news.changed {
		s.logger.Info("source file has changed and holds from now on", "source", id, "when", s.when(id))
	}
	for _, id := range news.gone {
		s.logger.Warn("source file has gone; its schedule ends, and a run that is going on goes on", "source", id)
	}
	for id, why := range news.broken {
		if s.files.source(id) == nil {
			s.logger.Error("source file has a mistake and is left out", "source", id, "reason", why)
			continue
		}
		s.logger.Error("source file has a mistake; the last good version stays in effect", "source", id, "reason", why)
	}
	for _, id := range news.mended {
		s.logger.Info("source file is mended", "source", id)
	}
	if news.folder != "" {
		s.logger.Error("configuration cannot be read; what was read before stays in effect", "reason", news.folder)
	}
	if news.settings {
		s.logger.Info("harvest.yaml has changed: notify, schedule, archive and links hold from now on")
	}
	if news.restart {
		s.logger.Warn("harvest.yaml has changed in what holds from the next start on: all but notify, schedule, archive and links")
	}
}

func (s *server) when(id harvest.SourceID) string {
	src := s.files.source(id)
	if src == nil {
		return ""
	}
	return schedule.Describe(src.Schedule)
}

// readPauses looks which sources are paused.
func (s *server) readPauses(ctx context.Context) error {
	all, err := readPauses(ctx, s.store)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pauses = all
	return nil
}

// paused is the pause that a source has, nil when it has none.
func (s *server) paused(id harvest.SourceID) *sourcePause {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pauses.of(id)
}

// entries are the sources that have a schedule, with the last ticks that were
// answered.
func (s *server) entries(ctx context.Context) ([]schedule.Entry, error) {
	var entries []schedule.Entry
	for _, src := range s.files.all() {
		if !src.Enabled || src.Schedule.Cron == "" {
			continue
		}
		since, err := s.queue.Since(ctx, src.ID, lineOf(src), time.Now())
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		if p := s.pauses[src.ID]; p != nil && p.Ended.After(since) {
			since = p.Ended
		}
		s.mu.Unlock()
		entries = append(entries, schedule.Entry{Source: src.ID, Spec: src.Schedule, Closed: s.settings().Schedule, Since: since})
	}
	return entries, nil
}

// lineOf is the schedule of a source in a form that changes when its ticks do.
func lineOf(src *config.Source) string {
	return fmt.Sprintf("%s %v %s", src.Schedule.Cron, src.Schedule.Timezone, src.Schedule.Jitter)
}
