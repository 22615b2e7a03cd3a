package queue_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// childVar makes the test binary act as another process: the name of a role in
// children, then the folder.
const childVar = "HARVEST_QUEUE_TEST_CHILD"

var children = map[string]func(dir string) error{
	"append": appendForEver,
	"hold":   holdOpen,
	"fill":   fillDisk,
	"grow":   grow,
	"reread": reread,
	"take":   takeAndHold,
	"tick":   tickUntilKilled,
}

func TestMain(m *testing.M) {
	if role, dir, ok := strings.Cut(os.Getenv(childVar), " "); ok {
		if err := children[role](dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// child starts this binary in a role. It is killed at the end of the test.
func child(t testing.TB, role, dir string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve")
	cmd.Env = append(os.Environ(), childVar+"="+role+" "+dir)
	cmd.Stderr = t.Output()
	if _, err := cmd.StdinPipe(); err != nil { // stays open until the child is waited for
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	return cmd, bufio.NewReader(out)
}

func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// A numbered entry says which it is, and its place in its batch.
func numbered(first, size, place, weight int) []byte {
	return fmt.Appendf(nil, "%d %d/%d %s", first+place, place, size, bytes.Repeat([]byte{'x'}, weight))
}

// readNumbered checks that entries are numbered without a gap and come in
// whole batches, and returns how many there are.
func readNumbered(history iter.Seq2[queue.Entry, error]) (int, error) {
	n, open := 0, 0
	for entry, err := range history {
		if err != nil {
			return n, err
		}
		b := entry.Data
		var got, place, size int
		if _, err := fmt.Sscanf(string(b[:min(len(b), 60)]), "%d %d/%d", &got, &place, &size); err != nil {
			return n, fmt.Errorf("entry %.60q: %w", b, err)
		}
		if got != n || place != open {
			return n, fmt.Errorf("entry %d is numbered %d, place %d after %d", n, got, place, open)
		}
		n++
		if open = place + 1; open == size {
			open = 0
		}
	}
	if open != 0 {
		return n, errors.New("the last batch is cut short")
	}
	return n, nil
}

// nth is the n-th run of the source.
func nth(n int) harvest.RunID { return harvest.RunID(fmt.Sprintf("respect@%06d", n)) }

// appendForEver takes up the run that is unfinished, or begins the next,
// appends batches, and now and then ends the run. It prints the number of the
// run and how many of its entries are acknowledged.
func appendForEver(dir string) error {
	ctx := context.Background()
	e, err := queue.Open(ctx, queue.Options{Dir: dir})
	if err != nil {
		return err
	}
	for id := 0; ; id++ {
		j, err := e.Journal(ctx, nth(id))
		if errors.Is(err, queue.ErrEnded) {
			continue
		}
		if err != nil {
			return err
		}
		n, err := readNumbered(j.Read(ctx, 0))
		if err != nil {
			return err
		}
		for fmt.Println(id, n); rand.IntN(1500) > 0; fmt.Println(id, n) {
			batch := randomBatch(n)
			if err := j.Append(ctx, batch...); err != nil {
				return err
			}
			n += len(batch)
		}
		if err := j.End(ctx); err != nil {
			return err
		}
	}
}

// randomBatch is a few small entries; rarely one that needs several messages.
func randomBatch(first int) [][]byte {
	size, weight := 1+rand.IntN(12), 10
	if rand.IntN(1000) == 0 {
		weight = 1 << 20
	}
	var batch [][]byte
	for i := range size {
		entry := numbered(first, size, i, weight)
		if weight > 10 {
			noise(entry[40:])
		}
		batch = append(batch, entry)
	}
	return batch
}

// holdOpen opens the folder, says so, and holds it until its input ends.
func holdOpen(dir string) error {
	e, err := queue.Open(context.Background(), queue.Options{Dir: dir})
	if err != nil {
		return err
	}
	fmt.Println("open")
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, e.Close())
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	for try := range 15 {
		cmd, out := child(t, "append", dir)
		first, last := make(chan struct{}, 1), make(chan [2]int, 1)
		go func() {
			defer close(first)
			var said [2]int
			for lines := 1; ; lines++ {
				line, err := out.ReadString('\n')
				if err != nil {
					last <- said
					return
				}
				if _, err := fmt.Sscan(line, &said[0], &said[1]); err != nil {
					t.Errorf("try %d: child says %q", try, line)
				}
				if lines == 2 {
					first <- struct{}{}
				}
			}
		}()
		if try%3 != 0 { // otherwise it may die while it starts
			<-first
		}
		<-time.After(time.Duration(rand.IntN(150)) * time.Millisecond)
		kill(cmd)
		said := <-last
		e := open(t, dir)
		for id := range said[0] {
			if _, err := e.Journal(t.Context(), nth(id)); !errors.Is(err, queue.ErrEnded) {
				t.Errorf("try %d: run %d of %d: %v, want ErrEnded", try, id, said[0], err)
			}
		}
		switch j, err := e.Journal(t.Context(), nth(said[0])); {
		case errors.Is(err, queue.ErrEnded):
			t.Logf("try %d: run %d was about to end", try, said[0])
		case err != nil:
			t.Fatal(err)
		default:
			got, err := readNumbered(j.Read(t.Context(), 0))
			if err != nil || got < said[1] {
				t.Fatalf("try %d: run %d: %d entries of %d acknowledged, %v", try, said[0], got, said[1], err)
			}
			t.Logf("try %d: run %d: %d acknowledged, %d stored", try, said[0], said[1], got)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLockNamesTheHolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "queue")
	cmd, out := child(t, "hold", dir)
	if line, err := out.ReadString('\n'); line != "open\n" {
		t.Fatal(line, err)
	}
	_, err := queue.Open(t.Context(), queue.Options{Dir: dir})
	if !errors.Is(err, queue.ErrLocked) {
		t.Fatalf("open: %v, want ErrLocked", err)
	}
	want := fmt.Sprintf("%s is in use by %s serve (pid %d, since ", dir, filepath.Base(os.Args[0]), cmd.Process.Pid)
	if !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "); stop it, or use another --data folder") {
		t.Errorf("error is %q, want it to begin with %q", err, want)
	}
	kill(cmd) // the kernel gives the lock back
	open(t, dir)
	if _, err := queue.Open(t.Context(), queue.Options{Dir: dir}); !errors.Is(err, queue.ErrLocked) {
		t.Errorf("second open in one process: %v, want ErrLocked", err)
	}
}

// blocks are the files that hold the journals' messages, oldest first.
func blocks(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "jetstream", "$G", "streams", "JOURNAL", "msgs", "*.blk"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no block files: %v", err)
	}
	slices.SortFunc(files, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b) })
	return files
}

// stored is a folder with a journal of n numbered entries, closed as by kill
// or cleanly.
func stored(t testing.TB, n, weight int) string {
	t.Helper()
	dir := t.TempDir()
	e := open(t, dir)
	j := journal(t, e, run)
	for i := range n {
		entry := numbered(i, 1, 0, weight)
		noise(entry[min(40, len(entry)):])
		if err := j.Append(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDamagedTailLosesTheTailOnly(t *testing.T) {
	const n = 300
	tests := []struct {
		name   string
		damage func(b []byte) []byte
	}{
		{"cut by one octet", func(b []byte) []byte { return b[:len(b)-1] }},
		{"cut by ten", func(b []byte) []byte { return b[:len(b)-10] }},
		{"cut in the middle", func(b []byte) []byte { return b[:len(b)/2] }},
		{"cut near the start", func(b []byte) []byte { return b[:len(b)/50] }},
		{"zeroed tail", func(b []byte) []byte { clear(b[len(b)*9/10:]); return b }},
		{"longer by zeros", func(b []byte) []byte { return append(b, make([]byte, 4096)...) }},
		{"longer by noise", func(b []byte) []byte { return append(b, bytes.Repeat([]byte{0xa5, 3, 0x77}, 999)...) }},
		{"one bit in the middle", func(b []byte) []byte { b[len(b)/2] ^= 8; return b }},
		{"one bit near the end", func(b []byte) []byte { b[len(b)-3] ^= 1; return b }},
	}
	for _, tt := range tests {
		for _, index := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/index=%v", tt.name, index), func(t *testing.T) {
				dir := stored(t, n, 10)
				file := blocks(t, dir)[0]
				if !index { // as after kill -9
					if err := os.Remove(filepath.Join(filepath.Dir(file), "index.db")); err != nil {
						t.Fatal(err)
					}
				}
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, tt.damage(b), 0o600); err != nil {
					t.Fatal(err)
				}
				var kept int
				for try := range 3 { // what is left is a sound journal again
					e := open(t, dir)
					j := journal(t, e, run)
					got, err := readNumbered(j.Read(t.Context(), 0))
					t.Logf("%d of %d left, %v", got, n, err)
					if err != nil || got > n+try || got < kept {
						t.Fatalf("try %d: %d entries, %v", try, got, err)
					}
					if err := j.Append(t.Context(), numbered(got, 1, 0, 3)); err != nil {
						t.Fatal(err)
					}
					kept = got + 1
					if err := e.Close(); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

func TestLostDescriptionIsRestored(t *testing.T) {
	tests := []struct {
		name   string
		damage func(stream string) error
	}{
		{"noise", func(s string) error { return os.WriteFile(filepath.Join(s, "meta.inf"), []byte("{noise"), 0o600) }},
		{"empty", func(s string) error { return os.WriteFile(filepath.Join(s, "meta.inf"), nil, 0o600) }},
		{"gone", func(s string) error { return os.Remove(filepath.Join(s, "meta.inf")) }},
		{"without its checksum", func(s string) error { return os.Remove(filepath.Join(s, "meta.sum")) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := stored(t, 10, 10)
			if err := tt.damage(filepath.Join(dir, "jetstream", "$G", "streams", "JOURNAL")); err != nil {
				t.Fatal(err)
			}
			for try := range 2 {
				e := open(t, dir)
				got, err := readNumbered(journal(t, e, run).Read(t.Context(), 0))
				if err != nil || got != 10 {
					t.Errorf("try %d: %d entries, %v", try, got, err)
				}
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestUnreadableFolderIsLeftAlone(t *testing.T) {
	dir := stored(t, 10, 10)
	msgs := filepath.Dir(blocks(t, dir)[0])
	if err := os.Rename(msgs, msgs+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(msgs, []byte("precious"), 0o600); err != nil { // a file in place of a folder
		t.Fatal(err)
	}
	for range 2 {
		_, err := queue.Open(t.Context(), queue.Options{Dir: dir})
		if !errors.Is(err, queue.ErrDamaged) || !strings.Contains(err.Error(), dir+" cannot be read and was left as it is") {
			t.Errorf("open: %v, want ErrDamaged with the folder", err)
		}
	}
	if b, err := os.ReadFile(msgs); err != nil || string(b) != "precious" {
		t.Errorf("the folder was changed: %q, %v", b, err)
	}
}

func TestKillWhileTheServerDeletesIsMadeGood(t *testing.T) {
	dir := stored(t, 10, 10)
	streams := filepath.Join(dir, "jetstream", "$G", "streams")
	if err := os.CopyFS(filepath.Join(dir, "opening"), os.DirFS(streams)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(streams, "JOURNAL", "msgs")); err != nil {
		t.Fatal(err)
	}
	e := open(t, dir)
	got, err := readNumbered(journal(t, e, run).Read(t.Context(), 0))
	if err != nil || got != 10 {
		t.Errorf("%d entries, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "opening")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the links are still there: %v", err)
	}
}

func TestGapInTheMiddleIsNeverReadOver(t *testing.T) {
	dir := stored(t, 60, 1<<19) // several blocks of 8 MiB
	files := blocks(t, dir)
	if len(files) < 3 {
		t.Fatalf("%d blocks, want 3 or more", len(files))
	}
	b, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(files[1], b, 0o600); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for try := range 3 {
		e := open(t, dir)
		j := journal(t, e, run)
		got, err := readNumbered(j.Read(t.Context(), 0))
		t.Logf("%d entries, %v", got, err)
		if err != nil || got >= 60 || got == 0 || got < kept {
			t.Fatalf("try %d: %d entries, %v", try, got, err)
		}
		if again, err := readNumbered(j.Read(t.Context(), 0)); again != got || err != nil {
			t.Errorf("read again: %d entries, %v; want %d", again, err, got)
		}
		if err := j.Append(t.Context(), numbered(got, 1, 0, 3)); err != nil {
			t.Fatal(err)
		}
		kept = got + 1
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
