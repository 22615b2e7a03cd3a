package crawler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// next are the options of the run after the one of o, on the same catalogue.
func next(o crawler.Options, s *site, store *memoryStore) crawler.Options {
	again := options(s, store, &memoryJournal{})
	again.ScheduledAt = o.ScheduledAt.Add(24 * time.Hour)
	again.ID = harvest.NewRunID("library", again.ScheduledAt)
	again.Now = later
	return again
}

// Whether a slash at the end of an address matters, only the site can show.
func TestSlashByEvidence(t *testing.T) {
	item := func(n int) string { return fmt.Sprintf("%sitem/%d", home, n) }
	tests := []struct {
		name  string
		page  func(n int) (plain, slash string)
		want  func(n int) []string // titles
		asked int                  // item pages, of 12 addresses
	}{
		{
			"one page at both, until the site has shown it twice",
			func(n int) (string, string) { p := fmt.Sprintf("title Report %d\n", n); return p, p },
			func(n int) []string { return []string{fmt.Sprintf("Report %d", n)} },
			9,
		},
		{
			"a redirect to the slash",
			func(n int) (string, string) {
				p := fmt.Sprintf("title Report %d\n", n)
				return p + "landed " + item(n) + "/\n", p
			},
			func(n int) []string { return []string{fmt.Sprintf("Report %d", n)} },
			8,
		},
		{
			"a canonical address without the slash",
			func(n int) (string, string) {
				p := fmt.Sprintf("title Report %d\ncanonical %s\n", n, item(n))
				return p, p
			},
			func(n int) []string { return []string{fmt.Sprintf("Report %d", n)} },
			9,
		},
		{
			"two documents",
			func(n int) (string, string) {
				return fmt.Sprintf("title Report %d\n", n), fmt.Sprintf("title Annex %d\n", n)
			},
			func(n int) []string { return []string{fmt.Sprintf("Annex %d", n), fmt.Sprintf("Report %d", n)} },
			12,
		},
		{
			"one page at both but for the first, which is two documents",
			func(n int) (string, string) {
				p := fmt.Sprintf("title Report %d\n", n)
				if n == 1 {
					return p, "title Annex 1\n"
				}
				return p, p
			},
			func(n int) []string {
				if n == 1 {
					return []string{"Annex 1", "Report 1"}
				}
				return []string{fmt.Sprintf("Report %d", n)}
			},
			12,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, store := newSite(0), newMemoryStore()
			var want []string
			s.pages[home+"list/1"] = "item " + item(1) + "\nitem " + item(1) + "/\n"
			for n := 1; n <= 6; n++ {
				s.pages[item(n)], s.pages[item(n)+"/"] = tt.page(n)
				if n < 6 { // each item leads to the next, so that what was learned counts
					links := "item " + item(n+1) + "\nitem " + item(n+1) + "/\n"
					s.pages[item(n)] += links
					s.pages[item(n)+"/"] += links
				}
				want = append(want, tt.want(n)...)
			}
			o := options(s, store, &memoryJournal{})
			o.Workers = 1
			run := mustHarvest(t, o)
			if diff := cmp.Diff(sorted(want), store.titles()); diff != "" || run.State != harvest.RunPassed {
				t.Errorf("%s (%s): %s", run.State, run.Reason, diff)
			}
			if n := s.askedFor("item/"); n != tt.asked {
				t.Errorf("%d item pages were asked for, want %d", n, tt.asked)
			}
			ids := store.ids()
			again := next(o, s, store)
			again.Workers = 1
			mustHarvest(t, again)
			if diff := cmp.Diff(ids, store.ids()); diff != "" {
				t.Errorf("the identities of a second run: %s", diff)
			}
		})
	}
	t.Run("many workers", func(t *testing.T) {
		s, store := newSite(0), newMemoryStore()
		for n := 1; n <= 20; n++ {
			s.pages[home+"list/1"] += "item " + item(n) + "\nitem " + item(n) + "/\n"
			s.pages[item(n)] = fmt.Sprintf("title Report %d\n", n)
			s.pages[item(n)+"/"] = fmt.Sprintf("title Annex %d\n", n)
		}
		o := options(s, store, &memoryJournal{})
		o.Workers = 8
		mustHarvest(t, o)
		if len(store.records) != 40 {
			t.Errorf("%d records, want 40", len(store.records))
		}
		ids := store.ids()
		for range 3 {
			o = next(o, s, store)
			o.Workers = 8
			if run := mustHarvest(t, o); run.Outcomes[harvest.UnchangedRecord] != 40 {
				t.Errorf("outcomes %v, want 40 unchanged", run.Outcomes)
			}
		}
		if diff := cmp.Diff(ids, store.ids()); diff != "" {
			t.Errorf("the identities of later runs: %s", diff)
		}
	})
}

func (s *site) askedFor(part string) int {
	n := 0
	for u, times := range s.asked {
		if strings.Contains(u, part) {
			n += times
		}
	}
	return n
}
