package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

// Options say what to copy.
type Options struct {
	// From names the first catalogue, without secrets. A copy that was stopped
	// goes on only from the same.
	From string
	// Memos are the kinds of memos that there are.
	Memos []string
	// Progress, which may be nil, is told how many items of a part are done.
	Progress func(part string, done int)
}

// Part is what was copied of one kind of thing, and the SHA-256 over it in both
// catalogues.
type Part struct {
	Name   string `json:"name"`
	Count  int    `json:"count"`
	SHA256 string `json:"sha256"`
}

// ErrNotEmpty is returned for a second catalogue that holds something else.
var ErrNotEmpty = errors.New("the catalogue that would be written to is not empty")

// ErrDiffers is returned when the two differ after all was copied: somebody
// has written to one of them meanwhile.
var ErrDiffers = errors.New("the two catalogues differ")

// The memo in which the second catalogue says how far the copy is.
const (
	memoKind = "copy"
	memoKey  = "progress"
)

// progress is how far a copy is.
type progress struct {
	From string `json:"from"`
	// Part is the one being copied, After the position in it; Part is "done"
	// while both are compared.
	Part  string `json:"part"`
	After string `json:"after"`
}

// Copy writes all of one catalogue into another, and then compares the two item
// by item. When it is stopped, or a store is away, calling it again goes on
// where it was. It returns what was copied and verified.
func Copy(ctx context.Context, from, to sinks.Catalogue, o Options) ([]Part, error) {
	if o.Progress == nil {
		o.Progress = func(string, int) {}
	}
	at, err := begin(ctx, to, o.From)
	if err != nil {
		return nil, err
	}
	all := parts(o.Memos)
	begun := at.Part == ""
	for _, p := range all {
		if !begun && p.name != at.Part {
			continue
		}
		after := ""
		if !begun {
			begun, after = true, at.After
		}
		if err := copyPart(ctx, from, to, p, after, o); err != nil {
			return nil, fmt.Errorf("copy %s: %w", p.name, err)
		}
	}
	return verify(ctx, from, to, all, o)
}

// begin finds out how far an earlier call was.
func begin(ctx context.Context, to sinks.Catalogue, name string) (progress, error) {
	memos, err := to.Memos(ctx, memoKind)
	if err != nil {
		return progress{}, err
	}
	for _, m := range memos {
		if m.Key != memoKey {
			continue
		}
		var at progress
		if err := json.Unmarshal(m.Value, &at); err != nil {
			return progress{}, fmt.Errorf("read how far the copy is: %w", err)
		}
		if at.From != name {
			return progress{}, fmt.Errorf("%w: it has begun to be a copy of %s", ErrNotEmpty, at.From)
		}
		return at, nil
	}
	stats, err := to.Stats(ctx)
	if err != nil {
		return progress{}, err
	}
	if stats.Records > 0 || stats.Runs > 0 {
		return progress{}, fmt.Errorf("%w: it holds %d records and %d runs", ErrNotEmpty, stats.Records, stats.Runs)
	}
	return progress{From: name}, note(ctx, to, progress{From: name})
}

func note(ctx context.Context, to sinks.Catalogue, at progress) error {
	value, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return putMemo(ctx, to, harvest.Memo{Kind: memoKind, Key: memoKey, Value: value})
}

// noteEvery is how many pages are copied between two notes: a crash repeats
// that many, which changes nothing.
const noteEvery = 8

func copyPart(ctx context.Context, from, to sinks.Catalogue, p part, after string, o Options) error {
	done := 0
	for pages := 0; ; pages++ {
		if pages%noteEvery == 0 {
			if err := note(ctx, to, progress{o.From, p.name, after}); err != nil {
				return err
			}
		}
		items, next, err := p.read(ctx, from, after)
		if err != nil {
			return err
		}
		if len(items) > 0 {
			if err := p.write(ctx, to, items); err != nil {
				return err
			}
		}
		done += len(items)
		o.Progress(p.name, done)
		if after = next; after == "" {
			return nil
		}
	}
}

// verify compares the two catalogues, and ends the copy when they are the same.
func verify(ctx context.Context, from, to sinks.Catalogue, all []part, o Options) ([]Part, error) {
	if err := note(ctx, to, progress{From: o.From, Part: all[len(all)-1].name}); err != nil {
		return nil, err
	}
	var out []Part
	for _, p := range all {
		want, err := digest(ctx, from, p, o)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", p.name, err)
		}
		got, err := digest(ctx, to, p, o)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", p.name, err)
		}
		if want != got {
			if err := note(ctx, to, progress{From: o.From}); err != nil { // the next call copies all again
				return nil, err
			}
			return nil, fmt.Errorf("%w in their %s: %d with SHA-256 %.12s, and %d with %.12s", ErrDiffers, p.name, want.Count, want.SHA256, got.Count, got.SHA256)
		}
		out = append(out, want)
	}
	memos, err := to.Memos(ctx, memoKind)
	if err != nil {
		return nil, err
	}
	for _, m := range memos {
		if err := to.DropMemo(ctx, m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// digest reads a part whole.
func digest(ctx context.Context, c sinks.Catalogue, p part, o Options) (Part, error) {
	sum := sha256.New()
	out := Part{Name: p.name}
	for after := ""; ; {
		items, next, err := p.read(ctx, c, after)
		if err != nil {
			return out, err
		}
		for _, item := range items {
			line, err := canonical(item)
			if err != nil {
				return out, err
			}
			_, _ = sum.Write(append(line, '\n')) // a hash takes everything
		}
		out.Count += len(items)
		o.Progress("verifying "+p.name, out.Count)
		if after = next; after == "" {
			out.SHA256 = hex.EncodeToString(sum.Sum(nil))
			return out, nil
		}
	}
}
