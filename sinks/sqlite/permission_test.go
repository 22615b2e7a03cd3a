//go:build unix

package sqlite_test

import (
	"bytes"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPermissions opens files that the user may read but not write to. Root
// may always write, so the test then runs itself as the user nobody.
func TestPermissions(t *testing.T) {
	for name, c := range map[string]struct {
		folder, file os.FileMode
		task, says   string
	}{
		"writing, in a folder of others":   {0o755, 0o444, "write", "cannot be written to"},
		"writing, a file of others":        {0o777, 0o444, "write", "cannot be written to"},
		"reading, in a folder of others":   {0o755, 0o444, "read", "read 200"},
		"reading, a file of others":        {0o777, 0o444, "read", "read 200"},
		"reading what may not be read":     {0o777, 0o000, "read", "permission denied"},
		"writing what may not be read":     {0o777, 0o000, "write", "permission denied"},
		"writing a new file, same folders": {0o555, 0o000, "write new", "cannot be"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "harvest.db")
			ours(t, path)
			before := read(t, path)
			for at, mode := range map[string]os.FileMode{path: c.file, folder: c.folder} {
				if err := os.Chmod(at, mode); err != nil {
					t.Fatal(err)
				}
			}
			target := path
			if c.task == "write new" {
				target = filepath.Join(folder, "new.db")
			}
			out := asNobody(t, c.task, target)
			if !strings.Contains(out, c.says) {
				t.Errorf("%s, want %q", out, c.says)
			}
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, read(t, path)) {
				t.Error("the file was changed")
			}
			os.Chmod(folder, 0o755)
		})
	}
}

// asNobody does the task in a child process without the rights of root.
func asNobody(t *testing.T, task, path string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := osexec.Command(self)
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd = osexec.Command(reachable(t, self, path))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path)
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// reachable copies the program to where anybody may run it, and opens the way
// to the path.
func reachable(t *testing.T, program, path string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "test-as-nobody")
	in, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(copied, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{filepath.Dir(filepath.Dir(path)), filepath.Dir(copied)} {
		for ; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
			if err := os.Chmod(at, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return copied
}
