package mongo

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
)

// insertions make the writes of records that there were not, which is what a
// harvest of a new source does most. Each is encoded once, by the way that the
// driver would take, and the driver copies it. They are for one goroutine.
type insertions struct {
	encoder *encoder
	run     harvest.RunID
	at      time.Time
	update  struct {
		Set struct {
			Doc recordDoc `bson:",inline"`
			// These hide those of the record: the filter has the identifier.
			ID         string     `bson:"_id,omitempty"`
			Provenance provenance `bson:"provenance,omitempty"`
		} `bson:"$setOnInsert"`
	}
}

func newInsertions(run harvest.RunID, at time.Time) *insertions {
	return &insertions{encoder: newEncoder(), run: run, at: at}
}

// of is the write of a record with that content hash. What the record itself
// says of things that the catalogue keeps, it does not take.
func (in *insertions) of(r *harvest.Record, hash string) (mongo.WriteModel, error) {
	d := &in.update.Set.Doc
	*d = recordDoc{Record: *r, ContentHash: hash, MatchPending: true}
	in.update.Set.Provenance, d.Overrides, d.Work = r.Provenance, nil, ""
	d.FirstSeen, d.LastSeen, d.LastChanged = in.at, in.at, in.at
	d.Revision, d.State, d.FirstRun, d.Run = 1, harvest.StateActive, in.run, in.run
	update, err := in.encoder.encode(&in.update)
	if err != nil {
		return nil, fmt.Errorf("encode record %s: %w", r.ID, err)
	}
	return mongo.NewUpdateOneModel().SetFilter(byID(r.ID)).SetUpdate(update).SetUpsert(true), nil
}

// provenance is that of a record, with its keys escaped. It writes its BSON
// itself: by reflection that takes a third of the time of the whole record.
type provenance map[string]harvest.Evidence

// MarshalBSONValue implements [bson.ValueMarshaler]. A document is its length in
// 32 bits, its elements and a zero (https://bsonspec.org/spec.html).
func (p provenance) MarshalBSONValue() (kind byte, doc []byte, err error) {
	const usual = 128 // octets of one piece of evidence
	doc = make([]byte, 4, 8+usual*len(p))
	for field, e := range p {
		doc = append(doc, byte(bson.TypeEmbeddedDocument))
		doc = append(append(doc, keyEscaper.Replace(field)...), 0)
		start := len(doc)
		doc = appendText(append(doc, 0, 0, 0, 0), "basis", e.Basis)
		if e.Detail != "" {
			doc = appendText(doc, "detail", e.Detail)
		}
		if e.Page != "" {
			doc = appendText(doc, "page", e.Page)
		}
		doc = endDocument(doc, start)
	}
	return byte(bson.TypeEmbeddedDocument), endDocument(doc, 0), nil
}

func appendText(doc []byte, name, text string) []byte {
	doc = append(append(append(doc, byte(bson.TypeString)), name...), 0)
	doc = binary.LittleEndian.AppendUint32(doc, uint32(len(text)+1)) //nolint:gosec // Validate bounds a record
	return append(append(doc, text...), 0)
}

// endDocument ends the document that begins at start.
func endDocument(doc []byte, start int) []byte {
	doc = append(doc, 0)
	binary.LittleEndian.PutUint32(doc[start:], uint32(len(doc)-start)) //nolint:gosec // as above
	return doc
}

// inParts does the work on n things in as many parts at once as there are
// processors, each of them on [from, to), and returns the first error.
func inParts(n int, work func(from, to int) error) error {
	parts := min(runtime.GOMAXPROCS(0), n)
	var together errgroup.Group
	for p := range parts {
		together.Go(func() error { return work(n*p/parts, n*(p+1)/parts) })
	}
	return together.Wait()
}
