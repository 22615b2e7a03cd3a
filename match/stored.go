package match

import (
	"errors"
	"strconv"

	"github.com/harvest87/harvest"
)

// storedRef is a ref in the form in which stores index it.
type storedRef struct {
	key  string
	kind refKind
}

// The marks before what is no certain key.
const (
	blockMark = "~"
	wideMark  = "w~"
	titleMark = "t~"
	twinMark  = "=~"
	// workMark stands before the identifier of the work that a record would be
	// alone.
	workMark = "work:"
)

func storedRefs(e *entry) []storedRef {
	var out []storedRef
	for _, k := range e.keys {
		out = append(out, storedRef{k.String(), keyRef})
	}
	for _, b := range e.blocks {
		out = append(out, storedRef{mark(blockMark, b), blockRef})
	}
	for _, b := range e.wide {
		out = append(out, storedRef{mark(wideMark, b), wideRef})
	}
	if e.titleBlock != 0 {
		out = append(out, storedRef{mark(titleMark, e.titleBlock), titleRef})
	}
	for _, t := range twinsOf(e) {
		out = append(out, storedRef{mark(twinMark, t), twinRef})
	}
	return out
}

func mark(m string, h uint64) string { return m + strconv.FormatUint(h, 36) }

// KeyStrings lists what stores index for a record: its certain keys, the
// blocks in which candidates for it are looked for, and the work that it would
// be alone ([WorkKey]). A withdrawn record has none.
func KeyStrings(r *harvest.Record) []string {
	return keyStrings(r, storedRefs(newEntry(r)))
}

func keyStrings(r *harvest.Record, refs []storedRef) []string {
	if r.State == harvest.StateWithdrawn {
		return nil
	}
	out := make([]string, 0, len(refs)+1)
	for _, ref := range refs {
		out = append(out, ref.key)
	}
	return append(out, WorkKey(harvest.NewWorkID([]harvest.RecordID{r.ID})))
}

// WorkKey is the key under which stores find the record after which a work is
// named. A work is named after the first of its records, so every identifier
// that a work has ever had leads to one record, and through it to the work that
// has that record now.
func WorkKey(id harvest.WorkID) string { return workMark + string(id) }

func isNotFound(err error) bool { return errors.Is(err, harvest.ErrNotFound) }
