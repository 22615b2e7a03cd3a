package oaipmh

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// maxRetries is how often a list is begun again whose token has expired.
const maxRetries = 3

// refused answers for an error of the protocol (section 3.6).
func (v *visit) refused(errors []fault) harvest.Parsed {
	has := func(code string) bool {
		return slices.ContainsFunc(errors, func(f fault) bool { return strings.EqualFold(f.code, code) })
	}
	isList := v.step.Name == StepRecords || v.step.Name == StepHeaders
	switch {
	case has("noRecordsMatch") && isList: // nothing has changed, or a window is empty
		v.notef("no records match %s", v.what())
		return v.out
	case has("badResumptionToken") && isList && v.page.Request.Page > 1:
		return v.again("the resumption token is refused")
	case has("cannotDisseminateFormat") && isList && v.page.Request.Page <= 1:
		v.out.Requests = []harvest.Request{v.request(v.address("ListMetadataFormats"), step{Name: StepFormats, Since: v.sinceOf(), Set: v.step.Set}, 1)}
		v.out.Expected = "other formats are asked for"
		return v.out
	case isList && v.step.Set != "" && v.step.Retry == 0 && (has("badArgument") || has("noSetHierarchy")):
		s := v.step
		s.Name = StepSets
		v.out.Requests = []harvest.Request{v.request(v.address("ListSets"), s, 1)}
		return v.out
	case has("idDoesNotExist") && v.step.Name == StepRecord:
		v.out.Events = []harvest.Event{{Outcome: harvest.NotFoundPage, URL: v.page.URL, Reason: describe(errors)}}
		return v.out
	}
	return v.broken("the repository answers " + describe(errors))
}

// describe is what the repository says of its errors.
func describe(errors []fault) string {
	var parts []string
	for _, f := range errors[:min(len(errors), 5)] {
		part := f.code
		if f.text != "" {
			part += ": " + clip(strings.Join(strings.Fields(f.text), " "), 200)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// what names the list for people.
func (v *visit) what() string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"set", v.step.Set}, {"from", v.step.From}, {"until", v.step.Until}} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	if len(parts) == 0 {
		return "the list"
	}
	return strings.Join(parts, ", ")
}

// sinceOf keeps the moment of an increment over a question in between.
func (v *visit) sinceOf() string {
	if v.step.Since != "" {
		return v.step.Since
	}
	return v.step.From
}

// again begins a list anew whose token has expired: records that were read are
// recognised, and tokens of the new list are new.
func (v *visit) again(why string) harvest.Parsed {
	if v.step.Retry >= maxRetries {
		return v.broken(fmt.Sprintf("%s, after the list was begun %d times", why, v.step.Retry+1))
	}
	s := step{Name: v.step.Name, Set: v.step.Set, Prefix: v.step.Prefix, From: v.step.From, Until: v.step.Until, Retry: v.step.Retry + 1}
	v.out.Requests = []harvest.Request{v.first(s)}
	v.out.Expected = why + "; the list is begun again"
	v.notef("%s on page %d of %s; it was begun again", why, v.page.Request.Page, v.what())
	return v.out
}

// failed answers for a page that was not had.
func (v *visit) failed() harvest.Parsed {
	p := v.page
	why := string(p.Outcome)
	if p.Status != 0 {
		why = fmt.Sprintf("%s (%d)", why, p.Status)
	}
	if p.Reason != "" {
		why += ": " + p.Reason
	}
	switch {
	case v.step.Name == StepIdentify:
		return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, p.Request.URL)}
	case p.Request.Page > 1 && (p.Outcome == harvest.ClientError || p.Outcome == harvest.NotFoundPage || p.Outcome == harvest.GonePage) && p.Status != http.StatusTooManyRequests:
		return v.again("the resumption token is refused with " + why) // some say so by a status, against section 3.6
	}
	return harvest.Parsed{}
}

// broken answers for what is no answer, or one that leads nowhere. When it was
// the first, the door does not work; elsewhere the run has a hole.
func (v *visit) broken(why string) harvest.Parsed {
	if v.step.Name == StepIdentify || v.page.Request.Page <= 1 && v.step.Set == "" && v.step.From == "" && v.step.Name != StepRecord {
		return harvest.Parsed{Dead: fmt.Sprintf("%s: %s", v.page.URL, why)}
	}
	v.fail(why)
	return v.out
}

// otherFormat asks for the lists in a format that the repository has.
func (v *visit) otherFormat(a *answer) harvest.Parsed {
	var names []string
	best, rank := "", 0
	for _, f := range a.formats {
		names = append(names, f.prefix)
		is := strings.ToLower(f.prefix + " " + f.namespace)
		r := 0
		switch {
		case f.prefix == "oai_dc":
			r = 4
		case strings.Contains(is, "marc"):
			r = 3
		case strings.Contains(is, "dc"):
			r = 2
		}
		if r > rank {
			best, rank = f.prefix, r
		}
	}
	if best == "" || best == v.oai.Metadata {
		return harvest.Parsed{Dead: fmt.Sprintf("%s: none of its formats is read here: %s", v.page.URL, strings.Join(names[:min(len(names), 20)], ", "))}
	}
	v.notef("the repository has no format %q; %q is read instead", v.oai.Metadata, best)
	s := step{Name: v.verb(), Set: v.step.Set, Prefix: best, From: v.step.Since}
	v.out.Requests = []harvest.Request{v.first(s)}
	return v.out
}

// otherSet asks for the list of the set that has the name which was taken for
// its specification.
func (v *visit) otherSet(a *answer) harvest.Parsed {
	var names []string
	for _, s := range a.sets {
		if strings.EqualFold(s.name, v.step.Set) && s.spec != v.step.Set {
			again := v.step
			again.Name, again.Set, again.Retry = v.verb(), s.spec, again.Retry+1
			v.out.Requests = []harvest.Request{v.first(again)}
			return v.out
		}
		names = append(names, fmt.Sprintf("%s (%s)", s.spec, s.name))
	}
	if a.token != "" {
		s := v.step
		v.out.Requests = []harvest.Request{v.request(v.address("ListSets", "resumptionToken", a.token), s, v.page.Request.Page+1)}
		return v.out
	}
	const shown = 10
	v.fail(fmt.Sprintf("no set has the specification or name %q; some that there are: %s", v.step.Set, strings.Join(names[:min(len(names), shown)], ", ")))
	return v.out
}
