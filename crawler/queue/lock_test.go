package queue_test

import (
	"path/filepath"
	"testing"

	"github.com/harvest87/harvest/crawler/queue"
)

func TestHeldTellsWhetherSomebodyHasTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "queue")
	if queue.Held(dir) {
		t.Error("a folder that does not exist is held")
	}
	e, err := queue.Open(t.Context(), queue.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if !queue.Held(dir) {
		t.Error("an open folder is not held")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if queue.Held(dir) {
		t.Error("a closed folder is held")
	}
	if e, err = queue.Open(t.Context(), queue.Options{Dir: dir}); err != nil {
		t.Fatalf("looking kept the lock: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}
