package document

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// edition is raised when files are to be read anew, because more or other
// things are read of them.
const edition = 1

// Linked reads the files that the records of one source link to, for the
// crawler, which fetches them and keeps their facts without knowing what is in
// them. It is safe for concurrent use.
type Linked struct {
	source     *config.Source
	vocabulary *config.Vocabulary
}

// NewLinked returns a reader for a source, nil when its file wants no linked
// documents read.
func NewLinked(src *config.Source, vocab *config.Vocabulary) *Linked {
	if src.Documents.Read != config.ReadLinked {
		return nil
	}
	return &Linked{src, vocab}
}

// Edition names the way in which files are read.
func (l *Linked) Edition() string { return fmt.Sprintf("document-%d", edition) }

// Wanted are the addresses of the record's files that are to be read, in their
// order: those that may be of a type that is read, and are not read yet.
func (l *Linked) Wanted(rec *harvest.Record) []string {
	var out []string
	for i := range rec.Documents {
		d := &rec.Documents[i]
		switch d.MediaType {
		case PDF, DOCX, ODT, "", "application/octet-stream", "application/x-pdf":
		default:
			continue
		}
		if d.SHA256 == "" && len(out) < l.source.Documents.PerRecord {
			out = append(out, d.URL)
		}
	}
	return out
}

// Read reads a file and gives its facts in a form that Enter takes, nil when
// another time may tell more.
func (l *Linked) Read(ctx context.Context, body []byte) (facts []byte, ending harvest.Outcome, reason string) {
	f, v := Read(ctx, body, Limits{})
	if v.Passing {
		return nil, v.Outcome, v.Reason
	}
	facts, err := json.Marshal(&f)
	if err != nil { // no field of Facts can fail to marshal
		return nil, harvest.DocumentDamaged, err.Error()
	}
	return facts, v.Outcome, v.Reason
}

// Enter writes what is known of a file into a record that links to it, and what
// follows from that. What is not in the form of Read changes nothing.
func (l *Linked) Enter(rec *harvest.Record, address string, facts []byte) {
	var f Facts
	if err := json.Unmarshal(facts, &f); err != nil {
		return
	}
	before := rec.Summary
	f.Enter(rec, address, false)
	if rec.Summary != before { // what it is about may follow from that
		normalize.Finish(rec, l.source, l.vocabulary)
	}
}
