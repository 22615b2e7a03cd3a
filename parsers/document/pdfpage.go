package document

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

const (
	// maxCharacters bounds the text of a page that is looked at; a page of a
	// newspaper has half of it.
	maxCharacters = 20_000
	// maxLines bounds the lines of a page whose size is asked for.
	maxLines = 400
)

// page gives the lines of one page, from index 0, each with the size of its
// letters.
func (f *pdfFile) page(index int) ([]line, error) {
	page, err := f.in.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: f.doc, Index: index})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = f.in.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page}) }()
	loaded, err := f.in.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByReference: &page.Page}})
	if err != nil {
		return nil, err
	}
	t := loaded.TextPage
	defer func() { _, _ = f.in.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t}) }()
	count, err := f.in.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t})
	if err != nil || count.Count <= 0 {
		return nil, err
	}
	whole, err := f.in.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: t, Count: min(count.Count, maxCharacters)})
	if err != nil {
		return nil, err
	}
	var out []line
	at := 0 // PDFium counts UTF-16 code units
	for raw := range strings.SplitAfterSeq(whole.Text, "\n") {
		units := utf16.Encode([]rune(raw))
		if s := strings.TrimRight(raw, "\r\n"); strings.TrimSpace(s) != "" && len(out) < maxLines {
			l := line{page: index, size: f.sizeOf(t, at, units)}
			if f.isDrawnBackwards(t, at, units) {
				s = fromVisual(s)
			}
			if l.set(s) {
				out = append(out, l)
			}
		}
		at += len(units)
	}
	return out, f.ended()
}

// sizeOf is the size of the first letter of a line as it is drawn: many files
// have letters of size 1 and a matrix that magnifies them.
func (f *pdfFile) sizeOf(t references.FPDF_TEXTPAGE, at int, units []uint16) float64 {
	first, _ := letterSpan(units)
	if first < 0 {
		return 0
	}
	size, err := f.in.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: t, Index: at + first})
	if err != nil {
		return 0
	}
	scale := 1.0
	if m, err := f.in.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: t, Index: at + first}); err == nil {
		scale = math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
	}
	if out := size.FontSize * scale; out > 0 && out < 1000 {
		return math.Round(out*2) / 2
	}
	return 0
}

// isDrawnBackwards reports whether a line of letters that are read from right to
// left comes from left to right, as its producer has drawn it: then its first
// letter stands left of its last.
func (f *pdfFile) isDrawnBackwards(t references.FPDF_TEXTPAGE, at int, units []uint16) bool {
	if !mostlyRightToLeft(units) {
		return false
	}
	first, last := rightToLeftSpan(units)
	if first < 0 || last <= first {
		return false
	}
	a, errA := f.in.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: t, Index: at + first})
	b, errB := f.in.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: t, Index: at + last})
	return errA == nil && errB == nil && a.Left < b.Left
}

// letterSpan gives the places of the first and last letter or digit, -1 for none.
func letterSpan(units []uint16) (first, last int) {
	return span(units, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func rightToLeftSpan(units []uint16) (first, last int) { return span(units, isRightToLeft) }

func span(units []uint16, is func(rune) bool) (first, last int) {
	first, last = -1, -1
	for i, u := range units {
		if is(rune(u)) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}
