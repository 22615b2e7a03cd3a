package ferrettest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// The program gives the same records whether they go into MongoDB or SQLite,
// finds them unchanged the next time, and reads them back by every command.
func TestProgramWithMongoDBGivesWhatSQLiteGives(t *testing.T) {
	base := sampleSite(t)
	file := newProgram(t, base, "")
	file.runs(0)
	want := file.export()
	if len(want) == 0 {
		t.Fatal("the sample site gave no record")
	}
	db := newProgram(t, base, serve(t))
	for _, r := range db.runs(0) {
		if r.State != harvest.RunPassed || r.Outcomes[harvest.NewRecord] == 0 {
			t.Errorf("run %s %s (%s), outcomes %v", r.ID, r.State, r.Reason, r.Outcomes)
		}
	}
	compare(t, want, db.export())

	for _, r := range db.runs(0) {
		if r.State != harvest.RunPassed || r.Outcomes[harvest.NewRecord]+r.Outcomes[harvest.ChangedRecord] > 0 {
			t.Errorf("the second run %s %s (%s), outcomes %v; want all unchanged", r.ID, r.State, r.Reason, r.Outcomes)
		}
	}
	compare(t, want, db.export())

	for _, args := range [][]string{
		{"search", "debt"},
		{"search", "--lang", "ar"},
		{"search", "--json", "debt"},
		{"export", "--source", string(sample.APISource)},
		{"export", "--format", "csv", "--since", "2021"},
		{"show", string(want[0].ID), "--json"},
	} {
		if inMongo, inSQLite := db.says(0, args...), file.says(0, args...); withoutRuns(inMongo) != withoutRuns(inSQLite) {
			t.Errorf("harvest %v says with MongoDB:\n%s\nwith SQLite:\n%s", args, inMongo, inSQLite)
		}
	}
	if said := db.says(0, "runs"); strings.Count(said, " passed ") != 4 {
		t.Errorf("harvest runs says\n%s", said)
	}
	if left, _ := filepath.Glob(filepath.Join(db.dir, "data", "*.db*")); len(left) > 0 {
		t.Errorf("with MongoDB there is %v", left)
	}
}

// A server that goes away in the middle of a run and comes back on the same
// folder is waited for, and nothing is lost.
func TestProgramWaitsForAServerThatGoesAway(t *testing.T) {
	base := sampleSite(t)
	file := newProgram(t, base, "")
	file.runs(0)

	server := newServer(t)
	server.start()
	db := newProgram(t, base, server.uri)
	db.slower()
	run := db.start("run", "--json", "--debug")
	run.until("pages are fetched", func(log string) bool { return strings.Count(log, `"outcome":"fetched"`) > 10 })
	server.stop()
	run.until("the server is missed", func(log string) bool { return strings.Contains(log, "store is away, trying again") })
	server.start()
	for _, r := range reports(t, run.ends(0)) {
		if r.State != harvest.RunPassed {
			t.Errorf("run %s %s (%s)", r.ID, r.State, r.Reason)
		}
	}
	compare(t, file.export(), db.export())
}

// A server that is not there when the program starts is waited for.
func TestProgramWaitsForAServerThatIsNotThereYet(t *testing.T) {
	server := newServer(t)
	db := newProgram(t, sampleSite(t), server.uri)
	if said := db.says(1, "search", "debt"); !strings.Contains(said, "MongoDB") { // who only looks is told at once
		t.Errorf("harvest search says %q", said)
	}
	run := db.start("run", "--json", string(sample.APISource))
	run.until("the server is missed", func(log string) bool { return strings.Contains(log, "store is away, trying again") })
	server.start()
	run.ends(0)
	if n := len(db.export()); n == 0 {
		t.Error("nothing was recorded")
	}
}

func compare(t *testing.T, want, got []harvest.Record) {
	t.Helper()
	kept := cmpopts.IgnoreFields(harvest.Record{}, "FirstSeen", "LastSeen", "LastChanged", "FirstRun", "Run", "PageHash") // related items turn with each request
	if diff := cmp.Diff(want, got, kept); diff != "" {
		t.Errorf("records (-SQLite +MongoDB):\n%s", diff)
	}
}

// withoutRuns takes out of an output what differs from run to run.
func withoutRuns(text string) string {
	return moments.ReplaceAllString(text, "…")
}

var moments = regexp.MustCompile(`20\d\d-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(\.\d+)?Z`)

func sampleSite(t *testing.T) string {
	t.Helper()
	base, stop := sample.New(sample.Options{}).Start()
	t.Cleanup(stop)
	return base
}

// server is a FerretDB that can be stopped and started again. It ends politely
// and waits for its clients, so they come through a relay that can be cut.
type server struct {
	t            *testing.T
	uri, address string
	folder       string
	end          func()
}

func newServer(t *testing.T) *server {
	t.Helper()
	address := freeAddress(t)
	s := &server{t: t, address: address, uri: "mongodb://" + address + "/?serverSelectionTimeoutMS=1000", folder: t.TempDir(), end: func() {}}
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *server) start() {
	s.t.Helper()
	behind := freeAddress(s.t)
	db, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: behind}, Handler: "sqlite", SQLiteURL: "file:" + s.folder + "/", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		s.t.Fatalf("start the server: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- db.Run(ctx) }()
	cut := relay(s.t, s.address, behind)
	s.end = func() {
		cut()
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("server ended: %v", err)
		}
	}
}

func (s *server) stop() {
	s.end()
	s.end = func() {}
}

// relay passes connections on from one address to another until it is cut.
func relay(t *testing.T, from, to string) (cut func()) {
	t.Helper()
	l, err := net.Listen("tcp", from)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	isCut := false
	var going sync.WaitGroup
	pass := func(client net.Conn) {
		server, err := net.Dial("tcp", to)
		if err != nil {
			client.Close()
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if isCut {
			client.Close()
			server.Close()
			return
		}
		open = append(open, client, server)
		for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
			going.Go(func() {
				_, _ = io.Copy(pair[1], pair[0]) // until one of them is closed
				pair[0].Close()
				pair[1].Close()
			})
		}
	}
	going.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			pass(c)
		}
	})
	return func() {
		l.Close()
		mu.Lock()
		isCut = true
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		going.Wait()
	}
}

// program is the built program with a configuration and a data folder.
type program struct {
	t   *testing.T
	dir string
	uri string
}

// newProgram configures the sources of the sample site; without a URI the
// records go into SQLite.
func newProgram(t *testing.T, base, uri string) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir(), uri: uri}
	p.write("harvest.yaml", "contact: tests@example.org\nstore: {mongodb: {uri: '${HARVEST_MONGODB_URI:-}'}}\n")
	for id, text := range sample.Sources(base) {
		p.write("sources/"+string(id)+".yaml", text)
	}
	return p
}

func (p *program) write(name, text string) {
	p.t.Helper()
	name = filepath.Join(p.dir, "config", name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		p.t.Fatal(err)
	}
}

// slower makes the runs last long enough to be disturbed.
func (p *program) slower() {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "config", "sources", "*.yaml"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			p.t.Fatal(err)
		}
		p.write("sources/"+filepath.Base(name), regexp.MustCompile(`delay: \w+`).ReplaceAllString(string(text), "delay: 60ms"))
	}
}

// builtIn is the folder of what build has made, until the tests end.
var builtIn string

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "harvest-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	name := filepath.Join(dir, "harvest")
	cmd := exec.Command("go", "build", "-o", name, "./cmd/harvest")
	cmd.Dir = filepath.Join("..", "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return name, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

func (p *program) command(args ...string) *exec.Cmd {
	p.t.Helper()
	name, err := build()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(name, append(args, "--config", "config/harvest.yaml", "--data", "data")...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "HARVEST_MONGODB_URI="+p.uri)
	return cmd
}

// says runs a command and returns its standard output; with an exit code other
// than 0, its standard error.
func (p *program) says(code int, args ...string) string {
	p.t.Helper()
	cmd := p.command(args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != code {
		p.t.Fatalf("harvest %v: %v, want exit code %d\n%s", args, err, code, errs.String())
	}
	if code != 0 {
		return errs.String()
	}
	return out.String()
}

func (p *program) runs(code int) []harvest.Run {
	p.t.Helper()
	return reports(p.t, p.says(code, "run", "--json"))
}

func reports(t *testing.T, text string) []harvest.Run {
	t.Helper()
	var runs []harvest.Run
	if err := json.Unmarshal([]byte(text), &runs); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return runs
}

func (p *program) export() []harvest.Record {
	p.t.Helper()
	var records []harvest.Record
	for line := range strings.Lines(p.says(0, "export")) {
		var r harvest.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			p.t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

// going is a call of the program that goes on.
type going struct {
	t   *testing.T
	cmd *exec.Cmd
	out bytes.Buffer // to be read when it has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// Write takes in the log.
func (g *going) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.log.Write(b)
}

func (g *going) logged() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.log.String()
}

func (p *program) start(args ...string) *going {
	p.t.Helper()
	g := &going{t: p.t, cmd: p.command(args...)}
	g.cmd.Stdout, g.cmd.Stderr = &g.out, g
	if err := g.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = g.cmd.Process.Kill() })
	return g
}

func (g *going) until(what string, done func(log string) bool) {
	g.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(time.Minute)
	for !done(g.logged()) {
		select {
		case <-tick.C:
		case <-limit:
			g.t.Fatalf("waited too long: %s\n%s", what, g.logged())
		}
	}
}

// ends waits for the end and returns what was printed.
func (g *going) ends(code int) string {
	g.t.Helper()
	late := time.AfterFunc(2*time.Minute, func() { _ = g.cmd.Process.Kill() })
	defer late.Stop()
	_ = g.cmd.Wait() // the exit code says it
	if got := g.cmd.ProcessState.ExitCode(); got != code {
		g.t.Fatalf("exit code %d, want %d\n%s", got, code, g.logged())
	}
	return g.out.String()
}
