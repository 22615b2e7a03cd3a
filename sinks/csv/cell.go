package csv

import (
	"strings"
	"unicode"
)

// Guard puts an apostrophe before a cell that a spreadsheet could take for a
// formula: one that begins, after white space and quotation marks, with =, +, -
// or @, also in their full-width and small forms, and one that begins with a
// tab or line break
// (https://owasp.org/www-community/attacks/CSV_Injection).
func Guard(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

// Unguard removes what [Guard] added: Unguard(Guard(cell)) is cell.
func Unguard(cell string) string {
	if rest, found := strings.CutPrefix(cell, "'"); found && isFormula(rest) {
		return rest
	}
	return cell
}

func isFormula(cell string) bool {
	if cell == "" {
		return false
	}
	switch cell[0] {
	case '\t', '\r', '\n':
		return true
	}
	first := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Quotation_Mark, r)
	})
	for _, r := range first {
		return strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫−", r)
	}
	return false
}

// clean makes text fit for a cell: line breaks become LF, other control
// characters but tabs are left out.
func clean(text string) string {
	if strings.IndexFunc(text, unicode.IsControl) < 0 {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}

const listSeparator = "; "

var escapeItem = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

// joinList makes one cell of a list. Empty items are left out.
func joinList[T ~string](items []T) string {
	var b strings.Builder
	for _, item := range items {
		if item == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(listSeparator)
		}
		_, _ = escapeItem.WriteString(&b, string(item))
	}
	return b.String()
}

// SplitList takes a list cell apart again. Call [Unguard] first.
func SplitList(cell string) []string {
	if cell == "" {
		return nil
	}
	var items []string
	var item strings.Builder
	for i := 0; i < len(cell); i++ {
		switch {
		case cell[i] == '\\' && i+1 < len(cell):
			i++
			item.WriteByte(cell[i])
		case strings.HasPrefix(cell[i:], listSeparator):
			items = append(items, item.String())
			item.Reset()
			i += len(listSeparator) - 1
		default:
			item.WriteByte(cell[i])
		}
	}
	return append(items, item.String())
}
