// Package sinks holds the catalogue and the exports.
//
// What enters: records, runs and page facts from the crawler. What leaves: the
// same, to readers, and files in exchange formats. What it refuses: records
// that [harvest.Record.Validate] rejects, and to write over a database that is
// not ours.
//
// The catalogue has two implementations, sinks/sqlite and sinks/mongo, checked
// by one contract suite, sinks/sinktest.
package sinks

import (
	"context"
	"iter"
	"time"

	"github.com/harvest87/harvest"
)

// ErrUnavailable is [harvest.ErrUnavailable], for those who know stores only.
var ErrUnavailable = harvest.ErrUnavailable

// Catalogue is the store of records, works, runs and the page ledger.
//
// All methods may be called concurrently, also from several processes on one
// store. A method that returns nil has made its writes durable. A cancelled
// context ends a call early, with each single record written wholly or not at
// all; calling again with the same arguments completes it. Arguments belong to
// the caller and are neither kept nor changed; results belong to the caller.
type Catalogue interface {
	// Put writes records as run found them at that moment and says what
	// became of each, in the order given. It is an idempotent upsert by
	// Record.ID:
	//   - an unknown ID is inserted: revision 1, state active, first seen,
	//     last seen and last changed = at, FirstRun and Run = run;
	//   - a known one with another [harvest.Record.ContentHash], and one that
	//     was gone, becomes the next revision: active, last seen and last
	//     changed = at, Run = run, and what people said of it (Overrides)
	//     stands above what the source says;
	//   - the same content only moves LastSeen.
	// LastSeen and LastChanged never move backwards. A revision is written with
	// the record or not at all, and once however often a call is repeated. Two writers of one new ID end with one
	// record. A record that was withdrawn is left alone and reported as such.
	// An invalid record fails the whole call before anything is written; the
	// caller validates first. Records without an error in the returned slice
	// are durable.
	Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error)

	// Amend changes records otherwise than by what their sources say: it calls
	// change with each as it stands and writes what that has made of it as the
	// record's next revision, signed. change may set the state (active or
	// gone), [harvest.Record.Override] and [harvest.Record.Restore] fields; it
	// must replace lists and maps, not write into them, and may be called again
	// when another writer was faster. A record that it leaves alone has no new
	// revision. Unknown IDs and withdrawn records are passed over. It returns
	// the records that were changed; an error of change ends the call.
	Amend(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) ([]harvest.RecordID, error)

	// Revisions returns the history of a record, oldest first: one revision
	// for each state that it has had, as far as the catalogue has kept them,
	// and the present one last. It returns [harvest.ErrNotFound] for a record
	// that there is not.
	Revisions(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error)

	// Withdraw takes a record down: of its content, its history, its keys and
	// what was said of its likeness to others nothing stays; a tombstone does
	// ([harvest.Withdrawal.Tombstone]), with one revision that says who and
	// why. From then on Put leaves alone and reports as withdrawn whatever
	// [harvest.Withdrawal.Bars] recognises among records that the catalogue
	// does not have, and learns the further names that it tells. It returns
	// [harvest.ErrNotFound] for a record that there is not. Done again it adds
	// names and changes nothing else.
	Withdraw(ctx context.Context, w harvest.Withdrawal) error

	// Reinstate takes a take-down back: the tombstone goes, with what the
	// ledger has of pages with the record, and the next harvest may record it
	// as new. It returns [harvest.ErrNotFound] when nothing was taken down.
	Reinstate(ctx context.Context, id harvest.RecordID) error

	// Withdrawals returns what was taken down, in the order of records.
	Withdrawals(ctx context.Context) ([]harvest.Withdrawal, error)

	// Touch moves LastSeen of those records to at: their pages were seen
	// and have not changed. Unknown IDs are passed over; it returns how many
	// were known. A withdrawn record is left alone.
	Touch(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error)

	// Record returns one record, or [harvest.ErrNotFound].
	Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error)

	// Records streams what the query selects in the order of Record.ID, with
	// memory that does not grow with the result. Query.Words is refused: it
	// is the index that knows words. With Query.AsOf the records are as they
	// stood then. The sequence ends after the first error.
	Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error]

	// Count is the number of records that the query selects; Limit and After
	// do not apply.
	Count(ctx context.Context, q harvest.Query) (int, error)

	// Changed returns up to Limit records as [harvest.Changes] asks, in the
	// order of LastChanged and, within one, of Record.ID.
	Changed(ctx context.Context, q harvest.Changes) ([]harvest.Record, error)

	// Lookup streams the records with those IDs, each once, in the order of
	// Record.ID. Unknown IDs are passed over.
	Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error]

	// Pending returns up to limit records that are new or whose content has
	// changed since Settle was called for them, in the order of Record.ID from
	// behind after. Put makes them pending in the same write.
	Pending(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.Record, error)

	// Settle says that records are matched. One that has another revision than
	// the one given stays pending.
	Settle(ctx context.Context, records []harvest.Record) error

	// Unsettle makes all records pending, for rules that have changed.
	Unsettle(ctx context.Context) error

	// Holders returns, for each of the match keys that records have (see
	// PutKeys), their IDs in order, at most that many of each key.
	Holders(ctx context.Context, keys []string, most int) (map[string][]harvest.RecordID, error)

	// PutKeys replaces the match keys of each record named in the map.
	PutKeys(ctx context.Context, keys map[harvest.RecordID][]string) error

	// PutWorks writes works with their members, replaces works of the same
	// ID, and moves Record.Work of every member. A work that has lost all its
	// members to the ones given is removed. Each record that comes to another
	// work, or to none, makes a [harvest.WorkMove] at that moment; done again it
	// makes no further one. With the zero time the history is left alone, for
	// works that are copied with theirs. There is one writer at a time.
	PutWorks(ctx context.Context, at time.Time, works []harvest.Work) error

	// WorkHistory returns the moves of records into a work and out of it, in the
	// order of At, Record and Number: none for a work that there never was, or
	// that has not changed since the catalogue keeps them. A work that is no more
	// has its history all the same.
	WorkHistory(ctx context.Context, id harvest.WorkID) ([]harvest.WorkMove, error)

	// WorkMoves returns up to limit moves in the order of Record and Number,
	// from behind the ones given.
	WorkMoves(ctx context.Context, after harvest.RecordID, number, limit int) ([]harvest.WorkMove, error)

	// PutWorkMoves writes moves as WorkMoves of another catalogue has given them,
	// replacing those of the same record and number.
	PutWorkMoves(ctx context.Context, moves []harvest.WorkMove) error

	// Work returns one work, or [harvest.ErrNotFound].
	Work(ctx context.Context, id harvest.WorkID) (harvest.Work, error)

	// Works returns up to limit works in the order of Work.ID from behind
	// after.
	Works(ctx context.Context, after harvest.WorkID, limit int) ([]harvest.Work, error)

	// PutDecision writes what a person said about two records, replacing what
	// was said about them before. They need not be in the catalogue.
	PutDecision(ctx context.Context, d harvest.Decision) error

	// DropDecision takes a decision back, and does nothing when there is none.
	DropDecision(ctx context.Context, a, b harvest.RecordID) error

	// Decisions returns what was said about any of the records, about all when
	// ids is nil, in the order of A and B.
	Decisions(ctx context.Context, ids []harvest.RecordID) ([]harvest.Decision, error)

	// PutDoubts replaces all doubts about any of the records by those given.
	PutDoubts(ctx context.Context, about []harvest.RecordID, doubts []harvest.Doubt) error

	// Doubts returns up to limit doubts, the likeliest first, all when limit is 0.
	Doubts(ctx context.Context, limit int) ([]harvest.Doubt, error)

	// Pages returns the ledger's entries for those URLs of a source, by URL.
	// Unknown URLs are absent.
	Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error)

	// PutPages writes ledger entries, replacing those of the same source and URL.
	PutPages(ctx context.Context, pages []harvest.PageFacts) error

	// PutRun writes a run's report, replacing that of the same ID.
	PutRun(ctx context.Context, run harvest.Run) error

	// Run returns one run, or [harvest.ErrNotFound].
	Run(ctx context.Context, id harvest.RunID) (harvest.Run, error)

	// Runs returns runs, newest ScheduledAt first, of one source or of all
	// when source is empty; at most limit, all when limit is 0.
	Runs(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error)

	// PutMemo writes a memo as version + 1 when the one that is there has the
	// version of the memo given, or none is there and that is 0. Else it
	// fails with [harvest.ErrConflict] and nothing is written; so it may after
	// a call whose answer was lost. A memo without kind, key or JSON, or with
	// more than [harvest.MaxMemo] octets, is refused.
	PutMemo(ctx context.Context, m harvest.Memo) error

	// DropMemo removes a memo that has the version given, else it fails with
	// [harvest.ErrConflict].
	DropMemo(ctx context.Context, m harvest.Memo) error

	// Memos returns all memos of a kind in the order of their keys.
	Memos(ctx context.Context, kind string) ([]harvest.Memo, error)

	// Hold keeps what pages of a run would give to the catalogue, replacing
	// what was held of the same run and key. It changes nothing else.
	Hold(ctx context.Context, run harvest.RunID, pages []harvest.Held) error

	// Held returns up to limit pages that are held for a run, in the order of
	// their keys from behind after; all when limit is 0.
	Held(ctx context.Context, run harvest.RunID, after string, limit int) ([]harvest.Held, error)

	// LetGo removes what is held of a run under those keys, all of it when
	// keys is nil.
	LetGo(ctx context.Context, run harvest.RunID, keys []string) error

	// Unseen streams the IDs of the active records of a source with LastSeen
	// before that moment, in order. The sequence ends after the first error.
	Unseen(ctx context.Context, source harvest.SourceID, before time.Time) iter.Seq2[harvest.RecordID, error]

	// PutAbsences writes absences, replacing those of the same records. The
	// records need not be in the catalogue.
	PutAbsences(ctx context.Context, absences []harvest.Absence) error

	// DropAbsences removes the absences of those records.
	DropAbsences(ctx context.Context, ids []harvest.RecordID) error

	// Absences returns those of a source in the order of their records.
	Absences(ctx context.Context, source harvest.SourceID) ([]harvest.Absence, error)

	// Absence returns that of a record, or [harvest.ErrNotFound].
	Absence(ctx context.Context, id harvest.RecordID) (harvest.Absence, error)

	// Whole returns up to limit records of every state with all that the
	// catalogue keeps of them, in the order of Record.ID from behind after.
	Whole(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.WholeRecord, error)

	// PutWhole writes records as Whole of another catalogue has given them,
	// replacing those of the same ID with their history, keys and state. It
	// checks nothing and moves no time; each record is written wholly or its
	// writing is completed by calling again.
	PutWhole(ctx context.Context, records []harvest.WholeRecord) error

	// Ledger returns up to limit ledger entries in the order of source and URL
	// from behind the ones given.
	Ledger(ctx context.Context, source harvest.SourceID, url string, limit int) ([]harvest.PageFacts, error)

	// Stats returns totals.
	Stats(ctx context.Context) (harvest.Stats, error)

	// Ping reports whether the store answers; the error wraps
	// [ErrUnavailable] when it does not.
	Ping(ctx context.Context) error

	// Close releases the store. Calls after it fail.
	Close() error
}
