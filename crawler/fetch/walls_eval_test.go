package fetch_test

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/harvest87/harvest/crawler/fetch"
)

// TestRealPagesAreNoWalls looks for challenges in pages that people have read
// and found to be what they seem. HARVEST_EVAL_DIR names the folder with them.
func TestRealPagesAreNoWalls(t *testing.T) {
	dir := os.Getenv("HARVEST_EVAL_DIR")
	if dir == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with real pages")
	}
	for _, tool := range []string{"tar", "xz"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is needed to unpack the pages", tool)
		}
	}
	pages := t.TempDir()
	archive := filepath.Join(dir, "extract", "pages.dev.tar.xz")
	if out, err := exec.CommandContext(t.Context(), "tar", "-xf", archive, "-C", pages).CombinedOutput(); err != nil {
		t.Fatalf("unpack: %v: %s", err, out)
	}
	read, taken := 0, 0
	err := filepath.WalkDir(pages, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		if name := fetch.Challenge(http.Header{"Content-Type": {"text/html"}}, content); name != "" {
			taken++
			t.Logf("%s is taken for: %s", filepath.Base(path), name)
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("read %d pages: %v", read, err)
	}
	t.Logf("%d of %d real pages are taken for a challenge", taken, read)
	if taken > 0 {
		t.Errorf("%d of %d", taken, read)
	}
}
