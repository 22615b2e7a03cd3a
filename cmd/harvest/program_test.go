package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/harvest87/harvest"
)

// killing is a data folder and a configuration of its own.
type killing struct {
	t       *testing.T
	dir     string
	base    string
	watched bool     // by the race detector, where this test is
	env     []string // besides that of this test
}

// asProgram in the environment makes a test of this package the program.
const asProgram = "HARVEST_TEST_AS_PROGRAM=1"

// command is the program with those arguments.
func (k *killing) command(args ...string) *exec.Cmd {
	k.t.Helper()
	cmd := exec.Command(program(k.t, k.watched), args...)
	cmd.Args[0] = "harvest"
	cmd.Env = append(append(os.Environ(), asProgram), k.env...)
	cmd.Dir = k.dir
	return cmd
}

// program is this test's own program, which is harvest when [asProgram] is set
// or its name is harvest. Unless watched it is without the race detector, with
// which hostile pages take minutes and memory says nothing: built for the
// purpose when this test has it.
func program(t testing.TB, watched bool) string {
	t.Helper()
	find := os.Executable
	if raced && !watched {
		find = built
	}
	name, err := find()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// builtIn is the folder of what built has made, until the tests end.
var builtIn string

// tidy runs the tests and removes what they share.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	code := m.M.Run()
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
	return code
}

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "harvest-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	name := filepath.Join(dir, "harvest")
	if out, err := exec.Command("go", "test", "-c", "-o", name, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return name, nil
})

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
