//go:build unix

package main_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/sitetest"
)

// Another process may hold the catalogue for a while: the run waits.
func TestLockedCatalogueIsWaitedFor(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	gate := sitetest.NewGate(sitetest.HTML(article(2, "")))
	site.Handle("/item/2", gate)
	run := h.start("run", "--json")
	<-gate.Arrived()
	release := holdWriteLock(t, filepath.Join(h.dir, "harvest-data/harvest.db-shm"))
	gate.Open()
	until(t, "the pages are fetched", func() bool { return site.Count("/item/3") > 0 })
	long := 2 * time.Second // longer than a write takes
	if os.Getenv(killsVar) != "" {
		long = 20 * time.Second // longer than SQLite itself waits
	}
	held := time.NewTimer(long)
	<-held.C
	if n := len(h.listed()); n > 1 { // of the page before
		t.Errorf("%d records were written in spite of the lock", n)
	}
	release()
	if code := run.ends(deadline); code != 0 || len(h.listed()) != 3 {
		t.Errorf("exit code %d, %d records; want 0 and 3\n%s", code, len(h.listed()), run.text.String())
	}
}

// holdWriteLock takes the lock that a writer holds, as another process would
// (https://www.sqlite.org/walformat.html#wal_locks: WAL_WRITE_LOCK).
func holdWriteLock(t *testing.T, name string) (release func()) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	const writeLock = 120
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Start: writeLock, Len: 1}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLKW, &lock); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := f.Close(); err != nil { // gives the lock back
			t.Error(err)
		}
	}
}
