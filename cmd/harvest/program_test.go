package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/harvest87/harvest"
)

// killing is a data folder and a configuration of its own.
type killing struct {
	t    *testing.T
	dir  string
	base string
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

// wantInterrupted looks at the run whose process is gone.
func (k *killing) wantInterrupted() {
	k.t.Helper()
	for _, r := range k.runs() {
		if r.State != harvest.RunInterrupted && !r.State.Ended() {
			k.t.Errorf("the killed run is listed as %s", r.State)
		}
	}
}

// runs lists the runs so far; none when there is no catalogue yet, or one that
// was killed while it was made.
func (k *killing) runs() []harvest.Run {
	k.t.Helper()
	out, err := k.command("runs", "--json").CombinedOutput()
	if bytes.Contains(out, []byte("no catalogue in")) || bytes.Contains(out, []byte("open it once for writing")) {
		return nil
	}
	var runs []harvest.Run
	if err != nil || json.Unmarshal(out, &runs) != nil {
		k.t.Fatalf("harvest runs: %v\n%s", err, out)
	}
	return runs
}
