package main_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	main "github.com/harvest87/harvest/cmd/harvest"
)

// Help is what people read first: every command says what it does and shows
// how it is typed, and every example begins with the command itself.
func TestEveryCommandHasAnExample(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" || c.Example == "" {
			t.Errorf("%q has no short text or no example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "harvest ") {
				t.Errorf("%q: example %q does not begin with harvest", c.CommandPath(), text)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%q: --%s is not explained", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(main.Commands())
}
