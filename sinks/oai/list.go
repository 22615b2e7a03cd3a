package oai

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// list answers ListRecords and ListIdentifiers.
func (p *Provider) list(ctx context.Context, a *answer, args url.Values) error {
	t, err := p.request(args)
	if err != nil {
		return err
	}
	known, err := p.known(ctx)
	if err != nil {
		return err
	}
	if t.Set != "" && !known[t.Set] {
		return faultf("noRecordsMatch", "there is no such set")
	}
	page, more, err := p.page(ctx, &t)
	if err != nil {
		return err
	}
	if len(page) == 0 && t.Count == 0 {
		return faultf("noRecordsMatch", "no record has changed then, or is in the set")
	}
	a.open(a.verb)
	for i := range page {
		r := &page[i]
		if sets := known.of(r, t.Set); a.verb == "ListRecords" {
			a.record(r, p.identifier(r.ID), sets)
		} else {
			a.header(r, p.identifier(r.ID), sets)
		}
	}
	p.resume(a, &t, page, more)
	a.close(a.verb)
	return nil
}

// request is what a list is asked for: what the arguments say, or the token.
func (p *Provider) request(args url.Values) (token, error) {
	if args.Has("resumptionToken") {
		return p.read(args.Get("resumptionToken"), args.Get("verb"))
	}
	t := token{Verb: args.Get("verb"), Set: args.Get("set")}
	from, days, err := stamp("from", args)
	if err != nil {
		return t, err
	}
	until, untilDays, err := stamp("until", args)
	switch {
	case err != nil:
		return t, err
	case args.Has("from") && args.Has("until") && days != untilDays:
		return t, faultf("badArgument", "from and until have different granularities")
	case args.Has("from") && args.Has("until") && until.Before(from):
		return t, faultf("badArgument", "from is after until")
	case args.Get("metadataPrefix") != prefix:
		return t, cannotDisseminate()
	}
	if t.From = from; args.Has("until") { // both ends belong to the span (section 2.7.1)
		if t.Before = until.Add(time.Second); untilDays {
			t.Before = until.AddDate(0, 0, 1)
		}
	}
	return t, nil
}

// stamp reads an argument that is a datestamp of either granularity (section
// 3.3), and says whether it is of days.
func stamp(name string, args url.Values) (at time.Time, days bool, err error) {
	text := args.Get(name)
	if !args.Has(name) {
		return at, false, nil
	}
	if at, err = time.Parse(time.DateOnly, text); err == nil {
		return at, true, nil
	}
	if at, err = time.Parse("2006-01-02T15:04:05Z", text); err == nil && !strings.ContainsAny(text, ".,") {
		return at, false, nil
	}
	return at, false, faultf("badArgument", "%s is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ", name)
}

// page reads the records of one answer, and whether there are more behind them.
func (p *Provider) page(ctx context.Context, t *token) ([]harvest.Record, bool, error) {
	q := harvest.Changes{Since: t.From, Before: p.now(), Limit: p.o.PageSize + 1, Behind: t.place()}
	if !t.Before.IsZero() && t.Before.Before(q.Before) {
		q.Before = t.Before
	}
	switch {
	case strings.HasPrefix(t.Set, SourceSet):
		q.Source = harvest.SourceID(t.Set[len(SourceSet):])
	case strings.HasPrefix(t.Set, CategorySet):
		q.Category = t.Set[len(CategorySet):]
	case strings.HasPrefix(t.Set, TopicSet):
		q.Topic = t.Set[len(TopicSet):]
	}
	page, err := p.store.Changed(ctx, q)
	if err != nil || len(page) <= p.o.PageSize {
		return page, false, err
	}
	return page[:p.o.PageSize], true, nil
}

// resume ends a list: with a token when it goes on, with an empty one when it
// is the end of a list of several answers (section 3.5).
func (p *Provider) resume(a *answer, t *token, page []harvest.Record, more bool) {
	switch before := t.Count; {
	case more:
		last := &page[len(page)-1]
		t.Count += len(page)
		t.At, t.Record = last.LastChanged.UnixMilli(), last.ID
		t.Expires = p.o.Now().Add(p.o.TokenLife).Unix()
		a.token(p.write(t), before, time.Unix(t.Expires, 0))
	case before > 0:
		a.token("", before, time.Time{})
	}
}

// specs are the sets that there are.
type specs map[string]bool

func (p *Provider) known(ctx context.Context) (specs, error) {
	sets, err := p.o.Sets(ctx)
	if err != nil {
		return nil, err
	}
	out := make(specs, len(sets))
	for _, s := range sets {
		out[s.Spec] = true
	}
	return out, nil
}

// of are the sets of a record. What was withdrawn has left only its source; in
// the list of a set it stands there as the harvester of that set may know it.
func (s specs) of(r *harvest.Record, asked string) []string {
	var out []string
	add := func(spec string) {
		if s[spec] {
			out = append(out, spec)
		}
	}
	add(SourceSet + string(r.Source))
	if r.State == harvest.StateWithdrawn {
		if asked != "" && !strings.HasPrefix(asked, SourceSet) {
			add(asked)
		}
		return out
	}
	add(CategorySet + r.Category)
	for _, topic := range r.Topics {
		add(TopicSet + topic)
	}
	return out
}
