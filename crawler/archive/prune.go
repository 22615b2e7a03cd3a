package archive

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// Prune drops what is beyond the limits. The error wraps [ErrBusy] while a run
// is writing.
func (f Folder) Prune(ctx context.Context, limits Limits, now time.Time) (Removed, error) {
	lock, err := f.lock()
	if err != nil {
		return Removed{}, err
	}
	gone, err := func() (Removed, error) {
		if err := f.mend(ctx); err != nil {
			return Removed{}, err
		}
		return f.prune(ctx, limits, now)
	}()
	return gone, errors.Join(err, lock.Unlock())
}

// prune drops, in this order:
//
//   - captures that are older than MaxAge, unless they hold the body that a
//     younger one stands for;
//   - when the files together are larger than MaxSize, captures that a younger
//     one of the same address has taken the place of, oldest first;
//   - when that is not enough, whole addresses, those first that were not seen
//     for longest.
//
// It frees a tenth more than it must, so that not every run rewrites files.
func (f Folder) prune(ctx context.Context, limits Limits, now time.Time) (Removed, error) {
	if err := f.ready(ctx); err != nil {
		return Removed{}, err
	}
	_, sizes, err := f.files()
	if err != nil {
		return Removed{}, err
	}
	var total int64
	for _, n := range sizes {
		total += n
	}
	p := pruning{cut: cutoff(limits, now), drop: make(map[place]bool)}
	if limits.MaxSize > 0 && total > limits.MaxSize {
		p.excess = total - limits.MaxSize + limits.MaxSize/10
	}
	if p.cut.IsZero() && p.excess == 0 {
		return Removed{}, nil
	}
	if err := p.read(ctx, f); err != nil {
		return Removed{}, err
	}
	p.choose()
	if len(p.drop) == 0 {
		return Removed{}, nil
	}
	gone, err := f.rewrite(ctx, func(at place, _ string) bool { return p.drop[at] })
	if err != nil {
		return gone, err
	}
	return gone, f.ready(ctx)
}

func cutoff(limits Limits, now time.Time) time.Time {
	if limits.MaxAge <= 0 {
		return time.Time{}
	}
	return now.Add(-limits.MaxAge)
}

// candidate is a capture, or all captures of an address, that could go.
type candidate struct {
	seen   time.Time
	places []place
	bytes  int64
}

// pruning is one choice of what is to go.
type pruning struct {
	cut    time.Time
	excess int64
	drop   map[place]bool

	superseded []candidate
	addresses  []candidate
}

// read looks at the captures address by address. Only what may have to go is
// remembered.
func (p *pruning) read(ctx context.Context, f Folder) error {
	r, err := f.Open(ctx)
	if err != nil {
		return err
	}
	var same []Entry
	for e, entryErr := range r.Entries() {
		if err = entryErr; err != nil {
			break
		}
		if len(same) > 0 && same[0].sortKey() != e.sortKey() {
			p.weigh(same)
			same = same[:0]
		}
		same = append(same, e)
	}
	p.weigh(same)
	return errors.Join(err, r.Close())
}

// weigh looks at the captures of one key, which may be of several addresses.
func (p *pruning) weigh(same []Entry) {
	slices.SortStableFunc(same, func(a, b Entry) int { return cmp.Compare(a.URL, b.URL) })
	for len(same) > 0 {
		n := 1
		for n < len(same) && same[n].URL == same[0].URL {
			n++
		}
		p.address(same[:n])
		same = same[n:]
	}
}

// address looks at the captures of one address, oldest first.
func (p *pruning) address(captures []Entry) {
	last := &captures[len(captures)-1]
	needed := make(map[int64]bool) // moments of bodies that captures which stay stand for
	all := candidate{seen: last.Time}
	for i := range slices.Backward(captures) {
		e := &captures[i]
		at := place{e.File, e.Offset}
		if !p.cut.IsZero() && e.Time.Before(p.cut) && (e.Revisit || !needed[e.Time.UnixNano()]) {
			p.drop[at] = true
			p.excess -= e.Length
			continue
		}
		if e.Revisit {
			needed[e.Refers.UnixNano()] = true
		}
		if e == last || last.Revisit && !e.Revisit && e.Time.Equal(last.Refers) {
			all.places, all.bytes = append(all.places, at), all.bytes+e.Length
		} else {
			p.superseded = append(p.superseded, candidate{e.Time, []place{at}, e.Length})
		}
	}
	if len(all.places) > 0 {
		p.addresses = append(p.addresses, all)
	}
}

// choose drops candidates until enough is free. That a request and a note go
// with each capture is a bonus.
func (p *pruning) choose() {
	for _, list := range [][]candidate{p.superseded, p.addresses} {
		slices.SortStableFunc(list, func(a, b candidate) int { return a.seen.Compare(b.seen) })
		for _, c := range list {
			if p.excess <= 0 {
				return
			}
			for _, at := range c.places {
				p.drop[at] = true
			}
			p.excess -= c.bytes
		}
	}
}
