package document

import (
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// basis is that of what a file says, in a record's provenance.
const basis = "document"

// Enter writes into a record what is known of one of its files, which is added
// when the record does not have it. Of the record's own fields it fills those
// that are missing, never others:
//
//   - title, and the dates of publication and change, when the file is the item
//     itself, as own says;
//   - summary and language, unless the file is in another language than the
//     record or is none of its first.
//
// What is no document, or empty, says nothing of the record.
func (f *Facts) Enter(rec *harvest.Record, address string, own bool) {
	if f.SHA256 == "" || f.MediaType == "" || !isFile(f.MediaType) {
		return
	}
	at := f.enterFile(rec, address)
	if rec.Provenance == nil {
		rec.Provenance = make(map[string]harvest.Evidence)
	}
	explain := func(field, detail string) {
		rec.Provenance[field] = harvest.Evidence{Basis: basis, Detail: detail, Page: address}
	}
	if own {
		if rec.Title == "" && f.Title != "" {
			rec.Title = f.Title
			explain("title", f.TitleFrom)
		}
		if rec.Published.IsZero() && !f.Published.IsZero() {
			rec.Published = f.Published
			explain("published", "on the first page")
		}
		if rec.Modified.IsZero() && !f.Modified.IsZero() {
			rec.Modified = f.Modified
			explain("modified", "date of the file")
		}
	}
	if !own && at > 0 || !sameLanguage(rec.Language.Value, f.Language.Value) {
		return
	}
	if rec.Language.Value == "" && f.Language.Value != "" {
		rec.Language.Value = f.Language.Value
		explain("language", "text of the first pages")
	}
	if rec.Summary == "" && f.Lead != "" {
		rec.Summary, rec.SummaryBasis = f.Lead, harvest.SummaryBasis{Kind: harvest.SummaryLead, Truncated: f.LeadCut}
		detail := "text of the first pages"
		if f.Abstract {
			rec.SummaryBasis.Kind, detail = harvest.SummaryAbstract, "its own summary, on the first pages"
		}
		explain("summary", detail)
	}
}

// enterFile writes what is known of the file and says which of the record's it is.
func (f *Facts) enterFile(rec *harvest.Record, address string) int {
	key := normalize.URLKey(address)
	at := slices.IndexFunc(rec.Documents, func(d harvest.Document) bool { return d.URL == address })
	if at < 0 {
		at = slices.IndexFunc(rec.Documents, func(d harvest.Document) bool { return normalize.URLKey(d.URL) == key })
	}
	if at < 0 {
		rec.Documents = append(rec.Documents, harvest.Document{URL: address})
		at = len(rec.Documents) - 1
	}
	d := &rec.Documents[at]
	if f.MediaType != "application/octet-stream" || d.MediaType == "" {
		d.MediaType = f.MediaType
	}
	d.Bytes, d.SHA256, d.Pages = f.Bytes, f.SHA256, f.Pages
	if f.Language.Value != "" {
		d.Language = f.Language.Value
	}
	if d.Title == "" {
		d.Title = f.Title
	}
	return at
}

// isFile reports whether something of that type can be what a record offers; a
// page in its stead, such as one that says that the file is not there, cannot.
func isFile(mediaType string) bool {
	return mediaType != lockedOffice && !strings.HasPrefix(mediaType, "text/") && mediaType != "application/xhtml+xml" && mediaType != "application/json"
}

// sameLanguage reports whether two tags may be of one language.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a == "" || b == "" || strings.EqualFold(a, b)
}
