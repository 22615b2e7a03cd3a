package main_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the README shows of the demo is what the demo prints, but for times,
// sizes and ports.
func TestReadmeShowsTheDemo(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "<!-- demo -->\n```text\n")
	shown, _, ok2 := strings.Cut(rest, "```\n<!-- end of demo -->")
	if !ok || !ok2 {
		t.Fatal("README.md has no demo block")
	}
	k := killing{t: t, dir: t.TempDir()}
	out := steady(string(output(t, k.command("demo", "--data", "there"))))
	printed := make(map[string]bool)
	for line := range strings.Lines(out) {
		printed[strings.TrimRight(line, " \n")] = true
	}
	for line := range strings.Lines(steady(shown)) {
		if line = strings.TrimRight(line, " \n"); !printed[line] {
			t.Errorf("the demo does not print %q", line)
		}
	}
	if t.Failed() {
		t.Logf("it prints:\n%s", out)
	}
}

var varying = regexp.MustCompile(`\d{8}T\d{6}Z|\d+(\.\d+)?(ms|s)\b|\d+(\.\d+)? [kM]?B\b|127\.0\.0\.1:\d+|requests  \d+`) // whoever comes first asks for robots.txt

// steady takes out what differs from run to run.
func steady(s string) string { return varying.ReplaceAllString(s, "*") }
