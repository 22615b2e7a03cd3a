package linkcheck

import (
	"net/url"
	"time"

	"github.com/harvest87/harvest"
)

// Verdict says how a link stands.
type Verdict string

// The verdicts.
const (
	Unchecked Verdict = "unchecked" // it has not been asked for yet
	Good      Verdict = "good"      // it answered
	Unknown   Verdict = "unknown"   // nothing can be told: robots.txt, a login, a challenge
	Suspect   Verdict = "suspect"   // it was not there, not often enough to be sure
	Broken    Verdict = "broken"    // it was not there again and again, over days
)

// What it takes to call a link broken. That an address is not there (404, 410, sent
// to the home page) is the server's own word; that nobody answers may be a bad week.
const (
	notThereTimes, notThereFor = 3, 3 * 24 * time.Hour
	silentTimes, silentFor     = 5, 14 * 24 * time.Hour
)

// Link is what is known of one address.
type Link struct {
	URL string `json:"url"`
	// Checked is when it was last asked for, zero when never.
	Checked time.Time       `json:"checked,omitzero"`
	Outcome harvest.Outcome `json:"outcome,omitempty"`
	Status  int             `json:"status,omitempty"` // of the last answer, 0 for none
	Reason  string          `json:"reason,omitempty"`
	// Since is when it was first found not to be there, with no good answer since;
	// Times counts how often it was found so.
	Since time.Time `json:"since,omitzero"`
	Times int       `json:"times,omitempty"`
	// Silent is true when all that was found is that nobody answers.
	Silent bool `json:"silent,omitempty"`

	was time.Time // Checked as it was before the newest look
}

// Verdict says how the link stands.
func (l *Link) Verdict() Verdict {
	times, long := notThereTimes, notThereFor
	if l.Silent {
		times, long = silentTimes, silentFor
	}
	switch {
	case l.Checked.IsZero():
		return Unchecked
	case l.Times >= times && l.Checked.Sub(l.Since) >= long:
		return Broken
	case l.Times > 0:
		return Suspect
	case l.Outcome == harvest.Fetched:
		return Good
	}
	return Unknown
}

// evidence is what one look says of whether a document is there.
type evidence int

const (
	says0     evidence = iota // nothing
	isThere                   // it answered
	notThere                  // its server says that it is not there
	unheardOf                 // nobody answers at its host
)

// weigh says what a page is evidence of.
func weigh(p *harvest.Page) (evidence, string) {
	switch p.Outcome {
	case harvest.Fetched:
		if leadsHome(p) {
			return notThere, "leads to the home page"
		}
		return isThere, ""
	case harvest.NotFoundPage, harvest.GonePage:
		return notThere, p.Reason
	case harvest.DNSError, harvest.TLSError, harvest.ConnectionError, harvest.TimedOut, harvest.ServerError:
		return unheardOf, p.Reason
	}
	return says0, p.Reason
}

// leadsHome reports whether the address of a document was answered by the page at
// the root of a host, which is how many sites say "not found".
func leadsHome(p *harvest.Page) bool {
	asked, err := url.Parse(p.Request.URL)
	got, err2 := url.Parse(p.URL)
	if err != nil || err2 != nil || p.URL == p.Request.URL {
		return false
	}
	root := func(u *url.URL) bool { return (u.Path == "" || u.Path == "/") && u.RawQuery == "" }
	return root(got) && !root(asked)
}

// maxReason bounds what is kept of a reason, in octets.
const maxReason = 120

// after is the link once it has been asked for again. What is no evidence leaves
// what was found before as it was.
func (l Link) after(p *harvest.Page, at time.Time) Link {
	found, why := weigh(p)
	l.was = l.Checked
	if l.Since.After(at) { // by a clock that was set back since: the days begin anew
		l.Since, l.Times = at.UTC().Truncate(time.Second), min(l.Times, 1)
	}
	l.Checked, l.Outcome, l.Status, l.Reason = at.UTC().Truncate(time.Second), p.Outcome, p.Status, short(why)
	switch found {
	case isThere:
		l.Since, l.Times, l.Silent = time.Time{}, 0, false
	case notThere, unheardOf:
		if l.Times == 0 {
			l.Since, l.Silent = l.Checked, true
		}
		l.Times++
		l.Silent = l.Silent && found == unheardOf
	case says0:
	}
	return l
}

func short(text string) string {
	if len(text) <= maxReason {
		return text
	}
	cut := maxReason
	for cut > 0 && text[cut]&0xC0 == 0x80 { // not within a character
		cut--
	}
	return text[:cut] + "…"
}
