package document

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
)

const (
	maxDepth     = 256     // elements within elements; Word's own files have some 30
	maxMembers   = 20_000  // of the archive
	enoughText   = 20_000  // octets of text after which no more is read
	maxParagraph = 8 << 10 // octets of one paragraph
	checkEvery   = 512     // elements between two looks at the context
)

// readOffice reads the parts of an office document that say what is wanted: its
// properties, and the text as far as it is needed. Nothing is unpacked to
// anywhere, so the names of members lead nowhere.
func readOffice(ctx context.Context, mediaType string, body []byte, limits Limits) (text, Verdict) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return text{}, Verdict{Outcome: harvest.DocumentDamaged, Reason: "it is cut short: " + err.Error()}
	}
	if len(archive.File) > maxMembers {
		return text{}, Verdict{Outcome: harvest.DocumentDamaged, Reason: fmt.Sprintf("an archive of %d members", len(archive.File))}
	}
	o := office{ended: ctx.Err, archive: archive, limit: limits.Part}
	parts := docxParts
	if mediaType == ODT {
		parts = odtParts
		if o.isLocked() {
			return text{}, Verdict{Outcome: harvest.DocumentEncrypted, Reason: "it asks for a password"}
		}
	}
	for _, part := range parts {
		err := o.part(part.name, part.read)
		switch {
		case ctx.Err() != nil:
			return o.out, Verdict{Outcome: harvest.DocumentDamaged, Reason: fmt.Sprintf("reading it took longer than %s", limits.Time), Passing: true}
		case err != nil && part.must && len(o.out.lines) == 0:
			return o.out, Verdict{Outcome: harvest.DocumentDamaged, Reason: part.name + ": " + err.Error()}
		}
	}
	return o.out, Verdict{Outcome: harvest.DocumentRead}
}

// officePart is one member of the archive and who reads it.
type officePart struct {
	name string
	must bool
	read func(o *office, d *xml.Decoder) error
}

var docxParts = []officePart{
	{"docProps/core.xml", false, (*office).core},
	{"docProps/app.xml", false, (*office).app},
	{"word/document.xml", true, (*office).word},
}

var odtParts = []officePart{
	{"meta.xml", false, (*office).meta},
	{"content.xml", true, (*office).content},
}

type office struct {
	ended   func() error // of the context
	archive *zip.Reader
	limit   int64
	out     text
}

var (
	errEnough  = errors.New("enough")
	errMissing = errors.New("it is missing")
	errTooDeep = fmt.Errorf("more than %d elements within each other", maxDepth)
	errTooLong = errors.New("it is larger than what is read of it")
)

// part reads one member. Of two of one name the first counts.
func (o *office) part(name string, read func(*office, *xml.Decoder) error) error {
	for _, f := range o.archive.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		bounded := &io.LimitedReader{R: r, N: o.limit}
		d := xml.NewDecoder(bounded)
		d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) { // both standards ask for UTF-8 or UTF-16
			return nil, fmt.Errorf("encoding %q", label)
		}
		err = read(o, d)
		if bounded.N <= 0 && err != nil && !errors.Is(err, errEnough) {
			err = errTooLong
		}
		if errors.Is(err, errEnough) || errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	return errMissing
}

// each gives every element's start and end and the text between to f, until f
// or the document ends it. Entities that a document declares itself are not
// resolved, so that none can grow.
func (o *office) each(d *xml.Decoder, f func(t xml.Token) error) error {
	depth := 0
	for n := 0; ; n++ {
		if n%checkEvery == 0 && o.ended() != nil {
			return o.ended()
		}
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errTooDeep
			}
		case xml.EndElement:
			depth--
		}
		if err := f(t); err != nil {
			return err
		}
	}
}

// values reads simple properties: the text of each element, by its local name.
func (o *office) values(d *xml.Decoder, set func(name, value string)) error {
	var b strings.Builder
	return o.each(d, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			b.Reset()
			for _, a := range t.Attr {
				if len(a.Value) < maxParagraph {
					set(t.Name.Local+"@"+a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			if b.Len() < maxParagraph {
				b.Write(t)
			}
		case xml.EndElement:
			set(t.Name.Local, strings.TrimSpace(b.String()))
			b.Reset()
		}
		return nil
	})
}

// core reads the properties of a package (ECMA-376 part 2 section 11).
func (o *office) core(d *xml.Decoder) error {
	return o.values(d, func(name, value string) {
		switch name {
		case "title":
			o.out.title = value
		case "language":
			o.out.language = value
		case "modified":
			o.out.modified = day(value)
		}
	})
}

// app reads the properties that the program adds (ECMA-376 part 1 section 22.2).
func (o *office) app(d *xml.Decoder) error {
	return o.values(d, func(name, value string) {
		if name == "Pages" {
			o.out.pages = pages(value)
		}
	})
}

// meta reads the metadata of an OpenDocument (OpenDocument 1.3 part 3 section 4.3).
func (o *office) meta(d *xml.Decoder) error {
	return o.values(d, func(name, value string) {
		switch name {
		case "title":
			o.out.title = value
		case "language":
			o.out.language = value
		case "date":
			o.out.modified = day(value)
		case "document-statistic@page-count":
			o.out.pages = pages(value)
		}
	})
}

// pages is a number of pages as a program counted it.
func pages(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

// day is the day of an ISO 8601 moment.
func day(s string) harvest.Date {
	if len(s) < len("2006-01-02") {
		return harvest.Date{}
	}
	d, err := harvest.ParseDate(s[:len("2006-01-02")])
	if err != nil {
		return harvest.Date{}
	}
	return d
}

// isLocked reports whether the parts of an OpenDocument are encrypted
// (OpenDocument 1.3 part 2 section 4.8).
func (o *office) isLocked() bool {
	locked := false
	_ = o.part("META-INF/manifest.xml", func(o *office, d *xml.Decoder) error {
		return o.each(d, func(t xml.Token) error {
			if e, ok := t.(xml.StartElement); ok && e.Name.Local == "encryption-data" {
				locked = true
				return errEnough
			}
			return nil
		})
	})
	return locked
}
