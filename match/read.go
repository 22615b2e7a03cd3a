package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// MaxLineBytes bounds one line of a file of descriptions, in octets.
const MaxLineBytes = 16 << 20

// ErrNoID is returned for a line without an identifier.
var ErrNoID = errors.New(`has no "id"`)

// names lists, for each field of a description, the names under which files
// have it, the first that is there counts.
var names = map[string][]string{
	"id": {"id", "_id", "ID"}, "source": {"source"}, "title": {"title", "name"}, "subtitle": {"subtitle"},
	"alt": {"title_alt", "alternative_titles"}, "authors": {"authors", "author", "creator", "creators"},
	"date":  {"published", "date", "year", "published_date", "issued"},
	"venue": {"venue", "journal", "booktitle", "container_title", "series"}, "publisher": {"publisher"},
	"volume": {"volume"}, "issue": {"issue", "number"}, "pages": {"pages"}, "edition": {"edition"},
	"summary": {"summary", "abstract", "description", "text", "body"}, "citation": {"citation", "reference", "text", "title"},
	"language": {"language", "lang"}, "doi": {"doi", "DOI"}, "isbn": {"isbn", "ISBN"}, "url": {"url", "link"}, "handle": {"handle"},
	"symbol": {"un_symbol"}, "celex": {"celex"}, "eli": {"eli"}, "ecli": {"ecli"}, "sha256": {"sha256"},
}

// ReadDescription reads one line of JSON: an object with an "id" and whatever else is known, under the names
// that records of the catalogue and bibliographies use: title, authors (a list
// or one string), year or date, venue, publisher, summary or text, doi, isbn,
// url, volume, pages, edition, language. Numbers may be strings. Unknown names
// are passed over. A title, citation or short text that is a whole reference
// is taken apart when nothing else is known of the description.
func ReadDescription(line []byte) (Description, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return Description{}, fmt.Errorf("is not a JSON object: %w", err)
	}
	get := func(field string) string {
		for _, name := range names[field] {
			if s := strings.TrimSpace(textOf(raw[name])); s != "" {
				return s
			}
		}
		return ""
	}
	d := Description{
		ID: get("id"), Source: get("source"), Title: get("title"), TitleAlt: listOf(raw, "alt"), Authors: listOf(raw, "authors"),
		Date: dateOf(get("date")), Venue: get("venue"), Publisher: get("publisher"), Volume: get("volume"), Issue: get("issue"),
		Pages: get("pages"), Edition: get("edition"), Summary: get("summary"), Language: get("language"),
	}
	if d.ID == "" {
		return d, ErrNoID
	}
	if sub := get("subtitle"); sub != "" && d.Title != "" && !strings.Contains(d.Title, sub) {
		d.Title += ": " + sub
	}
	if whole := get("citation"); len(d.Authors) == 0 && d.Date == "" && d.Venue == "" && len(whole) <= maxCitationBytes {
		if _, ok := readCitation(whole); ok {
			d.Title, d.Citation = whole, true
			if d.Summary == whole {
				d.Summary = ""
			}
		}
	}
	if whole := get("citation"); d.Title == "" && len(whole) <= maxCitationBytes {
		d.Title = whole // that is no reference, or one that cannot be told apart
	}
	d.keys = keysOf(get, listOf(raw, "isbn"))
	return d, nil
}

// maxCitationBytes is the longest text that may be a reference.
const maxCitationBytes = 1000

// textOf reads a string, a number, the "value" of an object, or the first of a
// list.
func textOf(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
			return textOf(list[0])
		}
	case '{':
		var object struct {
			Value json.RawMessage `json:"value"`
			Name  json.RawMessage `json:"name"`
		}
		if json.Unmarshal(raw, &object) == nil {
			return orElse(textOf(object.Value), textOf(object.Name))
		}
	case 'n', 't', 'f':
		return ""
	default:
		return string(raw)
	}
	return ""
}

func listOf(raw map[string]json.RawMessage, field string) []string {
	for _, name := range names[field] {
		value := raw[name]
		if len(value) == 0 || value[0] != '[' {
			if s := textOf(value); s != "" {
				return []string{s}
			}
			continue
		}
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil {
			continue
		}
		var out []string
		for _, item := range list {
			if s := strings.TrimSpace(textOf(item)); s != "" {
				out = append(out, s)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// dateOf keeps a date of ISO 8601, or the first year from 1000 to 2999 that
// stands in the text.
func dateOf(s string) string {
	for _, n := range []int{10, 7, 4} {
		if len(s) >= n && isDate(s[:n]) && (len(s) == n || s[n] < '0' || s[n] > '9') {
			return s[:n]
		}
	}
	for i := 0; i+4 <= len(s); i++ {
		before := i > 0 && s[i-1] >= '0' && s[i-1] <= '9'
		after := i+4 < len(s) && s[i+4] >= '0' && s[i+4] <= '9'
		if n, err := strconv.Atoi(s[i : i+4]); err == nil && n >= 1000 && n < 3000 && !before && !after {
			return s[i : i+4]
		}
	}
	return ""
}

func isDate(s string) bool {
	for i := range len(s) {
		if dash := i == 4 || i == 7; dash != (s[i] == '-') || !dash && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
