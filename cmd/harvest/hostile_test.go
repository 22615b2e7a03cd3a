package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// trap is one kind of malice: a site, the source file that walks into it, and
// how that has to end.
type trap struct {
	name  string // of the source
	doors string // of its file, as YAML; {{base}} is the site's address
	keys  string // further keys of the file
	site  func(*sitetest.Site)

	state    harvest.RunState        // default passed
	outcomes map[harvest.Outcome]int // that must be among the endings
	records  int                     // new ones; -1 for any number
	says     string                  // somewhere in the report
	requests int                     // the most that may be made; 0 for 50
	check    func(t *testing.T, c *caught)
}

// caught is what came of a trap.
type caught struct {
	site    *sitetest.Site
	run     harvest.Run
	report  string // as JSON
	records []harvest.Record
}

// cards is a listing door whose cards say all.
const cards = `- listing: {start: "{{base}}/list", item: {card: article, link: "h3 a", title: h3}, next: a.next, item_pages: false}`

// items is a listing door whose cards have pages.
const items = `- listing: {start: "{{base}}/list", item: {card: article, link: "h3 a", title: h3}, next: a.next}`

// api is a wordpress door.
const api = `- wordpress: {base: "{{base}}", per_page: 10, pages: never}`

// innocent is harvested beside every trap.
var innocent = trap{
	name: "innocent", doors: items, records: 3,
	site: func(s *sitetest.Site) {
		s.Page("/list", list("/item/1", "/item/2", "/item/3"))
		for i := 1; i <= 3; i++ {
			s.Page(fmt.Sprintf("/item/%d", i), article(i, ""))
		}
	},
}

// list is a listing page with a card for each link.
func list(links ...string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><title>Library</title><main>")
	for i, link := range links {
		b.WriteString(cardOf(i+1, link))
	}
	return b.String()
}

// card is a listing page with one card, of a title that its number tells apart.
func card(number int, link string) string {
	return "<!DOCTYPE html><title>Library</title><main>" + cardOf(number, link)
}

func cardOf(number int, link string) string {
	return fmt.Sprintf(`<article><h3><a href="%s">Debt bondage in district %d</a></h3></article>`, link, number)
}

// next is the link to another listing page.
func next(link string) string { return fmt.Sprintf(`<a class="next" href="%s">Next</a>`, link) }

// article is the page of an item.
func article(number int, head string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>Recruitment fees, part %[1]d</title>%[2]s</head><body><main><h1>Recruitment fees, part %[1]d</h1>
<p>Part %[1]d describes how workers repaid recruitment fees from their wages, and what inspectors found in the workshops that they visited.</p>
<p>Its tables list the fees by district, trade and year.</p></main></body></html>`, number, head)
}

// spring has the program walk into all traps in one run, an innocent source
// among them, and compares how each ended. It returns what the program said.
func spring(t *testing.T, settings string, traps ...trap) *campaign {
	t.Helper()
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	traps = append(traps, innocent)
	sites := make([]*sitetest.Site, len(traps))
	for i := range traps {
		sites[i] = sitetest.New(t)
		traps[i].site(sites[i])
		h.source(&traps[i], sites[i].URL)
	}
	h.write("config/harvest.yaml", settings)
	h.run()
	h.records = h.exported()
	for i := range traps {
		t.Run(traps[i].name, func(t *testing.T) { h.compare(t, &traps[i], sites[i]) })
	}
	return h
}

// campaign is one call of `harvest run` and what came of it.
type campaign struct {
	killing

	stdout, stderr string
	code           int
	peak           int64 // octets of memory
	took           time.Duration
	runs           []harvest.Run
	records        map[harvest.SourceID][]harvest.Record
}

func (h *campaign) write(name, text string) {
	h.t.Helper()
	if err := writeFile(filepath.Join(h.dir, name), text); err != nil {
		h.t.Fatal(err)
	}
}

func (h *campaign) read(name string) string {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

func (h *campaign) append(name, text string) {
	h.t.Helper()
	h.write(name, h.read(name)+text)
}

func (h *campaign) source(x *trap, base string) {
	h.t.Helper()
	text := fmt.Sprintf("id: %s\nname: A trap\nhomepage: \"{{base}}/\"\ndoors:\n  %s\n", x.name, x.doors)
	if !strings.Contains(x.keys, "politeness:") {
		text += "politeness: {delay: 0s, contact: optional}\n"
	}
	if !strings.Contains(x.keys, "network:") {
		text += "network: {allow: [127.0.0.1/32]}\n"
	}
	h.write("config/sources/"+x.name+".yaml", strings.ReplaceAll(text+x.keys, "{{base}}", base))
}

// deadline is the longest that one call of the program may take. Tests run side
// by side, so it is far from what a call needs by itself.
var deadline = func() time.Duration {
	if os.Getenv(killsVar) != "" { // a soak shares its machine with whatever else it does
		return 15 * time.Minute
	}
	return 3 * time.Minute
}()

// run calls `harvest run --json`.
func (h *campaign) run(args ...string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), deadline)
	defer cancel()
	start := time.Now()
	h.stdout, h.stderr, h.code, h.peak = call(ctx, h.t, h.command(append([]string{"run", "--json"}, args...)...))
	h.took = time.Since(start)
	if ctx.Err() != nil {
		h.t.Fatalf("harvest run did not end by itself within %s\n%s", deadline, h.stderr)
	}
	h.runs = nil
	if err := json.Unmarshal([]byte(h.stdout), &h.runs); err != nil {
		h.t.Fatalf("harvest run: %v\n%s\n%s", err, h.stdout, h.stderr)
	}
	h.harmless("run --json", h.stdout, h.stderr)
	want := 0
	for i := range h.runs {
		if h.runs[i].State != harvest.RunPassed {
			want = 1
		}
	}
	if h.code != want {
		h.t.Errorf("exit code %d, want %d\n%s", h.code, want, h.stderr)
	}
	h.contained()
}

// call runs a command to its end, and watches how much memory it takes.
func call(ctx context.Context, t *testing.T, cmd *exec.Cmd) (stdout, stderr string, code int, peak int64) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			peak = max(peak, highWater(cmd.Process.Pid))
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			return out.String(), errs.String(), cmd.ProcessState.ExitCode(), peak
		}
	}
}

// highWater is the most memory that a process has had so far, 0 where the
// system does not tell (proc_pid_status(5), VmHWM).
func highWater(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "VmHWM:" {
			n, _ := strconv.ParseInt(f[1], 10, 64) // else 0
			return n << 10
		}
	}
	return 0
}

// bounded fails when the program took more memory than that.
func (h *campaign) bounded(most int64) {
	h.t.Helper()
	h.t.Logf("took %s and %d MiB", h.took.Round(time.Millisecond), h.peak>>20)
	if h.peak > most {
		h.t.Errorf("the program took %d MiB of memory, more than %d", h.peak>>20, most>>20)
	}
}

// hostile reports whether a rune must not reach a terminal as it is.
func hostile(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// harmless fails when any of the texts could steer a terminal.
func (h *campaign) harmless(what string, texts ...string) {
	h.t.Helper()
	for _, text := range texts {
		if at := strings.IndexFunc(text, hostile); at >= 0 {
			h.t.Errorf("%s prints %q", what, text[max(0, at-60):min(len(text), at+60)])
		}
	}
}

// contained fails when anything was written outside the data folder.
func (h *campaign) contained() {
	h.t.Helper()
	err := filepath.WalkDir(h.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(h.dir, name)
		if first, _, _ := strings.Cut(rel, string(filepath.Separator)); first != "config" && first != "harvest-data" {
			h.t.Errorf("the program wrote %s", rel)
		}
		return err
	})
	if err != nil {
		h.t.Error(err)
	}
}

// compare judges how one trap ended.
func (h *campaign) compare(t *testing.T, x *trap, site *sitetest.Site) {
	t.Helper()
	at := slices.IndexFunc(h.runs, func(r harvest.Run) bool { return string(r.Source) == x.name })
	if at < 0 {
		t.Fatalf("no report of %s\n%s", x.name, h.stderr)
	}
	report, err := json.MarshalIndent(h.runs[at], "", " ")
	if err != nil {
		t.Fatal(err)
	}
	c := &caught{site: site, run: h.runs[at], report: string(report), records: h.records[harvest.SourceID(x.name)]}
	wrong := func(format string, args ...any) {
		t.Helper()
		t.Errorf(format+"\n%s", append(args, c.report)...)
	}
	state := x.state
	if state == "" {
		state = harvest.RunPassed
	}
	if c.run.State != state {
		wrong("ended %s, want %s", c.run.State, state)
	}
	if c.run.State != harvest.RunPassed && c.run.Reason == "" {
		wrong("the report does not say why")
	}
	if got := c.run.Outcomes[harvest.NewRecord]; got != len(c.records) || got != x.records && x.records >= 0 {
		wrong("%d new records, %d in the catalogue, want %d", got, len(c.records), x.records)
	}
	for outcome, n := range x.outcomes {
		if c.run.Outcomes[outcome] != n {
			wrong("%d times %s, want %d", c.run.Outcomes[outcome], outcome, n)
		}
	}
	if c.run.Outcomes[harvest.Panicked] > 0 {
		wrong("a parser broke")
	}
	if !strings.Contains(c.report, x.says) {
		wrong("the report does not say %q", x.says)
	}
	most := x.requests
	if most == 0 {
		most = 50
	}
	if got := len(site.Requests()); got > most {
		wrong("the site was asked %d times, more than %d", got, most)
	}
	if x.check != nil {
		x.check(t, c)
	}
}

// exported are the records of the catalogue by source.
func (h *campaign) exported() map[harvest.SourceID][]harvest.Record {
	h.t.Helper()
	out, errs, code, _ := call(h.t.Context(), h.t, h.command("export"))
	if code != 0 {
		h.t.Fatalf("harvest export: exit code %d\n%s", code, errs)
	}
	records := make(map[harvest.SourceID][]harvest.Record)
	for line := range strings.Lines(out) {
		var r harvest.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			h.t.Fatal(err)
		}
		records[r.Source] = append(records[r.Source], r)
	}
	return records
}
