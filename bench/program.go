package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/harvest87/harvest"
)

// buildProgram builds the program of this very tree.
func buildProgram(ctx context.Context, dir string) (string, error) {
	exe := filepath.Join(dir, "harvest")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", exe, "github.com/harvest87/harvest/cmd/harvest") //nolint:gosec // a path of ours
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return exe, nil
}

// runProgram harvests the site with the program as an operator would, from the
// start of its process to its end.
func runProgram(ctx context.Context, exe string, a arguments) (u usage, err error) {
	for name, text := range map[string]string{
		"harvest.yaml":       fmt.Sprintf("contact: bench@example.org\nfetch: {concurrency: %d}\n", max(8, a.Connections)),
		"sources/bench.yaml": siteOf(a).source(),
	} {
		path := filepath.Join(a.Dir, "config", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil { //nolint:gosec // a folder of ours
			return u, err
		}
	}
	cmd := exec.CommandContext(ctx, exe, "run", "--json", "--config", filepath.Join(a.Dir, "config", "harvest.yaml"), "--data", filepath.Join(a.Dir, "data")) //nolint:gosec // built before
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return u, fmt.Errorf("%w\n%s%s", err, out.String(), errs.String())
	}
	u.Wall, u.CPU = time.Since(begin), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.Peak = maxResident(r)
	}
	var runs []harvest.Run
	if err := json.Unmarshal(out.Bytes(), &runs); err != nil || len(runs) != 1 {
		return u, fmt.Errorf("the program says %.200q", out.String())
	}
	u.Pages, u.Records = runs[0].Outcomes[harvest.Fetched]+runs[0].Outcomes[harvest.NotModified], runs[0].Records()
	return u, nil
}
