package crawler_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

const day = 24 * time.Hour

// weekly harvests a site week after week on a fake clock. Each week is a run
// with its options; prepare may change the site, check looks at what was asked.
func weekly(t *testing.T, s *site, store *memoryStore, weeks int, prepare func(week int, o *crawler.Options), check func(week int)) []harvest.Run {
	t.Helper()
	var runs []harvest.Run
	for week := range weeks {
		clear(s.asked)
		o := options(s, store, &memoryJournal{})
		o.ScheduledAt = time.Now()
		o.ID = harvest.NewRunID("library", o.ScheduledAt)
		o.Source.Revisit = config.Revisit{Max: 30 * day}
		prepare(week, &o)
		runs = append(runs, mustHarvest(t, o))
		check(week)
		pass(7 * day) // of the bubble
	}
	return runs
}

// A page is asked for less often the longer it has not changed, and never less
// often than the source's bound; one that changes each week is asked for each week.
func TestRevisitsAdaptToThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(2), newMemoryStore()
		asked := map[int][]int{}
		weekly(t, s, store, 60, func(week int, _ *crawler.Options) {
			s.pages[home+"item/2"] = fmt.Sprintf("title Report 2\nlabel edition %d\n", week)
		}, func(week int) {
			for n := 1; n <= 2; n++ {
				if s.asked[fmt.Sprintf("%sitem/%d", home, n)] > 0 {
					asked[n] = append(asked[n], week)
				}
			}
		})
		if got := len(asked[2]); got != 60 {
			t.Errorf("the page that changes each week was asked for in %d of 60 weeks", got)
		}
		gaps := []int{}
		for i := 1; i < len(asked[1]); i++ {
			gaps = append(gaps, asked[1][i]-asked[1][i-1])
		}
		if want := []int{1, 1, 1, 1}; !cmp.Equal(want, gaps[:4]) {
			t.Errorf("gaps begin with %v, want %v", gaps[:4], want)
		}
		if last := gaps[len(gaps)-1]; last != 5 { // 30 days, and the next week's run
			t.Errorf("gaps between visits of the page that never changes: %v weeks, want 5 in the end", gaps)
		}
		for i := 1; i < len(gaps); i++ {
			if gaps[i] < gaps[i-1] {
				t.Errorf("gaps %v do not grow", gaps)
			}
		}
		for id, r := range store.records {
			if age := time.Since(r.LastSeen); age > 8*day {
				t.Errorf("%s was last seen %s ago though every list named it", id, age)
			}
		}
	})
}

func TestRevisitBounds(t *testing.T) {
	tests := []struct {
		name    string
		revisit config.Revisit
		full    bool
		want    int // times that a page which never changes is asked for in 20 weeks
	}{
		{"always", config.Revisit{}, false, 20},
		{"at most two weeks alone", config.Revisit{Max: 13 * day}, false, 13},
		{"at least twenty days alone", config.Revisit{Min: 20 * day, Max: 30 * day}, false, 7},
		{"a full run asks for everything", config.Revisit{Min: 20 * day, Max: 30 * day}, true, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, store := newSite(1), newMemoryStore()
				asked, skipped := 0, 0
				runs := weekly(t, s, store, 20, func(_ int, o *crawler.Options) {
					o.Source.Revisit, o.Full = tt.revisit, tt.full
				}, func(int) { asked += s.askedFor("item/") })
				for _, r := range runs {
					skipped += r.Outcomes[harvest.Skipped]
					if r.State != harvest.RunPassed || r.Records() != 1 {
						t.Errorf("%s (%s), outcomes %v", r.State, r.Reason, r.Outcomes)
					}
				}
				if asked != tt.want || skipped != 20-tt.want {
					t.Errorf("asked %d times and skipped %d times, want %d and %d", asked, skipped, tt.want, 20-tt.want)
				}
			})
		})
	}
}

// What leads to a page may say that it has not changed since it was fetched.
func TestLastmodSparesTheVisit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(0), newMemoryStore()
		start := time.Now()
		at := func(days int) string { return start.Add(time.Duration(days) * day).Format(time.RFC3339) }
		for _, name := range []string{"old", "edited", "silent"} {
			s.pages[home+name] = "title " + name + "\n"
		}
		want := []map[string]int{
			{"old": 1, "edited": 1, "silent": 1},
			{"old": 0, "edited": 1, "silent": 1}, // a week later
			{"old": 0, "edited": 0, "silent": 1},
			{"old": 0, "edited": 0, "silent": 1},
			{"old": 0, "edited": 0, "silent": 1},
			{"old": 1, "edited": 0, "silent": 1}, // after 35 days what is said does not count
		}
		weekly(t, s, store, len(want), func(week int, _ *crawler.Options) {
			edited := -1
			if week > 0 {
				edited = 5
			}
			s.pages[home+"list/1"] = fmt.Sprintf("since %s %sold\nsince %s %sedited\nitem %ssilent\n", at(-100), home, at(edited), home, home)
		}, func(week int) {
			for name, n := range want[week] {
				if got := s.asked[home+name]; got != n {
					t.Errorf("week %d: %s was asked for %d times, want %d", week, name, got, n)
				}
			}
		})
	})
}

// A page sent whole that says what it said is no change of its records, and the
// page is the quieter for it.
func TestNoiseAroundTheContentIsNoChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(1), newMemoryStore()
		runs := weekly(t, s, store, 3, func(week int, _ *crawler.Options) {
			text := "first"
			if week == 2 {
				text = "second"
			}
			s.pages[home+"item/1"] = fmt.Sprintf("title Report 1\ntext %s\nnoise %d\n", text, week)
		}, func(week int) {
			f := store.pages[home+"item/1"]
			if wantChanges := max(week-1, 0); f.Changes != wantChanges || f.Since.IsZero() || len(f.Records) != 1 {
				t.Errorf("week %d: the ledger has %+v, want %d changes", week, f, wantChanges)
			}
		})
		for week, r := range runs[1:] {
			if r.Outcomes[harvest.UnchangedRecord] != 1 || r.Outcomes[harvest.Fetched] != 2 {
				t.Errorf("week %d: outcomes %v, want a page fetched and its record unchanged", week+1, r.Outcomes)
			}
		}
		for id, n := range store.puts {
			if n != 2 { // the first time, and when the text was another
				t.Errorf("%s was written %d times, want 2", id, n)
			}
		}
	})
}

// Another source file reads pages anew; what it reads otherwise is no change of
// the page.
func TestAnotherFileIsNoChangeOfThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(1), newMemoryStore()
		weekly(t, s, store, 2, func(week int, o *crawler.Options) {
			o.Fingerprint = fmt.Sprint("version ", week)
			s.pages[home+"item/1"] = fmt.Sprintf("title Report 1\ntext %d\n", week)
		}, func(int) {
			if f := store.pages[home+"item/1"]; f.Changes != 0 || f.Records == nil {
				t.Errorf("the ledger has %+v", f)
			}
		})
	})
}
