package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	main "github.com/harvest87/harvest/cmd/harvest"
)

var (
	// quoted is a call of the program in running text, between quotes of either kind.
	quoted = regexp.MustCompile("[`']harvest ((?:[^`'\n]|\n[^`'\n])+)[`']")
	// typed is one on a line of its own, block a block of such lines.
	typed = regexp.MustCompile(`(?m)^(?:\w+=\S+ )*(?:\./bin/)?harvest ([^#|&\n]+)`)
	block = regexp.MustCompile("(?s)```sh\n(.*?)```")
)

// callsIn are the calls that a page names.
func callsIn(text string) (calls []string) {
	all := quoted.FindAllStringSubmatch(text, -1)
	for _, b := range block.FindAllStringSubmatch(text, -1) {
		all = append(all, typed.FindAllStringSubmatch(b[1], -1)...)
	}
	for _, m := range all {
		calls = append(calls, m[1])
	}
	return calls
}

// commandIsKnown says what is wrong with the words of a call, empty when its command and
// all flags exist. What stands in capitals is anything.
func commandIsKnown(root *cobra.Command, call string) string {
	call, _, _ = strings.Cut(call, " >")
	words := strings.FieldsFunc(call, func(r rune) bool { return r == ' ' || r == '\n' })
	if len(words) == 0 || strings.HasPrefix(words[0], "-") {
		return ""
	}
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err.Error()
	}
	if cmd == root || cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return "no such command"
	}
	for _, word := range rest {
		name, isFlag := strings.CutPrefix(word, "--")
		if !isFlag || name == "" {
			continue
		}
		name, _, _ = strings.Cut(strings.TrimRight(name, ".,;:)"), "=")
		if cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return "no flag --" + name
		}
	}
	return ""
}

// Every command that a page of the documentation or a help text names exists, with its
// flags: a page is read when something is broken, and must not lead astray.
func TestCommandsThatAreNamedExist(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	decisions, err := filepath.Glob("../../docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, name := range append(append(pages, decisions...), "../../README.md", "../../CHANGELOG.md", "../../monitoring/alerts.yml") {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(b)
	}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		texts["the help of "+c.CommandPath()] = c.Long + "\n```sh\n" + strings.ReplaceAll(c.Example, "  harvest", "harvest") + "\n```"
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	root := main.Commands()
	walk(root)
	n := 0
	for where, text := range texts {
		for _, call := range callsIn(text) {
			n++
			if why := commandIsKnown(root, call); why != "" {
				t.Errorf("%s: harvest %s: %s", where, call, why)
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d commands were found; the test shows nothing", n)
	}
	for call, want := range map[string]string{"nonsense": "no such command", "run --speed": "no flag --speed", "runs shoo": "no such command", "sources health a --check": ""} {
		if got := commandIsKnown(root, call); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("harvest %s: %q, want %q", call, got, want)
		}
	}
}
