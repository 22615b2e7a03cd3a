package induce_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/induce"
	"github.com/harvest87/harvest/parsers/listing"
	"github.com/harvest87/harvest/parsers/normalize"
)

// trials is how many layouts of each kind are drawn.
const trials = 150

// TestLayouts draws lists as sites print them and reads each with the rules
// that were found for it. A list counts when every item is found and no other,
// with its title, its day where one is printed, and the next page.
func TestLayouts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		from  choices
		least float64 // of the lists that must be read without a fault
	}{
		{"seen", seen, 0.95},
		{"kept apart", apart, 0.9},
	} {
		faults, right := make(map[string]int), 0
		for i := range trials {
			r := rand.New(rand.NewPCG(87, uint64(i)))
			l := draw(r, tt.from)
			why := l.fault(r)
			if why == "" {
				right++
				continue
			}
			faults[strings.SplitN(why, ":", 2)[0]]++
			if testing.Verbose() {
				t.Logf("%d: %s\n    %s", i, l, why)
			}
		}
		rate := float64(right) / trials
		t.Logf("layouts %s: %d of %d lists read without a fault (%.1f %%); faults %v", tt.name, right, trials, 100*rate, faults)
		if rate < tt.least {
			t.Errorf("layouts %s: %.3f are read without a fault, want %.2f", tt.name, rate, tt.least)
		}
	}
}

// fault says what is wrong with the reading of a layout, empty when nothing is.
func (l layout) fault(r *rand.Rand) string {
	text, docs, next := l.page(r)
	p := &harvest.Page{URL: listURL, Request: harvest.Request{URL: listURL}, Outcome: harvest.Fetched, Status: 200, MediaType: "text/html", Body: []byte(text)}
	lists := induce.Lists(p, nil)
	if len(lists) == 0 {
		return "no list"
	}
	rules := lists[0].Rules
	rules.Start = []string{listURL}
	src := &config.Source{ID: "library", Homepage: site, Language: l.language, Doors: []config.Door{{Kind: "listing", Listing: &rules}}}
	door, err := listing.New(src, nil, 0)
	if err != nil {
		return "rules: " + err.Error()
	}
	seeds, _ := door.Seeds(time.Time{})
	p.Request = seeds[0]
	return l.compare(door.Parse(p), docs, next, fmt.Sprintf("card %v flat %v title %v date %v; doubts %q", rules.Item.Card, rules.Item.WithFollowing, rules.Item.Title, rules.Item.Date, lists[0].Doubts))
}

func (l layout) compare(got harvest.Parsed, docs []doc, next, rules string) string {
	cards, goesOn := make(map[string]*harvest.Record), ""
	for _, req := range got.Requests {
		if req.Kind == harvest.KindItem {
			cards[normalize.URLKey(req.URL)] = req.Card
		} else {
			goesOn = req.URL
		}
	}
	for _, d := range docs {
		c := cards[normalize.URLKey(d.url)]
		switch {
		case c == nil:
			return fmt.Sprintf("item missed: %s of %d; %d found, %s", d.url, len(docs), len(cards), rules)
		case c.Title != normalize.Text(d.title):
			return fmt.Sprintf("title: %q, want %q; %s", c.Title, d.title, rules)
		case l.date != "none" && c.Published.Value != d.day.Format(time.DateOnly):
			return fmt.Sprintf("date: %q, want %s; %s", c.Published.Value, d.day.Format(time.DateOnly), rules)
		}
	}
	if len(cards) != len(docs) {
		return fmt.Sprintf("others found: %d besides the %d; %s", len(cards)-len(docs), len(docs), rules)
	}
	if normalize.URLKey(goesOn) != normalize.URLKey(next) {
		return fmt.Sprintf("next: %q, want %q", goesOn, next)
	}
	return ""
}
