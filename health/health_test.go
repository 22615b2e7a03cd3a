package health_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/health"
)

var now = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

type counts = map[harvest.Outcome]int

var listing = []harvest.DoorTrial{{Door: "listing", Used: true}}

func TestClassify(t *testing.T) {
	declined := func(reason string) []harvest.Event {
		return []harvest.Event{{Outcome: harvest.Declined, Reason: reason}}
	}
	tried := []harvest.DoorTrial{{Door: "wordpress", Reason: "does not answer"}}
	tests := []struct {
		name string
		run  harvest.Run
		want health.Class
	}{
		{"passed", harvest.Run{State: harvest.RunPassed, Outcomes: counts{harvest.NotFoundPage: 3, harvest.NewRecord: 9}, Doors: listing}, ""},
		{"running", harvest.Run{State: harvest.RunRunning, Outcomes: counts{harvest.DNSError: 3}}, ""},
		{"dns", harvest.Run{State: harvest.RunFailed, Outcomes: counts{harvest.Declined: 2}, Samples: declined("dns-error: no such host"), Doors: tried}, health.DNS},
		{"tls", harvest.Run{State: harvest.RunFailed, Outcomes: counts{harvest.Declined: 1}, Samples: declined("tls-error: expired"), Doors: tried}, health.TLS},
		{"private", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.BlockedAddress: 1}, Doors: listing}, health.DNS},
		{"refused", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ConnectionError: 3, harvest.TimedOut: 2, harvest.NewRecord: 4}, Doors: listing}, health.Refused},
		{"timeout", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ConnectionError: 2, harvest.TimedOut: 3}, Doors: listing}, health.Timeout},
		{"of equals what explains the others", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ParseFailed: 2, harvest.ServerError: 2}, Doors: listing}, health.ServerError},
		{
			"robots cannot be read, for nobody answers", harvest.Run{
				State: harvest.RunFailed, Requests: 4, Outcomes: counts{harvest.Declined: 1}, Doors: tried,
				Samples: declined("robots-unavailable: robots.txt: connection-error: connection refused"),
			}, health.Refused,
		},
		{
			"robots cannot be read, for the server is ill", harvest.Run{
				State: harvest.RunPartial, Outcomes: counts{harvest.RobotsUnavailable: 9, harvest.ParseFailed: 3}, Doors: listing,
				Samples: []harvest.Event{{Outcome: harvest.RobotsUnavailable, Reason: "robots.txt: server-error: 503"}},
			}, health.ServerError,
		},
		{"robots cannot be read", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.RobotsUnavailable: 1}, Doors: listing}, health.Robots},
		{"robots forbids all", harvest.Run{State: harvest.RunFailed, Requests: 1, Outcomes: counts{harvest.RobotsDenied: 1}, Doors: tried}, health.Robots},
		{"robots forbids some", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.RobotsDenied: 9, harvest.AccessDenied: 1, harvest.NewRecord: 5}, Doors: listing}, health.Denied},
		{"login", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.LoginRequired: 1}, Doors: listing}, health.Denied},
		{"404", harvest.Run{State: harvest.RunFailed, Requests: 2, Outcomes: counts{harvest.NotFoundPage: 1}, Doors: tried}, health.NotFound},
		{"404 of a door", harvest.Run{State: harvest.RunFailed, Requests: 2, Outcomes: counts{harvest.Declined: 1}, Samples: declined("not-found: 404"), Doors: tried}, health.NotFound},
		{"5xx", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ServerError: 1, harvest.UnchangedRecord: 90}, Doors: listing}, health.ServerError},
		{"429", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.RateLimited: 1}, Doors: listing}, health.RateLimited},
		{"418", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ClientError: 1}, Doors: listing}, health.ClientError},
		{"challenge", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.Challenge: 7}, Doors: listing}, health.Challenge},
		{"leads elsewhere", harvest.Run{State: harvest.RunFailed, Requests: 2, Outcomes: counts{harvest.OffScope: 1}, Doors: tried}, health.Redirects},
		{"in a circle", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.RedirectLoop: 1}, Doors: listing}, health.Redirects},
		{"parse", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.ParseFailed: 1, harvest.Fetched: 9}, Doors: listing}, health.Parse},
		{"no titles", harvest.Run{State: harvest.RunFailed, Requests: 9, Outcomes: counts{harvest.NoTitle: 8, harvest.Fetched: 9}, Doors: listing}, health.Parse},
		{"empty", harvest.Run{State: harvest.RunFailed, Requests: 2, Outcomes: counts{harvest.Fetched: 1}, Doors: listing}, health.Empty},
		{"no door knows it", harvest.Run{State: harvest.RunFailed, Requests: 2, Outcomes: counts{harvest.Fetched: 1}, Doors: tried}, health.Changed},
		{"gate", harvest.Run{State: harvest.RunFailed, Reason: "gate: 3 records", Outcomes: counts{harvest.NewRecord: 3}, Doors: listing}, health.Changed},
		{"quarantined", harvest.Run{State: harvest.RunQuarantined, Outcomes: counts{harvest.DNSError: 1}}, health.Changed},
		{"one page for all", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.Fetched: 60, harvest.NewRecord: 1}, Doors: listing}, health.Changed},
		{"budget", harvest.Run{State: harvest.RunPartial, Outcomes: counts{harvest.OverLimit: 60, harvest.NewRecord: 1}, Doors: listing}, health.Budget},
		{"no contact", harvest.Run{State: harvest.RunFailed, Reason: "no contact is set"}, health.Setup},
		{"set aside", harvest.Run{State: harvest.RunInterrupted, Reason: health.SetAside + "the program ended"}, health.Poison},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := health.Classify(&tt.run); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Every outcome that keeps a run from being whole has a class, but for pages
// that the next run goes on with.
func TestEveryFailureHasAClass(t *testing.T) {
	for _, info := range harvest.Outcomes() {
		if info.Severity != harvest.Failing || info.Outcome == harvest.Cancelled {
			continue
		}
		run := harvest.Run{State: harvest.RunPartial, Requests: 1, Outcomes: counts{info.Outcome: 1}, Doors: listing}
		if got := health.Classify(&run); got == "" || got == health.Empty {
			t.Errorf("%s is classified as %q", info.Outcome, got)
		}
	}
}

// history are runs that ended a day apart, the newest first and yesterday: p
// passed, h with holes, f failed, b at a budget, q quarantined, i interrupted, s no contact.
func history(letters string) []harvest.Run {
	states := map[rune]harvest.Run{
		'p': {State: harvest.RunPassed},
		'h': {State: harvest.RunPartial, Outcomes: counts{harvest.ServerError: 1}, Reason: "holes"},
		'f': {State: harvest.RunFailed, Outcomes: counts{harvest.DNSError: 1}, Reason: "no door works"},
		'b': {State: harvest.RunPartial, Outcomes: counts{harvest.OverLimit: 1}},
		'q': {State: harvest.RunQuarantined, Reason: "gate missed"},
		'i': {State: harvest.RunInterrupted},
		'd': {State: harvest.RunDiscarded},
		's': {State: harvest.RunFailed, Reason: "no contact is set"},
		'x': {State: harvest.RunInterrupted, Reason: health.SetAside + "the program ended"},
	}
	var runs []harvest.Run
	for i, letter := range letters {
		run := states[letter]
		run.EndedAt = now.Add(-day * time.Duration(i+1))
		run.StartedAt, run.Requests = run.EndedAt, 1
		if letter == 's' {
			run.Requests = 0
		}
		if !run.State.Ended() {
			run.EndedAt = time.Time{}
		} else if len(run.Outcomes) == 0 && letter != 's' {
			run.Outcomes = counts{harvest.Fetched: 1}
		}
		runs = append(runs, run)
	}
	return runs
}

func TestAssess(t *testing.T) {
	weekly := health.Plan{Every: 7 * day}
	tests := []struct {
		runs  string // the newest first
		state health.State
		since int // days ago
		class health.Class
		whole int // days ago, 0: never
		rests int // days from now
	}{
		{"", health.New, 0, "", 0, 0},
		{"ii", health.New, 0, "", 0, 0},
		{"pppf", health.Healthy, 3, "", 1, 0},
		{"bp", health.Healthy, 2, "", 2, 0},
		{"hpp", health.Ailing, 1, health.ServerError, 2, 0},
		{"hhpp", health.Ailing, 2, health.ServerError, 3, 0},
		{"hhhp", health.Broken, 3, health.ServerError, 4, 0},
		{"fp", health.Broken, 1, health.DNS, 2, 0},
		{"ifp", health.Broken, 2, health.DNS, 3, 0},
		{"fff", health.Broken, 3, health.DNS, 0, 0},
		{"ffff", health.Broken, 4, health.DNS, 0, 1},
		{"fffffp", health.Broken, 5, health.DNS, 6, 3},
		{"fffffffffffffff", health.Dead, 15, health.DNS, 0, 29},
		{"hhhhhhhhhhhhhhh", health.Broken, 15, health.ServerError, 0, 0}, // it gives something
		{"phhhhhhhhhhhhhhh", health.Healthy, 1, "", 1, 0},
		{"sssss", health.Broken, 5, health.Setup, 0, 0}, // our own doing is no reason to rest
		{"qp", health.Quarantined, 1, health.Changed, 2, 0},
		{"dp", health.Ailing, 1, health.Changed, 2, 0},
		{"xpp", health.Broken, 1, health.Poison, 2, 0},
	}
	for _, tt := range tests {
		t.Run(tt.runs, func(t *testing.T) {
			r := health.Assess("a", weekly, history(tt.runs), now)
			ago := func(at time.Time) int {
				if at.IsZero() {
					return 0
				}
				return int(now.Sub(at) / day)
			}
			got := []any{r.State, ago(r.Since), r.Class, ago(r.LastWhole), -ago(r.RestsUntil)}
			if diff := cmp.Diff([]any{tt.state, tt.since, tt.class, tt.whole, tt.rests}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStale(t *testing.T) {
	tests := []struct {
		name string
		plan health.Plan
		runs string
		want bool
	}{
		{"in time", health.Plan{Every: 7 * day}, "hhhhhhhhhhhhhhp", false},
		{"too old", health.Plan{Every: 7 * day}, "hhhhhhhhhhhhhhhp", true},
		{"by its file", health.Plan{Every: 7 * day, StaleAfter: 2 * day}, "hhp", true},
		{"by hand", health.Plan{}, "hhhhhhhhhhhhhhhp", false},
		{"never whole", health.Plan{Every: day}, "hhhhhhhhhhhhhhh", false},
	}
	for _, tt := range tests {
		if got := health.Assess("a", tt.plan, history(tt.runs), now); got.Stale != tt.want {
			t.Errorf("%s: stale %v, last whole %s", tt.name, got.Stale, got.LastWhole)
		}
	}
}

func TestWindowCountsThirtyDays(t *testing.T) {
	runs := history("pphfqb" + "pppppppppppppppppppppppppppppp")
	got := health.Assess("a", health.Plan{}, runs, now).Window
	want := health.Window{Passed: 26, Partial: 2, Failed: 1, Quarantined: 1, Classes: map[health.Class]int{
		health.ServerError: 1, health.DNS: 1, health.Changed: 1, health.Budget: 1,
	}}
	if diff := cmp.Diff(want, got); diff != "" || got.Runs() != 30 {
		t.Error(diff)
	}
}

// A dead source is asked less and less often, but never less than once a month.
func TestRest(t *testing.T) {
	var got []int
	for failed := range 12 {
		got = append(got, int(health.Rest(failed)/day))
	}
	if diff := cmp.Diff([]int{0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30}, got); diff != "" {
		t.Error(diff)
	}
	if got := health.Rest(1 << 40); got != 30*day {
		t.Errorf("after ever so many: %s", got)
	}
}

// Whatever the runs were, there is one verdict that holds together.
func TestVerdictsHoldTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		runs := history(rapid.StringOfN(rapid.RuneFrom([]rune("phfbqidsx")), 0, 60, -1).Draw(rt, "runs"))
		r := health.Assess("a", health.Plan{Every: day}, runs, now)
		switch {
		case r.State == health.Healthy && (r.InARow != 0 || r.Class != ""):
			rt.Fatalf("healthy, with %d runs in a row that are not: %+v", r.InARow, r)
		case r.State.Bad() && (r.Class == "" || r.Since.IsZero() || r.Since.After(now)):
			rt.Fatalf("bad without a class or a beginning: %+v", r)
		case r.State == health.New && !r.LastEnd.IsZero():
			rt.Fatalf("new with a run that ended: %+v", r)
		case !r.RestsUntil.IsZero() && (r.RestsUntil.Before(now) || r.RestsUntil.Sub(now) > 30*day):
			rt.Fatalf("rests until %s", r.RestsUntil)
		}
	})
}

// A door that has stopped working is a warning beside the state, from the newest run
// that came in at all.
func TestFallback(t *testing.T) {
	lost := []harvest.DoorTrial{{Door: "wordpress", Reason: "start page: not-found", Worked: time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)}, {Door: "listing", Used: true}}
	at := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	runs := []harvest.Run{
		{State: harvest.RunPassed, Replay: true, Doors: listing, EndedAt: at},
		{State: harvest.RunFailed, Doors: lost[:1], EndedAt: at},
		{State: harvest.RunPassed, Doors: lost, EndedAt: at},
		{State: harvest.RunPassed, Doors: listing, EndedAt: at},
	}
	got := health.Assess("a", health.Plan{}, runs, at).Fallback
	if got == nil {
		t.Fatal("no door is lost")
	}
	if want := "door wordpress does not work any more (start page: not-found), and did until 2026-03-01 04:00 UTC; listing works in its stead"; got.String() != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := health.Assess("a", health.Plan{}, runs[3:], at).Fallback; got != nil {
		t.Errorf("%s, though no door is lost", got)
	}
}
