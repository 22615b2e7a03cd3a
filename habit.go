package harvest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

// Habit is something that recurs on the pages of a source and so says nothing of
// any single one, such as a name of the site in every title.
type Habit struct {
	// Field is what it recurs in: "part of a title", "title", "summary",
	// "published" or "authors".
	Field string `json:"field"`
	// Text is what recurs, without case, white space and punctuation.
	Text string `json:"text"`
}

// Habits are those that earlier runs of a source have shown. Its pages are read by
// them as by its file: the same bytes and the same habits give the same record.
type Habits map[Habit]bool

// Version names a set of habits in eight hexadecimal digits; it is empty when
// there are none.
func (h Habits) Version() string {
	if len(h) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, x := range h.Sorted() {
		_, _ = sum.Write([]byte(x.Field + "\x00" + x.Text + "\x00")) // a hash does not fail
	}
	return hex.EncodeToString(sum.Sum(nil)[:4])
}

// Sorted are the habits by field and text.
func (h Habits) Sorted() []Habit {
	return slices.SortedFunc(maps.Keys(h), CompareHabits)
}

// CompareHabits orders habits by field and text.
func CompareHabits(a, b Habit) int {
	return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text))
}
