package harvest_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
)

var update = flag.Bool("update", false, "rewrite the tables in the documentation")

// The manual's table of outcomes is this list and no other.
func TestOutcomesAreDocumented(t *testing.T) {
	const file = "docs/operating.md"
	const head, foot = "<!-- outcomes -->\n", "<!-- end of outcomes -->\n"
	var b strings.Builder
	b.WriteString("| about | outcome | weight | means |\n|---|---|---|---|\n")
	weight := map[harvest.Severity]string{harvest.Fine: "fine", harvest.Notable: "notable", harvest.Failing: "failing: the run is not whole"}
	for _, o := range harvest.Outcomes() {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", o.Subject, o.Outcome, weight[o.Severity], o.Means)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), head)
	_, after, ok2 := strings.Cut(rest, foot)
	if !ok || !ok2 {
		t.Fatalf("%s has no marks %q and %q", file, head, foot)
	}
	want := before + head + b.String() + foot + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(text) {
		t.Errorf("%s is behind; go test -run TestOutcomesAreDocumented -update . rewrites it", file)
	}
}

func TestOutcomesAreDistinctAndExplained(t *testing.T) {
	seen := map[harvest.Outcome]bool{}
	for _, o := range harvest.Outcomes() {
		if seen[o.Outcome] {
			t.Errorf("%s is listed twice", o.Outcome)
		}
		seen[o.Outcome] = true
		if o.Means == "" || o.Outcome == "" || strings.ToLower(string(o.Outcome)) != string(o.Outcome) {
			t.Errorf("%q: %q", o.Outcome, o.Means)
		}
	}
	if info := harvest.Outcome("never-heard-of").Info(); info.Severity != harvest.Failing || info.Means == "" {
		t.Errorf("an unknown outcome is %+v, want one that draws attention", info)
	}
}
