package xlsxfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// archive are the parts of a workbook by their names in lower case without a
// slash before them: names of parts are the same whatever their case
// (ECMA-376 part 2, section 6.2.2), and some programs write backslashes.
type archive map[string]*zip.File

// openArchive reads the table of contents.
func openArchive(body []byte) (archive, error) {
	if !bytes.HasPrefix(body, []byte("PK")) {
		return nil, notWorkbook(body)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	switch {
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, fmt.Errorf("the file %w: %w", errNone, err)
	case len(z.File) > maxParts:
		return nil, fmt.Errorf("the file %w: it has %d parts, more than %d", errNone, len(z.File), maxParts)
	}
	a := make(archive, len(z.File))
	for _, f := range z.File {
		a[partName(f.Name)] = f
	}
	return a, nil
}

// partName is the form in which names of parts are compared.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// open begins to read a part; nil when there is none.
func (a archive) open(name string) (io.ReadCloser, error) {
	f := a[partName(name)]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return r, nil
}

// elements reads a part of which nothing is as large as a sheet, and calls each
// for the start of every element. A part that there is none of has no elements.
func (a archive) elements(name string, each func(r *xmlbody.Reader, name string, attr func(string) string) error) error {
	part, err := a.open(name)
	if part == nil || err != nil {
		return err
	}
	defer func() { _ = part.Close() }() // it was only read
	return elementsOf(xmlbody.OpenReader(part, maxPart, maxTokens), name, each)
}

// relation is one that a part has with another, by its identifier.
type relation struct {
	target   string // the name of a part, or an address
	kind     string // the last word of its type
	external bool
}

// relations are those of a part (ECMA-376 part 2, section 6.5).
func (a archive) relations(of string) (map[string]relation, error) {
	folder, file := path.Split(of)
	out := make(map[string]relation)
	err := a.elements(path.Join(folder, "_rels", file+".rels"), func(_ *xmlbody.Reader, name string, attr func(string) string) error {
		if name != "Relationship" || len(out) >= maxAround {
			return nil
		}
		r := relation{target: attr("Target"), kind: path.Base(attr("Type")), external: strings.EqualFold(attr("TargetMode"), "External")}
		if !r.external && !strings.HasPrefix(r.target, "/") {
			r.target = path.Join(folder, r.target)
		}
		out[strings.Clone(attr("Id"))] = r
		return nil
	})
	return out, err
}
