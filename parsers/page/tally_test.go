package page_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// hear is what the pages of one run say: n of them, each with what say gives.
func hear(n int, say func(i int) []harvest.Habit) *page.Hearing {
	var h page.Hearing
	var wg sync.WaitGroup
	for _, i := range rand.Perm(n) { // in whatever order they come
		wg.Go(func() { h.Hear(say(i)) })
	}
	wg.Wait()
	return &h
}

func TestTally(t *testing.T) {
	suffix := harvest.Habit{Field: "part of a title", Text: "voicesfromthemills"}
	often := func(in10 int) func(i int) []harvest.Habit {
		return func(i int) []harvest.Habit {
			out := []harvest.Habit{{Field: "title", Text: fmt.Sprint("plant", i)}}
			if i%10 < in10 {
				out = append(out, suffix)
			}
			return out
		}
	}
	var known page.Tally
	if learned, _ := known.Add(hear(7, often(10))); learned != nil || known.Habits() != nil {
		t.Errorf("seven pages taught %v", learned)
	}
	learned, forgotten := known.Add(hear(10, often(9)))
	if !slices.Equal(learned, []harvest.Habit{suffix}) || forgotten != nil || !known.Habits()[suffix] {
		t.Fatalf("learned %v, forgotten %v", learned, forgotten)
	}
	version := known.Habits().Version()
	for range 3 { // fewer pages say so than would make it a habit
		if learned, forgotten = known.Add(hear(10, often(3))); learned != nil || forgotten != nil || known.Habits().Version() != version {
			t.Fatalf("went back: learned %v, forgotten %v", learned, forgotten)
		}
	}
	for range 20 {
		_, gone := known.Add(hear(10, often(0)))
		forgotten = append(forgotten, gone...)
	}
	if !slices.Equal(forgotten, []harvest.Habit{suffix}) || known.Habits() != nil {
		t.Errorf("forgotten %v, habits %v", forgotten, known.Habits())
	}
}

// The same pages in any order make the same tally, and no site makes it grow
// beyond its bounds or loses what is a habit for what is not.
func TestTallyIsBounded(t *testing.T) {
	say := func(i int) []harvest.Habit {
		out := []harvest.Habit{{Field: "summary", Text: "weareanetwork"}}
		for k := range 10 {
			out = append(out, harvest.Habit{Field: "title", Text: fmt.Sprint(i, "-", k)}, harvest.Habit{Field: "title", Text: fmt.Sprint("twice", i/2, "-", k)})
		}
		return out
	}
	var one, two page.Tally
	for range 4 {
		one.Add(hear(900, say))
		two.Add(hear(900, say))
		if diff := cmp.Diff(one, two); diff != "" {
			t.Fatal(diff)
		}
		if len(one.Counts) > 300 || one.Pages > 2000 {
			t.Errorf("%d texts, %d pages", len(one.Counts), one.Pages)
		}
		if !one.Habits()[harvest.Habit{Field: "summary", Text: "weareanetwork"}] {
			t.Error("the habit is lost")
		}
	}
}

// What runs have learned reads pages as what was learned from a list of them, and
// the evidence says so.
func TestKnownHabits(t *testing.T) {
	var heard page.Hearing
	for i := range 26 {
		address, body := siteOfHabits(i)
		heard.Hear(page.Extract(&harvest.Page{URL: address, Body: body}, config.PageRules{}).Says)
	}
	var known page.Tally
	known.Add(&heard)
	address, body := siteOfHabits(3)
	p := &harvest.Page{URL: address, Body: body}
	r := page.ExtractBy(known.Habits(), p, config.PageRules{})
	if got := r.Record; got.Title != "Wages withheld in plant 3" || !got.Published.IsZero() || !slices.Equal(got.Authors, []string{"Ann Roed"}) {
		t.Errorf("title %q, published %q, authors %q", got.Title, got.Published.Value, got.Authors)
	}
	if got, want := r.Record.Provenance["title"].Detail, "title element; habits of the site "+known.Habits().Version(); got != want {
		t.Errorf("evidence %q, want %q", got, want)
	}
	if again := page.ExtractBy(known.Habits(), p, config.PageRules{}); !cmp.Equal(r, again) {
		t.Error(cmp.Diff(r, again))
	}
	for _, x := range page.Extract(p, config.PageRules{}).Says {
		if known.Habits()[x] && !slices.Contains(r.Says, x) {
			t.Errorf("%v is not said by a page that is read by it: it would be forgotten", x)
		}
	}
}
