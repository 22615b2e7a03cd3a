package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// errMongoBackup says what to do instead where the catalogue is in MongoDB.
var errMongoBackup = errors.New("the catalogue is in MongoDB; use mongodump and mongorestore, or 'harvest copy' from and to an SQLite file")

func (m Main) backupCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the catalogue into a file while everything goes on",
		Long: `Backup writes the catalogue as it stands at this moment into one file, and checks
it. Harvests and searches go on meanwhile. The file appears under its name only
when it is complete, and none is written over. What is under way in the queue and
the search index need no backup: runs begin anew and the index is built again.`,
		Example: `  harvest backup harvest-2026-06-30.db
  harvest restore harvest-2026-06-30.db`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.backup(cmd.Context(), f, args[0]) },
	}
}

// copied is what `harvest backup` and `harvest restore` print for programs.
type copied struct {
	File     string        `json:"file"`
	Bytes    int64         `json:"bytes"`
	Contents harvest.Stats `json:"contents"`
	// Former is where the catalogue is that stood there before.
	Former string `json:"former,omitempty"`
}

func (m Main) backup(ctx context.Context, f *flags, name string) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	store, ok := r.store.(*sqlite.Catalogue)
	if !ok {
		return errMongoBackup
	}
	if err := mayWrite(name, f.data, false); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	partial := name + ".partial"
	if err := store.Backup(ctx, partial); err != nil {
		return err
	}
	defer os.Remove(partial) // gone when it was renamed
	contents, err := sqlite.Verify(ctx, partial)
	if err != nil {
		return fmt.Errorf("check the backup: %w", err)
	}
	if err := mayWrite(name, f.data, false); err != nil { // it took a while
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(partial, name); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return m.printCopied(f, "backed up in", name, contents, "")
}

func (m Main) printCopied(f *flags, what, name string, contents harvest.Stats, former string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, copied{name, info.Size(), contents, former})
	}
	fmt.Fprintf(m.Stdout, "%s %s %s, %s\n", number(contents.Records, "record", "records"), what, safeLine(name), bytesText(info.Size()))
	if former != "" {
		fmt.Fprintf(m.Stdout, "the catalogue from before is %s\n", safeLine(former))
	}
	return nil
}

func (m Main) restoreCommand(f *flags) *cobra.Command {
	force := false
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a backup the catalogue, after checking it",
		Long: `Restore checks a backup whole and makes a copy of it the catalogue of the data
folder. A catalogue that is there stays as it is, unless --force is given: then
it is moved aside within the folder, and its new name is printed. Nothing may
harvest in the folder meanwhile. What was harvested since the backup is
harvested again by the next runs; the search index follows by itself.`,
		Example: `  harvest restore harvest-2026-06-30.db
  harvest restore harvest-2026-06-30.db --force`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.restore(cmd.Context(), f, args[0], force) },
	}
	cmd.Flags().BoolVar(&force, "force", false, "move a catalogue that is there aside")
	return cmd
}

func (m Main) restore(ctx context.Context, f *flags, name string, force bool) error {
	cfg, err := m.configured(f)
	if err != nil {
		return err
	}
	if cfg.Store.MongoDB.URI != "" {
		return errMongoBackup
	}
	contents, err := sqlite.Verify(ctx, name)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	r, err := m.openQueue(ctx, f, cfg, m.logger(f)) // its lock keeps harvesters out
	if err != nil {
		return err
	}
	defer r.close()
	target := filepath.Join(f.data, catalogueFile)
	there, err := exists(target)
	if err != nil {
		return err
	}
	if there && !force {
		return fmt.Errorf("restore: %s is there; --force moves it aside", target)
	}
	partial := target + ".partial"
	if err := copyFile(ctx, name, partial); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer os.Remove(partial) // gone when it was renamed
	former := ""
	if there {
		if former, err = aside(target, time.Now()); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := os.Rename(partial, target); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	store, err := sqlite.Open(ctx, target) // of an earlier version it is brought up to date
	if err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return err
	}
	return m.printCopied(f, "restored into", target, contents, former)
}

// aside gives the catalogue another name, with all that belongs to it.
func aside(target string, at time.Time) (former string, err error) {
	if store, err := sqlite.Open(context.Background(), target); err == nil { // closing it leaves one file
		_ = store.Close() // a damaged one is moved as it is
	}
	former = target[:len(target)-len(filepath.Ext(target))] + "-before-" + at.UTC().Format("20060102T150405Z") + filepath.Ext(target)
	for _, part := range []string{"-wal", "-shm", ""} { // the file itself last: until then it can be done again
		if err := os.Rename(target+part, former+part); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return former, nil
}

func exists(name string) (bool, error) {
	_, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// copyFile copies a file and makes the copy durable. It ends with ctx.
func copyFile(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, out.Close())
		if err != nil {
			_ = os.Remove(to)
		}
	}()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(out, in, 64<<20)
		if errors.Is(err, io.EOF) || err == nil && n == 0 {
			return out.Sync()
		}
		if err != nil {
			return err
		}
	}
}
