package item_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
)

// documentPage is a page that is a file of parsers/document.
func documentPage(t *testing.T, name string, card *harvest.Record) *harvest.Page {
	t.Helper()
	body, err := os.ReadFile("../document/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	const at = "https://library.example.org/files/a.pdf"
	sum := sha256.Sum256(body)
	return &harvest.Page{
		Request: harvest.Request{URL: at, Kind: harvest.KindItem, Card: card}, URL: at, Outcome: harvest.Fetched, Status: 200,
		MediaType: "application/pdf", Body: body, Bytes: int64(len(body)), Hash: hex.EncodeToString(sum[:]),
	}
}

// An item that is a file takes from it what its card does not say.
func TestDocumentsSayWhatTheirCardDoesNot(t *testing.T) {
	src := &config.Source{ID: "library", Name: "Library", Homepage: "https://library.example.org/"}
	for _, tt := range []struct {
		name, file string
		card       *harvest.Record
		title      string
		basis      string
		summary    bool
		outcome    harvest.Outcome
	}{
		{"no card", "report.pdf", nil, "Identifying forced labour: guidance for inspectors", "document", true, harvest.DocumentRead},
		{"a card", "report.pdf", &harvest.Record{Title: "Guidance", Summary: "What the list says of it."}, "Guidance", "", true, harvest.DocumentRead},
		{"locked", "password.pdf", &harvest.Record{Title: "Guidance"}, "Guidance", "", false, harvest.DocumentEncrypted},
		{"a page in its stead", "page.pdf", &harvest.Record{Title: "Guidance"}, "Guidance", "", false, harvest.DocumentNotOne},
		{"DOCX that says it is PDF", "report.docx", nil, "Guidance for inspectors", "document", true, harvest.DocumentRead},
	} {
		page := documentPage(t, tt.file, tt.card)
		got := item.Parse(page, item.Reading{Source: src})
		if len(got.Records) != 1 || !slices.ContainsFunc(got.Events, func(e harvest.Event) bool { return e.Outcome == tt.outcome }) {
			t.Fatalf("%s: %d records, events %+v", tt.name, len(got.Records), got.Events)
		}
		r := &got.Records[0]
		if r.Title != tt.title || r.Provenance["title"].Basis != tt.basis || (r.Summary != "") != tt.summary {
			t.Errorf("%s: title %q (%s), summary %q", tt.name, r.Title, r.Provenance["title"].Basis, r.Summary)
		}
		known := r.Documents[0].SHA256 == page.Hash && r.Documents[0].Bytes == page.Bytes
		if known == (tt.outcome == harvest.DocumentNotOne) { // the hash of a page says nothing of a document
			t.Errorf("%s: document %+v", tt.name, r.Documents[0])
		}
		if tt.card != nil && tt.card.Summary != "" && r.Summary != tt.card.Summary {
			t.Errorf("%s: summary %q", tt.name, r.Summary)
		}
	}
	src.Documents.Read = config.ReadNone
	got := item.Parse(documentPage(t, "report.pdf", &harvest.Record{Title: "Guidance"}), item.Reading{Source: src})
	if r := &got.Records[0]; r.Summary != "" || r.Documents[0].Pages != 0 || r.Documents[0].SHA256 == "" {
		t.Errorf("with read: none: %+v", r)
	}
}
