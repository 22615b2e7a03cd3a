package oaipmh

import (
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/item"
)

// marc21 reads the fields of a bibliographic record
// (https://www.loc.gov/marc/bibliographic/), and those in which the libraries
// of the United Nations keep document symbols and types.
func marc21(b *fields.Builder, all []field) {
	m := marc(all)
	b.Title("245", m.joined("245", "anp b")...)
	b.Title("246", m.joined("246", "anp b")...)
	b.Authors("100", m.each("100", "a")...)
	b.Authors("110", m.joined("110", "ab")...)
	b.Authors("111", m.each("111", "a")...)
	b.Authors("700", m.each("700", "a")...)
	b.Authors("710", m.joined("710", "ab")...)
	b.Summary("520 a", harvest.SummaryAbstract, m.whole("520", "ab")...)
	b.Published("269 a", m.each("269", "a")...) // UN: the day of publication
	b.Published("264 c", m.each("264", "c")...)
	b.Published("260 c", m.each("260", "c")...)
	b.Language("041 a", m.languages()...)
	if fixed := m.control("008"); len(fixed) >= 38 {
		b.Language("008", fixed[35:38])
		b.Published("008", fixed[7:11])
	}
	b.Publisher("264 b", m.each("264", "b")...)
	b.Publisher("260 b", m.each("260", "b")...)
	b.Licence("540", slices.Concat(m.each("540", "u"), m.each("540", "a"))...)
	b.Labels("655 a", m.each("655", "a")...)
	b.Labels("980 a", m.each("980", "a")...) // Invenio: the collection
	b.Labels("989", m.each("989", "cba")...) // UN: the kind of document
	b.Identifiers("024 a", m.each("024", "a")...)
	b.Identifiers("020 a", m.numbers("020")...)
	b.Identifiers("191 a", m.each("191", "a")...) // UN: the document's symbol
	m.files(b)
}

type marc []field

func (m marc) control(tag string) string {
	for _, f := range m {
		if f.tag == tag {
			return f.text
		}
	}
	return ""
}

// each are the subfields with one of those codes, of all fields with the tag.
func (m marc) each(tag, codes string) []string {
	var out []string
	for _, f := range m {
		for _, s := range f.subfields {
			if f.tag == tag && s.code != "" && strings.Contains(codes, s.code) {
				out = append(out, trim(s.text))
			}
		}
	}
	return out
}

// joined are the fields with the tag, each with its subfields put together,
// without the punctuation at its end.
func (m marc) joined(tag, codes string) []string {
	out := m.whole(tag, codes)
	for i := range out {
		out[i] = trim(out[i])
	}
	return out
}

// whole are the fields with the tag, each with its subfields put together.
func (m marc) whole(tag, codes string) []string {
	var out []string
	for _, f := range m {
		if f.tag != tag {
			continue
		}
		var parts []string
		for _, s := range f.subfields {
			if s.code != "" && strings.Contains(codes, s.code) {
				parts = append(parts, s.text)
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, " "))
		}
	}
	return out
}

var isbdEnd = regexp.MustCompile(`\s*[/:;,=]\s*$`)

var isbdColon = regexp.MustCompile(`\s+:\s+`)

// trim takes off the punctuation that catalogues put between fields (ISBD).
func trim(s string) string {
	s = isbdEnd.ReplaceAllString(strings.TrimSpace(s), "")
	s = isbdColon.ReplaceAllString(s, ": ")
	if !strings.HasSuffix(s, "..") && strings.Count(s, ".") == 1 && !strings.HasSuffix(s, " .") {
		if rest, ok := strings.CutSuffix(s, "."); ok && len(rest) > 3 {
			s = rest
		}
	}
	return s
}

// languages are three letters each; older records run them together.
func (m marc) languages() []string {
	var out []string
	for _, s := range m.each("041", "a") {
		for ; len(s) >= 6 && len(s)%3 == 0 && !strings.Contains(s, " "); s = s[3:] {
			out = append(out, s[:3])
		}
		out = append(out, s)
	}
	return out
}

// numbers are standard numbers without the words that follow them.
func (m marc) numbers(tag string) []string {
	var out []string
	for _, s := range m.each(tag, "a") {
		number, _, _ := strings.Cut(s, " ")
		out = append(out, number)
	}
	return out
}

// files reads 856: the files of the document, and pages about it. Its second
// indicator says which (0 the thing itself, 1 a version, 2 something related).
func (m marc) files(b *fields.Builder) {
	var pages []string
	for _, f := range m {
		if f.tag != "856" {
			continue
		}
		var address, title string
		for _, s := range f.subfields {
			switch {
			case s.code == "u" && address == "":
				address = s.text
			case (s.code == "y" || s.code == "3" || s.code == "z") && title == "":
				title = s.text
			}
		}
		if kind := item.DocumentType(address); kind != "" && f.ind2 != "2" {
			b.Document("856 u", harvest.Document{URL: address, MediaType: kind, Title: title})
		} else if kind == "" {
			pages = append(pages, address)
		}
	}
	b.Address("856 u", pages...)
}
