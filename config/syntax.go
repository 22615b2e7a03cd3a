package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// root parses the text into its one document. It returns nil and true for a
// text that holds nothing but comments, false after it has reported why the
// text is no configuration file.
func (w *walker) root(text []byte) (*yaml.Node, bool) {
	if f := tooLarge(text); !f.isZero() {
		w.problems = append(w.problems, Problem{File: w.file, Line: 1, Col: 1, What: f.what, Hint: f.hint})
		return nil, false
	}
	text = withoutMark(text)
	if p, bad := notText(text); bad {
		p.File = w.file
		w.problems = append(w.problems, p)
		return nil, false
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return nil, true
	}
	if err == nil {
		if err = d.Decode(&second); errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		w.problems = append(w.problems, w.syntaxProblem(text, err))
		return nil, false
	}
	root := doc.Content[0]
	if second.Kind != 0 {
		w.addAt(within(text, &second), "", `a second part begins here, after "---"`, "one file holds one configuration; move this part to a file of its own")
		return nil, false
	}
	v := value{node: root}
	if v.isNull() {
		return nil, true
	}
	if root.Kind != yaml.MappingNode {
		w.refuse(root, "")
		hint := `write keys and values, such as "id: respect", one a line`
		switch {
		case root.Kind == yaml.SequenceNode:
			hint = "take the dashes at the start of the lines away"
		case strings.HasPrefix(root.Value, "<"):
			hint = "this looks like a web page; is it the right file?"
		}
		w.add(v, "the file is "+v.what()+", but keys and values are expected", hint)
		return nil, false
	}
	w.refuse(root, "")
	return root, true
}

// within moves a node's position into the text, for the parser counts an end
// that is not written as a line of its own.
func within(text []byte, n *yaml.Node) *yaml.Node {
	lines := splitLines(text)
	if n.Line > len(lines) {
		return &yaml.Node{Line: len(lines), Column: 1}
	}
	return n
}

func splitLines(text []byte) []string {
	return strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
}

// notText reports bytes that are not UTF-8 text (RFC 3629), or not text at all.
func notText(text []byte) (Problem, bool) {
	hint := "save the file in your editor as UTF-8"
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return Problem{Line: 1, Col: 1, What: "the file is in UTF-16", Hint: hint}, true
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		col := 1
		for rest := bytes.TrimSuffix(line, []byte("\r")); len(rest) > 0; col++ {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size == 1 {
				return Problem{Line: i + 1, Col: col, What: "a character is not in UTF-8", Hint: hint}, true
			}
			if r != '\t' && (unicode.IsControl(r) || strings.ContainsRune("\u2028\u2029\ufeff\ufffe\uffff", r)) {
				return Problem{Line: i + 1, Col: col, What: fmt.Sprintf("there is an invisible character, U+%04X", r), Hint: "delete it; is this a text file?"}, true
			}
			rest = rest[size:]
		}
	}
	return Problem{}, false
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntaxProblem turns an error of the YAML parser into a position and words
// for people. The parser often names the line where a block began, not the one
// that is wrong, so the line is searched for.
func (w *walker) syntaxProblem(text []byte, err error) Problem {
	lines := splitLines(text)
	at, message := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			at = n
		}
		message = m[2]
	}
	if found := brokenLine(text, lines); found > 0 {
		at = found
	}
	at = min(max(at, 1), len(lines))
	p := Problem{File: w.file, Line: at}
	p.Col, p.What, p.Hint = diagnose(lines[at-1], message)
	return p
}

// brokenLine finds the line, from 1, with which the text stops being YAML: the
// one after the longest beginning that still is. It returns 0 when the text is
// too large for so many trials.
func brokenLine(text []byte, lines []string) int {
	const mostWork = 2 << 20 // lines times octets; nesting makes it dearer
	if len(lines)*len(text) > mostWork {
		return 0
	}
	for end := len(lines) - 1; end >= 0; end-- {
		if !isYAML(strings.Join(lines[:end], "\n") + "\n") {
			continue
		}
		for end < len(lines)-1 && isBlank(lines[end]) {
			end++
		}
		return end + 1
	}
	return 0
}

func isYAML(text string) bool {
	d := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc yaml.Node
		if err := d.Decode(&doc); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

func isBlank(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}

var (
	// entry is a line "key: value", perhaps after dashes.
	entry = regexp.MustCompile(`^(\s*(?:- +)*(?:[^\s:#'"\[{][^:#]*|"[^"]*"|'[^']*'):[ \t]+)(\S.*?)\s*$`)
	// listItem is a line "- value".
	listItem = regexp.MustCompile(`^(\s*(?:- +)+)(\S.*?)\s*$`)
	// blockMark begins a text of several lines.
	blockMark = regexp.MustCompile(`^[|>][+-]?[0-9]?[+-]?(\s+#.*)?$`)
	// flowSign is a value within brackets that begins with a sign.
	flowSign = regexp.MustCompile("[\\[{,:]\\s+([@`%>|*&!][^,\\]}]*)")
	noSpace  = regexp.MustCompile(`^(\s*(?:- +)*[A-Za-z_]+:)[^\s/:]`)
)

// nonBreakingSpace looks like a space and is none for YAML.
const nonBreakingSpace = '\u00a0'

// diagnose looks at the line that is not YAML for the slips that people make.
// It returns the column and the words; message is what the parser said.
func diagnose(line, message string) (col int, what, hint string) {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	first := utf8.RuneCountInString(indent) + 1
	if i := strings.IndexByte(indent, '\t'); i >= 0 {
		return i + 1, "the line is indented with a tab", "use spaces, two for each level"
	}
	if i := strings.IndexRune(line, nonBreakingSpace); i >= 0 && (strings.TrimSpace(line[:i]) == "" || strings.HasSuffix(line[:i], ":") || strings.HasSuffix(line[:i], "-")) {
		return utf8.RuneCountInString(line[:i]) + 1, "there is a non-breaking space where a space is expected", "type it anew; it often comes along with copied text"
	}
	if strings.Contains(message, "unknown anchor") {
		return columnOf(line, "*", first), "a value that begins with * must stand in quotation marks", "write \"*…\" with the quotation marks"
	}
	head, val := "", ""
	if m := entry.FindStringSubmatch(line); m != nil {
		head, val = m[1], m[2]
	} else if m := listItem.FindStringSubmatch(line); m != nil {
		head, val = m[1], m[2]
	}
	if m := flowSign.FindStringSubmatchIndex(val); m != nil && strings.ContainsAny(val[:1], "[{") {
		head, val = head+val[:m[2]], strings.TrimSpace(val[m[2]:m[3]])
	}
	at := utf8.RuneCountInString(head) + 1
	if val != "" {
		if what, hint = faultOfValue(val); what != "" {
			return at, what, hint
		}
	}
	switch {
	case strings.HasPrefix(line[len(indent):], "[") && !strings.Contains(line, "]"), strings.HasPrefix(line[len(indent):], "{") && !strings.Contains(line, "}"):
		return first, "the bracket on this line is not closed", "close it, or put a text that begins with a bracket in quotation marks"
	case strings.HasPrefix(line[len(indent):], "-") && !strings.HasPrefix(line[len(indent):], "- ") && !strings.HasPrefix(line[len(indent):], "--"):
		return first + 1, "there is no space after the dash", `write "- item"`
	case noSpace.MatchString(line):
		m := noSpace.FindStringSubmatch(line)
		return utf8.RuneCountInString(m[1]), "there is no space after the colon", `write "key: value"`
	case strings.Contains(message, "could not find expected ':'") || !strings.Contains(line, ":") && !strings.Contains(line, "- "):
		return first, "the line is neither a key with a value nor an item of a list", `write "key: value" or "- item"`
	case strings.Contains(line, "${"):
		return columnOf(line, "${", first), "within brackets, an environment variable must stand in quotation marks", `write "${NAME:-}" with the quotation marks`
	case strings.ContainsAny(line, "[]{}") && strings.Contains(message, "expected"):
		return columnOfAny(line, "[{]}", first), "the brackets on this line do not fit together", "check commas, quotation marks and closing brackets; put a text that has brackets in it in quotation marks"
	case strings.Contains(message, "tab"):
		return columnOf(line, "\t", first), "there is a tab where a space is expected", "use spaces"
	default:
		return first, "the line does not fit the lines above it", "check its indentation: two spaces for each level, and the same for keys of one group"
	}
}

// faultOfValue looks for what is wrong with the value of a line, empty when
// nothing is.
func faultOfValue(val string) (what, hint string) {
	const inQuotes = " must stand in quotation marks"
	switch c := val[0]; {
	case c == '"' || c == '\'':
		if closing := strings.LastIndexByte(val[1:], c); closing < 0 {
			return "the quotation mark is not closed", fmt.Sprintf("end the text with %c", c)
		}
		if c == '"' && strings.Contains(val, `\`) {
			return `a backslash does not stand for itself between "…"`, "put the text in single quotation marks: '…'"
		}
		return "the quotation marks on this line do not fit together", "put the whole value in one pair; inside '…' a ' is written twice"
	case strings.IndexByte("@`%", c) >= 0, c == '*', c == '&', c == '!', (c == '|' || c == '>') && !blockMark.MatchString(val):
		return fmt.Sprintf("a value that begins with %c%s", c, inQuotes), "write " + quoteFor(val)
	case c == '[' && !strings.Contains(val, "]"):
		return "the bracket [ is not closed", "end the list with ]"
	case c == '{' && !strings.Contains(val, "}"):
		return "the bracket { is not closed", "end the group with }"
	case c == '[' || c == '{':
		return "", ""
	case strings.Contains(val, ": ") || strings.HasSuffix(val, ":"):
		return `a value with a colon in it` + inQuotes, "write " + quoteFor(val)
	}
	return "", ""
}

// quoteFor puts a value in quotation marks that leave it as it is.
func quoteFor(val string) string {
	if strings.ContainsAny(val, `"\`) {
		return "'" + strings.ReplaceAll(val, "'", "''") + "'"
	}
	return `"` + val + `"`
}

func columnOf(line, part string, otherwise int) int {
	if before, _, ok := strings.Cut(line, part); ok {
		return utf8.RuneCountInString(before) + 1
	}
	return otherwise
}

func columnOfAny(line, chars string, otherwise int) int {
	if i := strings.IndexAny(line, chars); i >= 0 {
		return utf8.RuneCountInString(line[:i]) + 1
	}
	return otherwise
}
