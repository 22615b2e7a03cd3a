package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// A run that is killed at random moments, again and again, and started anew
// each time, ends with the records of a run that nothing disturbed: none lost,
// none doubled, none counted twice, and hardly a page fetched again.
func TestKilledRunsLoseNothing(t *testing.T) {
	site := sample.New(sample.Options{})
	base, stop := site.Start()
	defer stop()

	calm := killing{t: t, dir: t.TempDir(), base: base}
	calm.prepare()
	began := time.Now()
	if _, killed := calm.run(time.Hour); killed {
		t.Fatal("the undisturbed run was killed")
	}
	takes := time.Since(began)
	want := calm.export()
	asked := total(site.Requests())
	site.ResetCounts()

	random := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	wild := killing{t: t, dir: t.TempDir(), base: base}
	wild.prepare()
	kills := 0
	for tries := 0; ; tries++ {
		wait := takes/20 + time.Duration(random.Int64N(int64(takes/4)))
		if tries >= 12 {
			wait = time.Hour
		}
		report, killed := wild.run(wait)
		if killed {
			if kills++; kills == 1 {
				wild.wantInterrupted()
			}
			continue
		}
		if report.State != harvest.RunPassed {
			t.Errorf("run ended %s (%s) with outcomes %v", report.State, report.Reason, report.Outcomes)
		}
		break
	}
	// A kill between the end of a run and the end of its process lets the next
	// start begin a new run, rightly: so the runs are looked at together.
	runs := wild.runs()
	found := 0
	for i := range runs {
		found += runs[i].Outcomes[harvest.NewRecord]
	}
	if found != len(want) {
		t.Errorf("%d records counted as new in %d runs, want %d", found, len(runs), len(want))
	}
	t.Logf("killed %d times; %d requests, %d without kills", kills, total(site.Requests()), asked)
	if kills == 0 {
		t.Error("no run was killed; the test showed nothing")
	}
	if diff := cmp.Diff(want, wild.export()); diff != "" {
		t.Errorf("records differ from those of an undisturbed run:\n%s", diff)
	}
	// Each kill may cost each of the four workers the page in its hands.
	if again := total(site.Requests()) - asked*len(runs); again > 4*kills {
		t.Errorf("%d requests more than without kills, after %d kills", again, kills)
	}
}

func total(requests map[string]int) int {
	n := 0
	for _, c := range requests {
		n += c
	}
	return n
}

// slowly makes a run long enough to be killed in its middle.
var slowly = regexp.MustCompile(`delay: \d+ms`)

// killing is a data folder and a configuration of its own.
type killing struct {
	t    *testing.T
	dir  string
	base string
}

func (k *killing) prepare() {
	k.t.Helper()
	text := slowly.ReplaceAllString(sample.Sources(k.base)[sample.LibrarySource], "delay: 80ms")
	for name, text := range map[string]string{"harvest.yaml": "contact: tests@example.org\n", "sources/" + string(sample.LibrarySource) + ".yaml": text} {
		if err := writeFile(filepath.Join(k.dir, "config", name), text); err != nil {
			k.t.Fatal(err)
		}
	}
}

// command is this test's own program, called as harvest.
func (k *killing) command(args ...string) *exec.Cmd {
	k.t.Helper()
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "harvest"
	cmd.Env = append(os.Environ(), "HARVEST_TEST_AS_PROGRAM=1")
	cmd.Dir = k.dir
	return cmd
}

// run harvests for that long, then kills the process with SIGKILL.
func (k *killing) run(wait time.Duration) (report harvest.Run, killed bool) {
	k.t.Helper()
	cmd := k.command("run", "--json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	var once sync.Once
	timer := time.AfterFunc(wait, func() { once.Do(func() { _ = cmd.Process.Kill() }) })
	err := cmd.Wait()
	if !timer.Stop() {
		return report, true
	}
	var runs []harvest.Run
	if err != nil || json.Unmarshal(out.Bytes(), &runs) != nil || len(runs) != 1 {
		k.t.Fatalf("harvest run: %v\n%s\n%s", err, out.String(), errs.String())
	}
	return runs[0], false
}

// wantInterrupted looks at the run whose process is gone.
func (k *killing) wantInterrupted() {
	k.t.Helper()
	for _, r := range k.runs() {
		if r.State != harvest.RunInterrupted && !r.State.Ended() {
			k.t.Errorf("the killed run is listed as %s", r.State)
		}
	}
}

// runs lists the runs so far; none when there is no catalogue yet.
func (k *killing) runs() []harvest.Run {
	k.t.Helper()
	out, err := k.command("runs", "--json").CombinedOutput()
	if bytes.Contains(out, []byte("no catalogue in")) {
		return nil
	}
	var runs []harvest.Run
	if err != nil || json.Unmarshal(out, &runs) != nil {
		k.t.Fatalf("harvest runs: %v\n%s", err, out)
	}
	return runs
}

// export returns what every record says, without the times and runs that
// differ from harvest to harvest.
func (k *killing) export() []string {
	k.t.Helper()
	out, err := k.command("export").Output()
	if err != nil {
		k.t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		var r harvest.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			k.t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %s rev %d %s work %s", r.ID, r.Title, r.Revision, r.ContentHash(), r.Work))
	}
	slices.Sort(lines)
	return lines
}
