package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

// A real WordPress, from Debian's packages, harvested by the real program, and
// what came out compared field by field with what WordPress says it holds.
func TestWordPress(t *testing.T) {
	if os.Getenv("HARVEST_TEST_WORDPRESS") == "" {
		t.Skip("SKIPPED: 'make test-wordpress' installs WordPress, PHP and MariaDB from Debian and runs this")
	}
	for _, name := range []string{"/usr/share/wordpress/wp-load.php", "/usr/sbin/mariadbd", "/usr/bin/php"} {
		if _, err := os.Stat(name); err != nil {
			t.Fatalf("%v: 'make test-wordpress' installs it", err)
		}
	}
	program := filepath.Join(t.TempDir(), "harvest")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	socket := startMariaDB(t)
	for _, permalinks := range []string{"pretty", "plain"} {
		t.Run(permalinks, func(t *testing.T) {
			site := installWordPress(t, socket, permalinks)
			h := harvesting{t: t, program: program, dir: t.TempDir(), site: site}
			h.writeConfig()

			run := h.run()
			compareWithWordPress(t, site.truth(), h.export())
			want := map[harvest.Outcome]int{harvest.Protected: 1, harvest.NoTitle: 1}
			for o, n := range want {
				if run.Outcomes[o] != n {
					t.Errorf("%d times %s, want %d; outcomes %v", run.Outcomes[o], o, n, run.Outcomes)
				}
			}
			if run.State != harvest.RunPassed {
				t.Errorf("run %s: %s", run.State, run.Reason)
			}
			t.Logf("first run: %s", summary(run))

			site.php("change")
			run = h.run()
			compareWithWordPress(t, site.truth(), h.export())
			if !run.Incremental || run.Outcomes[harvest.NewRecord] != 1 || run.Outcomes[harvest.ChangedRecord] != 1 {
				t.Errorf("second run: incremental %v, outcomes %v; want one new and one changed record", run.Incremental, run.Outcomes)
			}
			t.Logf("second run: %s", summary(run))
			h.addByItself()
		})
	}
}

// addByItself harvests the site with the file that `sources add` writes for it,
// as it is, and compares as before.
func (h *harvesting) addByItself() {
	h.t.Helper()
	own := harvesting{t: h.t, program: h.program, dir: h.t.TempDir(), site: h.site}
	path := filepath.Join(own.dir, "config", "harvest.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("contact: tests@example.org\n"), 0o644); err != nil {
		h.t.Fatal(err)
	}
	h.t.Logf("%s", own.harvest("sources", "add", h.site.base, "--id", "library", "--allow", "127.0.0.1/32"))
	run := own.run()
	compareWithWordPress(h.t, h.site.truth(), own.export())
	if run.State != harvest.RunPassed || run.Door() != "wordpress" {
		h.t.Errorf("with the file that was found: run %s through %s: %s", run.State, run.Door(), run.Reason)
	}
}

func summary(r harvest.Run) string {
	return fmt.Sprintf("%s, %d requests, %d octets, %s, outcomes %v", r.State, r.Requests, r.WireBytes, r.Duration(r.EndedAt).Round(time.Millisecond), r.Outcomes)
}

// held is a post as WordPress holds it.
type held struct {
	ID        int      `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Date      string   `json:"date"`
	Modified  string   `json:"modified"`
	Labels    []string `json:"labels"`
	Author    string   `json:"author"`
	Excerpt   string   `json:"excerpt"`
	Text      string   `json:"text"`
	Documents []string `json:"documents"`
}

var tags = regexp.MustCompile(`<[^>]*>`)

// compareWithWordPress compares every field that both sides have.
func compareWithWordPress(t *testing.T, holds []held, records []harvest.Record) {
	t.Helper()
	byID := map[string]harvest.Record{}
	for _, r := range records {
		byID[r.NativeID] = r
	}
	wanted := 0
	for _, p := range holds {
		if p.Title == "" {
			continue // rejected, with an outcome
		}
		wanted++
		r, ok := byID[fmt.Sprintf("wp:%d", p.ID)]
		if !ok {
			t.Errorf("post %d %q is missing", p.ID, p.Title)
			continue
		}
		title := strings.Join(strings.Fields(tags.ReplaceAllString(html.UnescapeString(html.UnescapeString(tags.ReplaceAllString(p.Title, ""))), "")), " ")
		if got := plainQuotes(r.Title); got != plainQuotes(title) && !strings.Contains(p.Title, "&lt;") {
			t.Errorf("post %d: title %q, WordPress has %q", p.ID, r.Title, title)
		}
		if !sameURL(r.URL, p.URL) {
			t.Errorf("post %d: url %s, WordPress has %s", p.ID, r.URL, p.URL)
		}
		if r.Published.Value != p.Date || r.Published.Precision != harvest.PrecisionDay {
			t.Errorf("post %d: published %v, WordPress has %s", p.ID, r.Published, p.Date)
		}
		if r.Modified.Value != p.Modified {
			t.Errorf("post %d: modified %v, WordPress has %s", p.ID, r.Modified, p.Modified)
		}
		if diff := cmp.Diff(p.Labels, r.CategoriesRaw); diff != "" {
			t.Errorf("post %d: labels %s", p.ID, diff)
		}
		compareSummary(t, &p, &r)
		documents := []string{}
		for _, d := range r.Documents {
			documents = append(documents, d.URL[strings.Index(d.URL, "/wp-content"):])
		}
		if diff := cmp.Diff(p.Documents, documents); diff != "" {
			t.Errorf("post %d: documents %s", p.ID, diff)
		}
		wantAuthors := []string{p.Author}
		if p.Author == "admin" {
			wantAuthors = nil
		}
		if !slices.Equal(r.Authors, wantAuthors) {
			t.Errorf("post %d: authors %q, WordPress has %q", p.ID, r.Authors, p.Author)
		}
	}
	if len(records) != wanted {
		t.Errorf("%d records, WordPress shows %d posts with a title", len(records), wanted)
	}
	for _, r := range records {
		if strings.Contains(r.Title+r.Summary, "Secret") || strings.Contains(r.Title, "password") {
			t.Errorf("%s was never public: %q", r.ID, r.Title)
		}
	}
}

// sameURL compares addresses as RFC 3986 section 6.2.2.1 does: the hexadecimal
// digits of an encoded octet have no case.
func sameURL(a, b string) bool {
	upper := func(s string) string { return encoded.ReplaceAllStringFunc(s, strings.ToUpper) }
	return upper(a) == upper(b)
}

var encoded = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// plainQuotes undoes WordPress's typography: it prints curly quotes and dashes
// for straight ones.
func plainQuotes(s string) string {
	return strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-").Replace(s)
}

func compareSummary(t *testing.T, p *held, r *harvest.Record) {
	t.Helper()
	if r.SummaryBasis.Truncated || strings.Contains(r.Summary, "[…]") || strings.Contains(r.Summary, "&amp;") || strings.Contains(r.Summary, "Download the report") {
		t.Errorf("post %d: summary is cut, has entities or the label of a link: %q", p.ID, r.Summary)
	}
	whole := p.Text
	if p.Excerpt != "" {
		whole = p.Excerpt
	}
	words := func(s string) []string { return strings.Fields(plainQuotes(html.UnescapeString(s))) }
	want, got := strings.Join(words(whole), ""), strings.Join(words(r.Summary), "")
	if len(got) < 20 || !strings.HasPrefix(strings.ReplaceAll(want, " ", ""), got[:min(len(got), 200)]) {
		t.Errorf("post %d: summary %q is not how the text begins: %q", p.ID, r.Summary, whole)
	}
}

// harvesting runs the program on a configuration of its own.
type harvesting struct {
	t       *testing.T
	program string
	dir     string
	site    *wordpress
}

func (h *harvesting) writeConfig() {
	h.t.Helper()
	files := map[string]string{
		"harvest.yaml": "contact: tests@example.org\n",
		"sources/library.yaml": fmt.Sprintf(`id: library
name: Library on Forced Labour
homepage: %s
doors:
  - wordpress: {types: [posts, resources]}
politeness: {delay: 10ms}
network: {allow: [127.0.0.1/32]}
checked: never
`, h.site.base),
	}
	for name, text := range files {
		path := filepath.Join(h.dir, "config", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			h.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *harvesting) harvest(args ...string) []byte {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.program, append(args, "--config", "config/harvest.yaml", "--data", "data")...)
	cmd.Dir = h.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		h.t.Fatalf("harvest %v: %v\n%s\n%s", args, err, out.String(), errs.String())
	}
	return out.Bytes()
}

func (h *harvesting) run() harvest.Run {
	h.t.Helper()
	var runs []harvest.Run
	if err := json.Unmarshal(h.harvest("run", "--json"), &runs); err != nil || len(runs) != 1 {
		h.t.Fatalf("runs %v, error %v", runs, err)
	}
	return runs[0]
}

func (h *harvesting) export() []harvest.Record {
	h.t.Helper()
	var records []harvest.Record
	lines := bufio.NewScanner(bytes.NewReader(h.harvest("export", "--format", "jsonl")))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r harvest.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			h.t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

// startMariaDB runs a database of its own, without a port, and returns its socket.
func startMariaDB(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wpdb") //nolint:usetesting // t.TempDir is longer than the path of a socket may be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if out, err := exec.Command("mariadb-install-db", "--no-defaults", "--user=root", "--auth-root-authentication-method=normal", "--datadir="+dir+"/data").CombinedOutput(); err != nil {
		t.Fatalf("install database: %v\n%s", err, out)
	}
	socket := dir + "/s"
	server := exec.Command("/usr/sbin/mariadbd", "--no-defaults", "--user=root", "--datadir="+dir+"/data", "--socket="+socket, "--skip-networking", "--innodb-flush-log-at-trx-commit=0")
	start(t, server)
	await(t, "the database", func() bool {
		return exec.Command("mariadb-admin", "--no-defaults", "--socket="+socket, "ping").Run() == nil
	})
	return socket
}

// start runs a server until the test ends.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
}

// await polls until ready says so, for a minute at most.
func await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for !ready() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s did not come up", what)
		}
	}
}

// wordpress is a running site.
type wordpress struct {
	t    *testing.T
	dir  string
	base string
}

func installWordPress(t *testing.T, socket, permalinks string) *wordpress {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "wp")
	if out, err := exec.Command("cp", "-rL", "/usr/share/wordpress", dir).CombinedOutput(); err != nil && !strings.Contains(string(out), "cannot stat") {
		t.Fatalf("copy WordPress: %v\n%s", err, out)
	}
	database := "wp_" + permalinks
	if out, err := exec.Command("mariadb", "--no-defaults", "--socket="+socket, "-e", "CREATE DATABASE "+database+" CHARACTER SET utf8mb4").CombinedOutput(); err != nil {
		t.Fatalf("create database: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	l.Close()
	w := &wordpress{t: t, dir: dir, base: "http://" + host}
	config := fmt.Sprintf(`<?php
define('DB_NAME', '%s'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '%s'); define('WP_SITEURL', '%s'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_CONTENT_DIR', '%s/wp-content');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
`, database, socket, w.base, w.base, dir)
	w.write("wp-config.php", []byte(config))
	for from, to := range map[string]string{"mu-plugin.php": "wp-content/mu-plugins/library.php", "seed.php": "seed.php"} {
		b, err := os.ReadFile(filepath.Join("testdata", "wordpress", from))
		if err != nil {
			t.Fatal(err)
		}
		w.write(to, b)
	}
	w.php("install", permalinks)
	// A test that is killed cannot stop its server and the workers of that: they
	// stop by themselves.
	server := exec.Command("timeout", "15m", "php", "-S", host, "-t", dir, filepath.Join(dir, "index.php"))
	server.Env = append(os.Environ(), "PHP_CLI_SERVER_WORKERS=2", "WP_TEST_HOST="+host)
	server.Dir = dir
	start(t, server)
	await(t, "WordPress", func() bool {
		resp, err := http.Get(w.base + "/")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return true
	})
	return w
}

func (w *wordpress) write(name string, b []byte) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// php runs the seed script and returns what it prints.
func (w *wordpress) php(args ...string) []byte {
	w.t.Helper()
	cmd := exec.Command("php", append([]string{"seed.php"}, args...)...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "WP_TEST_HOST="+strings.TrimPrefix(w.base, "http://"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("php seed.php %v: %v\n%s\n%s", args, err, out.String(), errs.String())
	}
	return out.Bytes()
}

func (w *wordpress) truth() []held {
	w.t.Helper()
	var holds []held
	if err := json.Unmarshal(w.php("truth"), &holds); err != nil {
		w.t.Fatal(err)
	}
	return holds
}
