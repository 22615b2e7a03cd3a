package oai

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// prefix is the only metadata format.
const prefix = "oai_dc"

// verb is one request of the protocol (section 4).
type verb struct {
	required, optional []string
	// resumes: a resumption token may stand in the place of all others.
	resumes bool
	answer  func(p *Provider, ctx context.Context, a *answer, args url.Values) error
}

// verbs are all of them.
func verbs() map[string]verb {
	return map[string]verb{
		"Identify":            {answer: (*Provider).identify},
		"ListMetadataFormats": {optional: []string{"identifier"}, answer: (*Provider).formats},
		"ListSets":            {resumes: true, answer: (*Provider).sets},
		"GetRecord":           {required: []string{"identifier", "metadataPrefix"}, answer: (*Provider).record},
		"ListIdentifiers":     {required: []string{"metadataPrefix"}, optional: []string{"from", "until", "set"}, resumes: true, answer: (*Provider).list},
		"ListRecords":         {required: []string{"metadataPrefix"}, optional: []string{"from", "until", "set"}, resumes: true, answer: (*Provider).list},
	}
}

// The forms of arguments, as the schema has them.
var (
	prefixPattern = regexp.MustCompile(`^[A-Za-z0-9\-_.!~*'()]{1,200}$`)
	setPattern    = regexp.MustCompile(`^[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*$`)
	// identifierPattern is what may stand in a URI (RFC 3986 section 2).
	identifierPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.\-]*:([A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$`)
)

// answer fills an answer. Errors of the protocol are faults.
func (p *Provider) answer(ctx context.Context, a *answer, args url.Values) error {
	name := args.Get("verb")
	v, ok := verbs()[name]
	if !ok || len(args["verb"]) != 1 {
		return faultf("badVerb", "the verb must be given once, as one of %s", "Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords, GetRecord")
	}
	if err := check(v, args); err != nil {
		return err
	}
	a.verb, a.args = name, args
	return v.answer(p, ctx, a, args)
}

// check holds arguments against what a verb takes.
func check(v verb, args url.Values) error {
	for name, values := range args {
		switch {
		case len(values) != 1:
			return faultf("badArgument", "%s is given more than once", clean(name))
		case name == "verb", name == "resumptionToken" && v.resumes, slices.Contains(v.required, name), slices.Contains(v.optional, name):
		default:
			return faultf("badArgument", "%q is no argument of this verb", clean(name))
		}
		if form := forms[name]; form != nil && !form.MatchString(values[0]) {
			return faultf("badArgument", "%s has a value that is none", name)
		}
	}
	if args.Has("resumptionToken") {
		if len(args) != 2 {
			return faultf("badArgument", "resumptionToken goes without other arguments")
		}
		return nil
	}
	for _, name := range v.required {
		if !args.Has(name) {
			return faultf("badArgument", "%s is missing", name)
		}
	}
	return nil
}

var forms = map[string]*regexp.Regexp{"metadataPrefix": prefixPattern, "set": setPattern}

// clean is text from outside as it may stand in a message.
func clean(text string) string {
	if len(text) > 40 {
		text = text[:40]
	}
	return strings.ToValidUTF8(text, "")
}

func (p *Provider) identify(ctx context.Context, a *answer, _ url.Values) error {
	first, err := p.store.Changed(ctx, harvest.Changes{Limit: 1})
	if err != nil {
		return err
	}
	earliest := time.Unix(0, 0)
	if len(first) > 0 {
		earliest = first[0].LastChanged
		if earliest.After(a.at) { // still settling: nothing is listed yet, and nothing will be dated before the answer
			earliest = a.at
		}
	}
	a.identify(&p.o, earliest)
	return nil
}

func (p *Provider) formats(ctx context.Context, a *answer, args url.Values) error {
	if args.Has("identifier") {
		if _, err := p.find(ctx, a, args.Get("identifier")); err != nil {
			return err
		}
	}
	a.formats()
	return nil
}

func (p *Provider) sets(ctx context.Context, a *answer, args url.Values) error {
	if args.Has("resumptionToken") {
		return faultf("badResumptionToken", "the list of sets comes in one answer")
	}
	sets, err := p.o.Sets(ctx)
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		return faultf("noSetHierarchy", "there are no sets")
	}
	a.sets(sets)
	return nil
}

func (p *Provider) record(ctx context.Context, a *answer, args url.Values) error {
	r, err := p.find(ctx, a, args.Get("identifier"))
	if err != nil {
		return err
	}
	if args.Get("metadataPrefix") != prefix {
		return cannotDisseminate()
	}
	known, err := p.known(ctx)
	if err != nil {
		return err
	}
	a.open("GetRecord")
	a.record(&r, p.identifier(r.ID), known.of(&r, ""))
	a.close("GetRecord")
	return nil
}

func cannotDisseminate() error {
	return faultf("cannotDisseminateFormat", "records are given as %s only", prefix)
}

// find is the record of an identifier. One that has changed so lately that no
// list has it yet is found too: nothing is lost when it is told early.
func (p *Provider) find(ctx context.Context, a *answer, identifier string) (harvest.Record, error) {
	if !identifierPattern.MatchString(identifier) {
		a.args.Del("identifier") // it could not stand in the answer
		return harvest.Record{}, faultf("idDoesNotExist", "this is no identifier")
	}
	id, found := strings.CutPrefix(identifier, "oai:"+p.o.Domain+":")
	if !found {
		return harvest.Record{}, faultf("idDoesNotExist", "identifiers here begin with oai:%s:", p.o.Domain)
	}
	r, err := p.store.Record(ctx, harvest.RecordID(id))
	if errors.Is(err, harvest.ErrNotFound) {
		return r, faultf("idDoesNotExist", "there is no such record")
	}
	return r, err
}

func (p *Provider) identifier(id harvest.RecordID) string {
	return "oai:" + p.o.Domain + ":" + string(id)
}

// fault is an error of the protocol (section 3.6).
type fault struct{ code, text string }

// Error implements error.
func (f *fault) Error() string { return f.code + ": " + f.text }

func faultf(code, format string, args ...any) error {
	return &fault{code, fmt.Sprintf(format, args...)}
}
