package register

import (
	"regexp"
	"strings"
)

// Format is a form in which tables are published.
type Format struct {
	// Kind is the word of the source file for the door.
	Kind string
	// MediaType is that of the file, by which a record of the whole file names it.
	MediaType string
	// Open begins to read the body of a page, or says why it is no table of this
	// form.
	Open func(body []byte) (Lines, error)
}

// Lines are the lines of a file, one after the other. Next returns nil at the
// end. What it returns is valid until the next call. A line that begins another
// sheet of the file has First set: it is then looked at for names of columns
// again.
type Lines interface {
	Next() (*Line, error)
}

// Line is one line of a table.
type Line struct {
	Cells []Cell
	First bool
	// Sheet is the name of the sheet that the line stands on, empty where a
	// file has but one.
	Sheet string
}

// Cell is what a reader sees in a cell, and where it leads when it is clicked.
type Cell struct{ Text, Link string }

// MaxColumns is how many cells of a line are read.
const MaxColumns = 5_000

// MaxCell is how long the text of a cell may be, in octets.
const MaxCell = 1 << 20

// place is {Column} in a template.
var place = regexp.MustCompile(`\{([^{}]+)\}`)

// template is a value of the source file: the name of a column, or a text with
// columns in it, "https://example.org/{id}".
type template struct{ text string }

// columns are the names of the columns that a template needs.
func (t template) columns() []string {
	var out []string
	for _, m := range place.FindAllStringSubmatch(t.text, -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		return []string{t.text}
	}
	return out
}

// of fills the template from a row; empty when a column is missing or empty.
func (t template) of(r row, escape func(string) string) string {
	if !place.MatchString(t.text) {
		return r[fold(t.text)].Text
	}
	whole := true
	out := place.ReplaceAllStringFunc(t.text, func(m string) string {
		value := r[fold(m[1:len(m)-1])].Text
		whole = whole && value != ""
		return escape(value)
	})
	if !whole {
		return ""
	}
	return out
}

// address is the template for a field that holds an address: of a column whose
// cells are links, where they lead, for the cell itself says "Read the
// statement". A cell that prints an address is believed.
func (t template) address(r row) string {
	text := t.of(r, escapeForPath)
	if place.MatchString(t.text) || strings.Contains(text, "://") {
		return text
	}
	if link := r[fold(t.text)].Link; link != "" {
		return link
	}
	return text
}

// fold is the form in which names of columns are compared.
func fold(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
