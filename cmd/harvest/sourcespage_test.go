package main_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	main "github.com/harvest87/harvest/cmd/harvest"
)

// The pages that are made from the program are those in docs; -update and
// `make docs` write them anew.
func TestPagesMadeFromTheProgram(t *testing.T) {
	t.Parallel()
	for path, args := range map[string][]string{
		"../../docs/keys.md":    {"sources", "keys"},
		"../../docs/sources.md": {"sources", "list", "--markdown"},
		"../../docs/fields.md":  {"schema", "fields"},
	} {
		var out, said bytes.Buffer
		if code := (main.Main{Stdout: &out, Stderr: &said}).Run(context.Background(), append(args, "--config", "../../config/harvest.yaml")); code != 0 {
			t.Fatalf("%v ends with %d: %s", args, code, &said)
		}
		if *update {
			if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(out.String(), string(got)); diff != "" {
			t.Errorf("%s is out of date; run make docs (-want +got):\n%s", path, diff)
		}
	}
}

// A source file cannot break the table that it stands in.
func TestSourcesPageOfHostileFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"harvest.yaml": "contact: tests@example.org\n",
		"sources/x.yaml": "id: x\nname: 'a | b <script> [c](javascript:d) `e`'\nhomepage: 'https://example.org/a(b)|c'\n" +
			"licence: 'x | y'\ndisabled_because: 'it | lies'\ndoors:\n  - wordpress: {}\n",
	} {
		if err := writeFile(dir+"/"+name, text); err != nil {
			t.Fatal(err)
		}
	}
	var out, said bytes.Buffer
	if code := (main.Main{Stdout: &out, Stderr: &said}).Run(context.Background(), []string{"sources", "list", "--markdown", "--config", dir + "/harvest.yaml"}); code != 0 {
		t.Fatal(said.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	row := lines[len(lines)-1]
	if cells := strings.Count(strings.ReplaceAll(row, `\|`, ""), "|"); cells != 11 || strings.ContainsAny(row, "<`") || strings.Contains(row, "](javascript") && !strings.Contains(row, `\[c](javascript`) {
		t.Errorf("%d marks of cells in %s", cells, row)
	}
	if !strings.Contains(row, "no: it \\| lies") {
		t.Errorf("a source with a reason runs: %s", row)
	}
}
