package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// fault is what is wrong with a text and the way out; the zero value: nothing.
type fault struct{ what, hint string }

func (f fault) isZero() bool { return f == fault{} }

// notA is the fault of a text that is no such thing.
func notA(text, want, hint string) fault {
	return fault{show(text) + " is not " + want, hint}
}

// show puts a text of the file into a message: in quotation marks, shortened,
// and otherwise as the file has it.
func show(text string) string {
	const longest = 80
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest]) + "…"
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	if strings.Contains(text, `"`) {
		return "'" + text + "'"
	}
	return `"` + text + `"`
}

// single is a kind of value that is written as one text. Want names it with
// its article for messages.
func single[V any](name, want string, parse func(w *walker, text string) (V, fault), format func(V) string) kind[V] {
	return kind[V]{
		name:   name,
		schema: fixed(map[string]any{"type": "string"}),
		read: func(w *walker, v value) (V, bool) {
			var none V
			text, ok := w.text(v, want)
			if !ok {
				return none, false
			}
			got, f := parse(w, text)
			if !f.isZero() {
				w.add(v, f.what, f.hint)
				return none, false
			}
			return got, true
		},
		write: func(v V) *yaml.Node {
			text := format(v)
			if text == "" {
				return nil
			}
			return scalar(text)
		},
	}
}

func (k kind[V]) with(schema map[string]any) kind[V] {
	k.schema = fixed(schema)
	return k
}

func itself(s string) string { return s }

// line is text on one line.
func line(longest int) kind[string] {
	return single("text", "text", func(_ *walker, text string) (string, fault) {
		if strings.ContainsAny(text, "\n\r") {
			return "", fault{"has several lines", "write it on one line"}
		}
		return text, textFault(text, longest)
	}, itself).with(map[string]any{"type": "string", "maxLength": longest})
}

// prose is text that may have several lines.
func prose(longest int) kind[string] {
	return single("text", "text", func(_ *walker, text string) (string, fault) {
		return text, textFault(text, longest)
	}, itself).with(map[string]any{"type": "string", "maxLength": longest})
}

func textFault(text string, longest int) fault {
	if n := utf8.RuneCountInString(text); n > longest {
		return fault{fmt.Sprintf("is too long: %d characters", n), fmt.Sprintf("use at most %d", longest)}
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return fault{fmt.Sprintf("holds the invisible character U+%04X", r), "take it away"}
		}
	}
	return noEnvironment(text)
}

// word is one of these words, as a type of its own.
func word[W ~string](words ...W) kind[W] {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	one := oneOf(all...)
	return kind[W]{
		name: one.name, schema: one.schema,
		read: func(w *walker, v value) (W, bool) {
			text, ok := one.read(w, v)
			return W(text), ok
		},
		write: func(w W) *yaml.Node {
			if w == "" {
				return nil
			}
			return scalar(string(w))
		},
	}
}

// oneOf is a choice of words.
func oneOf(words ...string) kind[string] {
	return single("one of "+strings.Join(words, ", "), "one of "+strings.Join(words, ", "),
		func(_ *walker, text string) (string, fault) {
			for _, word := range words {
				if text == word {
					return word, fault{}
				}
			}
			return "", fault{show(text) + " is not one of " + strings.Join(words, ", "), closest(text, words)}
		}, itself).with(map[string]any{"enum": words})
}

// closest is a hint with the nearest word, empty when none is near.
func closest(word string, known []string) string {
	if near, ok := nearest(word, known); ok {
		return `did you mean "` + near + `"?`
	}
	return ""
}

// yesNo is true or false.
func yesNo() kind[bool] {
	k := single("true or false", "true or false", func(_ *walker, text string) (bool, fault) {
		switch strings.ToLower(text) {
		case "true":
			return true, fault{}
		case "false":
			return false, fault{}
		case "yes", "on", "y", "1":
			return false, notA(text, "true or false", "write true")
		case "no", "off", "n", "0":
			return false, notA(text, "true or false", "write false")
		}
		return false, notA(text, "true or false", "")
	}, strconv.FormatBool).with(map[string]any{"type": "boolean"})
	k.write = func(b bool) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(b)}
	}
	return k
}

// integer is a whole number within bounds.
func integer(least, most int) kind[int] {
	want := fmt.Sprintf("a whole number from %d to %d", least, most)
	k := single("whole number", want, func(_ *walker, text string) (int, fault) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, notA(text, want, "")
		}
		return n, fault{}
	}, strconv.Itoa).with(map[string]any{"type": "integer", "minimum": least, "maximum": most})
	k.write = func(n int) *yaml.Node {
		if n == 0 && least > 0 {
			return nil
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
	}
	return k
}

// units of sizes, the largest first. The decimal ones are read, not written.
var units = []struct {
	name   string
	octets int64
}{
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"KB", 1e3},
	{"B", 1},
}

var sizePattern = regexp.MustCompile(`^(\d{1,12})\s*([A-Za-z]*)$`)

// size is a number of octets with its unit.
func size(least, most int64) kind[int64] {
	const want = "a size such as 512KiB, 50MiB or 1GiB"
	return single("size", want, func(_ *walker, text string) (int64, fault) {
		m := sizePattern.FindStringSubmatch(text)
		if m == nil {
			return 0, notA(text, want, "")
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return 0, notA(text, want, "")
		}
		if m[2] == "" {
			return 0, notA(text, want, "add the unit: "+m[1]+"MiB")
		}
		for _, u := range units {
			if u.name != m[2] {
				continue
			}
			if n > most/u.octets || n*u.octets < least {
				return 0, fault{show(text) + " is out of bounds", "choose from " + printSize(least) + " to " + printSize(most)}
			}
			return n * u.octets, fault{}
		}
		return 0, notA(text, want, "")
	}, printSize)
}

func printSize(n int64) string {
	if n == 0 {
		return ""
	}
	for _, u := range units[:3] {
		if n%u.octets == 0 {
			return strconv.FormatInt(n/u.octets, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

// regex is a regular expression in RE2 syntax
// (https://github.com/google/re2/wiki/Syntax).
func regex() kind[*regexp.Regexp] {
	return single("regular expression", "a regular expression", func(_ *walker, text string) (*regexp.Regexp, fault) {
		const longest = 1000
		if len(text) > longest {
			return nil, fault{"is too long for a regular expression", fmt.Sprintf("use at most %d characters", longest)}
		}
		re, err := regexp.Compile(text)
		if err == nil {
			return re, fault{}
		}
		reason := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		hint := `to mean a sign itself, put a backslash before it, as in \? or \.`
		switch {
		case strings.Contains(text, "(?=") || strings.Contains(text, "(?!") || strings.Contains(text, "(?<"):
			hint = "looking ahead or behind is not possible here; use include and exclude together instead"
		case strings.HasPrefix(text, "*"):
			hint = `"*" repeats what stands before it; for "anything" write .*`
		}
		return nil, fault{show(text) + " is not a regular expression: " + reason, hint}
	}, func(re *regexp.Regexp) string {
		if re == nil {
			return ""
		}
		return re.String()
	}).with(map[string]any{"type": "string", "format": "regex"})
}

// commonLanguages are named in hints to people who write the word, not the tag.
var commonLanguages = map[string]string{
	"arabic": "ar", "bengali": "bn", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr",
	"german": "de", "hindi": "hi", "indonesian": "id", "italian": "it", "japanese": "ja", "khmer": "km",
	"malay": "ms", "nepali": "ne", "norwegian": "no", "polish": "pl", "portuguese": "pt", "romanian": "ro",
	"russian": "ru", "spanish": "es", "swahili": "sw", "thai": "th", "turkish": "tr", "ukrainian": "uk",
	"urdu": "ur", "vietnamese": "vi", "deutsch": "de", "español": "es", "français": "fr", "português": "pt",
}

// languageTag is a language by BCP 47, such as en or pt-BR.
func languageTag() kind[string] {
	const want = "a language tag such as en, fr, ar or pt-BR"
	return single("language tag", want, func(_ *walker, text string) (string, fault) {
		if tag, ok := commonLanguages[strings.ToLower(text)]; ok {
			return "", notA(text, want, "write "+tag)
		}
		tag, err := language.Parse(text)
		if err != nil {
			return "", notA(text, want, "")
		}
		return tag.String(), fault{}
	}, itself)
}

var boundPattern = regexp.MustCompile(`^(>=|>|==?|<=|<)\s*(\d{1,9})$`)

// bound is a comparison with a number.
func bound() kind[Bound] {
	const want = `a bound such as ">= 200"`
	return single("bound", want, func(_ *walker, text string) (Bound, fault) {
		m := boundPattern.FindStringSubmatch(text)
		if m == nil {
			if _, err := strconv.Atoi(text); err == nil {
				return Bound{}, notA(text, want, `write ">= `+text+`" with the quotation marks`)
			}
			return Bound{}, notA(text, want, "the comparisons are >=, >, =, <= and <")
		}
		n, _ := strconv.Atoi(m[2]) // nine digits at most
		b := Bound{Op: m[1], Value: n}
		if b.Op == "==" {
			b.Op = "="
		}
		if b.Op == "<" && n == 0 {
			return Bound{}, fault{"no number is below 0, so no run could ever pass", ""}
		}
		return b, fault{}
	}, Bound.String)
}

// String is the bound as a source file writes it, empty for the zero value.
func (b Bound) String() string {
	if b.Op == "" {
		return ""
	}
	return fmt.Sprintf("%s %d", b.Op, b.Value)
}

// Holds reports whether n is within the bound. The zero value holds always.
func (b Bound) Holds(n int) bool {
	switch b.Op {
	case ">=":
		return n >= b.Value
	case ">":
		return n > b.Value
	case "=":
		return n == b.Value
	case "<=":
		return n <= b.Value
	case "<":
		return n < b.Value
	default:
		return true
	}
}
