package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// serve starts a server and waits until it harvests.
func (h *campaign) serve(args ...string) *started {
	h.t.Helper()
	address := freeAddress(h.t)
	s := h.start(append([]string{"serve", "--listen", address}, args...)...)
	until(h.t, "the server is ready", func() bool {
		code, _ := answerOf(h.t, "http://"+address+"/readyz")
		return code == http.StatusOK
	})
	return s
}

// stop ends a server cleanly.
func (h *campaign) stop(s *started) {
	h.t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		h.t.Fatal(err)
	}
	if code := s.ends(10 * time.Second); code != 0 {
		h.t.Errorf("the server ends with %d\n%s", code, s.text.String())
	}
}

// answerOf is what an address answers; 0 when it does not.
func answerOf(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// Ctrl-C leaves a run to the server that does it, and says so; the run can be
// stopped by name, and gone on with.
func TestRunBesideAServerCanBeLeft(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"harvest-data", strings.Repeat("a-long-name/", 12)} { // too long for a socket
		t.Run(data[:8], func(t *testing.T) {
			t.Parallel()
			h, site := slow(t)
			serve := h.serve("--data", data)
			run := h.start("run", "--data", data)
			<-site.gate.Arrived()
			if err := run.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			if code := run.ends(10 * time.Second); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			if said := run.text.String(); !strings.Contains(said, "The server goes on with innocent") || !strings.Contains(said, "'harvest runs stop innocent'") ||
				!strings.Contains(said, "goes on in the server") || regexp.MustCompile(`\d{4,}h`).MatchString(said) {
				t.Errorf("the run says %q", said)
			}
			if said := h.does(1, "run", "--full", "--data", data); !strings.Contains(said, "a run of the source is going on") {
				t.Errorf("a full run beside it says %q", said)
			}
			again := h.start("run", "--json", "--data", data) // shows the same run
			until(t, "the run is watched", func() bool { return strings.Contains(again.text.String(), "goes on already") })
			h.does(0, "runs", "stop", "innocent", "--data", data)
			if code := again.ends(10 * time.Second); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			if r := reportOf(t, again.text.String()); r.State != harvest.RunInterrupted {
				t.Errorf("run %s (%s), want interrupted", r.State, r.Reason)
			}
			site.gate.Open()
			said := h.does(0, "run", "--data", data)
			if !strings.Contains(said, "passed") || site.Count("/item/1") > 1 {
				t.Errorf("the next run says %q; a page that was done was fetched %d times", said, site.Count("/item/1"))
			}
			h.stop(serve)
		})
	}
}

// A server that is killed leaves no lock and no socket that stand in the way.
func TestServerIsKilledWhileARunWatches(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	serve := h.serve()
	run := h.start("run")
	<-site.gate.Arrived()
	if err := serve.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	serve.ends(10 * time.Second)
	if code := run.ends(10 * time.Second); code != 1 || !strings.Contains(run.text.String(), "the server went away; the next 'harvest serve' or 'harvest run' goes on") {
		t.Errorf("exit code %d\n%s", code, run.text.String())
	}
	if _, err := os.Stat(filepath.Join(h.dir, "harvest-data/control/server.json")); err != nil {
		t.Error("the server left nothing behind, so that the test shows nothing:", err)
	}
	if said := h.does(1, "runs", "stop", "innocent"); !strings.Contains(said, "no 'harvest serve' has harvest-data") {
		t.Errorf("harvest runs stop says %q", said)
	}
	site.goesOn(t, h)
}

// A server of another version is not asked for what it may misunderstand.
func TestServerThatSpeaksOtherwise(t *testing.T) {
	t.Parallel()
	h, _ := slow(t)
	folder := filepath.Join(h.dir, "harvest-data", "control")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	defer server.Close()
	go func() { _ = server.Serve(l) }()
	h.write("harvest-data/control/server.json", fmt.Sprintf(`{"socket": %q, "pid": 4711, "version": "0.1\u001b[2J", "protocol": 0}`, socket))
	for _, args := range [][]string{{"run"}, {"runs", "stop", "innocent"}, {"runs", "release", "innocent"}} {
		said := h.does(1, args...)
		if !strings.Contains(said, "the server (pid 4711) is harvest 0.1") || !strings.Contains(said, "use the same version") {
			t.Errorf("harvest %v says %q", args, said)
		}
		h.harmless("harvest "+args[0], said)
	}
}

// The health of a server can be asked from the start, also while it waits for
// its store.
func TestHealthBeforeTheStore(t *testing.T) {
	t.Parallel()
	h, _ := slow(t)
	h.write("config/harvest.yaml", fmt.Sprintf("store: {mongodb: {uri: 'mongodb://%s/?serverSelectionTimeoutMS=200'}}\n", freeAddress(t)))
	address := freeAddress(t)
	serve := h.start("serve", "--listen", address)
	until(t, "the server lives", func() bool {
		code, _ := answerOf(t, "http://"+address+"/healthz")
		return code == http.StatusOK
	})
	if code, said := answerOf(t, "http://"+address+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(said, "the store is not there yet") {
		t.Errorf("/readyz: %d %s", code, said)
	}
	if code, said := answerOf(t, "http://"+address+"/sources"); code != http.StatusOK || strings.TrimSpace(said) != "[]" {
		t.Errorf("/sources: %d %s", code, said)
	}
	h.stop(serve)
}

// A run that takes the whole program with it again and again is set aside: it
// does not stop other sources, the catalogue tells, and it can be released.
func TestRunThatKillsTheProgramIsSetAside(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	h.source(&trap{name: "other", doors: innocent.doors}, site.URL)
	tries := 0
	for set := false; !set; tries++ {
		run := h.start("run", "innocent")
		exited := make(chan int, 1)
		go func() { exited <- run.ends(20 * time.Second) }()
		select {
		case <-site.gate.Arrived():
			if err := run.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-exited
		case code := <-exited:
			if set = true; code != 1 || !strings.Contains(run.text.String(), "set aside: the program ended 5 times") {
				t.Fatalf("exit code %d after %d tries\n%s", code, tries, run.text.String())
			}
		}
	}
	if tries < queue.MaxVain || tries > 3*queue.MaxVain {
		t.Errorf("set aside after %d tries", tries)
	}
	site.gate.Open() // whatever it was is over
	serve := h.serve()
	if said := h.does(1, "run", "innocent"); !strings.Contains(said, "set aside: the program ended 5 times") {
		t.Errorf("the run says %q", said)
	}
	if said := h.does(0, "run", "other"); !strings.Contains(said, "passed") {
		t.Errorf("another source says %q", said)
	}
	if said := h.does(0, "runs", "show", "innocent"); !strings.Contains(said, "set aside") || !strings.Contains(said, "harvest runs release innocent") {
		t.Errorf("harvest runs show says %q", said)
	}
	if said := h.does(1, "doctor"); !strings.Contains(said, "fail  runs: set aside: innocent") {
		t.Errorf("harvest doctor says %q", said)
	}
	h.stop(serve)
	if said := h.does(1, "run", "innocent"); !strings.Contains(said, "set aside") {
		t.Errorf("without a server, the run says %q", said)
	}
	if said := h.does(0, "runs", "release", "innocent"); !strings.Contains(said, "'harvest run innocent' goes on with it") {
		t.Errorf("harvest runs release says %q", said)
	}
	if said := h.does(0, "run", "innocent"); !strings.Contains(said, "passed") {
		t.Errorf("the run that was released says %q", said)
	}
	if said := h.does(1, "runs", "release", "innocent", "--discard"); !strings.Contains(said, "no run of \"innocent\" is set aside") {
		t.Errorf("harvest runs release --discard says %q", said)
	}
}

// Ticks that were missed while no server was there are made up for at the start,
// as the source wishes.
func TestMissedTicksAreAnsweredAtTheStart(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	latest := time.Date(now.Year(), 1, 1, 3, 0, 0, 0, time.UTC)
	for policy, want := range map[string][]int{"one": {0}, "all": {0, -1, -2}, "skip": nil} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			h, site := slow(t)
			site.gate.Open()
			h.append("config/sources/innocent.yaml", "schedule: {cron: \"0 3 1 1 *\", catch_up: "+policy+"}\n")
			e, err := queue.Open(t.Context(), queue.Options{Dir: filepath.Join(h.dir, "harvest-data", "queue")})
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s %v %s", "0 3 1 1 *", time.UTC, time.Duration(0))
			if _, err := e.Since(t.Context(), "innocent", line, latest.AddDate(-3, 0, 0)); err != nil {
				t.Fatal(err)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second start owes nothing
				serve := h.serve()
				until(t, "the ticks are answered", func() bool { return len(want) == 0 || strings.Count(h.does(0, "runs"), "passed") == len(want) })
				h.stop(serve)
			}
			said := h.does(0, "runs", "--json")
			var runs []harvest.Run
			if err := json.Unmarshal([]byte(said), &runs); err != nil {
				t.Fatal(err)
			}
			var years []int
			for i := range runs {
				years = append(years, runs[i].ScheduledAt.Year()-latest.Year())
				if !runs[i].ScheduledAt.Equal(latest.AddDate(years[i], 0, 0)) {
					t.Errorf("a run for %s", runs[i].ScheduledAt)
				}
			}
			if diff := cmp.Diff(want, years); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A source that is paused has no runs by its schedule, before and after a
// restart; what came meanwhile is not made up for.
func TestPausedSourceHasNoRuns(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	site.gate.Open()
	h.append("config/sources/innocent.yaml", "schedule: {cron: \"* * * * * *\", catch_up: all}\n")
	count := func() int { return strings.Count(h.does(0, "runs", "--limit", "1000"), "innocent@") }
	serve := h.serve()
	until(t, "it runs every second", func() bool { return count() > 2 })
	h.does(0, "sources", "pause", "innocent", "--reason", "they move")
	until(t, "ticks are passed over", func() bool { return strings.Contains(serve.text.String(), "tick is passed over") })
	until(t, "the last run has ended", func() bool { return !strings.Contains(h.does(0, "runs"), "running") })
	before := count()
	h.stop(serve)
	serve = h.serve()
	until(t, "ticks are passed over after a restart", func() bool { return strings.Contains(serve.text.String(), "tick is passed over") })
	h.does(0, "run", "innocent") // by hand it runs
	if after := count(); after != before+1 {
		t.Errorf("%d runs of a source that is paused", after-before-1)
	}
	resumed := time.Now().Truncate(time.Second)
	h.does(0, "sources", "resume", "innocent")
	until(t, "it runs again", func() bool { return count() > before+2 })
	h.stop(serve)
	var runs []harvest.Run
	if err := json.Unmarshal([]byte(h.does(0, "runs", "--json", "--limit", "1000")), &runs); err != nil {
		t.Fatal(err)
	}
	if at := runs[len(runs)-before-2].ScheduledAt; at.Before(resumed) {
		t.Errorf("the tick of %s, before %s, was made up for", at, resumed)
	}
}

// The file of a source is deleted while its run is going on: the run goes on to
// its end, and no other follows.
func TestSourceFileIsDeletedWhileItsRunGoesOn(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	h.append("config/sources/innocent.yaml", "schedule: {cron: \"* * * * * *\"}\n")
	serve := h.serve()
	<-site.gate.Arrived()
	h.write("config/sources/other.yaml", strings.ReplaceAll(h.read("config/sources/innocent.yaml"), "innocent", "other"))
	if err := os.Remove(filepath.Join(h.dir, "config/sources/innocent.yaml")); err != nil {
		t.Fatal(err)
	}
	until(t, "the server has seen it", func() bool { return strings.Contains(serve.text.String(), "source file has gone") })
	site.gate.Open()
	until(t, "the run has ended", func() bool { return strings.Contains(h.does(0, "runs", "--source", "innocent"), "passed") })
	until(t, "another source goes on", func() bool { return strings.Count(h.does(0, "runs", "--source", "other"), "passed") > 1 })
	if said := h.does(0, "runs", "--source", "innocent"); strings.Count(said, "innocent@") != 1 {
		t.Errorf("runs after the file had gone:\n%s", said)
	}
	h.stop(serve)
}

// A source that fails again and again is left alone, and is asked by hand all
// the same.
func TestDeadSourceRests(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	nobody := strings.ReplaceAll(h.read("config/sources/innocent.yaml"), site.URL, "http://"+freeAddress(t))
	h.write("config/sources/innocent.yaml", nobody+"schedule: {cron: \"* * * * * *\"}\n")
	h.write("config/harvest.yaml", "fetch: {retries: 0}\n")
	serve := h.serve()
	until(t, "it rests", func() bool { return strings.Contains(serve.text.String(), "rests until") })
	before := strings.Count(h.does(0, "runs"), "innocent@")
	if before < 3 {
		t.Errorf("it rests after %d runs", before)
	}
	until(t, "the server tells", func() bool {
		_, said := answerOf(t, "http://"+serve.address(t)+"/sources")
		return strings.Contains(said, `"health":"broken","failure":"refused"`) && strings.Contains(said, `"rests_until"`)
	})
	h.does(1, "run", "innocent")
	if after := strings.Count(h.does(0, "runs"), "innocent@"); after != before+1 {
		t.Errorf("%d runs, %d before it rested", after, before)
	}
	h.stop(serve)
}

// address is where a server says that it answers.
func (s *started) address(t *testing.T) string {
	t.Helper()
	m := regexp.MustCompile(`"url":"http://([^"]+)"`).FindStringSubmatch(s.text.String())
	if m == nil {
		t.Fatalf("the server does not say where it is: %s", s.text.String())
	}
	return m[1]
}
