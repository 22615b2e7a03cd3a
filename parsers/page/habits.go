package page

import (
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Habits are what recurs on the pages of one site, and so says nothing of any
// single page: the name that a site sets behind every title, one description for
// all pages, the day on which a template was made, the login of who keeps the
// site. They are learned from pages with [Habits.Note], or known from earlier runs,
// and used by [ExtractKnowing].
//
// What is learned depends on the pages noted and, until there are [maxHabits]
// different texts, not on their order. Memory is bounded: texts are kept as hashes. Once all pages have
// been noted, many goroutines may read the same Habits; Note is for one at a time.
// The zero value knows nothing.
type Habits struct {
	pages int
	seen  map[uint64]int // pages by what they say
	known harvest.Habits
}

// KnownHabits are those that earlier runs have learned, nil when there are none.
func KnownHabits(known harvest.Habits) *Habits {
	if len(known) == 0 {
		return nil
	}
	return &Habits{known: known}
}

// maxHabits is how many different texts of a site are counted; what is seen
// later for the first time is not. Sixteen octets each.
const maxHabits = 50_000

// The fields of which habits are kept.
const (
	habitTitle   = "title"
	habitPart    = "part of a title"
	habitSummary = "summary"
	habitDate    = "published"
	habitAuthors = "authors"
)

// Note learns from what a page says. The result must come from a reading
// without habits, which hide what they know.
func (h *Habits) Note(r *Result) {
	if h.seen == nil {
		h.seen = make(map[uint64]int)
	}
	h.pages++
	for _, x := range r.Says {
		k := habitKey(x)
		if _, known := h.seen[k]; known || len(h.seen) < maxHabits {
			h.seen[k]++
		}
	}
}

func habitKey(x harvest.Habit) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, x.Field+"\x00"+x.Text) // a hash does not fail
	return h.Sum64()
}

// habitOf is a text as habits are compared, by its beginning.
func habitOf(field, text string) harvest.Habit {
	return harvest.Habit{Field: field, Text: key(clip(text, 280))}
}

// maxSaid bounds the candidates of a field that may be habits. Those that are
// stand behind the others and are heard all the same, or they would be forgotten.
const maxSaid = 20

// says are what a page states that may be a habit of its site: its candidates,
// and the parts of its titles that the page itself does not name as the site's.
// Authors count only where others are named too.
func (e *extractor) says() []harvest.Habit {
	out := []harvest.Habit{}
	once := make(map[harvest.Habit]bool)
	say := func(field, text string) {
		if x := habitOf(field, text); x.Text != "" && !once[x] {
			once[x] = true
			out = append(out, x)
		}
	}
	for _, part := range e.titleParts {
		say(habitPart, part)
	}
	for _, field := range []string{habitTitle, habitSummary, habitDate, habitAuthors} {
		candidates := e.result.Candidates[field]
		if field == habitAuthors && !slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Value != candidates[0].Value }) {
			continue
		}
		for i, c := range candidates {
			if c.Basis != "selector" && (i < maxSaid || strings.HasSuffix(c.Rejected, "pages of the site")) {
				say(field, c.Value)
			}
		}
	}
	return out
}

// recurs reports whether a text stands on so many pages that it is none of
// theirs. A day or an author must be the same on nearly all of five pages and
// more: sites publish several items a day, and many have few authors. A description
// that a third of the pages bear is a habit already.
func (h *Habits) recurs(field, text string) bool {
	if h == nil {
		return false
	}
	x := habitOf(field, text)
	if h.known[x] {
		return true
	}
	if h.pages < 4 {
		return false
	}
	n := h.seen[habitKey(x)]
	switch field {
	case habitDate, habitAuthors:
		return h.pages >= 5 && n*10 >= h.pages*9
	case habitPart, habitTitle:
		return n >= 4 && n*2 >= h.pages
	}
	return n >= 3 && n*3 >= h.pages
}

// titlePartsOf are the beginning and the end of a title before and behind its
// marks, where sites set their names.
func titlePartsOf(title string) []string {
	var out []string
	for _, m := range titleMarks {
		if m[0] != ' ' && m != "|" && m != "｜" {
			continue // hyphens and colons stand within titles too
		}
		if i := strings.Index(title, m); i > 0 {
			out = append(out, strings.TrimSpace(title[:i]))
		}
		if i := strings.LastIndex(title, m); i > 0 {
			out = append(out, strings.TrimSpace(title[i+len(m):]))
		}
	}
	return out
}

// siteHabits makes what recurs in titles a name of the site.
func (e *extractor) siteHabits() {
	parts := titlePartsOf(e.v.title)
	for _, title := range e.v.meta["og:title"] {
		parts = append(parts, titlePartsOf(title)...)
	}
	e.titleParts = slices.DeleteFunc(parts, e.isSiteName)
	for _, part := range e.titleParts {
		if e.recurs(habitPart, part) {
			e.siteKeys[key(part)] = true
		}
	}
}

// recurs is [Habits.recurs], and remembers which fields habits had a say in.
func (e *extractor) recurs(field, text string) bool {
	if !e.habits.recurs(field, text) {
		return false
	}
	if field == habitPart {
		field = habitTitle
	}
	e.heeded[field] = true
	return true
}

// tellHabits names the habits in the evidence of the fields that they had a say in.
func (e *extractor) tellHabits() {
	for field := range e.heeded {
		x, ok := e.result.Record.Provenance[field]
		if !ok {
			continue
		}
		said := "habits of the site"
		if v := e.habits.known.Version(); v != "" {
			said += " " + v
		}
		x.Detail = strings.TrimPrefix(x.Detail+"; "+said, "; ")
		e.result.Record.Provenance[field] = x
	}
}

// doubtAuthors lowers who wrote every page of the site, where others are named.
func (e *extractor) doubtAuthors(lists []authorList) {
	for i := range lists {
		if c := &lists[i].cand; c.Basis != "selector" && e.recurs(habitAuthors, c.Value) {
			c.Score -= 60
		}
	}
}
