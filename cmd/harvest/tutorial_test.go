package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

// The commands of the walk-through, in their order, with the sample site in the
// place of the library that does not exist: none fails, and they harvest it.
func TestTutorial(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/adding-a-source.md")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			command, _, _ := strings.Cut(line, " #")
			if !strings.HasPrefix(command, "harvest ") {
				t.Fatalf("the walk-through has the line %q, which is no command of this program", line)
			}
			if strings.HasPrefix(command, "harvest sources add ") {
				command += " --allow 127.0.0.1/32" // the sample site is on this machine
			}
			script.WriteString("exec " + strings.NewReplacer("https://library.example.org", "$SITE", `"`, "'").Replace(command) + "\n")
		}
	}
	for _, must := range []string{"sources add ", "sources lint", "sources try ", "sources test ", "sources check ", "run "} {
		if !strings.Contains(script.String(), "exec harvest "+must) && !strings.Contains(script.String(), "exec harvest "+strings.TrimSpace(must)+"\n") {
			t.Errorf("the walk-through does not show harvest %s", must)
		}
	}
	script.WriteString("stdout 'example-library:'\nexec harvest sources list --json\nstdout '\"records\": 2[0-9]'\n")
	file := filepath.Join(t.TempDir(), "tutorial.txtar")
	if err := writeFile(file, script.String()); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files: []string{file}, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			if err := setup(env); err != nil {
				return err
			}
			return os.RemoveAll(filepath.Join(env.WorkDir, "config", "sources")) // the reader has none yet
		},
	})
}
