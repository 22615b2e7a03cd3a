package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// reparseFlags are those of reparse alone.
type reparseFlags struct {
	publish bool
	limit   int
}

func (m Main) reparseCommand(f *flags) *cobra.Command {
	var own reparseFlags
	cmd := &cobra.Command{
		Use:   "reparse SOURCE",
		Short: "Read the archived pages of a source again, by today's rules, without one request",
		Long: `Reparse walks through a source as a run does, with its file as it is now, but takes
every page from the archive. It shows which records would be new, which would
change and how, and which are found no more, and writes nothing.

With --publish, what is new or read otherwise is then written as by a run, through
its gates. When one does not hold, 'harvest runs publish' decides. Nothing is
removed: whether a source still has something only a run
can tell. The ledger then knows the pages as read by the new rules, so that the
next run need not fetch them for that.`,
		Example: `  harvest reparse respect
  harvest reparse respect --json
  harvest reparse respect --publish`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.reparse(cmd.Context(), f, args[0], own) },
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&own.publish, "publish", false, "write what is new or read otherwise into the catalogue")
	cmd.Flags().IntVar(&own.limit, "limit", 20, "how many records to show of each kind, 0 for all")
	return cmd
}

func (m Main) reparse(ctx context.Context, f *flags, name string, own reparseFlags) error {
	cfg, problems := config.Load(f.config)
	m.warn(problems)
	if cfg == nil {
		return errSilent
	}
	sources, err := choose(cfg, problems, []string{name})
	if err != nil {
		return err
	}
	p := &replayer{cfg: cfg, source: sources[0], bench: crawler.NewBench(parsing), data: &room{data: f.data, logger: m.logger(f)}}
	p.browser = newBrowser(cfg, p.data.logger)
	defer p.browser.Close()
	if p.kept, err = archive.At(f.archiveRoot(), p.source.ID).Open(ctx); err != nil {
		return err
	}
	defer p.kept.Close()
	if p.kept.Empty() {
		return fmt.Errorf("nothing is kept of %s in %s; a run keeps what it reads, and 'harvest run %s --full' asks for everything once", name, f.archiveRoot(), name)
	}
	known, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer known.close()
	p.ledger = known.store
	if p.source, err = knowing(ctx, known.store, p.source); err != nil {
		return err
	}
	runs, err := known.store.Runs(ctx, p.source.ID, 0)
	if err != nil {
		return err
	}
	passes, more := passesOf(runs)
	defer hungry()()
	draft, err := openDraft(ctx, f.data)
	if err != nil {
		return err
	}
	defer draft.close()
	report := &reparsed{Source: p.source.ID, Passes: passes, More: more, began: time.Now()}
	if report.Runs, err = draft.read(ctx, p, passes); err != nil {
		return err
	}
	if err := report.compare(ctx, known.store, draft.store, p.kept, m.differences(f, own.limit)); err != nil {
		return err
	}
	if own.publish && report.Added+report.Changed > 0 {
		if report.Published, err = m.publishAgain(ctx, f, p, passes, draft); err != nil {
			return err
		}
	}
	return m.reportReparsed(f, report, own.publish)
}

// draft is a catalogue that lives as long as the command: what is read again is
// written there first, so that memory does not grow with it.
type draft struct {
	folder string
	store  sinks.Catalogue
	lock   *flock.Flock
}

// draftPrefix begins the names of drafts in the data folder.
const draftPrefix = "reparse-"

// openDraft makes a draft, and removes those of commands that were killed.
func openDraft(ctx context.Context, data string) (*draft, error) {
	left, err := filepath.Glob(filepath.Join(data, draftPrefix+"*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range left {
		info, err := os.Stat(folder)
		if err == nil && time.Since(info.ModTime()) > time.Minute && !isDraftHeld(folder) {
			_ = os.RemoveAll(folder) // the next command tries again
		}
	}
	folder, err := os.MkdirTemp(data, draftPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a folder to read into: %w", err)
	}
	d := &draft{folder: folder}
	if d.lock, err = lockDraft(folder); err == nil {
		var store *sqlite.Catalogue
		if store, err = sqlite.Open(ctx, filepath.Join(folder, catalogueFile)); err == nil {
			d.store = store
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *draft) close() error {
	var err error
	if d.store != nil {
		err = d.store.Close()
	}
	if d.lock != nil {
		err = errors.Join(err, d.lock.Unlock())
	}
	return errors.Join(err, os.RemoveAll(d.folder))
}

// read performs the passes, the newest first.
func (d *draft) read(ctx context.Context, p *replayer, passes []pass) ([]harvest.Run, error) {
	var runs []harvest.Run
	at := time.Now().UTC().Truncate(time.Second)
	for i, pass := range passes {
		o, err := p.options(pass)
		if err != nil {
			return runs, err
		}
		o.Store = d.store
		if i > 0 {
			o.Store = newestFirst{d.store}
		}
		o.ScheduledAt = at.Add(time.Duration(i) * time.Second)
		o.ID = harvest.NewRunID(p.source.ID, o.ScheduledAt)
		journal, err := newDraftJournal(d.folder)
		if err != nil {
			return runs, err
		}
		o.Journal, o.Logger = journal, nil // what there is to say stands in the run
		run, err := crawler.Harvest(ctx, o)
		if err == nil && run.State == harvest.RunQuarantined { // a draft has no history to be judged by
			_, err = crawler.Release(ctx, o.Store, &run, time.Time{}, time.Now())
		}
		if err == nil && !run.State.Ended() {
			err = context.Cause(ctx)
		}
		if err = errors.Join(err, journal.close()); err != nil {
			return runs, fmt.Errorf("read %s again: %w", p.source.ID, err)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// publishAgain reads once more, now into the catalogue, and returns the runs
// that did. When a server has the folder, it does it.
func (m Main) publishAgain(ctx context.Context, f *flags, p *replayer, passes []pass, d *draft) ([]harvest.Run, error) {
	server, err := dialServer(ctx, f.data)
	if err != nil {
		return nil, err
	}
	if server != nil {
		defer server.close()
		return m.publishThere(ctx, f, server, p, passes, d)
	}
	r, err := m.openWriting(ctx, f, p.cfg)
	if errors.Is(err, queue.ErrLocked) {
		return nil, fmt.Errorf("%w: publishing waits for nobody; try again when that has ended", err)
	}
	if err != nil {
		return nil, err
	}
	defer r.close()
	h := r.harvester(newWatch(ctx, m.Stderr, r.logger))
	runs, err := h.replayAll(ctx, p, passes, d.store)
	h.watch.close()
	h.finish(ctx)
	return runs, err
}

// replayAll performs the passes as runs of the catalogue. Older ones go first, so
// that of what changes nothing is written twice.
func (h *harvester) replayAll(ctx context.Context, p *replayer, passes []pass, final sinks.Catalogue) ([]harvest.Run, error) {
	var runs []harvest.Run
	for i := len(passes) - 1; i >= 0 && ctx.Err() == nil; i-- {
		run, err := h.replay(ctx, p, passes[i], final)
		if err != nil {
			return runs, err
		}
		if runs = append(runs, run); run.State != harvest.RunPassed {
			break // newer passes would build on it
		}
	}
	return runs, context.Cause(ctx)
}

// replay performs one pass as a run of the catalogue. It is not gone on with when
// it is stopped: reading again from the start costs no request.
func (h *harvester) replay(ctx context.Context, p *replayer, pass pass, final sinks.Catalogue) (harvest.Run, error) {
	at, err := h.freeMoment(ctx, p.source.ID, time.Now().UTC().Truncate(time.Second))
	if err != nil {
		return harvest.Run{}, err
	}
	o, err := p.options(pass)
	if err != nil {
		return harvest.Run{}, err
	}
	o.ScheduledAt, o.ID = at, harvest.NewRunID(p.source.ID, at)
	o.Store, o.StorePatience, o.Progress = rereading{h.store, final}, patience, h.watch.update
	journal, err := h.queue.Journal(ctx, o.ID)
	if err != nil {
		return harvest.Run{}, err
	}
	defer journal.Close()
	o.Journal = journal
	run, err := h.traced(ctx, o, crawler.Harvest)
	end := context.WithoutCancel(ctx)
	if !run.State.Ended() {
		err = errors.Join(err, h.abandon(end, o.ID, replayLeft))
	} else {
		run.Notes = append(run.Notes, pass.note())
		err = errors.Join(err, h.store.PutRun(end, run), journal.End(end))
	}
	if err != nil {
		return run, fmt.Errorf("publish what was read again of %s: %w", p.source.ID, err)
	}
	h.watch.ended(&run)
	return run, context.Cause(ctx)
}

// reportReparsed says what came of it. The exit code is 1 when a run that
// published did not pass.
func (m Main) reportReparsed(f *flags, r *reparsed, publish bool) error {
	if f.json {
		if err := printJSON(m.Stdout, r); err != nil {
			return err
		}
	} else {
		r.print(m.Stdout)
		for i := range r.Published {
			fmt.Fprintln(m.Stdout)
			printReport(m.Stdout, &r.Published[i], time.Now())
		}
		if !publish && r.Added+r.Changed > 0 {
			fmt.Fprintf(m.Stdout, "Nothing was written; 'harvest reparse %s --publish' writes what is new and what changed.\n", r.Source)
		}
	}
	for i := range r.Published {
		if s := r.Published[i].State; s != harvest.RunPassed {
			return errSilent
		}
	}
	return nil
}

// failed are the passes that came to no good end, with their reasons.
func (r *reparsed) failed() string {
	var out []string
	for i := range r.Runs {
		if r.Runs[i].State == harvest.RunFailed {
			out = append(out, r.Runs[i].Reason)
		}
	}
	return strings.Join(out, "; ")
}
