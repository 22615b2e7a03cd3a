package crawler_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// Pages that name another page as the one to cite are given up only for the
// same document; no template costs a document.
func TestCanonicalClaims(t *testing.T) {
	item := func(n int) string { return fmt.Sprintf("%sitem/%d", home, n) }
	tests := []struct {
		name      string
		canonical func(n int) string
		alter     func(*site)
		want      []string // titles
		duplicate int
		most      int // requests for the canonical page
	}{
		{"all name the first", func(int) string { return item(1) }, nil, []string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"}, 0, 7},
		{"all name the last", func(int) string { return item(6) }, nil, []string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"}, 0, 7},
		{"each names the next", func(n int) string { return item(n%6 + 1) }, nil, []string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"}, 0, 2},
		{"all name a page that is not there", func(int) string { return home + "missing" }, nil, []string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"}, 0, 6},
		{
			"all name a page that fails", func(int) string { return home + "failing" },
			func(s *site) { s.fail[home+"failing"] = harvest.ServerError },
			[]string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"},
			0, 6,
		},
		{
			"all name a page that is in no list", func(int) string { return home + "cover" },
			func(s *site) { s.pages[home+"cover"] = "title Cover\n" },
			[]string{"Cover", "Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"},
			0, 7,
		},
		{
			"all are copies of one", func(int) string { return home + "original" },
			func(s *site) {
				for n := 1; n <= 6; n++ {
					s.pages[item(n)] = "title Fees and debts\ncanonical " + home + "original\n"
				}
				s.pages[home+"original"] = "title Fees and debts.\ncanonical " + home + "original\n"
			},
			[]string{"Fees and debts."},
			6, 4,
		},
		{
			"the canonical address leads back", func(n int) string { return item(n) + "?print" },
			func(s *site) {
				for n := 1; n <= 6; n++ {
					s.pages[item(n)+"?print"] = fmt.Sprintf("title Report %d\nlanded %s\n", n, item(n))
				}
			},
			[]string{"Report 1", "Report 2", "Report 3", "Report 4", "Report 5", "Report 6"},
			0, 2,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for die := 0; die <= 12; die += 3 { // 0 is never
				s, store := newSite(6), newMemoryStore()
				for n := 1; n <= 6; n++ {
					s.pages[item(n)] += "canonical " + tt.canonical(n) + "\n"
				}
				if tt.alter != nil {
					tt.alter(s)
				}
				journal := &memoryJournal{dieAfter: die}
				run, err := crawler.Harvest(t.Context(), options(s, store, journal))
				if die > 0 && err != nil {
					run = mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
				}
				if diff := cmp.Diff(tt.want, slices.Sorted(slices.Values(store.titles()))); diff != "" {
					t.Errorf("dying after %d: titles (-want +got):\n%s\noutcomes %v", die, diff, run.Outcomes)
				}
				if run.Outcomes[harvest.DuplicateRecord] != tt.duplicate {
					t.Errorf("dying after %d: outcomes %v; want %d duplicate records", die, run.Outcomes, tt.duplicate)
				}
				if n := s.asked[tt.canonical(1)]; n > tt.most && die == 0 {
					t.Errorf("the canonical page was asked %d times, more than %d", n, tt.most)
				}
			}
		})
	}
}
