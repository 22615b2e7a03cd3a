package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// demoFolder, below the data folder, keeps what the demo finds apart from what
// real sources give.
const demoFolder = "demo"

// demoPort is tried first, so that the addresses in the demo's catalogue stay
// the same from run to run.
const demoPort = 8870

func (m Main) demoCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Harvest a bundled sample site, offline, and show what came out",
		Long: `Demo serves a small sample site on 127.0.0.1, harvests it by two source files
through the same code as any other source, and shows the records and the
reports. Run it again to see what an unchanged site costs. Everything it writes
is in the folder "demo" below --data; it asks no other host and ends by itself.`,
		Example: "  harvest demo\n  harvest demo --data /tmp/try-harvest",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return m.demo(cmd.Context(), f) },
	}
}

func (m Main) demo(ctx context.Context, f *flags) error {
	m = m.onScreen()
	folder := filepath.Join(f.data, demoFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the demo folder: %w", err)
	}
	base, stop, err := serveSample(ctx, folder)
	if err != nil {
		return err
	}
	defer stop()
	file, err := writeDemoConfig(folder, base)
	if err != nil {
		return err
	}
	cfg, problems := config.Load(file)
	m.warn(problems)
	if err := problems.Err(); err != nil {
		return err
	}
	sources, err := choose(cfg, problems, nil)
	if err != nil {
		return err
	}
	say := m.Stdout
	if f.json {
		say = io.Discard
	}
	fmt.Fprintf(say, "A sample policy library answers at %s until this command ends.\n", base)
	for _, src := range sources {
		fmt.Fprintf(say, "  %s harvests it through its %s door\n", src.File, src.Doors[0].Kind)
	}
	fmt.Fprintln(say)

	r, err := m.openWriting(ctx, &flags{config: file, data: folder, json: f.json, debug: f.debug}, cfg)
	if err != nil {
		return err
	}
	defer r.close()
	if !f.debug {
		r.logger = slog.New(slog.NewJSONHandler(m.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})) // the report says the rest
	}
	runs := r.harvester(newWatch(ctx, m.Stderr, r.logger)).all(ctx, sources)
	if f.json {
		if err := printJSON(m.Stdout, runs); err != nil {
			return err
		}
	} else if err := m.showDemo(ctx, r, runs, folder); err != nil {
		return err
	}
	for i := range runs {
		if runs[i].State != harvest.RunPassed {
			return errSilent
		}
	}
	return nil
}

// serveSample serves the sample site on the port of the first demo in this
// folder, when it is free.
func serveSample(ctx context.Context, folder string) (base string, stop func(), err error) {
	remembered := filepath.Join(folder, "port")
	port := demoPort
	if b, err := os.ReadFile(remembered); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && n > 0 && n < 65536 {
			port = n
		}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		if l, err = lc.Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
			return "", nil, fmt.Errorf("serve the sample site: %w", err)
		}
	}
	port = l.Addr().(*net.TCPAddr).Port
	if err := os.WriteFile(remembered, []byte(strconv.Itoa(port)+"\n"), 0o644); err != nil {
		_ = l.Close() // the first error says more
		return "", nil, fmt.Errorf("remember the port: %w", err)
	}
	server := &http.Server{Handler: sample.New(sample.Options{}), ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends with ErrServerClosed when stop closes it
	}()
	return fmt.Sprintf("http://127.0.0.1:%d", port), func() {
		_ = server.Close() // it only served the demo
		<-done
	}, nil
}

// writeDemoConfig writes the demo's configuration, so that it is read from
// files like any other and can be looked at afterwards.
func writeDemoConfig(folder, base string) (string, error) {
	dir := filepath.Join(folder, "config")
	if err := os.MkdirAll(filepath.Join(dir, "sources"), 0o755); err != nil {
		return "", fmt.Errorf("write the demo's configuration: %w", err)
	}
	file := filepath.Join(dir, "harvest.yaml")
	files := map[string]string{file: "# The demo's own configuration: nothing to set.\n"}
	for id, text := range sample.Sources(base) {
		files[filepath.Join(dir, "sources", string(id)+".yaml")] = text
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return "", fmt.Errorf("write the demo's configuration: %w", err)
		}
	}
	return file, nil
}

// showDemo prints what the demo found. The records shown are those of the
// largest source; the other describes the same documents.
func (m Main) showDemo(ctx context.Context, r *room, runs []harvest.Run, folder string) error {
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return err
	}
	largest := runs[0].Source
	for i := range runs {
		if stats.BySource[runs[i].Source] > stats.BySource[largest] {
			largest = runs[i].Source
		}
	}
	var records []harvest.Record
	for record, err := range r.store.Records(ctx, harvest.Query{Sources: []harvest.SourceID{largest}}) {
		if err != nil {
			return err
		}
		records = append(records, record)
	}
	fmt.Fprintf(m.Stdout, "%s of %s:\n\n", number(len(records), "record", "records"), largest)
	printRecords(m.Stdout, records, nil)
	fmt.Fprintln(m.Stdout)
	for i := range runs {
		printReport(m.Stdout, &runs[i], time.Now())
		fmt.Fprintln(m.Stdout)
	}
	linked := ""
	if stats.Works > 0 {
		linked = fmt.Sprintf("; %s found by more than one record and linked", number(stats.Works, "document is", "documents are"))
	}
	fmt.Fprintf(m.Stdout, "The catalogue holds %s%s.\n", number(stats.Records, "record", "records"), linked)
	if all := stats.Records - moved(runs); all > 0 {
		fmt.Fprintf(m.Stdout, "Unchanged since the last demo: %s.\n", number(all, "record", "records"))
	}
	if len(records) == 0 {
		return nil
	}
	fmt.Fprintf(m.Stdout, `
Try next:
  %[3]s demo%[4]s
      again: what is unchanged is not fetched again
  %[3]s search trafficking --data %[1]s
  %[3]s show %[2]s --data %[1]s
  %[3]s runs --data %[1]s
  %[3]s export --format csv --data %[1]s -o records.csv
  %[3]s sources list
      the real sources
`, folder, records[0].ID, programName(), dataFlag(r.data))
	return nil
}

// dataFlag repeats the folder in a command, when it is not the default.
func dataFlag(data string) string {
	if parent := filepath.Dir(data); parent != defaultData {
		return " --data " + parent
	}
	return ""
}

// programName is how the user can call this program again.
func programName() string {
	if strings.Contains(os.Args[0], "go-build") { // the temporary file of "go run"
		return "go run ./cmd/harvest"
	}
	return os.Args[0]
}

// moved counts the records that the runs found new or changed.
func moved(runs []harvest.Run) int {
	n := 0
	for i := range runs {
		n += runs[i].Outcomes[harvest.NewRecord] + runs[i].Outcomes[harvest.ChangedRecord]
	}
	return n
}
