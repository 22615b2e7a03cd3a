package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sqlite"
	"github.com/harvest87/harvest/sinks/transfer"
)

func (m Main) copyCommand(f *flags) *cobra.Command {
	var from, to, database string
	cmd := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Move a catalogue between SQLite and MongoDB, whole",
		Long: `Copy writes all that one catalogue holds into another: records with their
history, what people said, take-downs, works, decisions, runs, the page ledger,
what waits in quarantine. Then it compares the two, count by count and SHA-256
by SHA-256. The second must be empty. A copy that was stopped goes on when the
same command is given again. Nothing may harvest into either meanwhile.

A store is sqlite://FILE, a mongodb:// address, or the word mongodb for the
address in HARVEST_MONGODB_URI, where a password is not seen by others.`,
		Example: `  harvest copy --from sqlite://harvest-data/harvest.db --to mongodb
  harvest copy --from mongodb --to sqlite:///backup/harvest-2026-06-30.db`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return usageError{errors.New("copy needs --from and --to")}
			}
			return m.copyCatalogue(cmd.Context(), f, from, to, database)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the `store` that is read")
	cmd.Flags().StringVar(&to, "to", "", "the `store` that is written, empty or a copy that was begun")
	cmd.Flags().StringVar(&database, "database", "", "the name of the database in MongoDB (default: store.mongodb.database of the configuration, else harvest)")
	return cmd
}

func (m Main) copyCatalogue(ctx context.Context, f *flags, from, to, database string) error {
	cfg, err := m.configured(f)
	if err != nil {
		return err
	}
	db := cfg.Store.MongoDB
	db.Database = cmp.Or(database, db.Database)
	if from == to {
		return usageError{errors.New("--from and --to are one store")}
	}
	source, name, err := openStoreNamed(ctx, from, db, true)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer source.Close()
	target, _, err := openStoreNamed(ctx, to, db, false)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer target.Close()
	parts, err := transfer.Copy(ctx, source, target, transfer.Options{From: name, Memos: memoKinds, Progress: m.copyProgress()})
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, parts)
	}
	t := newTable(m.Stdout, "WHAT", "COUNT", "SHA-256, THE SAME IN BOTH")
	for _, p := range parts {
		t.AppendRow([]any{p.Name, p.Count, p.SHA256})
	}
	t.Render()
	return nil
}

// memoKinds are the kinds of memos that a copy takes along.
var memoKinds = []string{pauseMemo, habitsMemo}

// openStoreNamed opens a store, in MongoDB as db says but at that address, and
// gives it a name without secrets. An SQLite file that is to be read must be there.
func openStoreNamed(ctx context.Context, store string, db config.MongoDB, reading bool) (sinks.Catalogue, string, error) {
	if store == "mongodb" {
		if store = os.Getenv("HARVEST_MONGODB_URI"); store == "" {
			return nil, "", errors.New("HARVEST_MONGODB_URI is not set")
		}
	}
	if strings.HasPrefix(store, "mongodb://") || strings.HasPrefix(store, "mongodb+srv://") {
		db.URI = store
		c, err := mongo.Open(ctx, mongoOptions(db, nil))
		if err != nil {
			return nil, "", err // never a nil pointer in a full interface
		}
		host := "mongodb"
		if u, err := url.Parse(store); err == nil {
			host = u.Host
		}
		return c, "mongodb://" + host + "/" + db.Database, nil
	}
	path, ok := strings.CutPrefix(store, "sqlite://")
	if !ok {
		return nil, "", fmt.Errorf("%q is no store; write sqlite://FILE, mongodb://… or mongodb", safeLine(store))
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(path); reading && errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	c, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, "", err
	}
	return c, "sqlite://" + path, nil
}

// copyProgress shows, on a terminal, how far a copy is.
func (m Main) copyProgress() func(part string, done int) {
	if !isTerminal(m.Stderr) {
		return nil
	}
	var last time.Time
	return func(part string, done int) {
		if time.Since(last) > 200*time.Millisecond {
			last = time.Now()
			fmt.Fprintf(m.Stderr, "\r\033[K%s: %d ", part, done)
		}
	}
}
