package match

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// maxCountryWords is the most words of a country's name that are compared.
const maxCountryWords = 4

// countryNames maps folded names to ISO 3166-1 alpha-2, from the Unicode CLDR
// as x/text has it, in the languages that the sources write most, with the
// short names that people use.
var countryNames = sync.OnceValue(func() map[string]string {
	names := make(map[string]string)
	for _, lang := range []language.Tag{
		language.English, language.French, language.Spanish, language.Portuguese, language.German, language.Italian, language.Dutch,
		language.Russian, language.Arabic, language.Polish, language.Indonesian,
	} {
		namer := display.Regions(lang)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				region, err := language.ParseRegion(string([]rune{a, b}))
				if err != nil || !region.IsCountry() {
					continue
				}
				name := wordsOf(namer.Name(region))
				if len(name) > 0 && len(name) <= maxCountryWords {
					names[strings.Join(name, " ")] = region.Canonicalize().String()
				}
			}
		}
	}
	maps.Copy(names, map[string]string{
		"usa": "US", "u s": "US", "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB-SCT", "wales": "GB-WLS",
		"northern ireland": "GB-NIR", "russia": "RU", "south korea": "KR", "north korea": "KP", "ivory coast": "CI",
		"cote d ivoire": "CI", "burma": "MM", "viet nam": "VN", "lao pdr": "LA", "drc": "CD", "uae": "AE", "czech republic": "CZ",
		"macedonia": "MK", "swaziland": "SZ", "turkey": "TR", "turkiye": "TR", "palestine": "PS", "syria": "SY", "hong kong": "HK",
	})
	return names
})

// countryBeginnings are the first words of countries' names.
var countryBeginnings = sync.OnceValue(func() map[string]bool {
	first := make(map[string]bool)
	for name := range countryNames() {
		word, _, _ := strings.Cut(name, " ")
		first[word] = true
	}
	return first
})

// countriesIn finds the countries that a title names, the longest name first.
func countriesIn(words []string) []string {
	names := countryNames()
	var out []string
	first := countryBeginnings()
	for i := 0; i < len(words); i++ {
		if !first[words[i]] {
			continue
		}
		for n := min(maxCountryWords, len(words)-i); n > 0; n-- {
			if code := names[strings.Join(words[i:i+n], " ")]; code != "" {
				out = append(out, code)
				i += n - 1
				break
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
