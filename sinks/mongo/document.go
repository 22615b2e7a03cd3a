package mongo

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/harvest87/harvest"
)

// recordDoc is a record as it stands in the collection: its fields under the
// names of its BSON tags, and those that only the store knows.
type recordDoc struct {
	harvest.Record `bson:",inline"`
	ContentHash    string   `bson:"content_hash"`
	MatchKeys      []string `bson:"match_keys,omitempty"`
	// MatchPending is true while the record waits to be matched.
	MatchPending bool `bson:"match_pending,omitempty"`
	// WorkMoves counts the record's moves between works, see workmoves.go.
	WorkMoves int `bson:"work_moves,omitempty"`
	// Trail is the present revision and the one before it, see revisions.go.
	Trail []revisionDoc `bson:"trail,omitempty"`
}

// kept are the fields that the catalogue keeps; a new revision of the content
// leaves them alone or sets them one by one.
var kept = []string{
	"_id", "first_seen", "last_seen", "last_changed", "revision", "state", "first_run", "run", "work", "match_keys", "match_pending", "work_moves", "trail",
}

// contentFields are all other top-level fields a record can have. A revision
// without one of them removes it.
var contentFields = []string{
	"source", "native_id", "url", "canonical_url", "title", "title_alt", "category", "category_raw", "categories_raw",
	"summary", "summary_basis", "published", "modified", "language", "authors", "publisher", "countries", "regions",
	"topics", "identifiers", "documents", "licence", "translations", "provenance", "page_hash", "overrides", "content_hash",
}

// content is the part of a record that the source says, and what people said
// instead, as BSON. The hash is that of what the source says, empty when it has
// said nothing.
func content(r *harvest.Record, hash string) (bson.D, error) {
	doc := recordDoc{Record: *r, ContentHash: hash}
	doc.Provenance, doc.Overrides = escapeKeys(r.Provenance), escapeKeys(r.Overrides)
	b, err := newEncoder().encode(&doc)
	if err != nil {
		return nil, fmt.Errorf("encode record %s: %w", r.ID, err)
	}
	elements, err := b.Elements()
	if err != nil {
		return nil, fmt.Errorf("encode record %s: %w", r.ID, err)
	}
	all := make(bson.D, 0, len(elements))
	for _, e := range elements {
		if k := e.Key(); !slices.Contains(kept, k) && (k != "content_hash" || hash != "") {
			all = append(all, bson.E{Key: k, Value: e.Value()}) // encoded already: the driver only copies it
		}
	}
	return all, nil
}

// encoder makes documents of BSON that have no empty objects. It is for one
// goroutine, and not to be used again after an error.
type encoder struct {
	buf bytes.Buffer
	to  *bson.Encoder
}

func newEncoder() *encoder {
	e := new(encoder)
	e.to = bson.NewEncoder(bson.NewDocumentWriter(&e.buf))
	e.to.OmitZeroStruct()
	return e
}

// encode returns a document that the driver takes as it is. It belongs to the
// caller.
func (e *encoder) encode(v any) (bson.Raw, error) {
	e.buf.Reset()
	if err := e.to.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(e.buf.Bytes()), nil
}

// record is the way back.
func (d *recordDoc) record() harvest.Record {
	r := d.Record
	r.Provenance, r.Overrides = unescapeKeys(r.Provenance), unescapeKeys(r.Overrides)
	for name, o := range r.Overrides {
		o.At = o.At.UTC()
		r.Overrides[name] = o
	}
	r.FirstSeen, r.LastSeen, r.LastChanged = r.FirstSeen.UTC(), r.LastSeen.UTC(), r.LastChanged.UTC()
	return r
}

// Keys of maps come from outside. A dot or a leading dollar sign in a key is
// legal BSON, yet servers and query languages stumble over it, so both are
// percent-encoded.
var (
	keyEscaper   = strings.NewReplacer("%", "%25", ".", "%2E", "$", "%24", "\x00", "%00")
	keyUnescaper = strings.NewReplacer("%25", "%", "%2E", ".", "%24", "$", "%00", "\x00")
)

func escapeKeys[V any](m map[string]V) map[string]V   { return renameKeys(m, keyEscaper) }
func unescapeKeys[V any](m map[string]V) map[string]V { return renameKeys(m, keyUnescaper) }

func renameKeys[V any](m map[string]V, by *strings.Replacer) map[string]V {
	if m == nil {
		return nil
	}
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[by.Replace(k)] = v
	}
	return out
}
