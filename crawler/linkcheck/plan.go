package linkcheck

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Plan bounds how often links are asked for.
type Plan struct {
	// Every is the time between two looks at a link that is well or about which
	// nothing can be told; default 30 days.
	Every time.Duration
	// PerDay is how many links of one host are asked for within 24 hours; default 50.
	PerDay int
}

// A suspect is asked for each day, so that three days settle it; one that is
// broken once a week, for some come back.
const (
	suspectAfter = 22 * time.Hour
	brokenAfter  = 7 * 24 * time.Hour
)

func (p Plan) withDefaults() Plan {
	if p.Every <= 0 {
		p.Every = 30 * 24 * time.Hour
	}
	if p.PerDay <= 0 {
		p.PerDay = 50
	}
	return p
}

// dueAt is from when on a link may be asked for.
func (p Plan) dueAt(l *Link) time.Time {
	switch l.Verdict() {
	case Unchecked:
		return time.Time{}
	case Suspect:
		return l.Checked.Add(suspectAfter)
	case Broken:
		return l.Checked.Add(brokenAfter)
	default:
		return l.Checked.Add(p.Every)
	}
}

// host is whose patience an address takes. An address without one has nobody's.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// due chooses what to ask for now: suspects first, then what was never looked at,
// then the oldest, and of each host no more than its day has left. spent is how
// many links of a host were asked for within the last day, whoever named them.
func (p Plan) due(links []Link, spent map[string]int, now time.Time) []Link {
	var out []Link
	for i := range links {
		l := &links[i]
		if host(l.URL) != "" && (!p.dueAt(l).After(now) || l.Checked.After(now)) { // a clock was set back
			out = append(out, *l)
		}
	}
	slices.SortStableFunc(out, func(a, b Link) int {
		return cmp.Or(cmp.Compare(urgency(&a), urgency(&b)), a.Checked.Compare(b.Checked), strings.Compare(a.URL, b.URL))
	})
	return slices.DeleteFunc(out, func(l Link) bool {
		h := host(l.URL)
		if spent[h] >= p.PerDay {
			return true
		}
		spent[h]++
		return false
	})
}

func urgency(l *Link) int {
	switch l.Verdict() {
	case Suspect:
		return 0
	case Unchecked:
		return 1
	default:
		return 2
	}
}

// countSpent adds to spent, by host, what was asked for within the day before now.
func countSpent(spent map[string]int, links []Link, now time.Time) {
	for i := range links {
		if c := links[i].Checked; !c.IsZero() && now.Sub(c) < 24*time.Hour && !c.After(now) {
			spent[host(links[i].URL)]++
		}
	}
}
