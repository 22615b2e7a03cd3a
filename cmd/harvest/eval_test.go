package main_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/harvest87/harvest"
)

// evalPages is how many pages TestEvalPages harvests, evalPerLanguage how many
// of them may be in one language.
const (
	evalPages       = 20
	evalPerLanguage = 4
)

// Real pages with known answers, served as the items of a listing, harvested
// by the real program, and what came out compared field by field with what is
// known. The folder that HARVEST_EVAL_DIR names holds extract/pages.dev.tar.xz,
// list.dev.jsonl and truth.dev.jsonl; the pages belong to their publishers and
// are no part of the project. Nothing is asked of the quality but that nearly
// all pages give a record with a title: the numbers are there to be read.
func TestEvalPages(t *testing.T) {
	folder := os.Getenv("HARVEST_EVAL_DIR")
	if folder == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with pages of known answers")
	}
	folder = filepath.Join(folder, "extract")
	archive := filepath.Join(folder, "pages.dev.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	for _, name := range []string{"tar", "xz"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIPPED: %v; it takes the pages out of their archive", err)
		}
	}
	chosen := chooseEvalPages(t, filepath.Join(folder, "truth.dev.jsonl"))
	site := httptest.NewServer(evalSite(t, archive, chosen))
	t.Cleanup(site.Close)
	run, records := harvestEvalPages(t, site.URL)

	byURL := make(map[string]*harvest.Record)
	for i := range records {
		r := &records[i]
		byURL[r.URL] = r
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
	}
	if run.State == harvest.RunRunning || run.State == harvest.RunInterrupted {
		t.Errorf("the run is %s: %s", run.State, run.Reason)
	}
	titled := 0
	for _, p := range chosen {
		r, ended := byURL[site.URL+p.path], evalEnding(&run, site.URL+p.path)
		switch {
		case r != nil && r.Title != "":
			titled++
		case ended == "":
			t.Errorf("%s: neither a record nor an outcome", p.File)
		}
	}
	if least := evalPages - 2; titled < least {
		t.Errorf("%d of %d pages gave a record with a title, want at least %d", titled, len(chosen), least)
	}
	t.Log(evalReport(&run, site.URL, chosen, byURL))
}

// evalPage is one page and what is known of it; fields that nobody established
// are empty.
type evalPage struct {
	File     string   `json:"file"`
	URL      string   `json:"url"`
	Domain   string   `json:"domain"`
	Tier     string   `json:"tier"`
	Title    string   `json:"title"`
	Date     string   `json:"date"`
	DateAlt  []string `json:"date_alt"`
	Authors  []string `json:"authors"`
	Summary  string   `json:"summary"`
	Language string   `json:"lang"`
	Absent   []string `json:"absent"`

	path string // on the site of the test, with the query
}

// chooseEvalPages takes pages in the order of the hash of their names: one of
// a domain, some of a language.
func chooseEvalPages(t *testing.T, truth string) []evalPage {
	t.Helper()
	var all []evalPage
	for _, line := range linesOf(t, truth) {
		var p evalPage
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatalf("%s: %v", truth, err)
		}
		if p.Tier == "gold" && p.Title != "" {
			all = append(all, p)
		}
	}
	hash := func(p evalPage) string {
		sum := sha256.Sum256([]byte(p.File))
		return hex.EncodeToString(sum[:])
	}
	slices.SortFunc(all, func(a, b evalPage) int { return strings.Compare(hash(a), hash(b)) })
	domains, languages := make(map[string]bool), make(map[string]int)
	var chosen []evalPage
	for _, p := range all {
		at, err := url.Parse(p.URL)
		if err != nil || len(chosen) == evalPages || domains[p.Domain] || languages[p.Language] == evalPerLanguage {
			continue
		}
		domains[p.Domain] = true
		languages[p.Language]++
		p.path = fmt.Sprintf("/%02d%s", len(chosen)+1, at.RequestURI()) // addresses say something too
		chosen = append(chosen, p)
	}
	if len(chosen) != evalPages {
		t.Fatalf("%s has %d pages that may be chosen, want %d", truth, len(chosen), evalPages)
	}
	return chosen
}

func linesOf(t *testing.T, name string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(b), []byte("\n"))
}

// evalSite serves the pages behind a listing of two pages. Its cards say
// nothing of their items but where they are.
func evalSite(t *testing.T, archive string, chosen []evalPage) http.Handler {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-xJf", archive, "-C", dir}
	for _, p := range chosen {
		args = append(args, p.File)
	}
	if out, err := exec.CommandContext(t.Context(), "tar", args...).CombinedOutput(); err != nil {
		t.Fatalf("tar %s: %v\n%s", archive, err, out)
	}
	bodies := make(map[string][]byte)
	for _, p := range chosen {
		body, err := os.ReadFile(filepath.Join(dir, p.File))
		if err != nil {
			t.Fatal(err)
		}
		bodies[p.path] = body
	}
	half := len(chosen) / 2
	bodies["/"] = evalListing(chosen[:half], `<a class="next" href="/more">Next</a>`)
	bodies["/more"] = evalListing(chosen[half:], "")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html") // what its charset is, the page must tell
		_, _ = w.Write(body)
	})
}

func evalListing(pages []evalPage, next string) []byte {
	var b strings.Builder
	b.WriteString("<!doctype html><html><head><meta charset=utf-8><title>List</title></head><body><ul>\n")
	for _, p := range pages {
		fmt.Fprintf(&b, "<li class=\"item\"><a href=\"%s\">Read more</a></li>\n", html.EscapeString(p.path))
	}
	b.WriteString("</ul>" + next + "</body></html>\n")
	return []byte(b.String())
}

// harvestEvalPages runs the program on the site and reads what it wrote.
func harvestEvalPages(t *testing.T, site string) (harvest.Run, []harvest.Record) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"config/harvest.yaml": "contact: tests@example.org\n",
		"config/sources/pages.yaml": fmt.Sprintf(`id: pages
name: Pages with known answers
homepage: %s
doors:
  - listing:
      start: %[1]s/
      item: {card: li.item, link: a}
      next: a.next
politeness: {delay: 0s}
network: {allow: [127.0.0.1/32]}
checked: never
`, site),
	} {
		if err := writeFile(filepath.Join(dir, name), text); err != nil {
			t.Fatal(err)
		}
	}
	var runs []harvest.Run
	if err := json.Unmarshal(runHere(t, dir, "run", "--json"), &runs); err != nil || len(runs) != 1 {
		t.Fatalf("runs %v, error %v", runs, err)
	}
	var records []harvest.Record
	lines := bufio.NewScanner(bytes.NewReader(runHere(t, dir, "export", "--format", "jsonl")))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r harvest.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return runs[0], records
}

// runHere runs the program, which is this one, in a folder. It may end with 1:
// a run that is not whole is reported like any other.
func runHere(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t, false), append(args, "--config", "config/harvest.yaml", "--data", "data")...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("harvest %v: %v\n%s", args, err, errs.String())
	}
	return out.Bytes()
}

// evalEnding is the outcome of a page among the samples of the run's report:
// endings that are not fine, up to [harvest.MaxSamples] of each, which is more
// than the test lets pass.
func evalEnding(run *harvest.Run, address string) harvest.Outcome {
	for _, e := range run.Samples {
		if e.URL == address {
			return e.Outcome
		}
	}
	return ""
}

// evalReport compares field by field, a line for each page, and counts.
func evalReport(run *harvest.Run, site string, chosen []evalPage, records map[string]*harvest.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pages of %d domains: %s %s, outcomes %v\n\n", len(chosen), len(chosen), run.State, run.Reason, run.Outcomes)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "page\tdomain\ttitle\tdate\tlanguage\tsummary\tauthors")
	sums, counts := make(map[string]float64), make(map[string]int)
	var wrong []string
	for _, p := range chosen {
		r := records[site+p.path]
		if r == nil {
			fmt.Fprintf(w, "%s\t%s\tno record: %s\n", p.File, p.Domain, evalEnding(run, site+p.path))
			r = new(harvest.Record)
		}
		cells := []string{p.File, p.Domain}
		for _, f := range p.compare(r) {
			if !f.known {
				cells = append(cells, "-")
				continue
			}
			sums[f.name] += f.score
			counts[f.name]++
			cells = append(cells, fmt.Sprintf("%.2f", f.score))
			if f.score < 1 && f.name != "summary" {
				wrong = append(wrong, fmt.Sprintf("%s %s: got %q, known %q", p.File, f.name, f.got, f.want))
			}
		}
		if r.URL != "" {
			fmt.Fprintln(w, strings.Join(cells, "\t"))
		}
	}
	fmt.Fprint(w, "mean\t")
	for _, name := range []string{"title", "date", "language", "summary", "authors"} {
		fmt.Fprintf(w, "\t%.2f of %d", sums[name]/float64(max(1, counts[name])), counts[name])
	}
	fmt.Fprintln(w)
	_ = w.Flush() // to memory
	fmt.Fprintf(&b, "\nnot as known:\n  %s\n", strings.Join(wrong, "\n  "))
	return b.String()
}

// evalField compares one field: 1 is as known, 0 is not.
type evalField struct {
	name      string
	known     bool
	score     float64
	got, want string
}

// compare holds a record against what is known. Titles, dates and languages
// are as known or not; of summaries and authors it takes the harmonic mean of
// how much of what is known was found, and how much of what was found is known.
func (p *evalPage) compare(r *harvest.Record) []evalField {
	same := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	noDate := slices.Contains(p.Absent, "date")
	date := r.Published.Value
	dateRight := date == p.Date || date != "" && slices.Contains(p.DateAlt, date)
	language, _, _ := strings.Cut(r.Language.Value, "-")
	return []evalField{
		{"title", p.Title != "", same(evalFold(r.Title) == evalFold(p.Title)), r.Title, p.Title},
		{"date", p.Date != "" || noDate, same(dateRight), date, p.Date},
		{"language", p.Language != "", same(language == p.Language), r.Language.Value, p.Language},
		{"summary", p.Summary != "", overlap(evalWords(r.Summary), evalWords(p.Summary)), r.Summary, p.Summary},
		{"authors", len(p.Authors) > 0, overlap(foldAll(r.Authors), foldAll(p.Authors)), strings.Join(r.Authors, "; "), strings.Join(p.Authors, "; ")},
	}
}

// evalFold is a text without what typography and case make of it.
func evalFold(s string) string { return strings.Join(evalWords(s), " ") }

func evalWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

func foldAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, evalFold(s))
	}
	return out
}

// overlap is the F1 of two lists, each thing counted as often as it stands.
func overlap(got, want []string) float64 {
	left := make(map[string]int)
	for _, s := range want {
		left[s]++
	}
	common := 0.0
	for _, s := range got {
		if left[s] > 0 {
			left[s]--
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return 2 * common / float64(len(got)+len(want))
}
