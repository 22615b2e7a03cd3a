package main

import (
	"context"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/health"
	"github.com/harvest87/harvest/notify"
)

// assessEvery is how often a server looks how its sources stand without a run
// having ended: they get stale by waiting, and other servers harvest too.
const assessEvery = time.Minute

// deliverEvery is how often messages that wait are looked at.
const deliverEvery = 10 * time.Second

// watchHealth keeps up how sources stand, and has people told.
func (s *server) watchHealth(ctx context.Context) error {
	people, err := s.notifier(s.settings(), s.metrics.Notified)
	if err != nil {
		return err
	}
	tick := time.NewTicker(assessEvery)
	defer tick.Stop()
	deliver := time.NewTicker(deliverEvery)
	defer deliver.Stop()
	for {
		err := s.assessAll(ctx)
		if s.up.Store(err == nil); err != nil && ctx.Err() == nil {
			s.logger.Warn("how sources stand is not known yet", "err", err)
		}
		if s.retell.Swap(false) {
			people = s.otherNotifier(people)
		}
		s.tellPeople(ctx, people)
		for looking := false; !looking; {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				looking = true
			case <-s.reassess:
				looking = true
			case <-deliver.C:
				if people != nil && s.waiting.Load() > 0 { // assessing is work, delivering is not
					s.deliver(ctx, people)
				}
			}
		}
	}
}

// otherNotifier follows harvest.yaml. When what it says now cannot be done, people
// are told as before.
func (s *server) otherNotifier(before *notify.Notifier) *notify.Notifier {
	now, err := s.notifier(s.settings(), s.metrics.Notified)
	if err != nil {
		s.logger.Error("people are told as before; what harvest.yaml says now cannot be done", "err", err)
		return before
	}
	if now == nil {
		s.waiting.Store(0)
	}
	return now
}

// assessAll assesses every source that is on a schedule or has had a run.
func (s *server) assessAll(ctx context.Context) error {
	all, err := s.standings(ctx, s.files.all(), time.Now())
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.health = make(map[harvest.SourceID]standing, len(all))
	for _, x := range all {
		s.health[x.Source] = x
	}
	s.mu.Unlock()
	return nil
}

// lookAgain has the health of sources assessed soon.
func (s *server) lookAgain() {
	select {
	case s.reassess <- struct{}{}:
	default: // it will be
	}
}

// rests says why a source that has failed again and again is left alone, empty
// when it is not.
func (s *server) rests(ctx context.Context, src *config.Source) string {
	report, err := s.assess(ctx, src, time.Now())
	if err != nil {
		s.logger.Debug("runs cannot be read; the source does not rest", "source", src.ID, "err", err)
		return ""
	}
	return restText(&report)
}

func restText(r *health.Report) string {
	if r.RestsUntil.IsZero() {
		return ""
	}
	return fmt.Sprintf("rests until %s after %s that failed (%s)", r.RestsUntil.UTC().Format("2006-01-02 15:04 MST"), number(r.InARow, "run", "runs"), r.Class)
}
