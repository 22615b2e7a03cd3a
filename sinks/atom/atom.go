// Package atom writes records as an Atom feed, for readers and alerts.
//
// What enters: a sequence of records. What leaves: XML 1.0 in UTF-8, one feed
// as RFC 4287 says, one entry a record. The same records with the same options
// always give the same octets: no clock is asked. What it refuses: nothing;
// text is changed as [citation.Text] says, which leaves out what XML cannot hold.
//
//   - The identity of an entry is a URN made of the record's identifier (UUID
//     version 5, RFC 9562), which stays when its address moves.
//   - updated is when the catalogue last saw the content change; published only
//     when the day is known, because Atom has no dates of less precision.
//     dc:date has the date with its precision.
//   - category has the document type, the topics and the countries, each with
//     its scheme.
//   - An entry without authors has its publisher for one; without either, that
//     of the feed counts.
package atom

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
)

// Options describe the feed.
type Options struct {
	// Title names the feed, "Harvest" when empty.
	Title string
	// ID is any text that tells this feed from others, such as the query that
	// it answers; the feed's identity is made of it.
	ID string
	// Updated is when the catalogue last changed.
	Updated time.Time
}

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// namespace is under which record identifiers become UUIDs.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/harvest87/harvest"))

// Schemes of categories.
const (
	schemeType    = "https://github.com/harvest87/harvest/doctypes"
	schemeTopic   = "https://github.com/harvest87/harvest/topics"
	schemeCountry = "https://www.iso.org/iso-3166-country-codes.html"
)

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends; the feed is closed
// only when all went well, so that a part is not taken for the whole.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error], o Options) (int, error) {
	out := &writer{bufio.NewWriterSize(w, bufferBytes)}
	title := citation.Line(o.Title)
	if title == "" {
		title = "Harvest"
	}
	_, _ = out.WriteString(xml.Header + `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">` + "\n") // bufio keeps the error
	out.element("title", title)
	out.element("id", urn("feed "+o.ID))
	out.element("updated", moment(o.Updated))
	out.author("Harvest")
	n, err := sinks.Each(ctx, records, out.entry)
	if err == nil {
		_, err = out.WriteString("</feed>\n")
	}
	return n, errors.Join(err, out.Flush())
}

type writer struct{ *bufio.Writer }

func (w *writer) entry(r *harvest.Record) error {
	_, _ = w.WriteString("<entry")
	if tag, err := language.Parse(r.Language.Value); err == nil && tag != language.Und {
		w.attribute("xml:lang", tag.String())
	}
	_, _ = w.WriteString(">\n")
	w.element("title", citation.Line(r.Title))
	w.element("id", urn(string(r.ID)))
	changed := r.LastChanged
	if changed.IsZero() {
		changed = r.FirstSeen
	}
	w.element("updated", moment(changed))
	if r.Published.Precision == harvest.PrecisionDay {
		w.element("published", citation.Line(r.Published.Value)+"T00:00:00Z")
	}
	w.authors(r)
	w.link("alternate", r.URL, "", 0)
	for i := range r.Documents {
		d := &r.Documents[i]
		w.link("enclosure", d.URL, d.MediaType, d.Bytes)
	}
	w.category(schemeType, r.Category, citation.TypeOf(r).Label)
	for _, topic := range r.Topics {
		w.category(schemeTopic, topic, "")
	}
	for _, country := range r.Countries {
		w.category(schemeCountry, country, "")
	}
	if s := citation.Text(r.Summary); s != "" {
		w.element("summary", s)
	}
	if l := citation.Line(r.Licence); l != "" {
		w.element("rights", l)
	}
	if !r.Published.IsZero() {
		w.element("dc:date", citation.Line(r.Published.Value))
	}
	_, err := w.WriteString("</entry>\n")
	return err
}

func (w *writer) authors(r *harvest.Record) {
	names := citation.Names(r)
	for _, n := range names {
		w.author(n.Direct())
	}
	if p := citation.Line(r.Publisher); len(names) == 0 && p != "" {
		w.author(p)
	}
}

func (w *writer) author(name string) {
	_, _ = w.WriteString("  <author><name>")
	w.text(name)
	_, _ = w.WriteString("</name></author>\n")
}

func (w *writer) link(rel, url, mediaType string, octets int64) {
	if url == "" {
		return
	}
	_, _ = w.WriteString("  <link")
	w.attribute("rel", rel)
	w.attribute("href", citation.Address(url))
	if isMediaType(mediaType) {
		w.attribute("type", mediaType)
	}
	if octets > 0 {
		w.attribute("length", strconv.FormatInt(octets, 10))
	}
	_, _ = w.WriteString("/>\n")
}

func (w *writer) category(scheme, term, label string) {
	if term = citation.Line(term); term == "" {
		return
	}
	_, _ = w.WriteString("  <category")
	w.attribute("scheme", scheme)
	w.attribute("term", term)
	if label != "" {
		w.attribute("label", label)
	}
	_, _ = w.WriteString("/>\n")
}

func (w *writer) element(name, value string) {
	_, _ = w.WriteString("  <" + name + ">")
	w.text(value)
	_, _ = w.WriteString("</" + name + ">\n")
}

func (w *writer) attribute(name, value string) {
	_, _ = w.WriteString(" " + name + `="`)
	w.text(value)
	_ = w.WriteByte('"')
}

// text escapes for elements and attributes alike.
func (w *writer) text(s string) { _ = xml.EscapeText(w.Writer, []byte(s)) }

func urn(name string) string { return uuid.NewSHA1(namespace, []byte(name)).URN() }

// moment is a date-time of RFC 3339, to the second; an unknown one is the
// epoch, because Atom must have one.
func moment(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

// isMediaType reports whether s is one as RFC 4287 wants it, without parameters.
func isMediaType(s string) bool {
	slashes := 0
	for i, c := range []byte(s) {
		switch {
		case c == '/' && i > 0 && i < len(s)-1:
			slashes++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		default:
			return false
		}
	}
	return slashes == 1
}
