package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// pauseMemo is the kind of memo that says that a source is paused; its key is
// the source.
const pauseMemo = "pause"

// sourcePause says that a source is not harvested by its schedule. It is kept after
// its end, so that ticks which came meanwhile are not made up for.
type sourcePause struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	By     string    `json:"by,omitempty"`
	Ended  time.Time `json:"ended,omitzero"`
}

// String says since when and why, for people.
func (p *sourcePause) String() string {
	text := "paused on " + p.At.Format(time.DateOnly)
	if p.By != "" {
		text += " by " + p.By
	}
	return text + ": " + p.Reason
}

// pauses are those of sources, ended ones included.
type pauses map[harvest.SourceID]*sourcePause

// of is the pause that a source has now, nil when it has none.
func (p pauses) of(id harvest.SourceID) *sourcePause {
	if x := p[id]; x != nil && x.Ended.IsZero() {
		return x
	}
	return nil
}

// memoReader is what reading memos needs of the catalogue.
type memoReader interface {
	Memos(ctx context.Context, kind string) ([]harvest.Memo, error)
}

// readPauses reads the pauses of all sources. A memo that cannot be read, as
// of a newer version, counts as a pause: better silent than rude.
func readPauses(ctx context.Context, store memoReader) (pauses, error) {
	memos, err := store.Memos(ctx, pauseMemo)
	if err != nil {
		return nil, err
	}
	all := make(pauses, len(memos))
	for _, m := range memos {
		var p sourcePause
		if err := json.Unmarshal(m.Value, &p); err != nil {
			p = sourcePause{Reason: "the reason cannot be read"}
		}
		all[harvest.SourceID(m.Key)] = &p
	}
	return all, nil
}

// changePause lets change have its say about the pause of a source.
func (r *room) changePause(ctx context.Context, id harvest.SourceID, change func(p *sourcePause) error) error {
	for {
		memos, err := r.store.Memos(ctx, pauseMemo)
		if err != nil {
			return err
		}
		m, p := harvest.Memo{Kind: pauseMemo, Key: string(id)}, sourcePause{Ended: time.Now()}
		for _, have := range memos {
			if have.Key == m.Key {
				m.Version, p = have.Version, sourcePause{}
				_ = json.Unmarshal(have.Value, &p) // what cannot be read is replaced
			}
		}
		if err := change(&p); err != nil {
			return err
		}
		if m.Value, err = json.Marshal(p); err != nil {
			return err
		}
		if err := r.store.PutMemo(ctx, m); !errors.Is(err, harvest.ErrConflict) {
			return err
		}
	}
}

func (m Main) pauseCommand(f *flags) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "pause ID…",
		Short: "Take sources off their schedules for a while",
		Long: `Pause takes sources off their schedules until they are resumed, with a reason that
'harvest sources list' and all other views show. It is kept in the catalogue, so
that it outlives restarts and holds for every server that shares the catalogue; a
running server heeds it within seconds.

A run that is going on goes on; 'harvest runs stop' stops it. 'harvest run ID' still
harvests a source that is paused. Ticks that come meanwhile are not made up for.`,
		Example:           "  harvest sources pause respect --reason 'they move to a new site'",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: m.completeSource(f),
		RunE: func(cmd *cobra.Command, args []string) error {
			if reason == "" {
				return usageError{errors.New("--reason is missing: whoever wonders later why the source is silent will thank you")}
			}
			return m.eachSource(cmd.Context(), f, args, func(ctx context.Context, r *room, id harvest.SourceID) error {
				now := time.Now().UTC().Truncate(time.Second)
				err := r.changePause(ctx, id, func(p *sourcePause) error {
					if p.Ended.IsZero() {
						now = p.At // it goes on, with another reason
					}
					*p = sourcePause{At: now, Reason: reason, By: personName("")}
					return nil
				})
				if err == nil {
					fmt.Fprintf(m.Stdout, "%s is paused; 'harvest sources resume %s' ends it.\n", id, id)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few words")
	return cmd
}

func (m Main) resumeCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "resume ID…",
		Short: "Put sources that were paused back on their schedules",
		Long: `Resume ends the pause of sources. The next run is that of the next tick; 'harvest
run ID' starts one now.`,
		Example:           "  harvest sources resume respect",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: m.completeSource(f),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.eachSource(cmd.Context(), f, args, func(ctx context.Context, r *room, id harvest.SourceID) error {
				err := r.changePause(ctx, id, func(p *sourcePause) error {
					if !p.Ended.IsZero() {
						return fmt.Errorf("%s is not paused; 'harvest sources list' shows which are", id)
					}
					p.Ended = time.Now().UTC().Truncate(time.Second)
					return nil
				})
				if err == nil {
					fmt.Fprintf(m.Stdout, "%s is back on its schedule.\n", id)
				}
				return err
			})
		},
	}
}

// eachSource opens the catalogue for writing, beside whoever harvests into it,
// and calls do for every source that is named.
func (m Main) eachSource(ctx context.Context, f *flags, names []string, do func(ctx context.Context, r *room, id harvest.SourceID) error) error {
	cfg, problems := config.Load(f.config)
	if cfg == nil {
		m.warn(problems)
		return errSilent
	}
	ids := make([]harvest.SourceID, len(names))
	for i, name := range names {
		ids[i] = harvest.SourceID(name)
		if _, ok := cfg.Source(ids[i]); ok || isSourceFile(problems, name) {
			continue
		}
		return usageError{fmt.Errorf("no source %q%s; 'harvest sources list' shows what there is", name, nearest(cfg, name))}
	}
	if err := os.MkdirAll(f.data, 0o755); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	r := &room{data: f.data, cfg: cfg, logger: m.logger(f)}
	store, err := r.openStore(ctx, startPatience)
	if err != nil {
		return err
	}
	r.store = store
	defer r.close()
	for _, id := range ids {
		if err := do(ctx, r, id); err != nil {
			return err
		}
	}
	return nil
}

// knownPauses are the pauses in the catalogue; none when there is no catalogue.
func (m Main) knownPauses(ctx context.Context, f *flags) (pauses, error) {
	r, err := m.openReading(ctx, f)
	if errors.Is(err, errNoCatalogue) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.close()
	return readPauses(ctx, r.store)
}

// withoutPaused leaves out the sources that are paused, and says so.
func (m Main) withoutPaused(paused pauses, sources []*config.Source) []*config.Source {
	var out []*config.Source
	for _, src := range sources {
		if p := paused.of(src.ID); p != nil {
			fmt.Fprintf(m.Stderr, "%s is left out, %s\n", src.ID, safeLine(p.String()))
			continue
		}
		out = append(out, src)
	}
	return out
}
