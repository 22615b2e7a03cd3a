package linkcheck

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Store keeps what is known; sinks.Catalogue describes the methods.
type Store interface {
	Memos(ctx context.Context, kind string) ([]harvest.Memo, error)
	PutMemo(ctx context.Context, m harvest.Memo) error
}

// memoKind begins the kind of the memos of one source. Links are spread over 256
// of them by their digests, so that a result rewrites a few kilobytes and a memo has
// room for a 256th of a million links.
const memoKind = "links."

func shard(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:1])
}

// Known is what is known of the links of a source, in the order of their addresses.
func Known(ctx context.Context, store Store, source harvest.SourceID) ([]Link, error) {
	memos, err := store.Memos(ctx, memoKind+string(source))
	if err != nil {
		return nil, fmt.Errorf("read what is known of links: %w", err)
	}
	var out []Link
	for _, m := range memos {
		out = append(out, linksIn(m)...)
	}
	slices.SortFunc(out, func(a, b Link) int { return strings.Compare(a.URL, b.URL) })
	return out, nil
}

// linksIn are those of one memo; one that cannot be read holds none, and is
// learned again.
func linksIn(m harvest.Memo) []Link {
	var out []Link
	if json.Unmarshal(m.Value, &out) != nil {
		return nil
	}
	return out
}

// note keeps results, and forgets links that no record of the source has any more.
// stand are those that records have; nil forgets nothing.
func note(ctx context.Context, store Store, source harvest.SourceID, results []Link, stand map[string]bool) error {
	byShard := map[string][]Link{}
	for _, l := range results {
		byShard[shard(l.URL)] = append(byShard[shard(l.URL)], l)
	}
	for key, some := range byShard {
		for {
			err := noteShard(ctx, store, memoKind+string(source), key, some, stand)
			if err == nil {
				break
			}
			if !errors.Is(err, harvest.ErrConflict) {
				return fmt.Errorf("keep what was found of links: %w", err)
			}
		}
	}
	return nil
}

func noteShard(ctx context.Context, store Store, kind, key string, results []Link, stand map[string]bool) error {
	memos, err := store.Memos(ctx, kind)
	if err != nil {
		return err
	}
	m := harvest.Memo{Kind: kind, Key: key}
	links := map[string]Link{}
	for _, have := range memos {
		if have.Key != key {
			continue
		}
		m = have
		for _, l := range linksIn(have) {
			if stand == nil || stand[l.URL] {
				links[l.URL] = l
			}
		}
	}
	for _, l := range results {
		// What another has found meanwhile stays when it is newer. What is dated later
		// and was there before this look is of a clock that was set back since.
		if have := links[l.URL].Checked; have.Equal(l.was) || !have.After(l.Checked) {
			links[l.URL] = l
		}
	}
	all := make([]Link, 0, len(links))
	for _, l := range links {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Link) int { return cmp.Compare(a.URL, b.URL) })
	if m.Value, err = json.Marshal(all); err != nil {
		return err
	}
	return store.PutMemo(ctx, m)
}
