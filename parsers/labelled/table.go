package labelled

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of tables. Spans are bounded as in the HTML standard, and lower
// (https://html.spec.whatwg.org/multipage/tables.html#algorithm-for-processing-rows).
const (
	maxColumns = 200
	maxAbove   = 100 // rows above a row that may reach down into it
	maxBelow   = 300 // rows below a head that are its column
)

// cells are the values of a cell that is a label: those beside it or, in a row
// of heads, those below it.
func (s *search) cells(label *html.Node) []*html.Node {
	row := label.Parent
	if !is(row, atom.Tr) {
		return nil
	}
	if isHead(row) {
		return columnBelow(label, row)
	}
	var out []*html.Node
	for c := label.NextSibling; c != nil && len(out) < maxValues; c = c.NextSibling {
		if is(c, atom.Th) {
			break
		}
		if !is(c, atom.Td) {
			continue
		}
		if text, ok := short(c, 80); ok && endsInColon(text) && len(text) > 2 {
			break
		}
		if !blank(c) {
			out = append(out, c)
		}
		if is(label, atom.Td) { // the next but one is the next label
			break
		}
	}
	return out
}

// isHead reports whether a row holds heads of columns only, and several.
func isHead(row *html.Node) bool {
	heads := 0
	for c := range row.ChildNodes() {
		switch {
		case is(c, atom.Td):
			if !is(row.Parent, atom.Thead) {
				return false
			}
			heads++
		case is(c, atom.Th):
			heads++
		}
	}
	return heads > 1 || heads == 1 && is(row.Parent, atom.Thead)
}

// columnBelow are the cells below a head, up to the next row of heads.
func columnBelow(head, row *html.Node) []*html.Node {
	table := closest(row, atom.Table)
	if table == nil {
		return nil
	}
	rows := rowsOf(table, maxBelow)
	g := grid{}
	column, seen := -1, false
	var out []*html.Node
	for _, r := range rows {
		cells := g.next(r)
		if r == row {
			seen = true
			for at, c := range cells {
				if c == head {
					column = at
					break
				}
			}
			continue
		}
		if !seen || column < 0 {
			continue
		}
		if isHead(r) {
			break
		}
		if column < len(cells) && cells[column] != nil && !blank(cells[column]) && len(out) < maxValues {
			if len(out) == 0 || out[len(out)-1] != cells[column] {
				out = append(out, cells[column])
			}
		}
	}
	return out
}

// rowOf takes the cell of a row that is the scope itself, as the card of a list
// is, below the head that is the label.
func (s *search) rowOf(row *html.Node) {
	table := (*html.Node)(nil)
	if is(row, atom.Tr) {
		table = closest(row, atom.Table)
	}
	if table == nil {
		return
	}
	column := -1
	g := grid{}
	above := rowsBefore(table, row)
	for _, r := range above {
		cells := g.next(r)
		if !isHead(r) {
			continue
		}
		for at, c := range cells {
			if c == nil {
				continue
			}
			if text, ok := short(c, s.longest); ok && Fold(text) == s.label {
				column = at
				break
			}
		}
	}
	if cells := g.next(row); column >= 0 && column < len(cells) && cells[column] != nil && !blank(cells[column]) {
		cell := cells[column]
		s.add(true, hit{cell, row, func() []*html.Node { return []*html.Node{cell} }})
	}
}

// rowsBefore are the rows above one of them that say where its cells stand:
// those of heads, and those from the first that reaches down.
func rowsBefore(table, row *html.Node) []*html.Node {
	var rows, between []*html.Node
	seen := 0
	for at := row.PrevSibling; at != nil && seen < maxAbove; at = at.PrevSibling {
		if !is(at, atom.Tr) {
			continue
		}
		seen++
		switch {
		case reachesDown(at):
			rows, between = append(append(rows, between...), at), nil
		case isHead(at):
			rows, between = append(rows, at), nil
		default:
			between = append(between, at)
		}
	}
	slices.Reverse(rows)
	var heads []*html.Node
	for _, r := range rowsOf(table, 5) {
		if r == row || r.Parent == row.Parent && slices.Contains(rows, r) {
			break
		}
		if isHead(r) {
			heads = append(heads, r)
		}
	}
	return append(heads, rows...)
}

func reachesDown(row *html.Node) bool {
	for c := range row.ChildNodes() {
		if is(c, atom.Td, atom.Th) && span(c, "rowspan", maxAbove) > 1 {
			return true
		}
	}
	return false
}

// rowsOf are the first rows of a table, without those of tables within it.
func rowsOf(table *html.Node, most int) []*html.Node {
	var out []*html.Node
	for part := range table.ChildNodes() {
		switch {
		case is(part, atom.Tr):
			out = append(out, part)
		case is(part, atom.Thead, atom.Tbody, atom.Tfoot):
			for r := range part.ChildNodes() {
				if is(r, atom.Tr) && len(out) < most {
					out = append(out, r)
				}
			}
		}
		if len(out) >= most {
			break
		}
	}
	return out
}

// grid knows which cells of the rows before reach down into the next row.
type grid struct {
	cells []*html.Node
	rows  []int // how many more rows the cell of a column covers
	part  *html.Node
}

// next are the cells of a row by column. A cell stands in each that it covers.
func (g *grid) next(row *html.Node) []*html.Node {
	if row.Parent != g.part { // spans end with their part of the table
		g.cells, g.rows, g.part = nil, nil, row.Parent
	}
	var out []*html.Node
	reaching := func() {
		for len(out) < len(g.rows) && g.rows[len(out)] > 0 {
			g.rows[len(out)]--
			out = append(out, g.cells[len(out)])
		}
	}
	for c := range row.ChildNodes() {
		if !is(c, atom.Td, atom.Th) {
			continue
		}
		reaching()
		down := span(c, "rowspan", maxAbove)
		for range span(c, "colspan", maxColumns) {
			if len(out) >= maxColumns {
				return out
			}
			for len(g.rows) <= len(out) {
				g.rows, g.cells = append(g.rows, 0), append(g.cells, nil)
			}
			g.rows[len(out)], g.cells[len(out)] = down-1, c
			out = append(out, c)
		}
	}
	reaching()
	for len(out) < len(g.rows) { // the row is short; what reaches past it stays in its column
		if at := len(out); g.rows[at] > 0 {
			g.rows[at]--
			out = append(out, g.cells[at])
		} else {
			out = append(out, nil)
		}
	}
	return out
}

func span(cell *html.Node, name string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attribute(cell, name)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}
