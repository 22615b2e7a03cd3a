package main_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	main "github.com/harvest87/harvest/cmd/harvest"
)

// within is a configuration and a data folder of its own, with which the program
// runs within the test.
type within struct {
	t   *testing.T
	dir string
	now func() time.Time // nil means the clock
}

// newWithin writes the files of a configuration, by their names in its folder.
func newWithin(t *testing.T, files map[string]string) *within {
	t.Helper()
	p := &within{t: t, dir: t.TempDir()}
	for name, text := range files {
		if err := writeFile(filepath.Join(p.dir, "config", name), text); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// args are arguments with the folders.
func (p *within) args(args ...string) []string {
	return append(args, "--config", filepath.Join(p.dir, "config", "harvest.yaml"), "--data", filepath.Join(p.dir, "data"))
}

// does runs the program, wants that exit code, and returns what it printed.
func (p *within) does(want int, args ...string) string {
	p.t.Helper()
	var out, log bytes.Buffer
	m := main.Main{Stdout: &out, Stderr: &log, Now: p.now}
	if code := m.Run(p.t.Context(), p.args(args...)); code != want {
		p.t.Fatalf("harvest %v: exit code %d, want %d\n%s%s", args, code, want, out.String(), log.String())
	}
	return out.String()
}

// until runs the program until ctx ends, and returns what it said when its exit
// code is not 0.
func (p *within) until(ctx context.Context, args ...string) string {
	var log bytes.Buffer
	m := main.Main{Stdout: io.Discard, Stderr: &log, Now: p.now}
	if code := m.Run(ctx, p.args(args...)); code != 0 {
		return fmt.Sprintf("harvest %v: exit code %d\n%s", args, code, log.String())
	}
	return ""
}
