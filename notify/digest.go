package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// digestKey cannot be a source: no source has a capital letter.
const digestKey = "DIGEST"

// digestHour is the hour, in UTC, at which digests are due; weekly ones on Mondays.
const digestHour = 7

// Summary is what a digest tells.
type Summary struct {
	ID   string    `json:"id"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
	// Sources are how all sources stand, Look those that somebody has to look at.
	Sources []Standing `json:"sources"`
	Look    []Standing `json:"look"`
	// Links are those of which documents are not where their records say. That is
	// told beside the state, which it does not change.
	Links []Standing `json:"links,omitempty"`
}

// dueDigest is the newest moment up to now at which a digest was due; zero when
// there are none.
func dueDigest(period string, now time.Time) time.Time {
	now = now.UTC()
	due := time.Date(now.Year(), now.Month(), now.Day(), digestHour, 0, 0, 0, time.UTC)
	if due.After(now) {
		due = due.AddDate(0, 0, -1)
	}
	switch period {
	case "daily":
	case "weekly":
		due = due.AddDate(0, 0, -int((due.Weekday()+6)%7)) // Monday
	default:
		return time.Time{}
	}
	return due
}

// digest puts a digest down when one is due. The first is due after the first
// look, not at it.
func (n *Notifier) digest(ctx context.Context, memos []harvest.Memo, all []Standing) error {
	due := dueDigest(n.period, n.now())
	m, e := memoOf(memos, digestKey)
	if due.IsZero() || !e.Digest.Before(due) {
		return nil
	}
	first := e.Digest.IsZero()
	e.Digest = due
	if !first {
		s, err := n.summary(ctx, all)
		if err != nil {
			return err // the next look tries again
		}
		data, err := json.Marshal(s)
		if err != nil {
			return err
		}
		subject, text := n.words.digest(s)
		n.post(&e, Message{ID: s.ID, Kind: Digest, Subject: subject, Text: text, Data: data, Created: s.At})
	}
	if err := n.put(ctx, m, &e); err != nil && !errors.Is(err, harvest.ErrConflict) {
		return err
	}
	return nil
}

// summary sums up how sources stand.
func (n *Notifier) summary(ctx context.Context, all []Standing) (*Summary, error) {
	s := &Summary{ID: rand.Text(), Kind: Digest, At: n.now().UTC(), Sources: slices.Clone(all)}
	for i := range s.Sources {
		x := &s.Sources[i]
		if n.links != nil {
			var err error
			if x.BrokenLinks, err = n.links(ctx, x.Source); err != nil {
				return nil, err
			}
		}
		if x.Stale || x.State == "broken" || x.State == "dead" || x.State == "quarantined" {
			s.Look = append(s.Look, *x)
		}
		if x.BrokenLinks > 0 {
			s.Links = append(s.Links, *x)
		}
	}
	return s, nil
}
