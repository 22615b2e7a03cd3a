package oaipmh

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
)

// maxPages ends a list that does not.
const maxPages = 100_000

// begin asks for the lists of the source file: one for each set and window.
func (v *visit) begin(i identify, now time.Time, prefix string) []harvest.Request {
	layout := layoutOf(i.granularity)
	pieces := []window{{}}
	from, known := stamp(v.step.Since)
	if !known {
		from, known = stamp(v.oai.From)
	}
	switch {
	case v.oai.Window > 0:
		if earliest, ok := stamp(i.earliest); ok && (!known || earliest.After(from)) {
			from, known = earliest, true
		}
		if known {
			pieces = windows(from, now, v.oai.Window, layout)
		}
	case known:
		pieces = []window{{from: from.Format(layout)}}
	}
	sets := v.oai.Sets
	if len(sets) == 0 {
		sets = []string{""}
	}
	var out []harvest.Request
	for _, s := range sets {
		for _, w := range pieces {
			out = append(out, v.first(step{Name: v.verb(), Set: s, Prefix: prefix, From: w.from, Until: w.until}))
		}
	}
	return out
}

// verb is the step of a list: whole records, or their headers alone.
func (d *Door) verb() string {
	if d.oai.OneByOne {
		return StepHeaders
	}
	return StepRecords
}

// first asks for the first page of a list.
func (v *visit) first(s step) harvest.Request {
	return v.request(v.address(verbs[s.Name], "metadataPrefix", s.Prefix, "set", s.Set, "from", s.From, "until", s.Until), s, 1)
}

// verbs of the protocol by step.
var verbs = map[string]string{
	StepIdentify: "Identify", StepFormats: "ListMetadataFormats", StepSets: "ListSets",
	StepRecords: "ListRecords", StepHeaders: "ListIdentifiers", StepRecord: "GetRecord",
}

// address is that of a verb with arguments, those without a value left out. A
// blank is written %20: to some repositories a "+" in a token is a plus sign.
// The parameters of the base address stay, for some need them.
func (d *Door) address(verb string, arguments ...string) string {
	u := *d.base
	query := []string{"verb=" + verb}
	if u.RawQuery != "" {
		query = append([]string{u.RawQuery}, query...)
	}
	for i := 0; i+1 < len(arguments); i += 2 {
		if arguments[i+1] != "" {
			query = append(query, arguments[i]+"="+strings.ReplaceAll(url.QueryEscape(arguments[i+1]), "+", "%20"))
		}
	}
	u.RawQuery = strings.Join(query, "&")
	return u.String()
}

func (v *visit) request(at string, s step, page int) harvest.Request {
	return harvest.Request{
		URL: at, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: page, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	}
}

// list reads a page of records or headers.
func (v *visit) list(a *answer, broken error) harvest.Parsed {
	prints := make([]string, 0, len(a.records))
	for i := range a.records {
		rec := &a.records[i]
		prints = append(prints, rec.identifier+" "+rec.datestamp)
		v.record(rec)
	}
	if broken != nil {
		v.fail("the answer breaks off: " + broken.Error())
	}
	if n, err := strconv.Atoi(a.size); err == nil && n > 0 {
		v.out.Total = n
	}
	v.onwards(a, item.Fingerprint(prints), broken)
	return v.out
}

// onwards asks for the page after this one, or says why the list ends here.
func (v *visit) onwards(a *answer, print string, broken error) {
	number, token := max(1, v.page.Request.Page), a.token
	if token == "" {
		cursor, err := strconv.Atoi(a.cursor)
		if n := v.out.Total; err == nil && n > cursor+len(a.records) && broken == nil {
			v.notef("the list ended after %d of %d records that it was to have", cursor+len(a.records), n)
		}
		return
	}
	next := v.address(verbs[v.step.Name], "resumptionToken", token)
	switch {
	case next == v.page.Request.URL:
		v.fail("the list goes in a circle: the resumption token leads to the same page")
	case print == v.step.Before && len(a.records) > 0:
		v.fail("the list goes in a circle: this page repeats the one before")
	case print == v.step.First && len(a.records) > 0:
		v.fail("the list goes in a circle: this page repeats the first")
	case number >= maxPages:
		v.fail(fmt.Sprintf("the list has more than %d pages; the rest was left out", maxPages))
	default:
		s := v.step
		s.Before = print
		if number == 1 {
			s.First = print
		}
		v.out.Requests = append(v.out.Requests, v.request(next, s, number+1))
	}
}
