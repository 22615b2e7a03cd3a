package oaipmh

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// errNone is wrapped when a body is no answer of the protocol.
var errNone = errors.New("is no answer of OAI-PMH")

// read reads a body. What stands before an error is in the answer.
func read(body []byte) (*answer, error) {
	r := reader{Reader: xmlbody.Open(body, maxSize), answer: new(answer)}
	if err := r.root(); err != nil {
		return r.answer, err
	}
	err := r.children(r.top)
	return r.answer, err
}

type reader struct {
	*xmlbody.Reader
	answer *answer
}

// root reads the first element. Repositories that are moved answer with pages
// for people.
func (r *reader) root() error {
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the body %w: it has no element", errNone)
		}
		if err != nil {
			return fmt.Errorf("the body %w: %w", errNone, err)
		}
		if t, ok := token.(xml.StartElement); ok {
			if name := local(t); name != "oai-pmh" {
				return fmt.Errorf("a document that begins with <%s> %w", clip(t.Name.Local, 40), errNone)
			}
			return nil
		}
	}
}

// children calls each for every child of the element that is open, which must
// read it to its end.
func (r *reader) children(each func(xml.StartElement) error) error {
	for outside := r.Depth() - 1; r.Depth() > outside; {
		token, err := r.Next()
		if errors.Is(err, io.EOF) && outside == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := token.(xml.StartElement); ok {
			if err := each(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func local(t xml.StartElement) string { return strings.ToLower(t.Name.Local) }

// text reads a text with its white space folded at the ends.
func (r *reader) text(to *string, most int) error {
	s, err := r.Text(most)
	*to = strings.TrimSpace(s)
	return err
}

// top reads a child of <OAI-PMH>.
func (r *reader) top(t xml.StartElement) error {
	a := r.answer
	switch local(t) {
	case "responsedate":
		return r.text(&a.date, maxText)
	case "error":
		f := fault{code: strings.TrimSpace(xmlbody.Attr(t, "code"))}
		err := r.text(&f.text, maxText)
		if len(a.errors) < 100 {
			a.errors = append(a.errors, f)
		}
		return err
	case "identify":
		return r.children(r.identify)
	case "listrecords", "getrecord", "listidentifiers", "listsets", "listmetadataformats":
		a.listed = true
		return r.children(r.entry)
	default:
		return r.Skip()
	}
}

func (r *reader) identify(t xml.StartElement) error {
	i := &r.answer.identify
	to := map[string]*string{"repositoryname": &i.name, "granularity": &i.granularity, "earliestdatestamp": &i.earliest, "deletedrecord": &i.deleted}[local(t)]
	if to == nil {
		return r.Skip()
	}
	return r.text(to, maxText)
}

// errMany is returned for lists that are too long to be one answer.
var errMany = fmt.Errorf("an answer with more than %d entries", maxRecords)

// entry reads a child of a list.
func (r *reader) entry(t xml.StartElement) error {
	a := r.answer
	switch local(t) {
	case "record", "header":
		if len(a.records) == maxRecords {
			return errMany
		}
		rec, err := r.record(t)
		if err == nil || rec.identifier != "" && (rec.dc != nil || rec.marc != nil) && !errors.Is(err, io.ErrUnexpectedEOF) {
			a.records = append(a.records, *rec)
		}
		return err
	case "resumptiontoken":
		a.size, a.cursor = strings.TrimSpace(xmlbody.Attr(t, "completeListSize")), strings.TrimSpace(xmlbody.Attr(t, "cursor"))
		return r.text(&a.token, maxToken)
	case "metadataformat":
		return r.format()
	case "set":
		return r.set()
	default:
		return r.Skip()
	}
}

func (r *reader) format() error {
	var f format
	err := r.children(func(t xml.StartElement) error {
		to := map[string]*string{"metadataprefix": &f.prefix, "schema": &f.schema, "metadatanamespace": &f.namespace}[local(t)]
		if to == nil {
			return r.Skip()
		}
		return r.text(to, maxText)
	})
	if f.prefix != "" && len(r.answer.formats) < maxListed {
		r.answer.formats = append(r.answer.formats, f)
	}
	return err
}

func (r *reader) set() error {
	var s set
	err := r.children(func(t xml.StartElement) error {
		to := map[string]*string{"setspec": &s.spec, "setname": &s.name}[local(t)]
		if to == nil {
			return r.Skip() // setDescription has Dublin Core of its own
		}
		return r.text(to, maxText)
	})
	if s.spec != "" && len(r.answer.sets) < maxListed {
		r.answer.sets = append(r.answer.sets, s)
	}
	return err
}

// record reads a <record>, or the <header> that stands alone in a list of
// identifiers.
func (r *reader) record(t xml.StartElement) (*record, error) {
	rec := new(record)
	if local(t) == "header" {
		return rec, r.header(rec, t)
	}
	err := r.children(func(t xml.StartElement) error {
		switch local(t) {
		case "header":
			return r.header(rec, t)
		case "metadata":
			return r.children(func(t xml.StartElement) error { return r.metadata(rec, t) })
		default: // about
			return r.Skip()
		}
	})
	return rec, err
}

func (r *reader) header(rec *record, t xml.StartElement) error {
	rec.deleted = strings.EqualFold(strings.TrimSpace(xmlbody.Attr(t, "status")), "deleted")
	return r.children(func(t xml.StartElement) error {
		switch local(t) {
		case "identifier":
			return r.text(&rec.identifier, maxText)
		case "datestamp":
			return r.text(&rec.datestamp, maxText)
		case "setspec":
			var s string
			err := r.text(&s, maxText)
			if s != "" && len(rec.sets) < maxValues {
				rec.sets = append(rec.sets, s)
			}
			return err
		default:
			return r.Skip()
		}
	})
}

// metadata reads the element within <metadata>: Dublin Core, simple or
// qualified, has its terms as children; MARC has fields, perhaps in a
// collection.
func (r *reader) metadata(rec *record, t xml.StartElement) error {
	switch local(t) {
	case "controlfield", "datafield", "fixfield", "varfield":
		return r.marcField(rec, t)
	case "record", "collection", "oai_marc":
		return r.children(func(t xml.StartElement) error { return r.metadata(rec, t) })
	}
	rec.other = local(t)
	return r.children(func(t xml.StartElement) error {
		switch name := local(t); name {
		case "record", "controlfield", "datafield":
			return r.metadata(rec, t)
		default:
			return r.term(rec, name, t)
		}
	})
}

func (r *reader) term(rec *record, name string, t xml.StartElement) error {
	v := value{language: xmlbody.Attr(t, "lang")}
	if err := r.text(&v.text, maxText); err != nil || v.text == "" {
		return err
	}
	if rec.dc == nil {
		rec.dc = make(map[string][]value)
	}
	if len(rec.dc) < 200 && len(rec.dc[name]) < maxValues {
		rec.dc[name] = append(rec.dc[name], v)
	}
	return nil
}

// marcField reads a field of MARCXML, or of the older oai_marc.
func (r *reader) marcField(rec *record, t xml.StartElement) error {
	f := field{tag: xmlbody.Attr(t, "tag"), ind1: xmlbody.Attr(t, "ind1"), ind2: xmlbody.Attr(t, "ind2")}
	if f.tag == "" {
		f.tag, f.ind1, f.ind2 = xmlbody.Attr(t, "id"), xmlbody.Attr(t, "i1"), xmlbody.Attr(t, "i2")
	}
	var err error
	if name := local(t); name == "controlfield" || name == "fixfield" {
		f.text, err = r.Text(maxText) // its blanks have meaning
	} else {
		err = r.children(func(t xml.StartElement) error {
			s := subfield{code: xmlbody.Attr(t, "code")}
			if s.code == "" {
				s.code = xmlbody.Attr(t, "label")
			}
			err := r.text(&s.text, maxText)
			if s.text != "" && len(f.subfields) < maxValues {
				f.subfields = append(f.subfields, s)
			}
			return err
		})
	}
	if len(rec.marc) < maxValues {
		rec.marc = append(rec.marc, f)
	}
	return err
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
