package page

import (
	"hash/fnv"
	"io"
	"strings"
)

// Habits are what recurs on the pages of one site, and so says nothing of any
// single page: the name that a site sets behind every title, one description for
// all pages, the day on which a template was made, the login of who keeps the
// site. They are learned from pages with [Habits.Note] and used by [ExtractKnowing].
//
// What is learned depends on the pages noted and, until there are [maxHabits]
// different texts, not on their order. Memory is bounded: texts are kept as hashes. Once all pages have
// been noted, many goroutines may read the same Habits; Note is for one at a time.
// The zero value knows nothing.
type Habits struct {
	pages int
	seen  map[uint64]int // pages by what they say
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
	once := make(map[uint64]bool)
	note := func(field, text string) {
		k := habitKey(field, text)
		if k == 0 || once[k] {
			return
		}
		once[k] = true
		if _, known := h.seen[k]; known || len(h.seen) < maxHabits {
			h.seen[k]++
		}
	}
	for _, field := range []string{habitTitle, habitSummary, habitDate, habitAuthors} {
		for i, c := range r.Candidates[field] {
			if i == 20 {
				break
			}
			note(field, c.Value)
		}
	}
	for _, part := range r.TitleParts {
		note(habitPart, part)
	}
}

func habitKey(field, text string) uint64 {
	k := key(clip(text, 2000))
	if k == "" {
		return 0
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, field+"\x00"+k) // a hash does not fail
	return h.Sum64()
}

// recurs reports whether a text stands on so many pages that it is none of
// theirs. A day or an author must be the same on nearly all of five pages and
// more: sites publish several items a day, and many have few authors. A description
// that a third of the pages bear is a habit already.
func (h *Habits) recurs(field, text string) bool {
	if h == nil || h.pages < 4 {
		return false
	}
	n := h.seen[habitKey(field, text)]
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
	e.result.TitleParts = titlePartsOf(e.v.title)
	for _, title := range e.v.meta["og:title"] {
		e.result.TitleParts = append(e.result.TitleParts, titlePartsOf(title)...)
	}
	for _, part := range e.result.TitleParts {
		if e.habits.recurs(habitPart, part) {
			e.siteKeys[key(part)] = true
		}
	}
}

// doubtAuthors lowers who wrote every page of the site, where others are named.
func (e *extractor) doubtAuthors(lists []authorList) {
	for i := range lists {
		if c := &lists[i].cand; c.Basis != "selector" && e.habits.recurs(habitAuthors, c.Value) {
			c.Score -= 60
		}
	}
}
