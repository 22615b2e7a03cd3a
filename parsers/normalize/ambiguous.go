package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plausible decides about names that are also something else. text[start:]
// begins with name.
func plausible(name, text string, start int) bool {
	before, after := strings.TrimRight(text[:start], " "), strings.TrimLeft(text[start+len(name):], " ")
	prev, next := lastWordOf(before), firstWord(after)
	if strings.HasPrefix(after, ",") {
		next = firstWord(strings.TrimLeft(after, ", "))
	}
	switch name {
	case "Georgia": // also a state of the United States and a person's name
		return !oneOf(prev, "Atlanta", "Savannah", "Augusta", "Macon", "South") && !oneOf(next, "Tech", "Southern", "USA") && !strings.HasPrefix(text[start+len(name):], ", USA") && !namesPerson(prev, next, text, start)
	case "Jordan", "Chad", "Israel", "Malta", "Cuba": // also names of persons
		return !namesPerson(prev, next, text, start) && !(name == "Jordan" && oneOf(prev, "Michael", "River"))
	case "Guinea":
		return !oneOf(prev, "Equatorial", "New", "Papua") && !oneOf(next, "pig", "pigs", "fowl", "Bissau") && !strings.HasPrefix(text[start+len(name):], "-")
	case "Niger":
		return !oneOf(next, "Delta", "State", "River")
	case "Congo": // which of the two is not said
		return false
	case "Congo - Kinshasa", "Congo - Brazzaville":
		return true
	case "Mexico":
		return prev != "New"
	case "Ireland":
		return prev != "Northern"
	case "Sudan":
		return prev != "South"
	case "Samoa":
		return prev != "American"
	case "Turkey":
		return !oneOf(next, "sandwich", "breast", "farm", "meat")
	case "China":
		return !oneOf(prev, "Indo", "Bone")
	case "India", "Indies":
		return !oneOf(prev, "West", "East")
	case "Panama":
		return !oneOf(next, "Papers", "City", "hat")
	case "Jersey", "Guernsey":
		return prev != "New" && unicode.IsUpper(firstRune(name)) && !oneOf(next, "City", "Shore", "cow", "cows")
	case "Wales":
		return !strings.HasSuffix(before, "New South") && !oneOf(prev, "Jimmy", "Prince")
	case "England":
		return prev != "New"
	case "Dominica":
		return true
	case "Monaco", "Macau", "Singapore":
		return true
	case "US", "VS":
		return !(len(prev) > 1 && strings.ToUpper(prev) == prev) && !strings.HasPrefix(text[start+len(name):], "$")
	case "Réunion", "Reunion":
		return !oneOf(lastWordOf(strings.ToLower(before)), "une", "la", "cette", "dernière", "prochaine") || strings.HasSuffix(strings.ToLower(before), "île de la")
	case "Union":
		return false
	}
	if isAcronym(name) {
		return !continuesUpper(text[start+len(name):])
	}
	return true
}

// namesPerson reports whether a name stands between or beside words that make
// it a person's: "Jordan Peterson", "Michael Jordan", "Mr. Chad Smith".
func namesPerson(prev, next, text string, start int) bool {
	if oneOf(prev, "Mr", "Mrs", "Ms", "Dr", "Prof", "Judge", "Sir") {
		return true
	}
	// A capital word directly behind, without a comma and not itself a common
	// noun of titles, is a surname.
	name := firstWord(text[start:])
	rest := text[start+len(name):]
	if strings.HasPrefix(rest, " ") && len(next) > 2 && unicode.IsUpper(firstRune(next)) && strings.ToUpper(next) != next && !isTitleWord(next) {
		return true
	}
	return len(prev) > 2 && unicode.IsUpper(firstRune(prev)) && strings.ToUpper(prev) != prev && givenNames[prev]
}

// isTitleWord: nouns that stand in capitals beside countries in titles.
func isTitleWord(w string) bool {
	switch w {
	case "Country", "National", "Report", "Profile", "Government", "Labour", "Labor", "Law", "Action", "Plan", "Ministry", "Trafficking", "Human", "Child", "Forced", "Modern", "Policy", "Study", "Case", "Strategy", "Tier", "Office", "Response", "Refugee", "Refugees", "Programme", "Program", "Project", "Compact", "Garment", "Decent", "Work", "Migration", "Migrant", "And", "The", "In", "For", "To", "Is", "Has", "Will", "Adopts", "Launches", "Ratifies", "Must", "Should":
		return true
	}
	return false
}

// givenNames stand often before surnames that are names of countries.
var givenNames = map[string]bool{"Michael": true, "Neil": true, "Barbara": true, "June": true, "Vernon": true, "Jim": true, "John": true, "David": true, "Robert": true, "James": true, "Mary": true, "Jane": true, "Thomas": true, "Richard": true, "Eddie": true, "Steve": true, "Hamilton": true, "Teresa": true}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastWordOf(s string) string {
	s = strings.TrimRight(s, " .,")
	i := strings.LastIndexFunc(s, func(r rune) bool { return !isWordPart(r) })
	return s[i+1:]
}

// continuesUpper: "USAID" is no country.
func continuesUpper(rest string) bool { return rest != "" && unicode.IsUpper(firstRune(rest)) }
