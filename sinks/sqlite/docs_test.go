package sqlite_test

import (
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

const manual = "../../docs/querying.md"

// chapter is the text under a heading, up to the next one of the same level.
func chapter(t *testing.T, heading string) string {
	t.Helper()
	_, text, ok := strings.Cut(string(read(t, manual)), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("%s has no %q", manual, heading)
	}
	level, _, _ := strings.Cut(heading, " ")
	text, _, _ = strings.Cut(text, "\n"+level+" ")
	return text
}

// blocks are the fenced blocks of a language in a text.
func blocks(text, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// table reads the rows of the first Markdown table in a text, without the two of its head.
func table(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "|") {
			var cells []string
			for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
				cells = append(cells, strings.TrimSpace(cell))
			}
			rows = append(rows, cells)
		} else if len(rows) > 0 {
			break
		}
	}
	return rows[2:]
}

var quoted = regexp.MustCompile("`([^`]*)`")

func names(cell string) []string {
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

// bookshop is a catalogue in which every example of the manual finds something.
func bookshop(t *testing.T, path string) *sqlite.Catalogue {
	t.Helper()
	c := openAt(t, path)
	run := harvest.Run{
		ID: "respect@20260301T030000Z", Source: "respect", ScheduledAt: noon, StartedAt: noon, EndedAt: noon.Add(time.Minute),
		State: harvest.RunPartial, Reason: "two pages failed", Requests: 9, WireBytes: 1 << 20,
		Outcomes: map[harvest.Outcome]int{harvest.NewRecord: 3, harvest.ServerError: 2},
		Samples:  []harvest.Event{{Outcome: harvest.ServerError, URL: "https://respect.example/x", Reason: "500"}},
		Labels:   map[string]int{"News & Views": 4},
		Hosts:    harvest.HostUses{{Host: "respect.international", Requests: 120, NotModified: 90, WireBytes: 40_000, Saved: 900_000}},
	}
	var records []harvest.Record
	for n, source := range []harvest.SourceID{"respect", "respect", "delta87"} {
		url := "https://" + string(source) + ".example/resources/" + string(rune('1'+n)) + "/"
		records = append(records, harvest.Record{
			ID: harvest.NewRecordID(source, "", url), Source: source, URL: url, Title: "Guidance " + string(rune('A'+n)),
			Category: "guidance", Published: harvest.MonthDate(2021, time.Month(4+n)), Language: harvest.Language{Value: "en-GB"},
			Countries: []string{"NP", "GB"}, Topics: []string{"supply-chains"}, Identifiers: harvest.Identifiers{DOI: "10.1234/example"},
			Documents:  []harvest.Document{{URL: url + "a.pdf", MediaType: "application/pdf", Bytes: 1_500_000}},
			Provenance: map[string]harvest.Evidence{"title": {Basis: "selector", Detail: "h1"}},
		})
	}
	if _, err := c.Put(t.Context(), run.ID, noon.AddDate(0, 0, 4), records); err != nil {
		t.Fatal(err)
	}
	curator := harvest.Signature{Author: "ana", Reason: "the cover says so"}
	_, err := c.Amend(t.Context(), curator, noon.AddDate(0, 0, 5), []harvest.RecordID{records[0].ID}, func(r *harvest.Record) error {
		return r.Override("publisher", harvest.Override{Value: []string{"RESPECT"}, Author: curator.Author, Reason: curator.Reason, At: noon})
	})
	for _, err := range []error{
		err,
		c.PutRun(t.Context(), run),
		c.PutWorks(t.Context(), noon, []harvest.Work{{ID: "w:1", Members: []harvest.Member{
			{Record: records[0].ID, Method: "doi", Evidence: "10.1234/example"},
			{Record: records[2].ID, Method: "doi", Evidence: "10.1234/example"},
		}}}),
		c.PutKeys(t.Context(), map[harvest.RecordID][]string{records[0].ID: {"doi:10.1234/example"}}),
		c.PutPages(t.Context(), []harvest.PageFacts{{Source: "respect", URL: records[0].URL, Status: 200, FetchedAt: noon}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// declared is what an example says of how it is answered.
var declared = regexp.MustCompile(`(?m)^-- (index|walks): (\w+).*\n`)

func TestManualQueries(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	c := bookshop(t, path)
	db := raw(t, path)
	examples := blocks(chapter(t, "## SQLite"), "sql")
	if len(examples) < 10 {
		t.Fatalf("%d examples found: has the manual changed its form?", len(examples))
	}
	for _, example := range examples {
		t.Run(strings.Join(strings.Fields(example)[:6], " "), func(t *testing.T) {
			rows, err := db.Query(example)
			if err != nil {
				t.Fatalf("%s\n%v", example, err)
			}
			defer rows.Close()
			if !rows.Next() {
				t.Errorf("finds nothing:\n%s", example)
			}
			if err := rows.Err(); err != nil {
				t.Error(err)
			}
			plan, err := c.Plan(t.Context(), strings.TrimSpace(declared.ReplaceAllString(example, "")))
			if err != nil {
				t.Fatal(err)
			}
			walks := slices.ContainsFunc(strings.Split(plan, "\n"), func(step string) bool {
				return strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "json_each") && !strings.Contains(step, "VIRTUAL TABLE") && !strings.Contains(step, "CONSTANT ROW")
			})
			switch m := declared.FindStringSubmatch(example); {
			case m == nil:
				t.Errorf("neither names its index nor says that it walks:\n%s%s", example, plan)
			case m[1] == "index" && !strings.Contains(plan, " "+m[2]+" "):
				t.Errorf("does not use index %s:\n%s%s", m[2], example, plan)
			case m[1] == "walks" && !walks:
				t.Errorf("does not walk, and should name its index:\n%s%s", example, plan)
			}
		})
	}
}

// TestManualPrograms runs the examples for other programs where they are installed.
func TestManualPrograms(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	bookshop(t, filepath.Join(folder, "harvest.db"))
	for language, program := range map[string][]string{"sh": {"sh", "-c"}, "python": {"python3", "-c"}} {
		for _, example := range blocks(chapter(t, "## SQLite"), language) {
			t.Run(language, func(t *testing.T) {
				needs := program[0]
				if language == "sh" {
					needs = strings.Fields(example)[0]
				}
				if _, err := osexec.LookPath(needs); err != nil {
					t.Skipf("%s is not installed, its example is not checked", needs)
				}
				cmd := osexec.Command(program[0], program[1], example)
				cmd.Dir = folder
				out, err := cmd.CombinedOutput()
				if err != nil || len(strings.TrimSpace(string(out))) == 0 {
					t.Errorf("%s\n%v\n%s", example, err, out)
				}
			})
		}
	}
}

func TestManualListsTheSchema(t *testing.T) {
	t.Parallel()
	c := open(t)
	schema := func(query string) []string {
		t.Helper()
		got, err := c.Names(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	same := func(what string, documented, want []string) {
		t.Helper()
		slices.Sort(documented)
		slices.Sort(want)
		if diff := cmp.Diff(want, documented); diff != "" {
			t.Errorf("%s (-schema +manual):\n%s", what, diff)
		}
	}
	text := chapter(t, "## SQLite")

	_, tables, _ := strings.Cut(text, "### Tables and views")
	var documented []string
	for _, row := range table(tables) {
		documented = append(documented, names(row[0])[0]+" "+row[1])
	}
	same("tables and views", documented, schema(`SELECT name || ' ' || type FROM sqlite_schema
		WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`))

	_, indexes, _ := strings.Cut(text, "### Indexes")
	documented = nil
	for _, row := range table(indexes) {
		name := names(row[0])[0]
		if strings.HasPrefix(row[0], "primary key") {
			name = "primary key of " + name
		}
		documented = append(documented, name+": "+strings.Join(names(row[1]), " "))
	}
	same("indexes", documented, schema(`SELECT iif(i.origin = 'pk', 'primary key of ' || t.name, i.name) || ': ' ||
			(SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
		FROM sqlite_schema AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table'`))
}
