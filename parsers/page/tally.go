package page

import (
	"cmp"
	"slices"
	"sync"

	"github.com/harvest87/harvest"
)

// Bounds of what is kept of the habits of one source.
const (
	maxHeard   = 20_000 // different texts that are counted in one run
	maxTallied = 300    // texts that are counted over runs
	agedTally  = 2_000  // pages, after which all counts are halved
)

// Hearing counts what the pages of one run say. It is safe for concurrent use;
// the zero value has heard nothing.
type Hearing struct {
	mu    sync.Mutex
	pages int
	seen  map[harvest.Habit]int
}

// Hear counts what one page says. Nil is of no page.
func (h *Hearing) Hear(says []harvest.Habit) {
	if says == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen == nil {
		h.seen = make(map[harvest.Habit]int)
	}
	h.pages++
	for _, x := range says {
		if _, known := h.seen[x]; known || len(h.seen) < maxHeard {
			h.seen[x]++
		}
	}
}

// Tally is what the pages of a source have said in all its runs, as far as it may
// be a habit. It is bounded, and depends on what was heard and not on the order of
// the pages of a run, as long as they say no more than maxHeard different things.
type Tally struct {
	// Pages that were heard.
	Pages int `json:"pages"`
	// Counts are ordered by field and text.
	Counts []Tallied `json:"counts"`
}

// Tallied is one text with the pages that say it.
type Tallied struct {
	harvest.Habit
	Pages int `json:"pages"`
	// Learned says that it is a habit. It stays one until far fewer pages say
	// so than made it one, so that nothing goes back and forth.
	Learned bool `json:"learned,omitempty"`
}

// Add takes in what a run has heard, and returns what is a habit from now on, and
// what is none any more.
func (t *Tally) Add(h *Hearing) (learned, forgotten []harvest.Habit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := make(map[harvest.Habit]int, len(t.Counts))
	for i, c := range t.Counts {
		at[c.Habit] = i
	}
	t.Pages += h.pages
	for x, n := range h.seen {
		if i, known := at[x]; known {
			t.Counts[i].Pages += n
		} else {
			t.Counts = append(t.Counts, Tallied{Habit: x, Pages: n})
		}
	}
	for i := range t.Counts {
		c := &t.Counts[i]
		switch is := isHabit(c.Field, c.Pages, t.Pages, c.Learned); {
		case is && !c.Learned:
			learned = append(learned, c.Habit)
			c.Learned = true
		case !is && c.Learned:
			forgotten = append(forgotten, c.Habit)
			c.Learned = false
		}
	}
	t.bound()
	slices.SortFunc(learned, harvest.CompareHabits)
	slices.SortFunc(forgotten, harvest.CompareHabits)
	return learned, forgotten
}

// bound keeps habits, and of the rest what most pages say.
func (t *Tally) bound() {
	rank := func(c *Tallied) int {
		if c.Learned {
			return 1
		}
		return 0
	}
	slices.SortFunc(t.Counts, func(a, b Tallied) int {
		return cmp.Or(rank(&b)-rank(&a), b.Pages-a.Pages, harvest.CompareHabits(a.Habit, b.Habit))
	})
	t.Counts = t.Counts[:min(len(t.Counts), maxTallied)]
	if t.Pages > agedTally { // what a site did long ago counts for less
		t.Pages /= 2
		for i := range t.Counts {
			t.Counts[i].Pages /= 2
		}
	}
	slices.SortFunc(t.Counts, func(a, b Tallied) int { return harvest.CompareHabits(a.Habit, b.Habit) })
}

// Habits are those that the tally shows, nil when it shows none.
func (t *Tally) Habits() harvest.Habits {
	var out harvest.Habits
	for _, c := range t.Counts {
		if c.Learned {
			if out == nil {
				out = make(harvest.Habits)
			}
			out[c.Habit] = true
		}
	}
	return out
}

// isHabit reports whether n of so many pages make a habit, or let it stay one.
// More pages are asked for than by [Habits], because what is learned here decides
// about all pages to come.
func isHabit(field string, n, pages int, already bool) bool {
	least, share := 6, 50 // pages; per cent of all pages
	switch field {
	case habitSummary:
		least, share = 4, 33
	case habitDate:
		least, share = 20, 90
	case habitAuthors:
		least, share = 8, 90
	}
	if already {
		return n*100 >= pages*share/2
	}
	return pages >= 8 && n >= least && n*100 >= pages*share
}
