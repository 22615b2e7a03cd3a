package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/harvest87/harvest/config"
)

var update = flag.Bool("update", false, "rewrite what is wanted with what is")

// today is the day on which all tests take place.
func today() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// vocabulary is read once for all tests.
var vocabulary = sync.OnceValue(func() *config.Vocabulary {
	v, err := config.LoadVocabulary()
	if err != nil {
		panic(err)
	}
	return v
})

// loader is a loader on that day, with an environment of these lines.
func loader(env string) config.Loader {
	return config.Loader{
		Vocabulary: vocabulary(),
		Now:        today,
		LookupEnv: func(name string) (string, bool) {
			for line := range strings.Lines(env) {
				if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && key == name {
					return value, true
				}
			}
			return "", false
		},
	}
}

// TestBad loads every set of files in testdata/bad, each of which holds a
// mistake, and compares what is said with the section "want". A section
// "loaded" lists the sources that load all the same, if harvest.yaml is good; "env" is the environment.
// A set without harvest.yaml is given an empty one, except no-harvest-yaml.
func TestBad(t *testing.T) {
	archives, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	const least = 60
	if len(archives) < least {
		t.Errorf("%d sets of bad files, want at least %d", len(archives), least)
	}
	for _, path := range archives {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			t.Chdir(dir)
			if name != "no-harvest-yaml" {
				write(t, "harvest.yaml", "# nothing\n")
			}
			write(t, "sources/.keep", "")
			for _, f := range archive.Files {
				if strings.Contains(f.Name, ".y") || strings.Contains(f.Name, "/") {
					write(t, f.Name, string(f.Data))
				}
			}
			c, problems := loader(section(archive, "env")).Load("harvest.yaml")
			got := lines(problems)
			var loaded []string
			if c != nil {
				for _, s := range c.Sources {
					loaded = append(loaded, string(s.ID)+"\n")
				}
			}
			if bad := problems.In("harvest.yaml").Err(); (c == nil) != (bad != nil) {
				t.Errorf("configuration %v with harvest.yaml being %v", c, bad)
			}
			if *update {
				setSection(archive, "want", got)
				setSection(archive, "loaded", strings.Join(loaded, ""))
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(section(archive, "want"), got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(section(archive, "loaded"), strings.Join(loaded, "")); diff != "" {
				t.Errorf("loaded sources (-want +got):\n%s", diff)
			}
			if got == "" {
				t.Error("nothing is wrong with a bad file")
			}
			checkManners(t, problems)
		})
	}
}

// goWords are words of the language the program is written in, which mean
// nothing to its users.
var goWords = regexp.MustCompile(`config\.|: yaml: |yaml: line|strconv|!!|map\[|\[\]string|struct|unmarshal|parse ".*":|int64|time\.|%!`)

// checkManners checks what holds for every message.
func checkManners(t *testing.T, problems config.Problems) {
	t.Helper()
	sorted := slices.IsSortedFunc(problems, func(a, b config.Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	if !sorted {
		t.Errorf("problems are not sorted:\n%s", problems)
	}
	for _, p := range problems {
		if m := goWords.FindString(p.String()); m != "" {
			t.Errorf("message says %q: %s", m, p)
		}
		if strings.Contains(p.String(), "hunter2") || strings.Contains(p.String(), "s3cr3t") {
			t.Errorf("message tells a secret: %s", p)
		}
		if strings.Contains(p.String(), "\n") {
			t.Errorf("message has several lines: %q", p)
		}
		checkPosition(t, p)
	}
}

// checkPosition checks that a problem points into its file.
func checkPosition(t *testing.T, p config.Problem) {
	t.Helper()
	text, err := os.ReadFile(p.File)
	if err != nil || p.Line == 0 {
		return
	}
	if msg := outside(string(text), p); msg != "" {
		t.Errorf("%s: %s", msg, p)
	}
}

// outside says how a problem's position is not in the text, empty when it is.
func outside(text string, p config.Problem) string {
	all := strings.Split(text, "\n")
	if p.Line < 1 || p.Line > len(all) {
		return "line is outside the file"
	}
	if p.Col < 1 || p.Col > len([]rune(all[p.Line-1]))+1 {
		return "column is outside the line"
	}
	return ""
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines is one problem a line, as a section holds them.
func lines(problems config.Problems) string {
	if len(problems) == 0 {
		return ""
	}
	return problems.String() + "\n"
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// setSection replaces a section, adds it at the end, or, when the text is
// empty, takes it away.
func setSection(a *txtar.Archive, name, text string) {
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	switch {
	case i >= 0 && text == "":
		a.Files = slices.Delete(a.Files, i, i+1)
	case i >= 0:
		a.Files[i].Data = []byte(text)
	case text != "":
		a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
	}
}
