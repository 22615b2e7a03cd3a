package oaipmh

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/item"
)

// record makes a record, a request or an event of one record of the
// repository.
func (v *visit) record(rec *record) {
	event := func(o harvest.Outcome, why string) {
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: o, URL: v.page.URL, Reason: why})
	}
	switch {
	case rec.identifier == "" && rec.deleted:
		event(harvest.InvalidRecord, "a deleted record without an identifier")
		return
	case rec.deleted:
		v.out.Events = append(v.out.Events, harvest.Event{
			Outcome: harvest.GoneRecord, URL: v.page.URL, Record: harvest.NewRecordID(v.source.ID, native(rec.identifier), ""),
			Reason: fmt.Sprintf("%s was deleted in the repository, %s", rec.identifier, rec.datestamp),
		})
		return
	case v.step.Name == StepHeaders:
		v.one(rec)
		return
	case len(rec.dc["title"]) == 0 && rec.marc == nil:
		why := "has no metadata"
		switch {
		case strings.Contains(rec.other, "dc"):
			why = "has no dc:title"
		case rec.other != "":
			why = fmt.Sprintf("is in a format that is not read, <%s>", clip(rec.other, 40))
		}
		event(harvest.NoTitle, rec.identifier+" "+why)
		return
	}
	v.whole(rec)
}

// native is the identifier of a record; most begin with "oai:" by themselves.
func native(identifier string) string {
	if strings.HasPrefix(identifier, "oai:") {
		return identifier
	}
	return "oai:" + identifier
}

// one asks for a record of which only the header is known. Its datestamp tells
// whether it has changed.
func (v *visit) one(rec *record) {
	if rec.identifier == "" {
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.InvalidRecord, URL: v.page.URL, Reason: "a header without an identifier"})
		return
	}
	req := v.request(v.address("GetRecord", "metadataPrefix", v.step.Prefix, "identifier", rec.identifier), step{Name: StepRecord, Prefix: v.step.Prefix}, 1)
	req.Kind = harvest.KindItem
	if t, ok := stamp(rec.datestamp); ok {
		req.Modified = t
		if !strings.Contains(rec.datestamp, ":") {
			req.Modified = t.Add(2 * overlap) // the end of the day, wherever
		}
	}
	v.out.Requests = append(v.out.Requests, req)
}

// whole makes a record of metadata, or a request for the item's own page.
func (v *visit) whole(rec *record) {
	b := fields.New(v.page.URL, v.source.Homepage, v.source.Language)
	b.Native("identifier", "oai:", rec.identifier)
	if link := v.link(rec.identifier); link != "" {
		b.Link("link", link)
	}
	if rec.marc != nil {
		marc21(b, rec.marc)
	} else {
		dublinCore(b, rec.dc)
	}
	out := b.Record()
	if out.URL == "" && len(out.Documents) > 0 {
		b.Link("document", out.Documents[0].URL)
		out = b.Record()
	}
	if out.URL == "" {
		v.out.Events = append(v.out.Events, harvest.Event{
			Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("%s names no web address; the key link can make one of its identifier", rec.identifier),
		})
		return
	}
	if v.wantsPage(&out) {
		v.out.Requests = append(v.out.Requests, harvest.Request{
			URL: out.URL, Kind: harvest.KindItem, Door: v.door, Step: StepItem, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL, Card: &out,
		})
		return
	}
	item.Finish(&v.out, &out, v.source, v.vocabulary)
}

// link makes the address of an item's page of its identifier, by the pattern
// of the source file: {id} is what stands behind the last colon.
func (d *Door) link(identifier string) string {
	if d.oai.Link == "" || identifier == "" {
		return ""
	}
	id := identifier[strings.LastIndexByte(identifier, ':')+1:]
	return strings.NewReplacer("{id}", (&url.URL{Path: id}).EscapedPath(), "{identifier}", url.QueryEscape(identifier)).Replace(d.oai.Link)
}

// wantsPage reports whether the web page of an item is to be fetched besides.
func (d *Door) wantsPage(rec *harvest.Record) bool {
	if item.DocumentType(rec.URL) != "" || !d.onSite(rec.URL) {
		return false
	}
	switch d.oai.Pages {
	case "always":
		return true
	case "when-needed":
		return rec.Summary == "" || rec.SummaryBasis.Truncated || item.HasRules(&d.rules)
	}
	return false
}

// onSite reports whether an address is on a host of the source.
func (d *Door) onSite(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := bareHost(u)
	for _, own := range append([]string{d.source.Homepage, d.oai.Base}, d.source.Scope.Hosts...) {
		if o, err := url.Parse(own); err == nil && o.Host != "" && bareHost(o) == host {
			return true
		}
		if own == host || strings.HasPrefix(own, ".") && strings.HasSuffix("."+host, own) {
			return true
		}
	}
	return false
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }
