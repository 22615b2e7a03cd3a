package page

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// mediaTypes are the formats of documents by the ending of their address.
var mediaTypes = map[string]string{
	".pdf": "application/pdf", ".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".odt": "application/vnd.oasis.opendocument.text", ".rtf": "application/rtf", ".epub": "application/epub+zip",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".csv": "text/csv",
	".ppt": "application/vnd.ms-powerpoint", ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".odp": "application/vnd.oasis.opendocument.presentation",
	".zip": "application/zip",
}

// maxDocuments bounds the documents of one item.
const maxDocuments = 50

// endings is a fast look for an ending of mediaTypes.
var endings = regexp.MustCompile(`(?i)\.(?:pdf|docx?|odt|rtf|epub|xlsx?|ods|csv|pptx?|odp|zip)`)

// MediaType is the type of a document by the ending of its address, empty when
// the address does not look like one of a document.
func MediaType(address string) string {
	if !endings.MatchString(address) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if t := mediaTypes[strings.ToLower(path.Ext(u.Path))]; t != "" {
		return t
	}
	for _, v := range u.Query() {
		for _, s := range v {
			if t := mediaTypes[strings.ToLower(path.Ext(s))]; t != "" {
				return t
			}
		}
	}
	return ""
}

// decideDocuments finds the files that the item offers.
func (e *extractor) decideDocuments() {
	var docs []harvest.Document
	add := func(address, title, basis, detail string) {
		u, err := normalize.URL(e.base, address)
		if err != nil || len(docs) >= maxDocuments {
			return
		}
		for i := range docs {
			if docs[i].URL == u {
				if docs[i].Title == "" {
					docs[i].Title = title
				}
				return
			}
		}
		if len(docs) == 0 {
			e.evidence("documents", Candidate{Basis: basis, Detail: detail})
		}
		docs = append(docs, harvest.Document{URL: u, MediaType: MediaType(u), Title: title})
		e.result.Candidates["documents"] = append(e.result.Candidates["documents"], Candidate{Value: u, Basis: basis, Detail: detail})
	}
	if found, which := FindURL(e.scope, e.rules.Document, e.base); len(found) > 0 {
		for _, u := range found {
			add(u, "", "selector", which)
		}
		e.result.Record.Documents = docs
		return
	}
	for _, name := range []string{"citation_pdf_url", "eprints.document_url", "bepress_citation_pdf_url"} {
		for _, value := range e.v.meta[name] {
			add(value, "", "meta", name)
		}
	}
	for _, a := range e.v.anchor {
		if a.zone&offContent != 0 || a.href == "" || len(a.href) > maxValue || e.titleAt >= 0 && a.at < e.titleAt-2 {
			continue
		}
		isFile := MediaType(a.href) != "" || hasAttr(a.node, "download")
		if !isFile && (strings.HasPrefix(a.href, "#") || !looksLikeFile(a.href)) {
			continue
		}
		text := normalize.Text(limitedText(a.node, 300))
		if !isFile && !saysDownload(text) {
			continue
		}
		title := text
		if saysDownload(text) {
			title = ""
		}
		add(a.href, title, "link", "link in the content")
	}
	e.result.Record.Documents = docs
}

// looksLikeFile: addresses that serve a file without saying its type.
func looksLikeFile(href string) bool {
	low := strings.ToLower(href)
	for _, w := range []string{"download", "attachment", "getfile", "/file/", "/files/", "/media/", "bitstream", "wp-content/uploads", "document"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// saysDownload reports whether a link's words only offer the file.
func saysDownload(text string) bool {
	return text != "" && len(text) < 60 && normalize.IsDownload(text)
}
