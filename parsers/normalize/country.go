package normalize

import (
	"slices"
	"strings"
)

// CountryCodes are the officially assigned codes of ISO 3166-1 alpha-2, and XK,
// sorted.
func CountryCodes() []string { return strings.Fields(countryCodes) }

// Country is the country that a whole text names: its code, or one of its
// English names, in any letter case.
func Country(text string) (code string, ok bool) {
	text = strings.TrimSpace(text)
	if upper := strings.ToUpper(text); slices.Contains(CountryCodes(), upper) {
		return upper, true
	}
	for _, names := range namesIn("en") {
		for _, n := range names {
			if strings.EqualFold(n.name, text) {
				return n.id, true
			}
		}
	}
	return "", false
}
