package oai

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"strconv"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/dc"
)

// secondsLayout is the granularity of all datestamps.
const secondsLayout = "2006-01-02T15:04:05Z"

// What stands around every answer (section 3.2).
const (
	head = xml.Header + `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
		` xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">` + "\n"
	tail = "</OAI-PMH>\n"

	identifierSpace = "http://www.openarchives.org/OAI/2.0/oai-identifier"
)

// answer is an answer that is being written.
type answer struct {
	at   time.Time
	base string
	// verb and args stand in the answer, unless they were wrong.
	verb string
	args url.Values
	body bytes.Buffer
	bad  *fault
}

// fail makes an error of the answer.
func (a *answer) fail(f *fault) {
	a.bad = f
	if f.code == "badVerb" || f.code == "badArgument" { // section 3.2, rule 3
		a.verb, a.args = "", nil
	}
}

// argumentNames are in the order in which they are told.
var argumentNames = []string{"identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"}

// document is the whole answer.
func (a *answer) document() []byte {
	var out bytes.Buffer
	out.WriteString(head)
	out.WriteString("<responseDate>" + a.at.Format(secondsLayout) + "</responseDate>\n<request")
	if a.verb != "" {
		attribute(&out, "verb", a.verb)
		for _, name := range argumentNames {
			if a.args.Has(name) {
				attribute(&out, name, a.args.Get(name))
			}
		}
	}
	out.WriteByte('>')
	escape(&out, a.base)
	out.WriteString("</request>\n")
	if a.bad != nil {
		out.WriteString("<error")
		attribute(&out, "code", a.bad.code)
		out.WriteByte('>')
		escape(&out, a.bad.text)
		out.WriteString("</error>\n")
	} else {
		out.Write(a.body.Bytes())
	}
	out.WriteString(tail)
	return out.Bytes()
}

func attribute(out *bytes.Buffer, name, value string) {
	out.WriteString(" " + name + `="`)
	escape(out, value)
	out.WriteByte('"')
}

// escape writes text. What XML 1.0 cannot hold is left out.
func escape(out *bytes.Buffer, text string) { _ = xml.EscapeText(out, []byte(citation.Text(text))) }

func (a *answer) open(name string)  { a.body.WriteString("<" + name + ">\n") }
func (a *answer) close(name string) { a.body.WriteString("</" + name + ">\n") }

func (a *answer) element(name, text string) {
	a.body.WriteString("<" + name + ">")
	escape(&a.body, text)
	a.body.WriteString("</" + name + ">\n")
}

func (a *answer) identify(o *Options, earliest time.Time) {
	a.open("Identify")
	a.element("repositoryName", o.Name)
	a.element("baseURL", o.BaseURL)
	a.element("protocolVersion", "2.0")
	a.element("adminEmail", o.AdminEmail)
	a.element("earliestDatestamp", earliest.UTC().Format(secondsLayout))
	a.element("deletedRecord", "persistent")
	a.element("granularity", "YYYY-MM-DDThh:mm:ssZ")
	a.element("compression", "gzip")
	a.open("description")
	a.body.WriteString(`<oai-identifier xmlns="` + identifierSpace + `" xsi:schemaLocation="` + identifierSpace + " " + identifierSpace + `.xsd">` + "\n")
	a.element("scheme", "oai")
	a.element("repositoryIdentifier", o.Domain)
	a.element("delimiter", ":")
	a.element("sampleIdentifier", "oai:"+o.Domain+":respect:0123456789abcdef")
	a.close("oai-identifier")
	a.close("description")
	a.close("Identify")
}

func (a *answer) formats() {
	a.open("ListMetadataFormats")
	a.open("metadataFormat")
	a.element("metadataPrefix", prefix)
	a.element("schema", dc.Schema)
	a.element("metadataNamespace", dc.Namespace)
	a.close("metadataFormat")
	a.close("ListMetadataFormats")
}

func (a *answer) sets(sets []Set) {
	a.open("ListSets")
	for _, s := range sets {
		a.open("set")
		a.element("setSpec", s.Spec)
		a.element("setName", s.Name)
		a.close("set")
	}
	a.close("ListSets")
}

// header writes the header of a record (section 2.5). What is gone or was
// withdrawn is deleted.
func (a *answer) header(r *harvest.Record, identifier string, sets []string) {
	if deleted(r) {
		a.body.WriteString(`<header status="deleted">` + "\n")
	} else {
		a.open("header")
	}
	a.element("identifier", identifier)
	a.element("datestamp", r.LastChanged.UTC().Format(secondsLayout))
	for _, s := range sets {
		a.element("setSpec", s)
	}
	a.close("header")
}

func deleted(r *harvest.Record) bool {
	return r.State == harvest.StateGone || r.State == harvest.StateWithdrawn
}

func (a *answer) record(r *harvest.Record, identifier string, sets []string) {
	a.open("record")
	a.header(r, identifier, sets)
	if !deleted(r) {
		a.open("metadata")
		dc.Append(&a.body, r)
		a.close("metadata")
	}
	a.close("record")
}

// token writes a resumption token, empty at the end of a list.
func (a *answer) token(text string, before int, expires time.Time) {
	a.body.WriteString("<resumptionToken")
	if !expires.IsZero() {
		attribute(&a.body, "expirationDate", expires.UTC().Format(secondsLayout))
	}
	attribute(&a.body, "cursor", strconv.Itoa(before))
	a.body.WriteByte('>')
	escape(&a.body, text)
	a.body.WriteString("</resumptionToken>\n")
}
