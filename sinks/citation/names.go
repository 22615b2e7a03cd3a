package citation

import (
	_ "embed"
	"strings"
	"unicode"

	"github.com/harvest87/harvest"
)

// Name is an author: a person with a family name, or a name that stays whole.
type Name struct {
	Family, Given string
	// Whole is the name of a body, or of a person whose name cannot be taken
	// apart with reason. It goes with empty Family and Given.
	Whole string
	// Body is true when a whole name is known to be that of a body.
	Body bool
}

// Inverted is the name with the family name first.
func (n Name) Inverted() string {
	if n.Whole != "" {
		return n.Whole
	}
	return n.Family + ", " + n.Given
}

// Direct is the name as it is spoken.
func (n Name) Direct() string {
	if n.Whole != "" {
		return n.Whole
	}
	return n.Given + " " + n.Family
}

// Names are the authors of a record; where none is named, nobody.
func Names(r *harvest.Record) []Name {
	publisher := Line(r.Publisher)
	var out []Name
	for _, a := range Lines(r.Authors) {
		if strings.EqualFold(a, publisher) {
			out = append(out, Name{Whole: a, Body: true})
			continue
		}
		out = append(out, ParseName(a))
	}
	return out
}

// ParseName says whether a name is that of a person. It is when it is inverted
// ("Bales, Kevin"), or when it is of Latin letters and has an initial ("Kevin
// B. Bales") or begins with a title ("Dr …") or with a common given name. It is
// not when a word of it says that it is a body (International, Ministry,
// université …), when it has digits or more words than a name has. All else
// stays whole, because a body cited as "Free, W." is worse than a person under
// the first name.
func ParseName(name string) Name {
	name = Line(name)
	whole := Name{Whole: name}
	if hasBodyWord(name) {
		whole.Body = true
		return whole
	}
	if strings.ContainsFunc(name, notInName) {
		return whole
	}
	if family, given, found := strings.Cut(name, ","); found {
		return inverted(whole, strings.TrimSpace(family), strings.TrimSpace(given))
	}
	words := strings.Fields(name)
	known := false
	if len(words) > 2 && titles[strings.ToLower(strings.TrimSuffix(words[0], "."))] {
		words, known = words[1:], true
	}
	if len(words) < 2 || len(words) > maxWords {
		return whole
	}
	last := len(words) - 1
	for last > 1 && particles[strings.ToLower(words[last-1])] {
		last--
	}
	for i, w := range words {
		switch {
		case i >= last && particles[strings.ToLower(w)]:
		case !isCapitalised(w):
			return whole
		case i < last && isInitial(w), i == 0 && givenNames[strings.ToLower(w)]:
			known = true
		}
	}
	// Between given and family name may stand initials; what else stands there
	// could belong to either.
	for _, w := range words[1:last] {
		if !isInitial(w) && !givenNames[strings.ToLower(w)] {
			return whole
		}
	}
	if !known {
		return whole
	}
	return Name{Family: strings.Join(words[last:], " "), Given: strings.Join(words[:last], " ")}
}

// maxWords is the most words of a name in direct order, particles included.
const maxWords = 6

// inverted takes "Family, Given" and "Family, Suffix, Given" apart.
func inverted(whole Name, family, given string) Name {
	if suffix, rest, found := strings.Cut(given, ","); found {
		suffix, rest = strings.TrimSpace(suffix), strings.TrimSpace(rest)
		switch {
		case suffixes[strings.ToLower(strings.TrimSuffix(suffix, "."))]:
			family, given = family+" "+suffix, rest
		case suffixes[strings.ToLower(strings.TrimSuffix(rest, "."))]:
			family, given = family+" "+rest, suffix
		default:
			return whole
		}
	}
	if family == "" || given == "" || strings.Contains(given, ",") ||
		len(strings.Fields(family)) > 4 || len(strings.Fields(given)) > 4 || strings.Contains(" "+strings.ToLower(given)+" ", " and ") {
		return whole
	}
	return Name{Family: family, Given: given}
}

func notInName(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("&/@()[]{}:;|+\"“”", r)
}

// isInitial reports whether a word is "B.", "B", "J.-P." or "JP".
func isInitial(word string) bool {
	letters := 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			letters++
		case r != '.' && r != '-':
			return false
		}
	}
	return letters == 1 || letters <= 3 && strings.Contains(word, ".")
}

// isCapitalised reports whether a word is a Latin one that begins with a
// capital letter and is not an acronym.
func isCapitalised(word string) bool {
	upper, lower := 0, 0
	for i, r := range word {
		switch {
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			return false
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			if i == 0 && !strings.ContainsAny(word, "'’") { // d'Souza
				return false
			}
			lower++
		case !unicode.Is(unicode.M, r) && !strings.ContainsRune(".-'’‐", r):
			return false
		}
	}
	return upper > 0 && (lower > 0 || isInitial(word))
}

func hasBodyWord(name string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }) {
		if bodyWords[word] {
			return true
		}
	}
	return false
}

//go:embed names.txt
var namesFile string

// The word lists of names.txt, by their headings.
var (
	bodyWords  = words("bodies")
	givenNames = words("given")
	particles  = words("particles")
	titles     = words("titles")
	suffixes   = words("suffixes")
)

// words are the words below a heading of names.txt.
func words(heading string) map[string]bool {
	out := make(map[string]bool)
	_, rest, _ := strings.Cut(namesFile, "\n["+heading+"]\n")
	rest, _, _ = strings.Cut(rest, "\n[")
	for w := range strings.FieldsSeq(rest) {
		out[w] = true
	}
	return out
}
