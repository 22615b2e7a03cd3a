package linkcheck_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/linkcheck"
)

// memory keeps memos.
type memory struct {
	memos    map[string]harvest.Memo
	conflict int // writes that fail because somebody else was faster
}

func (m *memory) Memos(_ context.Context, kind string) ([]harvest.Memo, error) {
	var out []harvest.Memo
	for _, x := range m.memos {
		if x.Kind == kind {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b harvest.Memo) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

func (m *memory) PutMemo(_ context.Context, x harvest.Memo) error {
	have := m.memos[x.Kind+"/"+x.Key]
	if m.conflict > 0 {
		m.conflict--
		return fmt.Errorf("put: %w", harvest.ErrConflict)
	}
	if have.Version != x.Version {
		return harvest.ErrConflict
	}
	if len(x.Value) > harvest.MaxMemo {
		return errors.New("too long")
	}
	x.Version++
	m.memos[x.Kind+"/"+x.Key] = x
	return nil
}

// world is what links lead to, and what was asked of it.
type world struct {
	t     *testing.T
	store *memory
	now   time.Time
	says  map[string]func(p *harvest.Page) // by address; else it is there
	asked []string
	plan  linkcheck.Plan
	log   bytes.Buffer
}

func newWorld(t *testing.T) *world {
	return &world{
		t: t, store: &memory{memos: map[string]harvest.Memo{}}, now: time.Date(2026, 3, 2, 4, 17, 0, 0, time.UTC),
		says: map[string]func(*harvest.Page){},
	}
}

func (w *world) Probe(ctx context.Context, url string) *harvest.Page {
	p := &harvest.Page{Request: harvest.Request{URL: url}, URL: url, Outcome: harvest.Fetched, Status: 200}
	if ctx.Err() != nil {
		p.Outcome = harvest.Cancelled
		return p
	}
	w.asked = append(w.asked, url)
	if f := w.says[url]; f != nil {
		f(p)
	}
	return p
}

func ends(o harvest.Outcome, status int) func(*harvest.Page) {
	return func(p *harvest.Page) { p.Outcome, p.Status, p.Reason = o, status, string(o) }
}

// check makes a pass over sources "a", "b" … with those links.
func (w *world) check(links ...[]string) linkcheck.Result {
	w.t.Helper()
	o := linkcheck.Options{Store: w.store, Plan: w.plan, Now: func() time.Time { return w.now }, Logger: slog.New(slog.NewTextHandler(&w.log, nil))}
	for i, some := range links {
		o.Sources = append(o.Sources, linkcheck.Source{
			ID: harvest.SourceID(string(rune('a' + i))), Prober: w, Links: func(context.Context) ([]string, error) { return some, nil },
		})
	}
	w.asked = nil
	r, err := linkcheck.Check(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// verdict is how a link of source "a" stands.
func (w *world) verdict(url string) linkcheck.Verdict {
	w.t.Helper()
	known, err := linkcheck.Known(w.t.Context(), w.store, "a")
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range known {
		if known[i].URL == url {
			return known[i].Verdict()
		}
	}
	return ""
}

const lost, well = "https://x.example/lost.pdf", "https://x.example/well.pdf"

// A link is broken after several bad days, not after one, and is well again after
// one good answer.
func TestBrokenTakesDays(t *testing.T) {
	w := newWorld(t)
	w.says[lost] = ends(harvest.NotFoundPage, 404)
	for day, want := range []linkcheck.Verdict{linkcheck.Suspect, linkcheck.Suspect, linkcheck.Suspect, linkcheck.Broken} {
		w.check([]string{lost, well})
		if got := w.verdict(lost); got != want {
			t.Errorf("day %d: %s, want %s", day, got, want)
		}
		if got := w.verdict(well); got != linkcheck.Good {
			t.Errorf("day %d: the good one is %s", day, got)
		}
		w.now = w.now.Add(24 * time.Hour)
	}
	if w.check([]string{lost, well}); len(w.asked) != 0 {
		t.Errorf("asked the next day for %q, though one is known to be broken and the other to be well", w.asked)
	}
	delete(w.says, lost)
	w.now = w.now.Add(7 * 24 * time.Hour)
	if r := w.check([]string{lost, well}); r.Mended != 1 || w.verdict(lost) != linkcheck.Good || len(w.asked) != 1 {
		t.Errorf("%+v, %s, asked for %q", r, w.verdict(lost), w.asked)
	}
}

// Many looks on one day are one bad day.
func TestOneBadDayIsNotEnough(t *testing.T) {
	w := newWorld(t)
	w.says[lost] = ends(harvest.GonePage, 410)
	for range 10 {
		w.check([]string{lost})
		w.now = w.now.Add(2 * time.Hour)
	}
	if got := w.verdict(lost); got != linkcheck.Suspect {
		t.Errorf("the link is %s after a day", got)
	}
}

// A server that does not answer has two weeks; a server that says "not found" once
// meanwhile is heard.
func TestSilenceTakesLonger(t *testing.T) {
	w := newWorld(t)
	w.says[lost] = ends(harvest.DNSError, 0)
	days := 0
	for ; w.verdict(lost) != linkcheck.Broken && days < 40; days++ {
		w.check([]string{well + fmt.Sprint(days), lost})
		w.now = w.now.Add(24 * time.Hour)
	}
	if days != 15 {
		t.Errorf("broken after %d days, want 15", days)
	}
}

// What a server refuses to tell is no evidence, and takes none away.
func TestRefusalsSayNothing(t *testing.T) {
	w := newWorld(t)
	for _, o := range []harvest.Outcome{harvest.RobotsDenied, harvest.AccessDenied, harvest.RateLimited, harvest.Challenge, harvest.LoginRequired, harvest.BlockedAddress} {
		w.says[lost] = ends(o, 403)
		for range 40 {
			w.check([]string{lost})
			w.now = w.now.Add(24 * time.Hour)
		}
		if got := w.verdict(lost); got != linkcheck.Unknown {
			t.Errorf("%s: the link is %s", o, got)
		}
	}
	w = newWorld(t)
	for day := range 4 {
		w.says[lost] = ends(harvest.NotFoundPage, 404)
		if day == 1 {
			w.says[lost] = ends(harvest.Challenge, 403)
		}
		w.check([]string{lost})
		w.now = w.now.Add(24 * time.Hour)
	}
	if got := w.verdict(lost); got != linkcheck.Broken {
		t.Errorf("404, challenge, 404, 404: %s", got)
	}
}

// When nobody answers, it is us who are cut off.
func TestOurOwnNetworkIsDown(t *testing.T) {
	w := newWorld(t)
	var links []string
	for i := range 30 {
		url := fmt.Sprintf("https://h%d.example/x.pdf", i)
		links = append(links, url)
		w.says[url] = ends(harvest.DNSError, 0)
	}
	if r := w.check(links); r.Ignored != 30 || w.verdict(links[0]) != "" {
		t.Errorf("%+v, the first link is %q", r, w.verdict(links[0]))
	}
	delete(w.says, links[20])
	if r := w.check(links); r.Ignored != 0 || w.verdict(links[0]) != linkcheck.Suspect {
		t.Errorf("with one answer: %+v, the first link is %q", r, w.verdict(links[0]))
	}
}

// A host is asked for so many links a day, however many sources name it.
func TestHostsHaveTheirDay(t *testing.T) {
	w := newWorld(t)
	w.plan.PerDay = 3
	var a, b []string
	for i := range 5 {
		a = append(a, fmt.Sprintf("https://X.example/a%d.pdf", i))
		b = append(b, fmt.Sprintf("https://x.example:443/b%d.pdf", i))
	}
	b = append(b, "https://other.example/x.pdf")
	total := map[string]bool{}
	for day, want := range []int{4, 3, 3, 1, 0} {
		w.check(a, b)
		if len(w.asked) != want {
			t.Errorf("day %d: asked for %q, want %d", day, w.asked, want)
		}
		for _, u := range w.asked {
			total[u] = true
		}
		w.check(a, b)
		if len(w.asked) != 0 {
			t.Errorf("day %d: asked once more for %q", day, w.asked)
		}
		w.now = w.now.Add(24 * time.Hour)
	}
	if len(total) != 11 {
		t.Errorf("%d links were looked at, want all 11", len(total))
	}
}

func TestSentHomeIsNotThere(t *testing.T) {
	w := newWorld(t)
	home := func(p *harvest.Page) { p.URL = "https://x.example/" }
	w.says[lost] = home
	w.says["https://x.example/"] = home // which is where it was asked for
	w.check([]string{lost, "https://x.example/"})
	if w.verdict(lost) != linkcheck.Suspect || w.verdict("https://x.example/") != linkcheck.Good {
		t.Errorf("%s and %s", w.verdict(lost), w.verdict("https://x.example/"))
	}
}

// What no record has any more is forgotten, and somebody else's writes are kept.
func TestMemory(t *testing.T) {
	w := newWorld(t)
	var many []string
	for i := range 600 {
		many = append(many, fmt.Sprintf("https://h%d.example/x.pdf", i%20)+fmt.Sprint(i))
	}
	w.check(many)
	w.store.conflict = 3
	w.now = w.now.Add(40 * 24 * time.Hour)
	w.check(many[:300])
	known, err := linkcheck.Known(t.Context(), w.store, "a")
	if err != nil || len(known) < 300 || len(known) > 450 { // shards without any result are left as they are
		t.Errorf("%d links are known (%v), want 300 or a few more", len(known), err)
	}
	for _, l := range known {
		if slices.Contains(many[:300], l.URL) && !l.Checked.Equal(w.now) {
			t.Errorf("%s was checked at %s", l.URL, l.Checked)
		}
	}
}

// A pass that is stopped keeps what it has found, and is no failure.
func TestStopped(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	w.says[lost] = func(*harvest.Page) { stop() }
	r, err := linkcheck.Check(ctx, linkcheck.Options{Store: w.store, Now: func() time.Time { return w.now }, Sources: []linkcheck.Source{{
		ID: "a", Prober: w, Links: func(context.Context) ([]string, error) { return []string{lost, well}, nil },
	}}})
	if err != nil || r.Checked != 1 || w.verdict(lost) != linkcheck.Good || w.verdict(well) != "" {
		t.Errorf("%+v, %v, %q, %q", r, err, w.verdict(lost), w.verdict(well))
	}
}
