package crawler

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/semaphore"

	"github.com/harvest87/harvest"
)

// The largest page that is parsed: in octets, and in tags, each of which
// becomes some 150 octets of memory. The longest laws on one page have a
// quarter of either.
const (
	maxMarkup = 16 << 20
	maxTags   = 1_000_000
)

// Bench is where pages are parsed. It bounds the memory that all of them take
// together, over all runs that share it: a page waits until there is room. The
// zero value and nil have room for everything. It is safe for concurrent use.
type Bench struct {
	room *semaphore.Weighted
	size int64
}

// NewBench returns a bench with room for so many octets, by estimate.
func NewBench(octets int64) *Bench {
	return &Bench{room: semaphore.NewWeighted(octets), size: octets}
}

// take waits for the room that a page needs, and returns how to give it back.
// A page that needs more than there is takes all.
func (b *Bench) take(ctx context.Context, need int64) (giveBack func(), err error) {
	if b == nil || b.room == nil {
		return func() {}, nil
	}
	need = min(need, b.size)
	if err := b.room.Acquire(ctx, need); err != nil {
		return nil, err
	}
	return func() { b.room.Release(need) }, nil
}

// weigh is as the function of that name says, unless the door of the page
// reads it as a stream.
func (j *job) weigh(page *harvest.Page) (octets int64, tooMuch string) {
	if at := page.Request.Door; at >= 0 && at < len(j.Doors) {
		if d, ok := j.Doors[at].(Streaming); ok && d.Streams(&page.Request) {
			return int64(len(page.Body)), ""
		}
	}
	return weigh(page)
}

// weigh estimates the memory that parsing a page takes, and says why it must
// not be parsed, empty when it may.
func weigh(page *harvest.Page) (octets int64, tooMuch string) {
	if !isMarkup(page.MediaType) {
		return 0, ""
	}
	n := len(page.Body)
	tags := bytes.Count(page.Body, []byte("<")) + bytes.Count(page.Body, []byte(`\u003`)) // as JSON may write it
	switch {
	case n > maxMarkup:
		return 0, fmt.Sprintf("%d octets of %s, more than the %d that are read", n, page.MediaType, maxMarkup)
	case tags > maxTags:
		return 0, fmt.Sprintf("%d tags, more than the %d that are read", tags, maxTags)
	}
	return 4*int64(n) + 150*int64(tags), ""
}

// isMarkup reports whether a type is parsed as a tree. What has no type is.
func isMarkup(mediaType string) bool {
	for _, part := range []string{"html", "xml", "json", "text/"} {
		if strings.Contains(mediaType, part) {
			return true
		}
	}
	return mediaType == ""
}
