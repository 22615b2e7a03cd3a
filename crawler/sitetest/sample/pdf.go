package sample

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf16"
)

// serveDocument serves the PDFs that items offer.
func (s *Site) serveDocument(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	i, ok := s.library.Load().files[name]
	if !ok {
		s.serveMissing(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("ETag", fmt.Sprintf(`"%d-%x"`, i.ID, i.Posted.Unix()))
	http.ServeContent(w, r, "", i.Posted.Time, bytes.NewReader(document(i, name)))
}

// document is a PDF of one page (ISO 32000-1, PDF 1.4), the same for the same
// item and file name. Its title is in the document information; the page says
// which document it is, in Latin letters, so that no font has to be embedded.
func document(i *item, name string) []byte {
	lines := []string{
		"Centre for Labour Evidence",
		fmt.Sprintf("Item %d of the library, in its language: %s", i.ID, i.Lang),
		"File " + asciiOnly(name),
		"This document is a sample.",
	}
	var text strings.Builder
	text.WriteString("BT /F1 12 Tf 72 760 Td 18 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", line)
	}
	text.WriteString("ET\n")
	return assemble([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", text.Len(), text.String()),
		fmt.Sprintf("<< /Title %s /CreationDate (D:%s) /Producer (sample) >>", pdfText(i.Title), i.Posted.UTC().Format("20060102150405Z")),
	})
}

// assemble numbers the objects from 1 and adds the cross-reference table
// (ISO 32000-1, 7.5.4), in which every entry has 20 octets. The first object is
// the catalogue, the last the document information.
func assemble(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n") // the second line says that the file is binary
	offsets := make([]int, len(objects))
	for n, body := range objects {
		offsets[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n+1, body)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), table)
	return b.Bytes()
}

// pdfText is a text string in UTF-16 with its byte order mark (7.9.2.2), which
// holds every script.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}

// asciiOnly replaces what a PDF string cannot hold as it is.
func asciiOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`()\`, r) {
			return '_'
		}
		return r
	}, s)
}
