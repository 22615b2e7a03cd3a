package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

var fewWords = strings.Fields("kab kaf lof mub nax pil rud sev tok vim")

// shuffled is a catalogue of texts of few words, and an index of it that has
// grown in steps: with several segments, and with records that were changed and
// removed since.
func shuffled(t *testing.T, n int) (*catalogue, *search.Index) {
	t.Helper()
	rng := rand.New(rand.NewPCG(8, 7))
	text := func(n int) string {
		var out []string
		for range n {
			out = append(out, fewWords[rng.IntN(len(fewWords))])
		}
		return strings.Join(out, " ")
	}
	make := func(i int) harvest.Record {
		r := titled(fmt.Sprintf("%04d", i), text(1+rng.IntN(3)), "en")
		r.Summary = text(rng.IntN(12))
		r.Category = []string{"law", "report", "guidance"}[rng.IntN(3)]
		switch rng.IntN(4) {
		case 0:
		case 1:
			r.Published = harvest.YearDate(2018 + rng.IntN(4))
		default:
			r.Published = harvest.DayDate(2018+rng.IntN(4), time.Month(1+rng.IntN(12)), 1+rng.IntN(28))
		}
		return r
	}
	ix, c := open(t, t.TempDir()), newCatalogue()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for step := range 4 {
		for i := step * n / 4; i < (step+1)*n/4; i++ {
			c.put(at, make(i))
		}
		for range step * n / 20 {
			i := rng.IntN(step * n / 4)
			if rng.IntN(3) == 0 {
				c.remove(harvest.RecordID(fmt.Sprintf("test:%04d", i)))
			} else {
				c.put(at, make(i))
			}
		}
		syncWith(t, ix, c)
		at = at.Add(time.Hour)
	}
	return c, ix
}

// holds reports whether the words stand next to each other.
func holds(text, phrase string) bool { return strings.Contains(" "+text+" ", " "+phrase+" ") }

func TestSearchFindsWhatReadingFinds(t *testing.T) {
	t.Parallel()
	c, ix := shuffled(t, 400)
	anywhere := func(phrase string) func(harvest.Record) bool {
		return func(r harvest.Record) bool { return holds(r.Title, phrase) || holds(r.Summary, phrase) }
	}
	since, _ := harvest.ParseDate("2019-07")
	for _, tt := range []struct {
		q    harvest.Query
		want func(harvest.Record) bool
	}{
		{words(`"kab"`), anywhere("kab")},
		{words(`"kab lof"`), anywhere("kab lof")},
		{words(`"kab kab"`), anywhere("kab kab")},
		{words(`"lof mub nax"`), anywhere("lof mub nax")},
		{words(`title:"kab lof"`), func(r harvest.Record) bool { return holds(r.Title, "kab lof") }},
		{words(`"kab" "pil rud"`), func(r harvest.Record) bool { return anywhere("kab")(r) && anywhere("pil rud")(r) }},
		{words(`"kab" -"pil rud"`), func(r harvest.Record) bool { return anywhere("kab")(r) && !anywhere("pil rud")(r) }},
		{words(`-"kab"`), func(r harvest.Record) bool { return !anywhere("kab")(r) }},
		{words(`"sev tok" OR "tok sev"`), func(r harvest.Record) bool { return anywhere("sev tok")(r) || anywhere("tok sev")(r) }},
		{words(`("sev" OR "tok") -("kab" OR "lof")`), func(r harvest.Record) bool {
			return (anywhere("sev")(r) || anywhere("tok")(r)) && !anywhere("kab")(r) && !anywhere("lof")(r)
		}},
		{words(`ka*`), func(r harvest.Record) bool { return anywhere("kab")(r) || anywhere("kaf")(r) }},
		{harvest.Query{Words: `"kab"`, Categories: []string{"law"}, Since: since}, func(r harvest.Record) bool {
			return anywhere("kab")(r) && r.Category == "law" && r.Published.Value != "" && (r.Published.Value + "-01-01")[:10] >= "2019-07-01"
		}},
	} {
		var want []string
		years := make(map[string]int)
		for _, r := range c.records {
			if tt.want(r) {
				want = append(want, strings.TrimPrefix(string(r.ID), "test:"))
				if r.Published.Value != "" {
					years[r.Published.Value[:4]]++
				}
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, found(t, ix, tt.q)); diff != "" || len(want) == 0 {
			t.Errorf("%+v (-want +got):\n%s", tt.q, diff)
		}
		res, err := ix.Search(t.Context(), tt.q, search.Options{Facets: []search.Facet{search.FacetYear}})
		if err != nil || res.Total != len(want) {
			t.Fatalf("%+v: %d found, want %d; %v", tt.q, res.Total, len(want), err)
		}
		got := make(map[string]int)
		for _, c := range res.Facets[search.FacetYear] {
			got[c.Value] = c.Count
		}
		if diff := cmp.Diff(years, got); diff != "" {
			t.Errorf("years of %+v (-want +got):\n%s", tt.q, diff)
		}
	}
}

// The first pages are made from the newest records alone, and are those of the
// whole list.
func TestNewestOfFewAreTheNewestOfAll(t *testing.T) {
	t.Parallel()
	_, ix := shuffled(t, 400)
	for _, q := range []harvest.Query{{}, words(`"kab"`), words(`"kab lof"`)} {
		all := ranked(t, ix, q, search.Options{Order: search.Newest})
		for _, n := range []int{1, 2, 7, 40, 200} {
			q.Limit = n
			for offset := 0; offset < min(len(all), 2*n); offset += n {
				got := ranked(t, ix, q, search.Options{Order: search.Newest, Offset: offset})
				if diff := cmp.Diff(all[offset:min(len(all), offset+n)], got); diff != "" {
					t.Errorf("%d at %d of %q (-whole +page):\n%s", n, offset, q.Words, diff)
				}
			}
		}
	}
}

// Of many records those are scored that have the words in the title.
func TestOfManyTheLikeliestAreScored(t *testing.T) {
	t.Parallel()
	c, ix := shuffled(t, 400)
	const scored, likely = 30, 12
	q := words(`kab OR "lof"`)
	exact, err := ix.Search(t.Context(), q, search.Options{Facets: search.Facets()})
	if err != nil {
		t.Fatal(err)
	}
	ix.Limit(scored, likely)
	var pages []search.Hit
	for offset := 0; offset < likely; offset += 4 {
		q.Limit = 4
		res, err := ix.Search(t.Context(), q, search.Options{Offset: offset, Facets: search.Facets()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(exact.Facets, res.Facets); diff != "" || res.Total != exact.Total || res.Total <= scored {
			t.Errorf("%d found, want %d and more than %d; facets (-all +page):\n%s", res.Total, exact.Total, scored, diff)
		}
		pages = append(pages, res.Hits...)
	}
	seen := make(map[harvest.RecordID]bool)
	for i, hit := range pages {
		if title := c.records[hit.Record].Title; !holds(title, "kab") && !holds(title, "lof") {
			t.Errorf("hit %d has no word in its title %q", i+1, title)
		}
		if seen[hit.Record] || i > 0 && hit.Score > pages[i-1].Score {
			t.Errorf("hit %d, %v, is out of order", i+1, hit)
		}
		seen[hit.Record] = true
	}
	q.Limit = likely + 1 // behind that all are scored
	res, err := ix.Search(t.Context(), q, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(exact.Hits[:q.Limit], res.Hits); diff != "" {
		t.Errorf("hits (-of all +got):\n%s", diff)
	}
}
