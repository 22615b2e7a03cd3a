package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// A disk that is full stops a run; when there is room again it goes on, and
// nothing is lost.
func TestFullDiskStopsARunAndLosesNothing(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	want := h.calm()
	mounted(t, h, "size=400k") // enough to begin, not to end
	ballast := filepath.Join(h.dir, "harvest-data", "ballast")
	gate := sitetest.NewGate(sitetest.HTML(article(2, "")))
	site.Handle("/item/2", gate)
	run := h.start("run", "--json")
	<-gate.Arrived()
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	gate.Open()
	if code := run.ends(deadline); code != 1 || !strings.Contains(run.text.String(), "disk is full") && !strings.Contains(run.text.String(), "no space left") {
		t.Errorf("exit code %d on a full disk\n%s", code, run.text.String())
	}
	if strings.Contains(run.text.String(), "goroutine ") {
		t.Errorf("the program broke:\n%s", run.text.String())
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	remount(t, h, "remount,size=16m")
	h.run()
	if h.runs[0].State != harvest.RunPassed || h.runs[0].Resumed == 0 {
		t.Errorf("run %s (%s), resumed %d times; want passed, resumed", h.runs[0].State, h.runs[0].Reason, h.runs[0].Resumed)
	}
	if diff := cmp.Diff(want, h.listed()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// ballast fills what is left of a small file system.
func ballast(t *testing.T, dir string) (name string) {
	t.Helper()
	name = filepath.Join(dir, "ballast")
	if err := os.WriteFile(name, make([]byte, 32<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	return name
}

// The disk gets full while a linked document is fetched: the run stops, and goes on when
// there is room. It is full again when links are looked at: that is said, nothing is
// forgotten, and the next look is whole.
func TestFullDiskWithDocumentsAndLinks(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	h.write("config/harvest.yaml", "fetch: {timeout: 1m}\narchive: {keep: false}\n")
	h.write("config/sources/innocent.yaml", h.read("config/sources/innocent.yaml")+"documents: {read: linked}\n")
	linked := func(n int) http.Handler {
		return sitetest.HTML(strings.Replace(article(n, ""), "</main>", fmt.Sprintf(`<a href="/files/%d.pdf">Download the report (PDF)</a></main>`, n), 1))
	}
	cut := sitetest.Content("application/pdf", "%PDF-1.4 and nothing more")
	gate := sitetest.NewGate(cut)
	for n := 1; n <= 3; n++ {
		site.Handle(fmt.Sprintf("/item/%d", n), linked(n))
		site.Handle(fmt.Sprintf("/files/%d.pdf", n), cut)
	}
	site.Handle("/files/2.pdf", gate)
	mounted(t, h, "size=400k")
	data := filepath.Join(h.dir, "harvest-data")
	run := h.start("run", "--json")
	<-gate.Arrived()
	name := ballast(t, data)
	gate.Open()
	if code := run.ends(deadline); code != 1 || !strings.Contains(run.text.String(), "disk is full") && !strings.Contains(run.text.String(), "no space left") {
		t.Errorf("exit code %d on a full disk\n%s", code, run.text.String())
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	remount(t, h, "remount,size=16m")
	h.run()
	r := h.runs[0]
	if r.State != harvest.RunPassed || r.Resumed == 0 || r.Outcomes[harvest.DocumentDamaged] != 3 || len(h.listed()) != 3 {
		t.Errorf("run %s (%s), resumed %d times, outcomes %v; want passed, resumed, three documents", r.State, r.Reason, r.Resumed, r.Outcomes)
	}
	if n := site.Count("/files/1.pdf") + site.Count("/files/2.pdf") + site.Count("/files/3.pdf"); n > 3+hands {
		t.Errorf("%d requests for three documents", n)
	}

	name = ballast(t, data)
	if said := h.does(1, "links", "check"); !strings.Contains(said, "disk is full") && !strings.Contains(said, "no space left") {
		t.Errorf("harvest links check says on a full disk\n%s", said)
	}
	h.does(0, "links", "list")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if said := h.does(0, "links", "check"); !strings.Contains(said, "3 links looked at, 0 broken") {
		t.Errorf("with room again harvest links check says\n%s", said)
	}
}

// A disk that is full under the archive alone ends the keeping and not the run, which says
// so; when there is room, pages are kept again, and what was kept before is whole.
func TestFullDiskUnderTheArchive(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	for n := 1; n <= 3; n++ { // no compression makes them small
		noise := make([]byte, 12<<10)
		for i := range noise {
			noise[i] = byte(' ' + 1 + rand.IntN(27))
		}
		site.Handle(fmt.Sprintf("/item/%d", n), sitetest.HTML(strings.Replace(article(n, ""), "</main>", "</main><!-- "+string(noise)+" -->", 1)))
	}
	kept := filepath.Join(h.dir, "harvest-data", "archive")
	mountedAt(t, kept, "size=24k")
	said := h.does(0, "run", "innocent")
	if !strings.Contains(said, "passed") || !strings.Contains(said, "the archive is not whole") {
		t.Errorf("the run says\n%s", said)
	}
	if len(h.listed()) != 3 {
		t.Errorf("records %v, want 3", h.listed())
	}
	h.does(0, "archive", "verify")
	remountAt(t, kept, "remount,size=16m")
	if said := h.does(0, "run", "innocent", "--full"); strings.Contains(said, "the archive is not whole") {
		t.Errorf("with room again the run says\n%s", said)
	}
	h.does(0, "archive", "verify")
	if said := h.does(0, "reparse", "innocent"); !strings.Contains(said, "0 records new, 0 records changed, 3 records as before") {
		t.Errorf("read again is\n%s", said)
	}
}

// A disk that is full under the index alone, or where an export is to be written, is
// said. What was there stays, nothing half is left, and with room again all is well.
func TestFullDiskUnderIndexAndExport(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("forced labour in the brick kilns of the valley ", 100)
	var records []harvest.Record
	for n := range 100 {
		r := described(fmt.Sprintf("a:%d", n), fmt.Sprintf("Report %d", n), 2019)
		for i := range 400 { // words of its own, so that the index is large
			r.Summary += fmt.Sprintf(" w%dx%d", n, i)
		}
		r.Summary += long
		records = append(records, r)
	}
	s := newShelf(t, records...)
	index, out := filepath.Join(s.dir, "data", "index"), filepath.Join(s.dir, "out")
	mountedAt(t, index, "size=64k")
	mountedAt(t, out, "size=64k")
	said := func(args ...string) {
		t.Helper()
		_, errs, code := s.run("", args...)
		if code != 1 || !strings.Contains(errs, "no space left") && !strings.Contains(errs, "disk is full") || strings.Contains(errs, "goroutine ") {
			t.Errorf("harvest %v on a full disk: code %d\n%s", args, code, errs)
		}
	}
	said("index", "rebuild")
	s.must("", "export", "--format", "csv", "-o", "before.csv") // needs no index
	for _, format := range []string{"csv", "parquet", "xlsx"} {
		said("export", "--format", format, "-o", filepath.Join("out", "records."+format))
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("%v is left of exports that failed, %v", left, err)
	}
	remountAt(t, index, "remount,size=64m")
	remountAt(t, out, "remount,size=64m")
	s.contains(s.must("", "search", "kilns", "--limit", "1"), "100")
	s.must("", "export", "--format", "parquet", "-o", filepath.Join("out", "records.parquet"))
}

// mounted puts a small file system of its own in the place of the data folder,
// empty. Only root may.
func mounted(t *testing.T, h *campaign, options string) {
	t.Helper()
	mountedAt(t, filepath.Join(h.dir, "harvest-data"), options)
}

// mountedAt puts one in the place of a folder.
func mountedAt(t *testing.T, dir, options string) {
	t.Helper()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("SKIPPED: a file system of a few kilobytes can be mounted by root on Linux only")
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no file system can be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
}

func remount(t *testing.T, h *campaign, options string) {
	t.Helper()
	remountAt(t, filepath.Join(h.dir, "harvest-data"), options)
}

func remountAt(t *testing.T, dir, options string) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", options, dir).CombinedOutput(); err != nil {
		t.Fatalf("mount -o %s: %v %s", options, err, out)
	}
}
