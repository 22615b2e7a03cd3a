package xlsxfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// book is a workbook that is open.
type book struct {
	parts  archive
	sheets []sheet
	styles []format
	texts  texts
	// from1904 counts days from the first of January 1904, as Excel for the
	// Macintosh once did (ECMA-376 part 1, section 18.17.4.1).
	from1904 bool
	most     bounds
}

// bounds are those of what may be made smaller by tests, in octets.
type bounds struct {
	sheet int64 // a sheet, unpacked
	text  int   // the texts that cells share
}

// sheet is one of its sheets.
type sheet struct {
	name   string
	part   string
	hidden bool
}

// elementsOf calls each for the start of every element of a part.
func elementsOf(r *xmlbody.Reader, part string, each func(r *xmlbody.Reader, name string, attr func(string) string) error) error {
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if e, ok := token.(xml.StartElement); ok {
				err = each(r, e.Name.Local, func(name string) string { return xmlbody.Attr(e, name) })
			}
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", part, err)
		}
	}
}

// openBook reads all of a workbook but its sheets.
func openBook(body []byte, most bounds) (*book, error) {
	parts, err := openArchive(body)
	if err != nil {
		return nil, err
	}
	b := &book{parts: parts, most: most}
	root, err := parts.relations("")
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml" // where every program puts it
	for _, r := range root {
		if r.kind == "officeDocument" && !r.external {
			main = r.target
		}
	}
	if err := b.readMain(main); err != nil {
		return nil, err
	}
	related, err := parts.relations(main)
	if err != nil {
		return nil, err
	}
	b.placeSheets(related)
	for _, r := range related {
		switch {
		case r.external:
		case r.kind == "styles":
			err = errors.Join(err, b.readStyles(r.target))
		case r.kind == "sharedStrings":
			err = errors.Join(err, b.readTexts(r.target))
		}
	}
	return b, err
}

// readMain reads the names of the sheets. Their parts are the identifiers of
// relations until placeSheets.
func (b *book) readMain(part string) error {
	if b.parts[partName(part)] == nil {
		what := "the archive"
		switch {
		case b.parts["content.xml"] != nil:
			what = "a file of OpenDocument"
		case b.parts["word/document.xml"] != nil:
			what = "a document of Word"
		}
		return fmt.Errorf("%s %w", what, errNone)
	}
	if strings.HasSuffix(part, ".bin") {
		return fmt.Errorf("a binary workbook (.xlsb) %w; ask for .xlsx or .csv", errNone)
	}
	return b.parts.elements(part, func(_ *xmlbody.Reader, name string, attr func(string) string) error {
		switch {
		case name == "workbookPr":
			b.from1904 = attr("date1904") == "1" || attr("date1904") == "true"
		case name == "sheet" && len(b.sheets) < maxSheets:
			b.sheets = append(b.sheets, sheet{name: attr("name"), part: attr("id"), hidden: attr("state") == "hidden" || attr("state") == "veryHidden"})
		}
		return nil
	})
}

// placeSheets finds the parts of the sheets; what has no rows, such as a chart,
// is no sheet.
func (b *book) placeSheets(related map[string]relation) {
	b.sheets = slices.DeleteFunc(b.sheets, func(s sheet) bool {
		r, ok := related[s.part]
		return !ok || r.external || r.kind != "worksheet" || b.parts[partName(r.target)] == nil
	})
	for i := range b.sheets {
		b.sheets[i].part = related[b.sheets[i].part].target
	}
}

// wanted are the sheets that are read: those named or, without names, all that
// are shown. A workbook without the sheet that somebody named is an error.
func (b *book) wanted(names []string) ([]sheet, error) {
	var out []sheet
	if len(names) == 0 {
		for _, s := range b.sheets {
			if !s.hidden {
				out = append(out, s)
			}
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("the workbook %w: it has no sheet that is shown", errNone)
		}
		return out, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(b.sheets, func(s sheet) bool { return strings.EqualFold(strings.TrimSpace(s.name), strings.TrimSpace(name)) })
		if i < 0 {
			var there []string
			for _, s := range b.sheets[:min(len(b.sheets), 20)] {
				there = append(there, fmt.Sprintf("%q", s.name))
			}
			return nil, fmt.Errorf("has no sheet %q; it has %s", name, strings.Join(there, ", "))
		}
		out = append(out, b.sheets[i])
	}
	return out, nil
}
