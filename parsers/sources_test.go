package parsers_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fixture"
)

var update = flag.Bool("update", false, "rewrite the expected readings")

const sourceFiles = "../config/sources"

// TestSourceFixtures reads the saved pages of every shipped source with the
// doors of its file, as `harvest sources test` does. What a person may find
// right in a page of a real site is wrong here: these pages are made up.
func TestSourceFixtures(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(sourceFiles, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d source files, error %v", len(files), err)
	}
	known := make(map[string]bool)
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".yaml")
		known[id] = true
		t.Run(id, func(t *testing.T) {
			src, problems := config.LoadSource(file)
			if src == nil {
				t.Fatal(problems)
			}
			report, err := fixture.Check(src, vocabulary, fixture.Folder(src), *update)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range report.Findings {
				t.Errorf("door %d %s: %s\n  %s", f.Door, f.File, f.What, strings.Join(f.Lines, "\n  "))
			}
		})
	}
	folders, err := os.ReadDir(filepath.Join(sourceFiles, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.IsDir() && !known[folder.Name()] {
			t.Errorf("testdata/%s belongs to no source file", folder.Name())
		}
	}
}
