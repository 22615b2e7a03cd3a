package xlsxfile

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// format is how a number is shown.
type format struct {
	kind shown
	// digits is how many digits there are at least, of whole numbers whose
	// zeros count, such as identifiers.
	digits int
}

type shown uint8

const (
	asNumber shown = iota
	asDay
	asMonth
	asYear
	asMoment // a day and an hour
	asHour
)

// readStyles reads which style shows numbers how (sections 18.8.10 and 18.8.30).
func (b *book) readStyles(part string) error {
	codes, inCells := make(map[int]format), false
	return b.parts.elements(part, func(_ *xmlbody.Reader, name string, attr func(string) string) error {
		switch name {
		case "numFmt":
			if id, err := strconv.Atoi(attr("numFmtId")); err == nil && len(codes) < maxStyles {
				codes[id] = formatOf(attr("formatCode"))
			}
		case "cellXfs", "cellStyleXfs", "dxfs":
			inCells = name == "cellXfs"
		case "xf":
			if inCells && len(b.styles) < maxStyles {
				id, _ := strconv.Atoi(attr("numFmtId")) // without a number it is the general one, 0
				f, own := codes[id]
				if !own {
					f = builtIn(id)
				}
				b.styles = append(b.styles, f)
			}
		}
		return nil
	})
}

// builtIn are the formats that files do not spell out (section 18.8.30). Those
// from 27 to 36 and 50 to 58 are days in the languages of East Asia.
func builtIn(id int) format {
	switch {
	case id == 17: // mmm-yy
		return format{kind: asMonth}
	case id >= 14 && id <= 16, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{kind: asDay}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return format{kind: asHour}
	case id == 22:
		return format{kind: asMoment}
	}
	return format{}
}

// literal is what a format shows as it stands, what it leaves room for or fills
// with, and its colours, conditions and languages.
var literal = regexp.MustCompile(`"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|(?i:am/pm|a/p|general)`)

// elapsed is a count of hours, minutes or seconds, which is no hour of a day.
var elapsed = regexp.MustCompile(`(?i)\[(?:h+|m+|s+)\]`)

// formatOf reads a format (section 18.8.31), as far as it says what kind of thing
// its numbers are.
func formatOf(code string) format {
	if elapsed.MatchString(code) {
		return format{}
	}
	code = literal.ReplaceAllString(code, "")
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	year, day, hour := strings.ContainsAny(code, "yb"), strings.Contains(code, "d"), strings.ContainsAny(code, "hs")
	month := strings.Contains(code, "m")
	switch {
	case year && day && hour:
		return format{kind: asMoment}
	case day, year && hour:
		return format{kind: asDay}
	case year && month:
		return format{kind: asMonth}
	case year:
		return format{kind: asYear}
	case hour:
		return format{kind: asHour}
	case month && !strings.ContainsAny(code, "0#?"):
		return format{kind: asDay}
	case len(code) > 1 && len(code) <= 30 && strings.Trim(code, "0") == "":
		return format{digits: len(code)}
	}
	return format{}
}
