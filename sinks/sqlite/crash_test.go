package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// The test binary runs itself as another process when these are set.
const (
	childTask = "HARVEST_SQLITE_TEST_TASK"
	childPath = "HARVEST_SQLITE_TEST_PATH"
	childFrom = "HARVEST_SQLITE_TEST_FROM"
)

// inChild does the task of a child process, if this is one.
func inChild() bool {
	task := os.Getenv(childTask)
	if task == "" {
		return false
	}
	from, _ := strconv.Atoi(os.Getenv(childFrom))
	if err := child(task, os.Getenv(childPath), from); err != nil {
		fmt.Fprintln(os.Stdout, "error:", err)
		os.Exit(1)
	}
	return true
}

const perPut = 50

func child(task, path string, from int) error {
	fmt.Fprintln(os.Stdout, "started")
	ctx := context.Background()
	if task == "read" {
		c, err := sqlite.OpenReadOnly(ctx, path)
		if err != nil {
			return err
		}
		defer c.Close()
		n, err := c.Count(ctx, harvest.Query{})
		fmt.Fprintln(os.Stdout, "read", n)
		return err
	}
	c, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer c.Close()
	puts := 20
	if task == "write for ever" {
		puts = 1 << 30
	}
	for n := range puts {
		if _, err := c.Put(ctx, "source-1@1", noon, usual(from+n*perPut, perPut)); err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, "written", from+(n+1)*perPut)
	}
	return nil
}

func start(t *testing.T, task, path string, from int) (*osexec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := osexec.Command(self)
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childFrom+"="+strconv.Itoa(from))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKilled kills a writer at random moments, the opening of a new file among
// them, and goes on with the same file. Whatever the writer was told is
// written must be there, and nothing may be there in part.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	from := 0
	for round := 0; round < 12 || from == 0 && round < 40; round++ {
		cmd, lines := start(t, "write for ever", path, from)
		lives := time.Duration(random.IntN(40)) * time.Millisecond << min(8, max(0, round-11)) // slow machines get more
		if round < 4 {
			lives = time.Duration(random.IntN(8000)) * time.Microsecond // while it opens
		}
		lines.Scan() // started
		timer := time.AfterFunc(lives, func() { cmd.Process.Kill() })
		for lines.Scan() {
			if n, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "written ")); err == nil {
				from = n
			} else {
				t.Errorf("the writer said %q", lines.Text())
			}
		}
		cmd.Wait()
		timer.Stop()
		checkWhole(t, path, from)
	}
	if from == 0 {
		t.Error("no round wrote anything: nothing was tested")
	}
}

// checkWhole opens the file and compares every record with what was written.
func checkWhole(t *testing.T, path string, atLeast int) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatalf("open after kill: %v", err)
	}
	defer c.Close()
	if got, err := c.Setting("integrity_check"); err != nil || got != "ok" {
		t.Fatalf("integrity check: %s, %v", got, err)
	}
	written := make(map[harvest.RecordID]harvest.Record)
	for _, r := range usual(0, atLeast+perPut) {
		written[r.ID] = r
	}
	count := 0
	for got, err := range c.Records(t.Context(), harvest.Query{States: []harvest.State{harvest.AnyState}}) {
		if err != nil {
			t.Fatal(err)
		}
		count++
		kept := cmpopts.IgnoreFields(harvest.Record{}, "FirstSeen", "LastSeen", "LastChanged", "Revision", "State", "FirstRun", "Run")
		if want, ok := written[got.ID]; !ok || !cmp.Equal(want, got, kept, cmpopts.EquateEmpty()) {
			t.Errorf("a record in part: %s", cmp.Diff(want, got, kept, cmpopts.EquateEmpty()))
		}
	}
	if count < atLeast || count%perPut != 0 {
		t.Errorf("%d records, want whole calls and at least the %d that were acknowledged", count, atLeast)
	}
}

// TestProcesses has several processes write the same and other records at once.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	const processes, puts, step = 3, 20, 10
	var running []*osexec.Cmd
	var outputs []*bufio.Scanner
	for p := range processes {
		// The ranges overlap: 1000 records each, ten puts apart.
		cmd, lines := start(t, "write", path, p*step*perPut)
		running, outputs = append(running, cmd), append(outputs, lines)
	}
	for i, cmd := range running {
		for outputs[i].Scan() {
			if strings.HasPrefix(outputs[i].Text(), "error:") {
				t.Errorf("process %d: %s", i, outputs[i].Text())
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	checkWhole(t, path, ((processes-1)*step+puts)*perPut)
}

// A writer that dies while the file is not in WAL mode yet leaves a journal that
// is to be rolled back. Who only reads cannot do that, and says what can; the next
// writer does.
func TestHotJournalIsForTheNextWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "catalogue.db")
	c, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		"PRAGMA journal_mode = DELETE", "PRAGMA cache_size = 1", "BEGIN IMMEDIATE", "CREATE TABLE large (b BLOB)",
		"INSERT INTO large SELECT randomblob(10000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n)",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	killed := filepath.Join(t.TempDir(), "catalogue.db")
	for _, suffix := range []string{"", "-journal"} { // as they stand now
		b, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := sqlite.OpenReadOnly(t.Context(), killed); err == nil || !strings.Contains(err.Error(), "open it once for writing") {
		t.Errorf("%v, want that it is to be opened for writing", err)
	}
	c, err = sqlite.Open(t.Context(), killed)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Check(t.Context()), c.Close()); err != nil {
		t.Error(err)
	}
	c, err = sqlite.OpenReadOnly(t.Context(), killed)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
