// Package crawler is one run of one source: it drives the source's doors,
// fetches what they ask for, and writes what they find.
//
// What enters: a source and the catalogue's ledger. What leaves: records and
// page facts to the store, a report per run. What it refuses: to mark a page
// done before the store has acknowledged its records, and to conclude anything
// from a run that is not whole.
//
//	crawler/gate      whether what was read may be published
//	crawler/fetch     how: Request → Page, the only importer of Colly
//	crawler/archive   the answers of servers, kept and read again
//	crawler/linkcheck whether documents are still where records say
//	crawler/queue     the journal of a run, durable across crashes
//	crawler/schedule  when
//	crawler/sitetest  sites that misbehave on demand
package crawler

import (
	"context"
	"iter"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// Door turns the pages of one source into records and further requests. It is
// pure: the same page always gives the same answer, and nothing is remembered
// between calls, so that a run can be taken up by another process. It is
// called from several goroutines at once.
type Door interface {
	// Seeds are the first requests. When since is not zero the door asks only
	// for what changed at or after that moment, if its protocol can; the
	// second result says whether it does.
	Seeds(since time.Time) (requests []harvest.Request, incremental bool)

	// Parse answers for one page. It is called for pages of every outcome, so
	// that a door can fall back to another address or declare itself dead;
	// Page.Body is empty unless the outcome is harvest.Fetched. It never
	// panics on any bytes; if it does, the page ends as harvest.Panicked.
	Parse(page *harvest.Page) harvest.Parsed
}

// Streaming is a [Door] that reads some pages piece by piece, in memory that
// does not grow with them. Such pages may be as large as the fetcher lets them.
type Streaming interface {
	// Streams reports whether the door reads the answer to that request so.
	Streams(req *harvest.Request) bool
}

// Fetcher fetches for one source, politely. It always returns a page, whose
// outcome says how it went; when ctx ends, harvest.Cancelled. It is used from
// several goroutines at once.
type Fetcher interface {
	Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page
}

// Documents reads the files that records link to. It is pure, keeps nothing, and
// is used from several goroutines at once.
type Documents interface {
	// Edition names the way in which files are read. What is known of a file by
	// another is not believed.
	Edition() string
	// Wanted are the addresses of the record's files that are to be read.
	Wanted(rec *harvest.Record) []string
	// Read gives the facts of a file, in a form of its own of which the crawler
	// keeps a copy unless it is nil, and the outcome, one of those about
	// documents. It bounds its own time and memory, and returns early when ctx
	// ends.
	Read(ctx context.Context, body []byte) (facts []byte, ending harvest.Outcome, reason string)
	// Enter writes facts into a record that links to the file.
	Enter(rec *harvest.Record, address string, facts []byte)
}

// Journal is the append-only history of one run, of which one goroutine at a
// time makes use.
type Journal interface {
	// Append returns when all entries are stored, in order, as one unit; an
	// error that wraps queue.ErrFenced means that another worker has taken
	// over the run, and this one must stop without a word.
	Append(ctx context.Context, entries ...[]byte) error
	// Position is where the next batch will stand.
	Position() uint64
	// Read gives the entries from a position on, 0 for the beginning, which
	// is what earlier claims of the run have written.
	Read(ctx context.Context, from uint64) iter.Seq2[queue.Entry, error]
}

// Store is what a run needs of the catalogue; sinks.Catalogue describes each
// method.
type Store interface {
	Touch(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error)
	Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error)
	Runs(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error)
	Count(ctx context.Context, q harvest.Query) (int, error)
	Hold(ctx context.Context, run harvest.RunID, pages []harvest.Held) error
	Unseen(ctx context.Context, source harvest.SourceID, before time.Time) iter.Seq2[harvest.RecordID, error]
	Absences(ctx context.Context, source harvest.SourceID) ([]harvest.Absence, error)
	PutAbsences(ctx context.Context, absences []harvest.Absence) error
	DropAbsences(ctx context.Context, ids []harvest.RecordID) error
	Amend(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) ([]harvest.RecordID, error)
	Holding
}

// Together is what a Store also implements that can make several calls one
// write, which is quicker. The calls that f makes with the context that it is
// given are durable together when Together returns nil; otherwise none of them
// is. f may be called again.
type Together interface {
	Together(ctx context.Context, f func(ctx context.Context) error) error
}
