package xlsxfile

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/harvest87/harvest/parsers/register"
	"github.com/harvest87/harvest/parsers/xmlbody"
)

var errTexts = errors.New("its cells share more text than is read")

// texts are those that cells share (section 18.4.9): one after the other in one
// piece of memory, and where each ends.
type texts struct {
	all  []byte
	ends []uint32
}

// at is the text at that place, from 0; empty when there is none.
func (t *texts) at(i int) string {
	if i < 0 || i >= len(t.ends) {
		return ""
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.all[from:t.ends[i]])
}

func (b *book) readTexts(part string) error {
	return b.parts.elements(part, func(r *xmlbody.Reader, name string, _ func(string) string) error {
		if name != "si" {
			return nil
		}
		text, err := richText(r)
		if err != nil {
			return err
		}
		if len(b.texts.all)+len(text) > b.most.text || len(b.texts.ends) >= maxTexts {
			return errTexts
		}
		b.texts.all = append(b.texts.all, text...)
		b.texts.ends = append(b.texts.ends, uint32(len(b.texts.all))) //nolint:gosec // at most maxText
		return nil
	})
}

// richText is the text of the element that was just opened, which may be in
// runs of several fonts, without what says how to pronounce it (rPh).
func richText(r *xmlbody.Reader) (string, error) {
	var b strings.Builder
	for outside := r.Depth() - 1; r.Depth() > outside; {
		token, err := r.Next()
		if err != nil {
			return "", err
		}
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "rPh":
			err = r.Skip()
		case e.Name.Local == "t":
			var text string
			if text, err = r.Text(register.MaxCell); b.Len() < register.MaxCell {
				b.WriteString(text)
			}
		}
		if err != nil {
			return "", err
		}
	}
	return plainText(b.String()), nil
}

// escaped matches a character that XML does not allow, or one of line ends, as
// it stands in the texts of workbooks: _x000D_ (section 22.9.2.19).
var escaped = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// plainText undoes such escapes.
func plainText(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 16) // four digits, by the expression
		switch r := rune(n); {
		case r == '\r':
			return ""
		case r == '\n', r == '\t', r >= 0x20 && !utf16.IsSurrogate(r) && r < 0xFFFE:
			return string(r)
		}
		return ""
	})
}
