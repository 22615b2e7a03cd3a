package health

import (
	"cmp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Class is why a run did not pass, in one word.
type Class string

// The classes.
const (
	DNS         Class = "dns"           // the name of the host is not found, or leads where it may not
	TLS         Class = "tls"           // no trusted secure connection
	Refused     Class = "refused"       // connections are refused or break
	Timeout     Class = "timeout"       // answers take too long
	Robots      Class = "robots"        // robots.txt forbids it, or cannot be read
	Denied      Class = "denied"        // 401, 403 or a login form
	NotFound    Class = "not-found"     // 404 or 410
	RateLimited Class = "rate-limited"  // 429
	ClientError Class = "client-error"  // another 4xx
	ServerError Class = "server-error"  // 5xx
	Challenge   Class = "challenge"     // a riddle for people
	Redirects   Class = "redirect-only" // it leads elsewhere, or in a circle
	Parse       Class = "parse"         // it came and could not be read
	Empty       Class = "empty"         // it came and held nothing
	Changed     Class = "changed"       // it is not what it was: a gate failed, or no door knows it
	Budget      Class = "budget"        // a limit of its source file ended it
	Poison      Class = "poison"        // it ends the program; the run is set aside
	Setup       Class = "setup"         // nothing was asked: a contact, a variable or the like is missing
)

// Classes are all of them, in the order in which one is named when several
// happened equally often: what explains the others first.
func Classes() []Class {
	return []Class{
		Setup, Poison, DNS, TLS, Refused, Timeout, Robots, Denied, Challenge, RateLimited, ServerError, ClientError, NotFound, Redirects,
		Changed, Parse, Empty, Budget,
	}
}

// SetAside begins the reason of a run that is not tried again by itself.
const SetAside = "set aside: "

// byOutcome is the class of endings of pages and records. Those that are
// notable only count when nothing was found.
var byOutcome = map[harvest.Outcome]Class{
	harvest.DNSError: DNS, harvest.BlockedAddress: DNS,
	harvest.TLSError:        TLS,
	harvest.ConnectionError: Refused, harvest.Incomplete: Refused,
	harvest.TimedOut:          Timeout,
	harvest.RobotsUnavailable: Robots, harvest.RobotsDenied: Robots,
	harvest.AccessDenied: Denied, harvest.LoginRequired: Denied,
	harvest.NotFoundPage: NotFound, harvest.GonePage: NotFound,
	harvest.RateLimited:  RateLimited,
	harvest.ClientError:  ClientError,
	harvest.ServerError:  ServerError,
	harvest.Challenge:    Challenge,
	harvest.RedirectLoop: Redirects, harvest.OffScope: Redirects,
	harvest.ParseFailed: Parse, harvest.BadEncoding: Parse, harvest.Panicked: Parse, harvest.UnexpectedType: Parse,
	harvest.TooLarge: Parse, harvest.InvalidRecord: Parse, harvest.NoTitle: Parse, harvest.NoURL: Parse,
}

// Classify says why an ended run, or one that is set aside, did not pass; empty
// when it did.
func Classify(run *harvest.Run) Class {
	switch {
	case strings.HasPrefix(run.Reason, SetAside):
		return Poison
	case run.State == harvest.RunPassed || !run.State.Ended():
		return ""
	case run.State == harvest.RunQuarantined || run.State == harvest.RunDiscarded || strings.HasPrefix(run.Reason, "gate:"):
		return Changed
	case run.Requests == 0 && len(run.Outcomes) == 0 && len(run.Doors) == 0:
		return Setup
	}
	if class := mostOften(failures(run)); class != "" {
		return class
	}
	switch {
	case run.Outcomes[harvest.OverLimit] > 0:
		return Budget
	case run.Records() > 0:
		return Changed // whole by its pages, and yet not believed
	}
	if class := mostOften(notable(run)); class != "" {
		return class
	}
	if run.Door() == "" && run.Outcomes[harvest.Fetched] > 0 {
		return Changed
	}
	return Empty
}

// failures counts the endings that should not have been, those of doors that
// were left for others included when no door was left.
func failures(run *harvest.Run) map[Class]int {
	counts := map[Class]int{}
	for o, n := range run.Outcomes {
		if o.Info().Severity == harvest.Failing && o != harvest.RobotsUnavailable {
			counts[byOutcome[o]] += n
		}
	}
	robots := map[Class]int{}
	for _, s := range run.Samples {
		switch {
		case s.Outcome == harvest.RobotsUnavailable:
			robots[cause(string(s.Outcome)+": "+s.Reason)]++
		case s.Outcome == harvest.Declined && run.Door() == "":
			counts[cause(s.Reason)]++
		}
	}
	if n := run.Outcomes[harvest.RobotsUnavailable]; n > 0 { // of which the samples are examples
		class := mostOften(robots)
		if class == "" {
			class = Robots
		}
		counts[class] += n
	}
	return counts
}

// cause is the class of a reason that begins with the name of an outcome. That
// robots.txt cannot be read has a cause of its own behind it, as the outcome
// that it would be for a page: "robots-unavailable: robots.txt: timeout: …".
func cause(reason string) Class {
	if rest, ok := strings.CutPrefix(reason, string(harvest.RobotsUnavailable)+": robots.txt: "); ok {
		if class := cause(rest); class != "" {
			return class
		}
	}
	was, _, _ := strings.Cut(reason, ":")
	return byOutcome[harvest.Outcome(was)]
}

// notable counts the endings that explain why nothing was found.
func notable(run *harvest.Run) map[Class]int {
	counts := map[Class]int{}
	for _, o := range []harvest.Outcome{harvest.RobotsDenied, harvest.NotFoundPage, harvest.GonePage, harvest.OffScope, harvest.UnexpectedType, harvest.NoTitle, harvest.NoURL} {
		counts[byOutcome[o]] += run.Outcomes[o]
	}
	return counts
}

// mostOften is the class with the highest count, empty when there is none.
func mostOften(counts map[Class]int) Class {
	best := slices.MaxFunc(Classes(), func(a, b Class) int {
		return cmp.Compare(counts[a], counts[b]) // of equals, the first
	})
	if counts[best] == 0 {
		return ""
	}
	return best
}
