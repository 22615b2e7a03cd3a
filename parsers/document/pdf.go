package document

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/harvest87/harvest"
)

// readPDF reads a PDF file (ISO 32000-2).
func readPDF(ctx context.Context, body []byte, limits Limits) (out text, v Verdict) {
	err := pdfEngine.with(ctx, func(in pdfium.Pdfium) error {
		return (&pdfFile{ended: ctx.Err, in: in}).read(body, limits, &out)
	})
	switch {
	case err == nil:
		return out, Verdict{Outcome: harvest.DocumentRead}
	case ctx.Err() != nil:
		return out, Verdict{Outcome: harvest.DocumentDamaged, Reason: fmt.Sprintf("reading it took longer than %s", limits.Time), Passing: true}
	case errors.Is(err, pdferrors.ErrPassword):
		return out, Verdict{Outcome: harvest.DocumentEncrypted, Reason: "it asks for a password"}
	case errors.Is(err, pdferrors.ErrSecurity):
		return out, Verdict{Outcome: harvest.DocumentEncrypted, Reason: "it is encrypted in a way that is not known"}
	case errors.Is(err, pdferrors.ErrFormat), errors.Is(err, pdferrors.ErrFile):
		return out, Verdict{Outcome: harvest.DocumentDamaged, Reason: "it is cut short, or no PDF behind its first octets"}
	}
	return out, Verdict{Outcome: harvest.DocumentDamaged, Reason: firstLine(err.Error())}
}

// firstLine leaves out the stack of the sandbox.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// pdfFile is one PDF that is being read. Its first failure stops it.
type pdfFile struct {
	ended func() error // of the context
	in    pdfium.Pdfium
	doc   references.FPDF_DOCUMENT
}

var errNoPages = errors.New("it has no pages")

// read opens the file. A password that is empty opens it too, as it does in
// every viewer.
func (f *pdfFile) read(body []byte, limits Limits, out *text) error {
	opened, err := f.in.OpenDocument(&requests.OpenDocument{File: &body})
	if err != nil {
		return err
	}
	f.doc = opened.Document
	count, err := f.in.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		return err
	}
	if count.PageCount <= 0 {
		return errNoPages
	}
	out.title = f.meta("Title")
	out.modified = pdfDate(f.meta("ModDate"))
	if lang, err := f.in.FPDFCatalog_GetLanguage(&requests.FPDFCatalog_GetLanguage{Document: f.doc}); err == nil {
		out.language = lang.Language
	}
	var failed error
	for i := range min(count.PageCount, limits.TextPages) {
		lines, err := f.page(i)
		if err != nil {
			failed = fmt.Errorf("page %d: %w", i+1, err)
			break
		}
		out.lines = append(out.lines, lines...)
	}
	switch {
	case f.ended() != nil:
		return f.ended()
	case failed != nil && len(out.lines) == 0:
		return failed
	}
	if f.has(count.PageCount - 1) { // the number is only a claim of the file
		out.pages = count.PageCount
	}
	return nil
}

// has reports whether there is a page of that index.
func (f *pdfFile) has(index int) bool {
	page, err := f.in.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: f.doc, Index: index})
	if err != nil {
		return false
	}
	_, err = f.in.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
	return err == nil
}

// meta is an entry of the document information dictionary (ISO 32000-2 section
// 14.3.3), in whatever encoding it is.
func (f *pdfFile) meta(name string) string {
	value, err := f.in.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: f.doc, Tag: name})
	if err != nil {
		return ""
	}
	return value.Value
}

var pdfDateForm = regexp.MustCompile(`^(?:D:)?(\d{4})(\d{2})(\d{2})`)

// pdfDate reads D:YYYYMMDDHHmmSS (ISO 32000-2 section 7.9.4) to the day.
func pdfDate(s string) harvest.Date {
	m := pdfDateForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || m[1] < "1985" { // PDF is of 1993; a file cannot be much older than its format
		return harvest.Date{}
	}
	d, err := harvest.ParseDate(m[1] + "-" + m[2] + "-" + m[3])
	if err != nil {
		return harvest.Date{}
	}
	return d
}
