package normalize

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
)

// Identifiers finds the names that a document has in public registries, in
// its text and in the addresses that belong to it: DOI (ISO 26324), ISBN with
// a right check digit (ISO 2108), UN document symbols, CELEX numbers, ELI and
// ECLI, handles. The addresses are asked first, then the text; of several
// identifiers of one kind the first wins.
func Identifiers(text string, urls ...string) harvest.Identifiers {
	var ids harvest.Identifiers
	for _, u := range urls {
		fromURL(&ids, u)
	}
	fromText(&ids, text)
	return ids
}

var (
	doiPattern  = regexp.MustCompile(`\b10\.\d{4,9}/[^\s"<>\x{201c}\x{201d}]+`)
	isbnPattern = regexp.MustCompile(`(?i)\bISBN(?:-1[03])?:?\s*((?:97[89][-\x{2010}-\x{2013} ]?)?\d[-\x{2010}-\x{2013} \d]{8,16}[\dX])`)
	// A symbol begins with the organ and goes on with series marks (UN
	// Editorial Manual, document symbols).
	symbolPattern = regexp.MustCompile(`\b(?:A|S|E|T|ST|CRC|CEDAW|CCPR|CAT|CERD|CMW|CED|CRPD|CTOC|HRI|FCCC|UNEP|TD|DP|IDB)/(?:[A-Z][A-Z0-9.\-]*/|RES/|\d+/|\d{4}/)*(?:[A-Z][A-Z0-9.\-]*/)*\d+(?:/\d+)?(?:/(?:Add|Corr|Rev|L)\.\d+)*\b`)
	celexPattern  = regexp.MustCompile(`(?i)\bCELEX[:%3A=\s]*((?:[0-9CE])\d{4}[A-Z]{1,2}\d{4}(?:\(\d{2}\))?)`)
	eliPattern    = regexp.MustCompile(`(?i)\bhttps?://data\.europa\.eu/eli/[^\s"<>?#]+`)
	ecliPattern   = regexp.MustCompile(`\bECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:\d{4}:[A-Z0-9.]{1,25}`)
	handlePattern = regexp.MustCompile(`(?i)\bhttps?://hdl\.handle\.net/([0-9.]+/[^\s"<>?#]+)`)
)

func fromURL(ids *harvest.Identifiers, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	host, path := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), u.Path
	if host == "doi.org" || host == "dx.doi.org" || strings.Contains(path, "/doi/") {
		first(&ids.DOI, findDOI(path))
	}
	if host == "undocs.org" || host == "docs.un.org" {
		first(&ids.UNSymbol, symbolPattern.FindString(strings.ToUpper(path)))
	}
	if host == "hdl.handle.net" {
		first(&ids.Handle, strings.Trim(path, "/"))
	} else if _, after, ok := strings.Cut(path, "/handle/"); ok {
		if h := strings.Trim(after, "/"); isHandle(h) {
			first(&ids.Handle, h)
		}
	}
	if strings.HasSuffix(host, "europa.eu") {
		full := path + "?" + u.RawQuery
		if q, err := url.QueryUnescape(full); err == nil {
			full = q
		}
		if m := celexPattern.FindStringSubmatch(full); m != nil {
			first(&ids.CELEX, strings.ToUpper(m[1]))
		}
		if i := strings.Index(path, "/eli/"); i >= 0 {
			first(&ids.ELI, "http://data.europa.eu"+strings.TrimRight(path[i:], "/"))
		}
	}
	if query := strings.ToUpper(path + "?" + u.RawQuery); strings.Contains(query, "ECLI:") {
		first(&ids.ECLI, ecliPattern.FindString(query))
	}
}

var handleForm = regexp.MustCompile(`^\d[0-9.]*/[^/\s]+$`)

func isHandle(s string) bool { return handleForm.MatchString(s) }

// fromText looks for each kind only where the text has the word that begins it:
// to look for a word is a hundred times as fast as to look for a pattern.
func fromText(ids *harvest.Identifiers, text string) {
	lower := strings.ToLower(text)
	has := func(word string) bool { return strings.Contains(lower, word) }
	if ids.DOI == "" && has("10.") {
		ids.DOI = findDOI(text)
	}
	if ids.ISBN == "" && has("isbn") {
		for _, m := range isbnPattern.FindAllStringSubmatch(text, 8) {
			if n, ok := ISBN(m[1]); ok {
				ids.ISBN = n
				break
			}
		}
	}
	if ids.UNSymbol == "" && strings.Contains(text, "/") {
		ids.UNSymbol = symbolPattern.FindString(text)
	}
	if has("celex") {
		if m := celexPattern.FindStringSubmatch(text); m != nil {
			first(&ids.CELEX, strings.ToUpper(m[1]))
		}
	}
	if has("data.europa.eu/eli/") {
		first(&ids.ELI, eliPattern.FindString(text))
	}
	if has("ecli:") {
		first(&ids.ECLI, ecliPattern.FindString(text))
	}
	if has("hdl.handle.net") {
		if m := handlePattern.FindStringSubmatch(text); m != nil {
			first(&ids.Handle, strings.TrimRight(m[1], ".,;)"))
		}
	}
}

func first(into *string, value string) {
	if *into == "" {
		*into = value
	}
}

// findDOI finds a DOI and brings it into lower case (DOI Handbook, section 2.4).
func findDOI(s string) string {
	d := doiPattern.FindString(s)
	d = strings.TrimRight(d, ".,;:'’]}>")
	for strings.HasSuffix(d, ")") && strings.Count(d, "(") < strings.Count(d, ")") {
		d = strings.TrimRight(strings.TrimSuffix(d, ")"), ".,;:")
	}
	for _, tail := range []string{"/full", "/pdf", "/abstract", "/epdf", "/html"} {
		d = strings.TrimSuffix(d, tail)
	}
	return strings.ToLower(d)
}

// ISBN gives the 13 digits of an ISBN of either length, with or without
// hyphens; ok is false when the check digit is wrong.
func ISBN(s string) (digits string, ok bool) {
	var b []byte
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			b = append(b, c)
		} else if (c == 'X' || c == 'x') && len(b) == 9 {
			b = append(b, 'X')
		}
	}
	if len(b) == 10 {
		sum := 0
		for i, c := range b {
			v := 10
			if c != 'X' {
				v = int(c - '0')
			}
			sum += (10 - i) * v
		}
		if sum%11 != 0 {
			return "", false
		}
		b = append([]byte("978"), b[:9]...)
		return string(append(b, isbnCheck(b))), true
	}
	if len(b) != 13 || string(b[:3]) != "978" && string(b[:3]) != "979" || isbnCheck(b[:12]) != b[12] {
		return "", false
	}
	return string(b), true
}

func isbnCheck(twelve []byte) byte {
	sum := 0
	for i, c := range twelve {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += weight * int(c-'0')
	}
	return byte('0' + (10-sum%10)%10)
}
