package oaipmh

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
)

// The steps of the door. [harvest.Request.Step] holds one of these words and,
// behind "?", what the reading must know; see step.
const (
	StepIdentify = "identify" // what the repository is, asked first
	StepRecords  = "records"  // a page of a list of records
	StepHeaders  = "headers"  // a page of a list of identifiers
	StepRecord   = "record"   // one record
	StepFormats  = "formats"  // which formats there are
	StepSets     = "sets"     // which sets there are
	StepItem     = "item"     // the web page of one item
)

// Door reads a repository. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	oai        config.OAIPMH
	rules      config.PageRules
	door       int
	base       *url.URL
}

// New returns the door at that position of the source, which must be of the
// kind oai-pmh. Nothing is fetched. The error is about the repository's address.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{source: src, vocabulary: vocab, oai: *src.Doors[door].OAIPMH, rules: src.Doors[door].Page, door: door}
	var err error
	if d.base, err = url.Parse(d.oai.Base); err != nil || d.base.Host == "" {
		return nil, fmt.Errorf("address of the repository: %q is none", d.oai.Base)
	}
	d.base.Fragment = ""
	if d.oai.Metadata == "" {
		d.oai.Metadata = "oai_dc"
	}
	return d, nil
}

// Seeds asks who the repository is; its answer says in which form it wants
// dates, and what time it is there. With since only records are asked for that
// were changed, added or deleted from a day before it on.
func (d *Door) Seeds(since time.Time) ([]harvest.Request, bool) {
	s := step{Name: StepIdentify}
	if !since.IsZero() {
		s.Since = since.Add(-overlap).UTC().Format(seconds)
	}
	return []harvest.Request{{
		URL: d.address("Identify"), Kind: harvest.KindDiscovery, Door: d.door, Step: s.String(), Page: 1,
	}}, !since.IsZero()
}

// Streams reports that answers are read piece by piece.
func (d *Door) Streams(req *harvest.Request) bool { return parseStep(req.Step).Name != StepItem }

// Reading is how the door has the web pages of items read: what the repository
// said comes along as the card and stands.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, CardWins: true}
}

// Recognise tells an answer by its first element.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	a, err := read(p.Body)
	if errors.Is(err, errNone) || err != nil && len(a.records) == 0 {
		return req, "", false
	}
	v := visit{Door: d, page: p}
	s, why := step{Name: StepRecords, Prefix: d.oai.Metadata}, "it is an answer of OAI-PMH with records"
	switch {
	case a.identify != identify{}:
		s, why = step{Name: StepIdentify}, "it is an answer of OAI-PMH, to Identify"
	case len(a.records) > 0 && a.records[0].dc == nil && a.records[0].marc == nil && d.oai.OneByOne:
		s.Name = StepHeaders
	}
	return v.first(s), why, true
}

// visit is the reading of one answer.
type visit struct {
	*Door
	page *harvest.Page
	step step
	out  harvest.Parsed
}

func (v *visit) notef(format string, args ...any) {
	v.out.Notes = append(v.out.Notes, fmt.Sprintf(format, args...))
}

// fail makes a hole in the run of what could not be read.
func (v *visit) fail(why string) {
	v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
}

// Parse answers for one page. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	v := visit{Door: d, page: p, step: parseStep(p.Request.Step)}
	if v.step.Name == StepItem {
		return item.Parse(p, d.Reading())
	}
	if verbs[v.step.Name] == "" {
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the oai-pmh door has no step %q", v.step.Name)}}
	}
	switch p.Outcome {
	case harvest.Fetched:
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	default:
		return v.failed()
	}
	a, err := read(p.Body)
	switch {
	case errors.Is(err, errNone):
		return v.broken(err.Error())
	case len(a.errors) > 0:
		return v.refused(a.errors)
	case err != nil && len(a.records) == 0 && a.identify == (identify{}):
		return v.broken("the answer breaks off: " + err.Error())
	}
	return v.answered(a, err)
}

// answered reads an answer that is none of the errors.
func (v *visit) answered(a *answer, broken error) harvest.Parsed {
	switch v.step.Name {
	case StepIdentify:
		now, ok := stamp(a.date)
		if !ok {
			now = v.page.FetchedAt
		}
		v.out.Requests = v.begin(a.identify, now, v.oai.Metadata)
		return v.out
	case StepFormats:
		return v.otherFormat(a)
	case StepSets:
		return v.otherSet(a)
	}
	if !a.listed {
		return v.broken("the answer has no list")
	}
	return v.list(a, broken)
}
