package document

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest/parsers/normalize"
)

// From where a title is.
const (
	fromHeading  = "first heading"
	fromMetadata = "title of the file"
)

// titleOf ranks what may be the title: the heading that readers see, unless
// what the file says is more of the same; then what the file says, unless it is
// junk.
func titleOf(heading, declared string, lines []line) (title, from string) {
	declared = realTitle(declared)
	switch {
	case declared == "" && heading == "":
		return "", ""
	case declared == "":
		return heading, fromHeading
	case heading == "" || isConfirmed(declared, heading, lines):
		return declared, fromMetadata
	}
	return heading, fromHeading
}

// isConfirmed reports whether a declared title goes on where the heading stops,
// or stands on the first pages by itself.
func isConfirmed(declared, heading string, lines []line) bool {
	d, h := squeeze(declared), squeeze(heading)
	if h != "" && strings.Contains(d, h) {
		return true
	}
	var b strings.Builder
	for i := range lines {
		if lines[i].page > 1 || b.Len() > 20_000 {
			break
		}
		b.WriteString(squeeze(lines[i].text))
	}
	return utf8.RuneCountInString(d) >= 12 && strings.Contains(b.String(), d)
}

// squeeze is text by its letters and digits alone.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// printer is what programs put before the name of a file that they print.
var printer = regexp.MustCompile(`(?i)^\(?(?:microsoft (?:office )?(?:word|powerpoint|excel|publisher)|adobe \w+|coreldraw|openoffice\S*|libreoffice\S*)\s*[-–:]\s*`)

// fileEnding is that of files from which documents are made.
var fileEnding = regexp.MustCompile(`(?i)\.(?:docx?|dotx?|rtf|odt|pdf|indd|qxd|qxp|pmd|p65|ps|eps|ai|cdr|pptx?|xlsx?|pub|tmp|txt|html?|tex|dvi|wpd|pages)\)?$`)

// junk are titles that say nothing: those that programs give when nobody does.
var junk = regexp.MustCompile(`(?i)^(?:untitled|no title|sans titre|sin título|sem título|ohne titel|document|documento|dokument|powerpoint presentation|presentation|präsentation|présentation powerpoint|presentación de powerpoint|apresentação do powerpoint|slide|layout|title|titre|título|page|blank|template|cover|print|scan(?:ned document)?|draft|final|text|new|report|doc|pdf|file|copy|untitled document|microsoft word|none|null|undefined|n/?a|test|عرض تقديمي|بدون عنوان)[\s_.-]*(?:page|document|copy|job)?[\s_.#-]*\d*[a-z]?$`)

// realTitle is a declared title without what programs add, empty when it is
// junk: the name of a file, the name of a program, a number.
func realTitle(s string) string {
	s = normalize.Text(s)
	printed := printer.ReplaceAllString(s, "")
	name := strings.TrimSpace(fileEnding.ReplaceAllString(printed, ""))
	wasFile := name != s
	l := line{text: name}
	words := len(strings.Fields(name))
	switch {
	case l.letters() < 4, utf8.RuneCountInString(name) > 500, junk.MatchString(name), strings.Contains(name, "://"), strings.ContainsAny(name, `\`):
		return ""
	case words == 1 && strings.ContainsAny(name, "_-0123456789/"), words == 1 && wasFile:
		return ""
	case wasFile && (words < 3 || strings.Contains(name, "_") || isVersion(name)):
		return ""
	case l.letters()*3 < utf8.RuneCountInString(name): // numbers and signs
		return ""
	}
	return name
}

var version = regexp.MustCompile(`(?i)\b(?:v\d+|final|draft|rev\d*|clean|edits?|copy|track(?:ed)?|version)\b`)

func isVersion(name string) bool { return version.MatchString(name) }
