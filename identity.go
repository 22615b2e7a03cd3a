package harvest

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// SourceID names a source: its file's name without ".yaml".
type SourceID string

// RecordID names a record, for ever: "respect:5hc0v3kq8r2m1x7d".
type RecordID string

// WorkID names a work: "w:5hc0v3kq8r2m1x7d".
type WorkID string

// RunID names a run: "respect@20260301T030000Z".
type RunID string

// SourceIDPattern is what a [SourceID] looks like: lower-case letters, digits
// and single hyphens, starting with a letter, at most 40 octets.
var SourceIDPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ErrNotFound is returned by stores for a record, run or work they do not have.
var ErrNotFound = errors.New("not found")

// ErrUnavailable is wrapped by every store error that means "cannot be reached
// now": the caller may try again. Errors without it will not go away by waiting.
var ErrUnavailable = errors.New("store is not available")

// idEncoding is Crockford's base 32 in lower case: no i, l, o or u, so that an
// identifier survives being read aloud (https://www.crockford.com/base32.html).
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// digest gives 80 bits of SHA-256 over the parts as 16 characters. Among ten
// million records the chance that any two collide is below 1 in 10^10.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return idEncoding.EncodeToString(sum[:10])
}

// NewRecordID derives the identity of a record from its source and its native
// identifier or, where there is none, its canonical URL (already normalised).
// It is derived, not remembered: harvesting again from nothing gives the same
// identifiers.
func NewRecordID(source SourceID, nativeID, canonicalURL string) RecordID {
	if nativeID != "" {
		return RecordID(string(source) + ":" + digest("native", string(source), nativeID))
	}
	return RecordID(string(source) + ":" + digest("url", string(source), canonicalURL))
}

// NewWorkID derives the identity of a work from the records that describe it,
// in any order.
func NewWorkID(members []RecordID) WorkID {
	if len(members) == 0 {
		return ""
	}
	return WorkID("w:" + digest("work", string(slices.Min(members))))
}

// NewRunID derives the identity of a run from its source and scheduled time
// (for a run by hand: its start), to the second in UTC.
func NewRunID(source SourceID, scheduledAt time.Time) RunID {
	return RunID(string(source) + "@" + scheduledAt.UTC().Format("20060102T150405Z"))
}

// Source is the source that the run harvests, empty when id is malformed.
func (id RunID) Source() SourceID {
	s, _, ok := strings.Cut(string(id), "@")
	if !ok {
		return ""
	}
	return SourceID(s)
}
