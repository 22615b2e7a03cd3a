package bibtex

import (
	"strings"

	"github.com/harvest87/harvest/sinks/citation"
)

// special are the characters that TeX or BibTeX obey, with what prints them.
// Braces have macros, because BibTeX counts braces behind a backslash too. An
// at sign prints as it is, but readers take one for the next entry unless a
// macro is before it: an italic correction, which prints nothing.
var special = map[rune]string{
	'\\': `\textbackslash{}`,
	'{':  `\textbraceleft{}`,
	'}':  `\textbraceright{}`,
	'~':  `\textasciitilde{}`,
	'^':  `\textasciicircum{}`,
	'"':  `\textquotedbl{}`,
	'@':  `\/@`,
	'$':  `\$`,
	'&':  `\&`,
	'#':  `\#`,
	'%':  `\%`,
	'_':  `\_`,
}

// Escape is text, on one line, as TeX prints it and no parser takes it apart.
func Escape(text string) string {
	var b strings.Builder
	for _, r := range citation.Line(text) {
		if s, found := special[r]; found {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unbraced percent-encodes what even a field that styles do not typeset, such
// as an address, cannot hold.
var unbraced = strings.NewReplacer(`\`, "%5C", "{", "%7B", "}", "%7D", "@", "%40")
