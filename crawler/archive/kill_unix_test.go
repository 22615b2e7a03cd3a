//go:build unix

package archive_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/archive"
)

// doomed names the folder into which TestWriterThatIsKilled is to write until it is killed.
const doomed = "HARVEST_TEST_DOOMED_ARCHIVE"

// TestWriterThatIsKilled is the process that [TestKilledWriter] kills.
func TestWriterThatIsKilled(t *testing.T) {
	root := os.Getenv(doomed)
	if root == "" {
		t.Skip("it is run by TestKilledWriter, in a process of its own")
	}
	ctx := context.Background()
	w, err := archive.Create(ctx, archive.Options{Root: root, Source: source, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; w.Problem() == nil; i++ {
		w.Keep(ctx, page(strconv.Itoa(i), noon, strings.Repeat(fmt.Sprintf("text of %d ", i), 2000)))
		fmt.Println("kept", i)
	}
	t.Fatal(w.Problem())
}

// A writer that is killed with SIGKILL, at moments that nobody chooses, leaves every
// page that it had kept, and an archive that is whole for readers and the next run.
func TestKilledWriter(t *testing.T) {
	root := t.TempDir()
	for round, moment := range []int{1, 7, 30} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWriterThatIsKilled$")
		dir := fmt.Sprint(root, "/", round)
		cmd.Env = append(os.Environ(), doomed+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for lines := bufio.NewScanner(out); lines.Scan(); { // to the end of what it had said when it was killed
			if strings.HasPrefix(lines.Text(), "kept ") {
				kept++
			}
			if kept == moment {
				_ = cmd.Process.Kill() // it may have ended, which is found out next
			}
		}
		if err := cmd.Wait(); err == nil || kept < moment {
			t.Fatalf("the writer ended by itself after %d pages: %v", kept, err)
		}
		keep(t, dir, archive.Options{}, page("next", noon.Add(time.Hour), "of the next run"))
		r := open(t, dir)
		for i := range kept {
			if got := bodyOf(r, strconv.Itoa(i), time.Time{}); !strings.HasPrefix(got, fmt.Sprintf("text of %d ", i)) {
				t.Fatalf("killed after %d pages, number %d is %.40q", kept, i, got)
			}
		}
		if got := bodyOf(r, "next", time.Time{}); got != "of the next run" {
			t.Errorf("the next run's page is %q", got)
		}
		verified, err := archive.At(dir, source).Verify(t.Context())
		if err != nil || len(verified) != 2 {
			t.Fatalf("%+v, %v", verified, err)
		}
		for _, v := range verified {
			if len(v.Damaged) > 0 {
				t.Errorf("damaged: %+v", v)
			}
		}
	}
}
