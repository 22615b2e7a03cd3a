package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/queue"
)

// fillDisk appends to a queue on a file system of 24 MiB until that is full,
// makes it larger, and looks what is stored.
func fillDisk(dir string) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		fmt.Println("skip: mount:", err)
		return nil
	}
	ctx := context.Background()
	stored, err := appendUntilError(ctx, dir)
	fmt.Println("append:", err)
	if err == nil {
		return errors.New("the disk never got full")
	}
	e, err := queue.Open(ctx, queue.Options{Dir: dir})
	fmt.Println("open on a full disk:", err)
	if err == nil {
		if err := e.Close(); err != nil {
			return err
		}
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=96m"); err != nil {
		return err
	}
	if e, err = queue.Open(ctx, queue.Options{Dir: dir}); err != nil {
		return err
	}
	j, err := e.Journal(ctx, run)
	if err != nil {
		return err
	}
	got, err := readNumbered(j.Read(ctx, 0))
	if err != nil || got < stored {
		return fmt.Errorf("%d entries of %d acknowledged: %w", got, stored, err)
	}
	if err := j.Append(ctx, numbered(got, 1, 0, 1000)); err != nil {
		return err
	}
	fmt.Println("all there")
	return e.Close()
}

func appendUntilError(ctx context.Context, dir string) (stored int, err error) {
	e, err := queue.Open(ctx, queue.Options{Dir: dir})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	j, err := e.Journal(ctx, run)
	if err != nil {
		return 0, err
	}
	for stored < 100_000 {
		entry := numbered(stored, 1, 0, 3000)
		noise(entry[40:])
		if err := j.Append(ctx, entry); err != nil {
			return stored, err
		}
		stored++
	}
	return stored, nil
}

func TestDiskFullIsAnErrorAndLosesNothing(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"=fill "+t.TempDir())
	cmd.Stderr = t.Output()
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if uid := os.Getuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("SKIPPED: no file system of our own can be mounted here:", err)
	}
	const patience = 5 * time.Minute // half a minute on a busy machine, most of it for the server to give up
	deadline := time.AfterFunc(patience, func() {
		t.Logf("killed after %s", patience)
		_ = cmd.Process.Kill()
	})
	defer deadline.Stop()
	b, _ := io.ReadAll(out)
	err = cmd.Wait()
	text := string(b)
	t.Log(text)
	if reason, ok := strings.CutPrefix(text, "skip: "); ok {
		t.Skip("SKIPPED: no file system of our own can be mounted here:", reason)
	}
	if err != nil || !strings.Contains(text, "no space left on device") || !strings.HasSuffix(text, "all there\n") {
		t.Errorf("child: %v", err)
	}
}
