package gate

import (
	"hash/fnv"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// Reading is what one record adds to the figures of a run.
type Reading struct {
	Known   bool // the catalogue had it
	Changed bool // and it says something else now
	Fields  []FieldReading
	// Category and Language are those of now, WasCategory and WasLanguage those
	// that the catalogue had.
	Category, Language       string
	WasCategory, WasLanguage string
	// Title is what is compared of the title, cut short, Length its length in
	// characters.
	Title  string
	Length int
}

// FieldReading is one field of a record. Of a field that is empty the evidence
// is empty.
type FieldReading struct {
	Name     string
	Now, Was string // evidence
	// Example is set when the field was lost.
	Example harvest.Example
}

// Bounds of what is kept of a text, in octets.
const (
	longestWord    = 100
	longestTitle   = 120
	longestExample = 160
)

// unnamed is the evidence of a field whose record does not name any.
const unnamed = "unknown"

// Read compares a record with itself as the catalogue had it; was is nil when
// it had none.
func Read(now, was *harvest.Record) Reading {
	r := Reading{
		Category: now.Category, Language: now.Language.Value,
		Title: cut(strings.ToLower(now.Title), longestTitle), Length: utf8.RuneCountInString(now.Title),
	}
	if was != nil {
		r.Known, r.Changed = true, was.ContentHash() != now.ContentHash()
		r.WasCategory, r.WasLanguage = was.Category, was.Language.Value
	}
	for _, f := range fields {
		value := f.of(now)
		reading := FieldReading{Name: f.name, Now: evidence(now, f.name, value)}
		if was != nil {
			before := f.of(was)
			reading.Was = evidence(was, f.name, before)
			if before != "" && value == "" {
				reading.Example = harvest.Example{Record: now.ID, URL: now.URL, Before: cut(before, longestExample)}
			}
		}
		if reading.Now != "" || reading.Was != "" {
			r.Fields = append(r.Fields, reading)
		}
	}
	return r
}

// Same is the reading of a record that was read and says what it said before.
func Same(now *harvest.Record) Reading {
	r := Read(now, nil)
	r.Known, r.WasCategory, r.WasLanguage = true, r.Category, r.Language
	for i := range r.Fields {
		r.Fields[i].Was = r.Fields[i].Now
	}
	return r
}

// fields are those that are watched. What is derived from the text of others,
// such as countries, goes with them and would only say everything twice.
var fields = []struct {
	name string
	of   func(*harvest.Record) string
}{
	{"title", func(r *harvest.Record) string { return r.Title }},
	{"category", func(r *harvest.Record) string { return r.Category }},
	{"category_raw", func(r *harvest.Record) string { return r.CategoryRaw }},
	{"summary", func(r *harvest.Record) string { return r.Summary }},
	{"published", func(r *harvest.Record) string { return r.Published.Value }},
	{"language", func(r *harvest.Record) string { return r.Language.Value }},
	{"authors", func(r *harvest.Record) string { return strings.Join(r.Authors, "; ") }},
	{"publisher", func(r *harvest.Record) string { return r.Publisher }},
	{"documents", func(r *harvest.Record) string {
		if len(r.Documents) == 0 {
			return ""
		}
		return r.Documents[0].URL
	}},
	{"doi", func(r *harvest.Record) string { return r.Identifiers.DOI }},
	{"isbn", func(r *harvest.Record) string { return r.Identifiers.ISBN }},
	{"un_symbol", func(r *harvest.Record) string { return r.Identifiers.UNSymbol }},
	{"licence", func(r *harvest.Record) string { return r.Licence }},
	{"translations", func(r *harvest.Record) string {
		if len(r.Translations) == 0 {
			return ""
		}
		return r.Translations[0].URL
	}},
}

// FieldNames are the fields that are watched.
func FieldNames() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

func evidence(r *harvest.Record, field, value string) string {
	if value == "" {
		return ""
	}
	e, ok := r.Provenance[field]
	if !ok {
		return unnamed
	}
	if e.Detail == "" {
		return cut(e.Basis, longestWord)
	}
	return cut(e.Basis+" "+e.Detail, longestWord)
}

// cut shortens a text to so many octets, between two characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const more = "…"
	at := most - len(more)
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + more
}

// bucket is the length of a title in steps of a power of two.
func bucket(length int) int { return min(bits.Len(uint(max(length, 0))), 15) }

// maxTitles is how many titles are counted at a time. A title that more than
// one record in so many has is among them whatever comes
// (Misra and Gries, "Finding repeated elements", 1982).
const maxTitles = 64

// titles counts the most frequent titles in bounded memory.
type titles struct{ of map[uint64]*titleCount }

type titleCount struct {
	count int
	text  string
}

func (t *titles) add(key uint64, text string) {
	if c := t.of[key]; c != nil {
		c.count++
		if c.text == "" {
			c.text = text
		}
		return
	}
	if t.of == nil {
		t.of = make(map[uint64]*titleCount)
	}
	if len(t.of) < maxTitles {
		t.of[key] = &titleCount{count: 1, text: text}
		return
	}
	for k, c := range t.of {
		if c.count--; c.count == 0 {
			delete(t.of, k)
		}
	}
}

// unread reports whether a title has come before and its text is not known.
func (t *titles) unread(key uint64) bool {
	c := t.of[key]
	return c != nil && c.text == ""
}

// titleKey recognises a title, in every process alike.
func titleKey(title string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(title))
	return h.Sum64()
}

// top is the most frequent title; of several the first by its text.
func (t *titles) top() titleCount {
	var best titleCount
	for _, c := range t.of {
		if c.count > best.count || c.count == best.count && c.text < best.text {
			best = *c
		}
	}
	return best
}

// words numbers texts that come again and again, so that an entry of a journal
// needs an octet for each. The zero value knows the empty text only.
type words struct {
	list  []string // from number 1 on
	index map[string]byte
	fresh []string // numbered since they were taken last
}

// others is the number of every word for which there is no number left.
const others = 255

const otherWord = "others"

func (w *words) number(word string) byte {
	if word == "" {
		return 0
	}
	if n, ok := w.index[word]; ok {
		return n
	}
	if len(w.list) >= others-1 {
		return others
	}
	w.learn([]string{word})
	w.fresh = append(w.fresh, word)
	return byte(len(w.list))
}

// learn numbers words that have none yet.
func (w *words) learn(list []string) {
	if w.index == nil {
		w.index = make(map[string]byte)
	}
	for _, word := range list {
		if _, known := w.index[word]; known || word == "" || len(w.list) >= others-1 {
			continue
		}
		w.list = append(w.list, word)
		w.index[word] = byte(len(w.list))
	}
}

func (w *words) word(n byte) string {
	switch {
	case n == 0:
		return ""
	case int(n) <= len(w.list):
		return w.list[n-1]
	}
	return otherWord
}

// take returns the words that are new since the last call.
func (w *words) take() []string {
	fresh := slices.Clone(w.fresh)
	w.fresh = nil
	return fresh
}
