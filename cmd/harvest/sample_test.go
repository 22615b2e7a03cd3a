package main_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// Both source files of the sample site give just the records that its editors
// would want, and end every other page as they would.
func TestSampleSiteGivesWhatIsExpected(t *testing.T) {
	t.Parallel()
	site := sample.New(sample.Options{})
	base, stop := site.Start()
	t.Cleanup(stop) // after the parts, which run side by side
	for _, source := range []harvest.SourceID{sample.LibrarySource, sample.APISource} {
		t.Run(string(source), func(t *testing.T) {
			t.Parallel()
			k := killing{t: t, dir: t.TempDir(), base: base}
			for name, text := range map[string]string{"harvest.yaml": "{}\n", "sources/" + string(source) + ".yaml": sample.Sources(base)[source]} {
				if err := writeFile(filepath.Join(k.dir, "config", name), text); err != nil {
					t.Fatal(err)
				}
			}
			var runs []harvest.Run
			if err := json.Unmarshal(output(t, k.command("run", "--json")), &runs); err != nil {
				t.Fatal(err)
			}
			var got []sample.Expectation
			for line := range strings.Lines(string(output(t, k.command("export")))) {
				var r harvest.Record
				if err := json.Unmarshal([]byte(line), &r); err != nil {
					t.Fatal(err)
				}
				got = append(got, expectation(base, &r))
			}
			slices.SortFunc(got, func(a, b sample.Expectation) int { return strings.Compare(a.Path, b.Path) })
			if diff := cmp.Diff(cutSummaries(sample.Expected(source)), cutSummaries(got)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			for outcome, paths := range sample.Endings(source) {
				for _, path := range paths {
					if !slices.ContainsFunc(runs[0].Samples, func(e harvest.Event) bool { return e.Outcome == outcome && e.URL == base+path }) && outcome.Info().Severity != harvest.Fine {
						t.Errorf("%s did not end as %s; samples %v", path, outcome, runs[0].Samples)
					}
				}
				if runs[0].Outcomes[outcome] != len(paths) {
					t.Errorf("%d times %s, want %d", runs[0].Outcomes[outcome], outcome, len(paths))
				}
			}
		})
	}
}

func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return out
}

func expectation(base string, r *harvest.Record) sample.Expectation {
	e := sample.Expectation{
		Path: strings.TrimPrefix(r.URL, base), Title: r.Title, CategoryRaw: r.CategoryRaw, Category: r.Category, Published: r.Published,
		Language: r.Language.Value, Publisher: r.Publisher, SummaryPrefix: r.Summary, SummaryCut: r.SummaryBasis.Truncated,
	}
	if id, ok := strings.CutPrefix(r.NativeID, "wp:"); ok {
		for _, c := range id {
			e.ID = e.ID*10 + int(c-'0')
		}
	}
	for _, d := range r.Documents {
		e.Documents = append(e.Documents, strings.TrimPrefix(d.URL, base))
	}
	return e
}

// cutSummaries keeps the beginning of each summary, which is what is compared.
func cutSummaries(list []sample.Expectation) []sample.Expectation {
	out := slices.Clone(list)
	for i := range out {
		r := []rune(out[i].SummaryPrefix)
		out[i].SummaryPrefix = string(r[:min(60, len(r))])
	}
	return out
}
