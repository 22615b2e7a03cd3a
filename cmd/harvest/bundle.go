package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/jsonl"
)

func (m Main) bundleCommand(f *flags) *cobra.Command {
	b := bundle{at: time.Now()}
	var x filters
	cmd := &cobra.Command{
		Use:   "release DIR",
		Short: "Write a release: data, schema, manifest, and what changed since the last one",
		Long: `Release writes a folder that can be published and cited: the records in several
formats, all of one moment, the JSON Schema of a record, a manifest with counts
and the SHA-256 of each file, notes on licences, and, with --previous, the
records that were added, changed and removed since an earlier release. The
folder appears under its name only when it is whole, and none is written over.
"sha256sum -c SHA256SUMS" in it checks the files.`,
		Example: `  harvest release release-2026-06
  harvest release release-2026-09 --previous release-2026-06`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := x.query()
			if err != nil {
				return err
			}
			b.query, b.dir = q, filepath.Clean(args[0])
			return m.writeBundle(cmd.Context(), f, &b)
		},
	}
	x.bind(cmd, 0, "the most records to write, 0 for all")
	cmd.Flags().StringVar(&b.previous, "previous", "", "the `folder` of an earlier release, for the delta")
	return cmd
}

// bundle is a release that is being written.
type bundle struct {
	dir, previous string
	query         harvest.Query
	at            time.Time
	manifest      manifest
}

// manifest is what a release says of itself.
type manifest struct {
	Program     string         `json:"program"`
	Version     string         `json:"version"`
	Schema      string         `json:"schema"`
	Created     time.Time      `json:"created"`
	LastChanged time.Time      `json:"last_changed,omitzero"` // of the records
	Query       *harvest.Query `json:"query,omitempty"`       // what the records were narrowed by
	Records     int            `json:"records"`
	BySource    map[string]int `json:"records_by_source"`
	ByCategory  map[string]int `json:"records_by_category"` // "" for those without one
	ByLicence   map[string]int `json:"records_by_licence"`  // as the sources state it; "" where they do not
	Delta       *delta         `json:"delta,omitempty"`
	Files       []bundleFile   `json:"files"`
}

type bundleFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// delta counts what differs from an earlier release.
type delta struct {
	Previous string `json:"previous_manifest_sha256"`
	Added    int    `json:"added"`
	Changed  int    `json:"changed"`
	Removed  int    `json:"removed"`
}

// The files of a release. The JSON lines come first: all others are made of
// them, so that they are of one moment whatever is harvested meanwhile.
const (
	bundleRecords  = "records.jsonl"
	bundleDelta    = "delta.jsonl"
	bundleManifest = "manifest.json"
)

var bundleFormats = []string{"records.csv", "records.parquet"}

func (m Main) writeBundle(ctx context.Context, f *flags, b *bundle) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if ours, err := within(b.dir, f.data); err != nil || ours {
		return errors.Join(err, notOurs(b.dir, ours))
	}
	if there, err := exists(b.dir); err != nil || there {
		return cmp.Or(err, fmt.Errorf("%s exists; choose another name", b.dir))
	}
	partial := b.dir + ".partial"
	if err := os.Mkdir(partial, 0o755); err != nil {
		return fmt.Errorf("release: %w (a release that was stopped leaves its folder; remove it)", err)
	}
	defer os.RemoveAll(partial) // gone when it was renamed
	if err := r.knowsSources(ctx, b.query.Sources); err != nil {
		return err
	}
	if err := b.write(ctx, partial, r.store.Records(ctx, b.query)); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if err := os.Rename(partial, b.dir); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if f.json {
		return printJSON(m.Stdout, b.manifest)
	}
	fmt.Fprintf(m.Stdout, "%s in %s\n", number(b.manifest.Records, "record", "records"), safeLine(b.dir))
	if d := b.manifest.Delta; d != nil {
		fmt.Fprintf(m.Stdout, "since %s: %d added, %d changed, %d removed\n", safeLine(b.previous), d.Added, d.Changed, d.Removed)
	}
	return nil
}

// write fills the folder.
func (b *bundle) write(ctx context.Context, dir string, all records) error {
	b.manifest = manifest{
		Program: "harvest", Version: version, Schema: schemaVersion, Created: b.at.UTC().Truncate(time.Second),
		BySource: map[string]int{}, ByCategory: map[string]int{}, ByLicence: map[string]int{},
	}
	if !b.query.IsZero() {
		b.manifest.Query = &b.query
	}
	err := b.file(dir, bundleRecords, func(w io.Writer) error {
		_, err := jsonl.Write(ctx, w, b.counted(all))
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range bundleFormats {
		format, _ := formatOf("", name)
		err := b.file(dir, name, func(w io.Writer) error {
			_, err := format.write(ctx, w, readRecords(filepath.Join(dir, bundleRecords)), selection{about: about(&b.query), updated: b.manifest.LastChanged})
			return err
		})
		if err != nil {
			return err
		}
	}
	if b.previous != "" {
		if err := b.file(dir, bundleDelta, func(w io.Writer) error { return b.writeDelta(ctx, w, dir) }); err != nil {
			return err
		}
	}
	err = b.file(dir, "record.schema.json", func(w io.Writer) error { return printJSON(w, recordSchema()) })
	if err != nil {
		return err
	}
	if err := b.file(dir, "README.md", b.writeReadme); err != nil {
		return err
	}
	return b.seal(dir)
}

// seal writes the manifest and the sums, which are over all other files.
func (b *bundle) seal(dir string) error {
	files := slices.Clone(b.manifest.Files)
	if err := b.file(dir, bundleManifest, func(w io.Writer) error { return printJSON(w, b.manifest) }); err != nil {
		return err
	}
	sums := append(files, b.manifest.Files[len(files)])
	b.manifest.Files = files
	return b.file(dir, "SHA256SUMS", func(w io.Writer) error {
		for _, f := range sums {
			if _, err := fmt.Fprintf(w, "%s  %s\n", f.SHA256, f.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// file writes one file of the release, and notes its size and sum.
func (b *bundle) file(dir, name string, write func(io.Writer) error) error {
	sum := sha256.New()
	size := &counter{}
	_, err := writeWhole(filepath.Join(dir, name), false, func(w io.Writer) (int, error) {
		return 0, write(io.MultiWriter(w, sum, size))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.manifest.Files = append(b.manifest.Files, bundleFile{name, size.n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// counter counts octets.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// counted counts records as they go by.
func (b *bundle) counted(all records) records {
	return func(yield func(harvest.Record, error) bool) {
		for r, err := range all {
			if err == nil {
				b.manifest.Records++
				b.manifest.BySource[string(r.Source)]++
				b.manifest.ByCategory[r.Category]++
				b.manifest.ByLicence[r.Licence]++
				if r.LastChanged.After(b.manifest.LastChanged) {
					b.manifest.LastChanged = r.LastChanged
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// readRecords are the records of a file of JSON lines.
func readRecords(name string) records {
	return func(yield func(harvest.Record, error) bool) {
		f, err := os.Open(name)
		if err != nil {
			yield(harvest.Record{}, err)
			return
		}
		defer f.Close()
		for r, err := range jsonl.Read(f) {
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// difference is a line of the delta.
type difference struct {
	Record   harvest.RecordID `json:"id"`
	Change   string           `json:"change"` // added, changed or removed
	Before   int              `json:"revision_before,omitempty"`
	Revision int              `json:"revision,omitempty"`
}

// writeDelta walks through both releases side by side; both are in the order of
// identifiers, so no more than two records are held.
func (b *bundle) writeDelta(ctx context.Context, w io.Writer, dir string) error {
	sealed, err := os.ReadFile(filepath.Join(b.previous, bundleManifest))
	if err != nil {
		return fmt.Errorf("the release before: %w", err)
	}
	sum := sha256.Sum256(sealed)
	b.manifest.Delta = &delta{Previous: hex.EncodeToString(sum[:])}
	before, stopBefore := iter.Pull2(readRecords(filepath.Join(b.previous, bundleRecords)))
	defer stopBefore()
	after, stopAfter := iter.Pull2(readRecords(filepath.Join(dir, bundleRecords)))
	defer stopAfter()
	out := json.NewEncoder(w)
	old, errOld, hasOld := before()
	now, errNow, hasNow := after()
	for hasOld || hasNow {
		if err := errors.Join(errOld, errNow, ctx.Err()); err != nil {
			return err
		}
		var d *difference
		switch {
		case !hasOld || hasNow && now.ID < old.ID:
			d = &difference{now.ID, "added", 0, now.Revision}
			b.manifest.Delta.Added++
			now, errNow, hasNow = after()
		case !hasNow || old.ID < now.ID:
			d = &difference{old.ID, "removed", old.Revision, 0}
			b.manifest.Delta.Removed++
			old, errOld, hasOld = before()
		default:
			if old.Revision != now.Revision || len(harvest.Diff(&old, &now)) > 0 {
				d = &difference{now.ID, "changed", old.Revision, now.Revision}
				b.manifest.Delta.Changed++
			}
			old, errOld, hasOld = before()
			now, errNow, hasNow = after()
		}
		if d != nil {
			if err := out.Encode(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeReadme says what the release is, for people.
func (b *bundle) writeReadme(w io.Writer) error {
	var s strings.Builder
	fmt.Fprintf(&s, "# Records of policy knowledge against modern slavery\n\n%s of %s, written on %s by Harvest %s.\n\n",
		number(b.manifest.Records, "record", "records"), number(len(b.manifest.BySource), "source", "sources"), b.manifest.Created.Format(time.DateOnly), version)
	s.WriteString("| File | What it is |\n| --- | --- |\n")
	for _, f := range [][2]string{
		{bundleRecords, "everything, one record a line"},
		{"records.csv", "a table; lists joined by `; `"},
		{"records.parquet", "a typed table, zstd"},
		{"record.schema.json", "the JSON Schema of a line of " + bundleRecords},
		{bundleManifest, "counts, and the SHA-256 of each file"},
		{"SHA256SUMS", "for `sha256sum -c SHA256SUMS`"},
	} {
		fmt.Fprintf(&s, "| `%s` | %s |\n", f[0], f[1])
	}
	if b.manifest.Delta != nil {
		fmt.Fprintf(&s, "| `%s` | records added, changed and removed since the release before |\n", bundleDelta)
	}
	s.WriteString(`
## Licences

The records describe documents of others, by title, summary and other facts that their publishers give, and lead to them; they
hold no document. What may be done with a document is for its publisher to say: the field ` + "`licence`" + ` has what the source
states, and most state nothing. Summaries are the sources' own words. Records that were taken down are in no later release.

| Licence, as the source states it | Records |
| --- | --- |
`)
	for _, l := range slices.Sorted(func(yield func(string) bool) {
		for l := range b.manifest.ByLicence {
			if !yield(l) {
				return
			}
		}
	}) {
		fmt.Fprintf(&s, "| %s | %d |\n", markdownCell(cmp.Or(l, "none stated")), b.manifest.ByLicence[l])
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// markdownCell keeps what a source says within its cell.
func markdownCell(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "\n", " ", "`", "'", "[", "\\[").Replace(fit(s, 120))
}
