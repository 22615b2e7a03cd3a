package gate_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/gate"
)

var noGates config.Gates

// fewSeeds are enough to see that something is wrong; go test ./crawler/gate
// -run 'Clean|Breaks' -v -seeds 20 measures.
const fewSeeds = 2

var seeds = flag.Int("seeds", fewSeeds, "how many sites of each kind are simulated")

// TestCleanRunsRaiseNoAlarm lets four kinds of sites live for a hundred weeks
// under several seeds. An alarm that comes once a month is read by nobody.
func TestCleanRunsRaiseNoAlarm(t *testing.T) {
	const weeks, most = 100, 1
	t.Logf("%-9s %5s %5s %7s  %s", "site", "seed", "runs", "alarms", "which")
	for _, kind := range []string{"small", "medium", "large", "restless"} {
		sum, runs := 0, 0
		defer func() { t.Logf("%-9s %d runs, %d alarms", kind, runs, sum) }()
		for seed := range uint64(*seeds) {
			if kind == "large" && seed > 0 && *seeds == fewSeeds {
				break // it takes long
			}
			w := newWorld(seed, kind)
			alarms, judged := 0, 0
			var which []string
			for range weeks {
				failed := w.visit(nil)
				judged += len(w.runs[len(w.runs)-1].Gates)
				if len(failed) > 0 {
					alarms++
					which = append(which, fmt.Sprintf("week %d: %s", w.week, gate.Sums(failed)))
				}
				w.live()
			}
			if judged < weeks*20 {
				t.Errorf("%s, seed %d: only %d gates were judged in %d runs", kind, seed, judged, weeks)
			}
			t.Logf("%-9s %5d %5d %7d  %s", kind, seed, weeks, alarms, strings.Join(which, " | "))
			sum, runs = sum+alarms, runs+weeks
			if alarms > most {
				t.Errorf("%s, seed %d: %d alarms in %d clean runs, more than %d", kind, seed, alarms, weeks, most)
			}
		}
	}
}

// breaks are what sites do to a harvester, and the gates that must see it.
var breaks = []struct {
	name  string
	does  func(n int) func(r *harvest.Record)
	gates []string
}{
	{"summary selector gives nothing", each(func(_ int, r *harvest.Record) { clear(r, "summary"); r.Summary = "" }), []string{"lost.summary"}},
	{"date selector gives nothing", each(func(_ int, r *harvest.Record) { r.Published = harvest.Date{} }), []string{"lost.published"}},
	{"publisher and authors are gone", each(func(_ int, r *harvest.Record) { r.Publisher, r.Authors = "", nil }), []string{"lost.publisher", "lost.authors"}},
	{"half of the pages have a new template", each(func(n int, r *harvest.Record) {
		if n%2 == 0 {
			r.Summary = ""
		}
	}), []string{"lost.summary"}},
	{"all addresses are new", each(func(_ int, r *harvest.Record) { r.ID += "-new"; r.URL += "/new" }), []string{"missed", "new"}},
	{"every page is the home page", each(func(_ int, r *harvest.Record) {
		*r = harvest.Record{ID: r.ID, Source: r.Source, URL: r.URL, Title: "World – home", Summary: "Welcome", Language: r.Language}
	}), []string{"same_title", "lost.published"}},
	{"another language", each(func(_ int, r *harvest.Record) { r.Language.Value = "pt"; r.Title += " em português" }), []string{"language_moves"}},
	{"one category for all", each(func(_ int, r *harvest.Record) { r.Category, r.CategoryRaw = "event", "Event" }), []string{"category_moves"}},
}

func clear(r *harvest.Record, field string) { delete(r.Provenance, field) }

func each(f func(n int, r *harvest.Record)) func(int) func(*harvest.Record) {
	return func(int) func(*harvest.Record) {
		n := 0
		return func(r *harvest.Record) { f(n, r); n++ }
	}
}

// TestBreaksAreCaught breaks each kind of site after one, three and twenty good
// runs. Every break must be caught in its first run.
func TestBreaksAreCaught(t *testing.T) {
	for _, b := range breaks {
		caught, total := 0, 0
		defer func() { t.Logf("%-42s caught %d of %d", b.name, caught, total) }()
		for _, kind := range []string{"small", "medium", "restless"} {
			for _, good := range []int{1, 3, 20} {
				for seed := range uint64(*seeds) {
					name := fmt.Sprintf("%s, %s, seed %d, after %d", b.name, kind, seed, good)
					w := newWorld(seed+100, kind)
					for range good {
						w.visit(nil)
						w.live()
					}
					failed := w.visit(b.does(good))
					var gates []string
					for _, f := range failed {
						gates = append(gates, f.Gate)
					}
					total++
					if len(failed) > 0 {
						caught++
					}
					for _, want := range b.gates {
						if !slices.Contains(gates, want) {
							t.Errorf("%s: gate %q did not fail; failed are %v", name, want, gates)
						}
					}
					if seed == 0 && good == 3 && kind == "medium" {
						t.Logf("%s\n    %s", name, gate.Sums(failed))
					}
				}
			}
		}
	}
}

// TestWhatDiedIsNamed checks that a lost field names the place that gave it,
// with records that show it.
func TestWhatDiedIsNamed(t *testing.T) {
	w := newWorld(7, "medium")
	for range 3 {
		w.visit(nil)
		w.live()
	}
	failed := w.visit(breaks[0].does(0))
	at := slices.IndexFunc(failed, func(r harvest.GateResult) bool { return r.Gate == "lost.summary" })
	if at < 0 {
		t.Fatalf("the gate did not fail: %v", failed)
	}
	r := failed[at]
	if !strings.Contains(strings.Join(r.Hints, "\n"), "selector .entry-content p (1 of 2) gave it on ") {
		t.Errorf("the selector is not named: %q", r.Hints)
	}
	if len(r.Examples) != harvest.MaxExamples || r.Examples[0].Before == "" || r.Examples[0].URL == "" {
		t.Errorf("examples %v", r.Examples)
	}
	if r.Seen < 0.99 || r.High > 0.5 || r.History != 3 {
		t.Errorf("figures %+v", r)
	}
}

// TestToleranceNarrowsWithHistory is what is meant by learning.
func TestToleranceNarrowsWithHistory(t *testing.T) {
	limit := func(n, runs int) float64 {
		history := []harvest.Run{{State: harvest.RunPassed, Figures: &harvest.Figures{New: n}}} // the first run finds all new
		for range runs - 1 {
			history = append(history, harvest.Run{State: harvest.RunPassed, Figures: &harvest.Figures{
				Again: n, Fields: []harvest.FieldFigures{{Name: "summary", Had: n, Lost: n / 200}},
			}})
		}
		now := harvest.Run{Figures: &harvest.Figures{Again: n, Fields: []harvest.FieldFigures{{Name: "summary", Had: n, Lost: n / 20}}}}
		for _, r := range gate.Judge(noGates, history, &now, true) {
			if r.Gate == "lost.summary" {
				return r.High
			}
		}
		t.Fatal("the gate was not judged")
		return 0
	}
	manual, err := os.ReadFile("../../docs/gates.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, runs := range []int{1, 2, 3, 5, 10, 20} {
		row := fmt.Sprintf("\n| %d | %.0f %% | %.0f %% |\n", runs, 100*limit(20, runs), 100*limit(200, runs))
		if !strings.Contains(string(manual), row) {
			t.Errorf("docs/gates.md has no row %q", row)
		}
	}
	one, five, twenty := limit(200, 1), limit(200, 5), limit(200, 20)
	if one <= five || five < twenty || one > 0.7 || twenty > 0.2 {
		t.Errorf("limits %.2f, %.2f and %.2f after 1, 5 and 20 runs", one, five, twenty)
	}
}

// TestFirstRun knows no history: what no source could be proud of fails, and
// nothing else.
func TestFirstRun(t *testing.T) {
	judge := func(f harvest.Figures) (failed []string) {
		f.Whole = true
		for _, r := range gate.Failed(gate.Judge(noGates, nil, &harvest.Run{Figures: &f}, true)) {
			failed = append(failed, r.Gate)
		}
		return failed
	}
	for _, c := range []struct {
		name string
		f    harvest.Figures
		want []string
	}{
		{"a healthy one", harvest.Figures{New: 200, Asked: 210, Lost: 10, TopTitle: "newsletter", TopCount: 20}, nil},
		{"one title for all", harvest.Figures{New: 200, Asked: 200, TopTitle: "home", TopCount: 190}, []string{"same_title"}},
		{"two records of one title", harvest.Figures{New: 3, Asked: 3, TopTitle: "home", TopCount: 2}, nil},
		{"hardly a page", harvest.Figures{New: 10, Asked: 200, Lost: 190}, []string{"pages"}},
		{"hardly a title", harvest.Figures{New: 10, Asked: 200, Invalid: 190}, []string{"invalid"}},
		{"pages that repeat another", harvest.Figures{New: 10, Asked: 200, Repeats: 190}, []string{"repeats"}},
	} {
		if diff := cmp.Diff(c.want, judge(c.f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestSettings checks that a source file has the last word.
func TestSettings(t *testing.T) {
	history := []harvest.Run{{State: harvest.RunPassed, Figures: &harvest.Figures{New: 100, Whole: true}}}
	now := harvest.Run{
		Figures:  &harvest.Figures{Standing: 100, Again: 40, Changed: 40, Missed: 60, Whole: true, Fields: []harvest.FieldFigures{{Name: "summary", Had: 40, Lost: 30}}},
		Outcomes: map[harvest.Outcome]int{harvest.ChangedRecord: 40},
	}
	judge := func(g config.Gates, ended bool) (failed []string) {
		for _, r := range gate.Failed(gate.Judge(g, history, &now, ended)) {
			failed = append(failed, r.Gate)
		}
		return failed
	}
	wide := config.Limit{Set: true, Most: 0.9}
	for _, c := range []struct {
		name  string
		gates config.Gates
		ended bool
		want  []string
	}{
		{"learned", config.Gates{}, true, []string{"volume", "missed", "changed", "lost.summary"}},
		{"before the end", config.Gates{}, false, []string{"changed", "lost.summary"}},
		{"off", config.Gates{
			Volume: config.Limit{Off: true}, Missed: config.Limit{Off: true}, Changed: config.Limit{Off: true},
			Lost: map[string]config.Limit{"summary": {Off: true}},
		}, true, nil},
		{"wide", config.Gates{Volume: wide, Missed: wide, Changed: config.Limit{Set: true, Most: 1}, Lost: map[string]config.Limit{"summary": wide}}, true, nil},
		{"narrow", config.Gates{
			Volume: wide, Missed: config.Limit{Set: true, Most: 0.5}, Changed: config.Limit{Off: true}, Lost: map[string]config.Limit{"summary": {Set: true, Most: 0.7}},
		}, true, []string{"missed", "lost.summary"}},
		{"a bound", config.Gates{
			Records: config.Bound{Op: ">=", Value: 50}, Volume: wide, Missed: wide, Changed: config.Limit{Off: true}, Lost: map[string]config.Limit{"summary": wide},
		}, true, []string{"records"}},
	} {
		if diff := cmp.Diff(c.want, judge(c.gates, c.ended)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestBaseline begins anew where a person has published a run.
func TestBaseline(t *testing.T) {
	run := func(day int, state harvest.RunState, ruled bool) harvest.Run {
		at := day0.AddDate(0, 0, day)
		r := harvest.Run{ID: harvest.NewRunID("world", at), StartedAt: at, State: state, Figures: &harvest.Figures{}}
		if ruled {
			r.Ruling = &harvest.Ruling{Publish: true}
		}
		return r
	}
	runs := []harvest.Run{
		run(9, harvest.RunPassed, false), run(8, harvest.RunQuarantined, false), run(7, harvest.RunPartial, false), run(6, harvest.RunPassed, true),
		run(5, harvest.RunDiscarded, false), run(4, harvest.RunPassed, false),
		{ID: "old", State: harvest.RunPassed},
	}
	var got []int
	for _, r := range gate.Baseline(runs, runs[0].ID) {
		got = append(got, int(r.StartedAt.Sub(day0).Hours()/24))
	}
	if diff := cmp.Diff([]int{6}, got); diff != "" {
		t.Errorf("days before the last run (-want +got):\n%s", diff)
	}
	got = nil
	for _, r := range gate.Baseline(runs[4:], "") {
		got = append(got, int(r.StartedAt.Sub(day0).Hours()/24))
	}
	if diff := cmp.Diff([]int{4}, got); diff != "" {
		t.Errorf("days without a ruling (-want +got):\n%s", diff)
	}
}

// TestFieldsOfTheConfiguration holds the fields that a source file may name to
// those that are watched.
func TestFieldsOfTheConfiguration(t *testing.T) {
	if diff := cmp.Diff(gate.FieldNames(), config.GateFields()); diff != "" {
		t.Errorf("watched and configurable (-watched +configurable):\n%s", diff)
	}
}
