package main

import (
	"context"
	"time"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/notify"
)

// notifier tells people about sources; nil when nobody is to be told.
func (r *room) notifier(cfg *config.Config, delivered func(channel string, err error)) (*notify.Notifier, error) {
	if !cfg.Notify.Any() {
		return nil, nil
	}
	w, err := words(cfg)
	if err != nil {
		return nil, err
	}
	o := notify.Options{Store: r.store, Channels: channels(&cfg.Notify), Digest: cfg.Notify.Digest, Words: w, Logger: r.logger, BrokenLinks: r.brokenLinks}
	for _, kind := range cfg.Notify.On {
		o.On = append(o.On, notify.Kind(kind))
	}
	n := notify.New(o)
	n.Delivered = delivered
	return n, nil
}

// toTell are the sources of which people hear. One that is paused or disabled is
// nobody's concern.
func toTell(all []standing) []notify.Standing {
	var out []notify.Standing
	for i := range all {
		x := &all[i]
		if !x.Enabled || x.Paused != nil {
			continue
		}
		told := notify.Standing{
			Source: x.Source, Name: x.Name, State: string(x.State), Stale: x.Stale, Class: string(x.Class), Why: x.Why,
			Run: x.LastRun, Since: x.Since, LastWhole: x.LastWhole,
		}
		if x.Fallback != nil {
			told.LostDoor, told.Fallback = x.Fallback.Door, x.Fallback.String()
		}
		out = append(out, told)
	}
	return out
}

// tellWithin bounds what telling people adds to a run by hand. What is not
// delivered then waits in the catalogue for the next run, or for a server.
const tellWithin = 45 * time.Second

// tellAfter tells people what runs without a server have changed. It keeps to the
// memos that servers keep to, so that whoever comes first tells, and nobody twice.
func (r *room) tellAfter(ctx context.Context, cfg *config.Config) {
	if ctx.Err() != nil || !cfg.Notify.Any() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	n, err := r.notifier(cfg, nil)
	var all []standing
	if err == nil {
		sources := make([]*config.Source, 0, len(cfg.Sources))
		for i := range cfg.Sources {
			sources = append(sources, &cfg.Sources[i])
		}
		all, err = r.standings(ctx, sources, time.Now())
	}
	if err == nil {
		err = n.Observe(ctx, toTell(all))
	}
	left := 0
	if err == nil {
		left, err = n.Deliver(ctx)
	}
	switch {
	case err != nil:
		r.logger.Warn("people are not told of it; the next run tries again", "err", err)
	case left > 0:
		r.logger.Warn("messages wait; the next run tries again, and 'harvest notify test' says what is wrong", "count", left)
	}
}
