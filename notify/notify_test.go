package notify_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/notify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a store of memos that can be made to fail.
type memory struct {
	mu    sync.Mutex
	memos map[string]harvest.Memo
	away  error
}

func newMemory() *memory { return &memory{memos: map[string]harvest.Memo{}} }

func (s *memory) Memos(_ context.Context, kind string) ([]harvest.Memo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []harvest.Memo
	for _, m := range s.memos {
		if m.Kind == kind {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b harvest.Memo) int { return strings.Compare(a.Key, b.Key) })
	return out, s.away
}

func (s *memory) PutMemo(_ context.Context, m harvest.Memo) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away != nil {
		return s.away
	}
	if s.memos[m.Key].Version != m.Version {
		return harvest.ErrConflict
	}
	m.Version++
	s.memos[m.Key] = m
	return nil
}

// people take messages, or do not.
type people struct {
	name string
	got  []notify.Message
	fail error
	hook func()
}

func (p *people) Name() string { return p.name }

func (p *people) Send(_ context.Context, m notify.Message) error {
	if p.hook != nil {
		p.hook()
	}
	if p.fail != nil {
		return p.fail
	}
	p.got = append(p.got, m)
	return nil
}

func (p *people) subjects() []string {
	var out []string
	for _, m := range p.got {
		out = append(out, m.Subject)
	}
	return out
}

// desk is a notifier with a clock.
type desk struct {
	*testing.T
	store *memory
	team  *people
	now   time.Time
	n     *notify.Notifier
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, store: newMemory(), team: &people{name: "team"}, now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)} // a Monday
	d.restart()
	return d
}

// restart is what a new process begins with.
func (d *desk) restart() {
	d.Helper()
	words, err := notify.NewWords("")
	if err != nil {
		d.Fatal(err)
	}
	d.n = notify.New(notify.Options{
		Store: d.store, Channels: []notify.Channel{d.team}, Words: words, Now: func() time.Time { return d.now },
		On: []notify.Kind{notify.Broken, notify.Recovered, notify.Quarantined, notify.Stale, notify.Door},
	})
}

func (d *desk) sees(states ...string) {
	d.Helper()
	for _, state := range states {
		word, stale := strings.CutSuffix(state, "+stale")
		if err := d.n.Observe(d.Context(), []notify.Standing{{Source: "a", State: word, Stale: stale, Class: "dns"}}); err != nil {
			d.Fatal(err)
		}
		d.delivers()
		d.now = d.now.Add(time.Minute)
	}
}

func (d *desk) delivers() int {
	d.Helper()
	left, err := d.n.Deliver(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return left
}

func TestOnlyChangesAreTold(t *testing.T) {
	tests := []struct {
		states string
		want   []string
	}{
		{"new healthy healthy ailing healthy", nil},
		{"broken broken dead broken", []string{"Broken: a"}},
		{"healthy broken ailing healthy broken", []string{"Broken: a", "Recovered: a", "Broken: a"}},
		{"healthy quarantined quarantined broken healthy", []string{"Held for a decision: a", "Broken: a", "Recovered: a"}},
		{"healthy healthy+stale healthy+stale healthy", []string{"Stale: a", "Recovered: a"}},
		{"healthy ailing+stale broken+stale healthy", []string{"Stale: a", "Broken: a", "Recovered: a"}},
		{"broken+stale", []string{"Broken: a"}}, // one message, not two
		{"new ailing ailing", nil},
	}
	for _, tt := range tests {
		t.Run(tt.states, func(t *testing.T) {
			d := newDesk(t)
			for state := range strings.FieldsSeq(tt.states) {
				d.sees(state)
				d.restart() // makes no difference
			}
			if diff := cmp.Diff(tt.want, d.team.subjects()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A message that is not taken is tried again, less and less often, by whatever
// process is there, under one identifier.
func TestMessagesAreTriedAgain(t *testing.T) {
	d := newDesk(t)
	d.team.fail = errors.New("no route")
	begin := d.now
	var tries []time.Duration
	d.team.hook = func() { tries = append(tries, d.now.Sub(begin)) }
	d.sees("broken")
	for range 4 * 60 {
		d.now = d.now.Add(time.Minute)
		d.restart()
		d.delivers()
	}
	for i := 3; i < len(tries); i++ { // the first pause is shorter than the steps of this clock
		if tries[i]-tries[i-1] < tries[i-1]-tries[i-2] {
			t.Errorf("tries after %s", tries)
		}
	}
	if len(tries) < 6 || len(tries) > 12 {
		t.Errorf("%d tries within four hours: %s", len(tries), tries)
	}
	d.team.fail = nil
	d.now = d.now.Add(time.Hour)
	if left := d.delivers(); left != 0 || len(d.team.got) != 1 {
		t.Errorf("%d left, %d delivered", left, len(d.team.got))
	}
	d.now = d.now.Add(time.Hour)
	d.delivers()
	if len(d.team.got) != 1 {
		t.Errorf("delivered %d times", len(d.team.got))
	}
}

// After a week a message is given up.
func TestMessagesAreGivenUp(t *testing.T) {
	d := newDesk(t)
	d.team.fail = errors.New("no such user")
	d.sees("broken")
	d.now = d.now.Add(8 * 24 * time.Hour)
	if left := d.delivers(); left != 0 {
		t.Errorf("%d left after the last try", left)
	}
	d.team.fail = nil
	if left := d.delivers(); left != 0 || len(d.team.got) != 0 {
		t.Errorf("%d left, %d delivered", left, len(d.team.got))
	}
}

// A process that is killed while it sends leaves the message to the next, which
// waits until it cannot be under way any more.
func TestKillWhileSending(t *testing.T) {
	d := newDesk(t)
	killed, kill := context.WithCancel(t.Context())
	d.team.fail = errors.New("killed")
	d.team.hook = func() {
		d.store.away = errors.New("killed")
		kill()
	}
	if err := d.n.Observe(killed, []notify.Standing{{Source: "a", State: "broken"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.n.Deliver(killed); err == nil {
		t.Error("the store was away, and nobody is told")
	}
	d.team.fail, d.team.hook, d.store.away = nil, nil, nil
	d.restart()
	if left := d.delivers(); left != 1 || len(d.team.got) != 0 {
		t.Errorf("%d left, %d delivered while another process may be sending", left, len(d.team.got))
	}
	d.now = d.now.Add(2 * time.Minute)
	if left := d.delivers(); left != 0 || len(d.team.got) != 1 {
		t.Errorf("%d left, %d delivered", left, len(d.team.got))
	}
}

// Of two servers on one catalogue one tells.
func TestOfTwoServersOneTells(t *testing.T) {
	one := newDesk(t)
	two := newDesk(t)
	two.store = one.store
	two.restart()
	for _, state := range []string{"broken", "healthy"} {
		s := []notify.Standing{{Source: "a", State: state}}
		for _, d := range []*desk{one, two} {
			if err := d.n.Observe(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		two.delivers()
		one.delivers()
	}
	if n := len(one.team.got) + len(two.team.got); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestDigest(t *testing.T) {
	for period, want := range map[string]int{"daily": 8, "weekly": 1, "never": 0} { // 9 days from a Monday
		d := newDesk(t)
		var away error
		words, err := notify.NewWords("")
		if err != nil {
			t.Fatal(err)
		}
		all := []notify.Standing{{Source: "a", State: "broken", Class: "dns"}, {Source: "b", State: "healthy", LastWhole: d.now}}
		for range 9 * 24 {
			d.n = notify.New(notify.Options{
				Store: d.store, Channels: []notify.Channel{d.team}, Words: words, Now: func() time.Time { return d.now }, Digest: period,
				BrokenLinks: func(_ context.Context, id harvest.SourceID) (int, error) {
					return map[harvest.SourceID]int{"b": 2}[id], away
				},
			})
			// A store that is away when a digest is due delays it by an hour.
			away = nil
			if d.now.Hour() == 7 {
				away = errors.New("away")
			}
			if err := d.n.Observe(t.Context(), all); err != nil && away == nil {
				t.Fatal(err)
			}
			d.delivers()
			d.now = d.now.Add(time.Hour)
		}
		if len(d.team.got) < want || len(d.team.got) > want+1 {
			t.Errorf("%s: %d digests, want %d", period, len(d.team.got), want)
		}
		for _, m := range d.team.got {
			if m.Subject != "1 of 2 sources need a look" || !strings.Contains(m.Text, "- a: broken (dns), last seen whole: never") || m.Created.Hour() != 8 ||
				!strings.Contains(m.Text, "Documents that are not where records say:\n\n- b: 2 ('harvest links list b'") || strings.Contains(m.Text, "- a: 0") {
				t.Errorf("%s: %s at %s\n%s", period, m.Subject, m.Created, m.Text)
			}
		}
	}
}

func TestTemplates(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("subject.tmpl", "{{.Source}} ist {{.State}}\x1b[2J\n2")
	words, err := notify.NewWords(folder)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.n = notify.New(notify.Options{Store: d.store, Channels: []notify.Channel{d.team}, Words: words, On: []notify.Kind{notify.Broken}, Now: func() time.Time { return d.now }})
	d.sees("broken")
	if len(d.team.got) != 1 || d.team.got[0].Subject != "a ist broken[2J 2" || !strings.Contains(d.team.got[0].Text, "a is broken: dns.") {
		t.Errorf("messages %+v", d.team.got)
	}
	for name, text := range map[string]string{
		"subject.tmpl": "{{.Nothing}}", "text.tmpl": "{{if}}", "digest.tmpl": strings.Repeat("x", 1<<17),
	} {
		write(name, text)
		if _, err := notify.NewWords(folder); err == nil {
			t.Errorf("%s with %.20q is taken", name, text)
		}
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// A door that stops working is told once, whatever runs come in by the other, and so
// is that it works again. Another state is told with it, in one message.
func TestLostDoorIsTold(t *testing.T) {
	d := newDesk(t)
	well := notify.Standing{Source: "a", State: "healthy"}
	lost := notify.Standing{Source: "a", State: "healthy", LostDoor: "wordpress", Fallback: "door wordpress does not work any more (404)"}
	held := lost
	held.State = "quarantined"
	for _, s := range []notify.Standing{well, lost, lost, well, held, held, well} {
		if err := d.n.Observe(t.Context(), []notify.Standing{s}); err != nil {
			t.Fatal(err)
		}
		d.delivers()
		d.restart()
	}
	want := []string{"Another door: a", "Recovered: a", "Held for a decision: a", "Recovered: a"}
	if diff := cmp.Diff(want, d.team.subjects()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	for _, i := range []int{0, 2} {
		if text := d.team.got[i].Text; !strings.Contains(text, "Warning: door wordpress does not work any more (404)\n") {
			t.Errorf("told is\n%s", text)
		}
	}
	if text := d.team.got[0].Text; strings.Contains(text, "holds what it held before") {
		t.Errorf("of a run that was published is said\n%s", text)
	}
}
