package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a configuration file, in words for
// the person who wrote the file. Secrets never stand in it.
type Problem struct {
	// File is the path of the file as it was given.
	File string `json:"file"`
	// Line and Col count from 1, Col in characters. Line is 0 when the file
	// could not be read at all.
	Line int `json:"line,omitempty"`
	Col  int `json:"col,omitempty"`
	// Path leads to the value: "doors[0].listing.item.card". It is empty when
	// the problem is about the file as a whole.
	Path string `json:"path,omitempty"`
	// What is wrong, and Hint, the way out; Hint may be empty.
	What string `json:"what"`
	Hint string `json:"hint,omitempty"`
	// Warning is true when the file can be used all the same.
	Warning bool `json:"warning,omitempty"`
}

// String is the problem on one line, in the form that editors and terminals
// can jump to: "file:line:col: path: what is wrong; way out".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Col)
	}
	b.WriteString(": ")
	if p.Warning {
		b.WriteString("warning: ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.What)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Problems is everything that is wrong, sorted by file, line and column.
type Problems []Problem

// String is one problem a line, without a line break at the end.
func (ps Problems) String() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Errors are the problems without the warnings.
func (ps Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning })
}

// In are the problems of one file.
func (ps Problems) In(file string) Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.File != file })
}

// Err is nil when there are only warnings or nothing, else an error whose text
// is every problem that is not a warning, one a line.
func (ps Problems) Err() error {
	bad := ps.Errors()
	if len(bad) == 0 {
		return nil
	}
	return errors.New(bad.String())
}

// sorted puts the problems into the order in which they are shown and drops
// exact repeats.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col),
			strings.Compare(a.Path, b.Path),
		)
	})
	return slices.Compact(ps)
}
