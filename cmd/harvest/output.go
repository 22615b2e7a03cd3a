package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// width is the number of columns of the terminal behind w, or 120.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n >= 60 {
			return n
		}
	}
	return 120
}

// newTable prepares a plain table; cells must be safe already.
func newTable(w io.Writer, header ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	t.SetStyle(style)
	t.AppendHeader(header)
	return t
}

// fit cuts a line to n columns, with an ellipsis where something is left out.
func fit(s string, n int) string {
	return cut(safeLine(s), n)
}

// cut is fit for a line that is safe already; it keeps its spaces.
func cut(s string, n int) string {
	if text.StringWidthWithoutEscSequences(s) <= n {
		return s
	}
	return text.Trim(s, n-1) + "…"
}

// printJSON writes one value as indented JSON.
func printJSON(w io.Writer, v any) error {
	safe := safeJSON(w)
	enc := json.NewEncoder(safe)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return safe.Close()
}

// jsonList writes values as one JSON array, each as it comes. A list of nothing
// is an empty array. With json false it writes nothing.
type jsonList struct {
	w    io.Writer
	json bool
	n    int
}

func newList(w io.Writer, json bool) *jsonList { return &jsonList{w: w, json: json} }

func (l *jsonList) add(v any) error {
	if !l.json {
		return nil
	}
	before := ",\n"
	if l.n == 0 {
		before = "[\n"
	}
	l.n++
	if _, err := io.WriteString(l.w, before); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return printJSON(l.w, v)
}

// close ends the array.
func (l *jsonList) close() error {
	if !l.json {
		return nil
	}
	after := "]\n"
	if l.n == 0 {
		after = "[]\n"
	}
	_, err := io.WriteString(l.w, after)
	return err
}
