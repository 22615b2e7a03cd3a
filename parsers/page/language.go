package page

import (
	"net/url"
	"strings"

	"github.com/harvest87/harvest/parsers/normalize"
)

// decideLanguage tells the language of the item from its own text, and keeps
// what the page declares.
func (e *extractor) decideLanguage() {
	declared, detail := "", ""
	if values, which := Find(e.scope, e.rules.Language); len(values) > 0 {
		if declared = normalize.Tag(values[0]); declared != "" {
			detail = which
		}
	}
	tongues := e.tonguesOf()
	for _, c := range []struct{ value, detail string }{
		{tongues.item, "lang of the item"},
		{e.v.lang, "html lang"},
		{first(e.v.meta["content-language"]), "content-language"},
		{first(e.v.meta["og:locale"]), "og:locale"},
		{first(e.v.meta["citation_language"]), "citation_language"},
		{first(e.v.meta["dc.language"]), "dc.language"},
		{first(e.v.meta["dcterms.language"]), "dcterms.language"},
		{first(e.v.meta["language"]), "meta language"},
	} {
		if declared == "" {
			if declared = normalize.Tag(c.value); declared != "" {
				detail = c.detail
			}
		}
	}
	if declared == "" {
		for _, t := range e.things {
			if declared = normalize.Tag(t.text("inLanguage")); declared != "" {
				detail = "inLanguage"
				break
			}
		}
	}
	for i := 0; declared == "" && i < len(e.markup); i++ {
		declared, detail = normalize.Tag(e.markup[i].text("inLanguage")), "inLanguage"
	}
	l := normalize.Language(e.title.Value+".\n"+tongues.sample, declared)
	e.result.Record.Language = l
	basis := Candidate{Value: l.Value, Basis: "text", Detail: "detected"}
	if l.Value != "" {
		e.evidence("language", basis)
		e.result.Candidates["language"] = []Candidate{basis}
	}
	if declared != "" {
		e.result.Candidates["language"] = append(e.result.Candidates["language"], Candidate{Value: declared, Basis: "meta", Detail: detail, Rejected: "kept as declared"})
	}
	e.result.Candidates["language"] = append(e.result.Candidates["language"], tongues.parts...)
	if len(e.result.Candidates["language"]) == 0 {
		delete(e.result.Candidates, "language")
	}
	e.lang = e.dateLanguage(l.Value, declared)
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// dateLanguage is the language and country by which printed dates are read:
// the language of the text, with the country that the page or its host tells.
// Numeric dates on the page that can be read in one way only decide over both.
func (e *extractor) dateLanguage(value, declared string) string {
	lang := value
	if lang == "" {
		lang = declared
	}
	base, _, _ := strings.Cut(lang, "-")
	orders := map[string]int{}
	for i, b := range e.v.blocks {
		if len(b.text) > 200 || i > 2000 || !hasNumericDate(b.text) {
			continue
		}
		for _, f := range normalize.Dates(b.text, "") {
			orders[f.Order]++
		}
	}
	switch {
	case orders["dmy"] > 0 && orders["mdy"] == 0:
		return base + "-GB"
	case orders["mdy"] > 0 && orders["dmy"] == 0:
		return base + "-US"
	}
	for _, tag := range append([]string{declared}, e.v.meta["og:locale"]...) {
		if t := normalize.Tag(tag); strings.HasPrefix(t, base+"-") && len(t) == len(base)+3 {
			return t
		}
	}
	if u, err := url.Parse(e.home); err == nil && base == "en" {
		host := u.Hostname()
		switch host[strings.LastIndexByte(host, '.')+1:] {
		case "uk", "au", "nz", "ie", "in", "za", "ke", "ng", "eu", "np", "gh", "ug", "pk", "bd", "lk", "sg", "my":
			return "en-GB"
		case "gov", "mil", "us", "ph":
			return "en-US"
		}
	}
	return base
}

// hasNumericDate reports whether a line has something like "3/4/2021" or
// "03-04-21": digits, a separator, digits and the separator again.
func hasNumericDate(s string) bool {
	isDigit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for i := 1; i+3 < len(s); i++ {
		if c := s[i]; (c == '/' || c == '-') && isDigit(i-1) && isDigit(i+1) && (s[i+2] == c && isDigit(i+3) || isDigit(i+2) && s[i+3] == c) {
			return true
		}
	}
	return false
}
