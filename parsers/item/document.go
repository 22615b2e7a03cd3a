package item

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/document"
	"github.com/harvest87/harvest/parsers/normalize"
)

// fromDocument makes the record of an item whose address is that of a file. The
// file itself says what its card does not; one that cannot be read takes
// nothing from what the card says.
func fromDocument(out *harvest.Parsed, p *harvest.Page, card *harvest.Record, kind string, r Reading) {
	d := harvest.Document{URL: address(p), MediaType: kind}
	same := func(k harvest.Document) bool { return normalize.URLKey(k.URL) == normalize.URLKey(d.URL) }
	if at := slices.IndexFunc(card.Documents, same); at >= 0 {
		d.Title = card.Documents[at].Title
		card.Documents[at] = d
	} else {
		card.Documents = append([]harvest.Document{d}, card.Documents...)
	}
	card.Provenance["documents"] = harvest.Evidence{Basis: "url", Detail: "the item's address", Page: address(p)}
	if p.Outcome == harvest.Fetched && len(p.Body) > 0 {
		readDocument(out, p, card, d.URL, kind, r)
	}
	if !keepsAddress(card, r) {
		card.URL = d.URL
		card.CanonicalURL = d.URL
	}
	Finish(out, card, r.Source, r.Vocabulary)
}

// readDocument adds what the file says.
func readDocument(out *harvest.Parsed, p *harvest.Page, card *harvest.Record, at, kind string, r Reading) {
	sniffed := document.Sniff(p.Body)
	if sniffed == "text/plain" && kind == "text/csv" {
		sniffed = kind
	}
	if r.Source != nil && r.Source.Documents.Read == config.ReadNone || sniffed == "text/csv" {
		i := slices.IndexFunc(card.Documents, func(d harvest.Document) bool { return d.URL == at })
		card.Documents[i].Bytes, card.Documents[i].SHA256 = p.Bytes, p.Hash
		return
	}
	facts, v := document.Read(context.Background(), p.Body, document.Limits{})
	facts.Enter(card, at, true)
	e := harvest.Event{Outcome: v.Outcome, Reason: v.Reason}
	if v.Outcome.Info().Severity != harvest.Fine {
		e.URL = at
	}
	out.Events = append(out.Events, e)
}

// documentTypes are the types of files that count as documents, by extension.
var documentTypes = map[string]string{
	".pdf":  "application/pdf",
	".doc":  "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xls":  "application/vnd.ms-excel",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".ppt":  "application/vnd.ms-powerpoint",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
	".odp":  "application/vnd.oasis.opendocument.presentation",
	".rtf":  "application/rtf",
	".epub": "application/epub+zip",
	".csv":  "text/csv",
	".zip":  "application/zip",
}

// DocumentType is the media type of a document by the extension in its
// address, empty when the address does not look like a document's.
func DocumentType(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return documentTypes[strings.ToLower(path.Ext(u.Path))]
}

// documentType is the media type of a page that is a document itself, empty
// for web pages and for pages that were not had.
func documentType(p *harvest.Page) string {
	switch p.Outcome {
	case harvest.Fetched, harvest.UnexpectedType, harvest.TooLarge:
	default:
		return ""
	}
	if t := document.Sniff(p.Body); t == document.PDF || t == document.DOCX || t == document.ODT {
		return t
	}
	for _, t := range documentTypes {
		if p.MediaType == t {
			return t
		}
	}
	if p.MediaType == "" || p.MediaType == "application/octet-stream" || p.MediaType == "application/force-download" {
		if len(p.Body) > 0 && p.MediaType == "" {
			return ""
		}
		return DocumentType(p.URL)
	}
	return ""
}
