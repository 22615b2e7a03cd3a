package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// memoKind is the kind of the memos; their key is the source, or digestKey.
const memoKind = "told"

// Store is what keeps memos; sinks.Catalogue describes the methods.
type Store interface {
	Memos(ctx context.Context, kind string) ([]harvest.Memo, error)
	PutMemo(ctx context.Context, m harvest.Memo) error
}

// Channel is a way to people. Send returns nil once the message is in other
// hands; it is called again after an error, by one goroutine.
type Channel interface {
	Name() string
	Send(ctx context.Context, m Message) error
}

// Message is one message for one channel.
type Message struct {
	// ID is the same for each attempt.
	ID      string          `json:"id"`
	Channel string          `json:"channel"`
	Kind    Kind            `json:"kind"`
	Subject string          `json:"subject"`
	Text    string          `json:"text"`
	Data    json.RawMessage `json:"data"` // the event or the digest
	Created time.Time       `json:"created"`
	// Tries counts attempts, the next of which is not made before Next.
	Tries int       `json:"tries,omitempty"`
	Next  time.Time `json:"next,omitzero"`
}

const (
	// sendWithin bounds one attempt; another process that finds the message
	// being sent leaves it alone for twice as long.
	sendWithin = 30 * time.Second
	// Back-off: 30 s, doubled with each attempt up to an hour, for a week.
	firstWait = 30 * time.Second
	mostWait  = time.Hour
	giveUp    = 7 * 24 * time.Hour
	// mostWaiting bounds the messages about one source that wait.
	mostWaiting = 20
)

// wait is the pause after that many attempts.
func wait(tries int) time.Duration {
	return min(firstWait<<min(max(tries-1, 0), 10), mostWait)
}

// entry is what a memo holds.
type entry struct {
	told
	Digest time.Time `json:"digest,omitzero"` // when the last digest was due
	Outbox []Message `json:"outbox,omitempty"`
}

// Notifier tells. Its methods are called by one goroutine.
type Notifier struct {
	store    Store
	channels []Channel
	on       map[Kind]bool
	period   string
	words    *Words
	logger   *slog.Logger
	now      func() time.Time
	links    func(context.Context, harvest.SourceID) (int, error)
	// Delivered, when set, is told how each attempt ended.
	Delivered func(channel string, err error)
}

// Options say what is told to whom.
type Options struct {
	Store    Store
	Channels []Channel
	On       []Kind // changes that are told
	Digest   string // "daily", "weekly"; anything else: none
	Words    *Words
	Logger   *slog.Logger
	Now      func() time.Time // default [time.Now]
	// BrokenLinks, when set, counts the documents of a source that are not where its
	// records say. It is asked when a digest is due, for it may take a while.
	BrokenLinks func(context.Context, harvest.SourceID) (int, error)
}

// New makes a notifier.
func New(o Options) *Notifier {
	n := &Notifier{store: o.Store, channels: o.Channels, on: map[Kind]bool{}, period: o.Digest, words: o.Words, logger: o.Logger, now: o.Now, links: o.BrokenLinks}
	for _, k := range o.On {
		n.on[k] = true
	}
	if n.now == nil {
		n.now = time.Now
	}
	if n.logger == nil {
		n.logger = slog.New(slog.DiscardHandler)
	}
	return n
}

// Observe takes in how sources stand, and puts down what is to be told.
func (n *Notifier) Observe(ctx context.Context, all []Standing) error {
	memos, err := n.memos(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		s := &all[i]
		m, e := memoOf(memos, string(s.Source))
		kind, next := e.learn(s)
		if next == e.told {
			continue
		}
		e.told = next
		if kind != "" && n.on[kind] {
			if err := n.tell(&e, &Event{ID: rand.Text(), Kind: kind, At: n.now().UTC(), Standing: *s}); err != nil {
				return err
			}
		}
		if err := n.put(ctx, m, &e); err != nil && !errors.Is(err, harvest.ErrConflict) { // a conflict: another server tells
			return err
		}
	}
	return n.digest(ctx, memos, all)
}

// tell puts a message for every channel into the outbox.
func (n *Notifier) tell(e *entry, event *Event) error {
	subject, text := n.words.event(event)
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	n.post(e, Message{ID: event.ID, Kind: event.Kind, Subject: subject, Text: text, Data: data, Created: event.At})
	return nil
}

// post addresses a message to every channel.
func (n *Notifier) post(e *entry, m Message) {
	for _, c := range n.channels {
		m.Channel = c.Name()
		e.Outbox = append(e.Outbox, m)
	}
	if over := len(e.Outbox) - mostWaiting*max(1, len(n.channels)); over > 0 {
		n.logger.Error("messages are dropped, too many wait", "count", over)
		e.Outbox = slices.Delete(e.Outbox, 0, over)
	}
}

// Deliver sends what is due, and says how many messages are left. It fails only
// when the store does.
func (n *Notifier) Deliver(ctx context.Context) (left int, err error) {
	memos, err := n.memos(ctx)
	if err != nil {
		return 0, err
	}
	for _, m := range memos {
		_, e := memoOf(memos, m.Key)
		for _, message := range e.Outbox {
			done := false
			if !message.Next.After(n.now()) && ctx.Err() == nil {
				if done, err = n.deliver(ctx, m.Key, message); err != nil {
					return left, err
				}
			}
			if !done {
				left++
			}
		}
	}
	return left, nil
}

// deliver makes one attempt, unless another process does. The attempt is noted
// before it is made.
func (n *Notifier) deliver(ctx context.Context, key string, message Message) (done bool, err error) {
	at := slices.IndexFunc(n.channels, func(c Channel) bool { return c.Name() == message.Channel })
	claimed := message
	claimed.Tries, claimed.Next = message.Tries+1, n.now().Add(2*sendWithin).UTC()
	won, err := n.change(ctx, key, message, &claimed)
	if err != nil || !won {
		return false, err
	}
	var sent error
	if at < 0 {
		sent = errors.New("the channel is not configured any more")
	} else {
		within, cancel := context.WithTimeout(ctx, sendWithin)
		sent = n.channels[at].Send(within, message)
		cancel()
	}
	if n.Delivered != nil {
		n.Delivered(message.Channel, sent)
	}
	if sent == nil || at < 0 || n.now().Sub(message.Created) > giveUp {
		if sent != nil {
			n.logger.Error("message is given up", "channel", message.Channel, "reason", message.Subject, "err", sent)
		}
		_, err := n.change(context.WithoutCancel(ctx), key, claimed, nil)
		return true, err
	}
	later := claimed
	later.Next = n.now().Add(wait(claimed.Tries)).UTC()
	n.logger.Warn("message is not delivered, trying again", "channel", message.Channel, "attempt", claimed.Tries, "wait_ms", wait(claimed.Tries).Milliseconds(), "err", sent)
	_, err = n.change(context.WithoutCancel(ctx), key, claimed, &later)
	return false, err
}

// change replaces a message in the memo of that key, or removes it. It reports
// whether the message was there as given.
func (n *Notifier) change(ctx context.Context, key string, from Message, to *Message) (bool, error) {
	for {
		memos, err := n.memos(ctx)
		if err != nil {
			return false, err
		}
		m, e := memoOf(memos, key)
		at := slices.IndexFunc(e.Outbox, func(x Message) bool {
			return x.ID == from.ID && x.Channel == from.Channel && x.Tries == from.Tries && x.Next.Equal(from.Next)
		})
		if at < 0 {
			return false, nil
		}
		if to == nil {
			e.Outbox = slices.Delete(e.Outbox, at, at+1)
		} else {
			e.Outbox[at] = *to
		}
		if err := n.put(ctx, m, &e); !errors.Is(err, harvest.ErrConflict) {
			return err == nil, err
		}
	}
}

func (n *Notifier) memos(ctx context.Context) ([]harvest.Memo, error) {
	memos, err := n.store.Memos(ctx, memoKind)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	return memos, nil
}

// memoOf finds a memo and what it holds; one that is not there, or cannot be
// read, holds nothing.
func memoOf(memos []harvest.Memo, key string) (harvest.Memo, entry) {
	for _, m := range memos {
		if m.Key != key {
			continue
		}
		var e entry
		if json.Unmarshal(m.Value, &e) != nil {
			e = entry{}
		}
		return m, e
	}
	return harvest.Memo{Kind: memoKind, Key: key}, entry{}
}

func (n *Notifier) put(ctx context.Context, m harvest.Memo, e *entry) error {
	var err error
	if m.Value, err = json.Marshal(e); err != nil {
		return err
	}
	if err := n.store.PutMemo(ctx, m); err != nil {
		return fmt.Errorf("note what was told: %w", err)
	}
	return nil
}
