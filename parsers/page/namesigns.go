package page

import (
	"strings"
)

// nameSign tells which patterns of names.go may match a text at all. Most names
// are a few words that no pattern concerns, and to look at every character once
// costs far less than to ask ten patterns.
type nameSign uint8

const (
	nameHasFront nameSign = 1 << iota // for nameFront
	nameHasCut                        // for nameCut
	nameHasJunk                       // for nameJunk and forPaper
	nameHasRest                       // for nameRest and nameEnd
	nameHasDigit                      // for all but nameFront and nameCut
	nameHasAll   = nameHasFront | nameHasCut | nameHasJunk | nameHasRest | nameHasDigit
)

// signsOf looks for what the patterns need. It may see more than there is, never
// less: where a sign is missing, no pattern of its kind matches the text, nor
// what is left of it when others have taken away what stands around the name.
func signsOf(s string) (signs nameSign) {
	start := -1 // of a run of ASCII letters
	for i, r := range s {
		if lower := r | 0x20; lower >= 'a' && lower <= 'z' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			signs |= signOfWord(s[start:i])
			start = -1
		}
		switch {
		case r >= '0' && r <= '9' || r == '*':
			signs |= nameHasDigit
		case r == ';' || r == ',' || r == '&':
			signs |= nameHasCut
		case r == '|':
			signs |= nameHasCut | nameHasRest
		case r == '-' && (i == 0 || s[i-1] <= ' ') || r == '(' || r == '<' || r == '@':
			signs |= nameHasRest
		case r == '·' || r == 'ſ' || r >= 0x370: // other scripts and marks; the long s is an s to a pattern
			return nameHasAll
		}
	}
	if start >= 0 {
		signs |= signOfWord(s[start:])
	}
	return signs
}

func signOfWord(word string) nameSign {
	var lower [longestNameWord]byte
	if len(word) > len(lower) {
		return 0
	}
	for i := range len(word) {
		lower[i] = word[i] | 0x20
	}
	return nameWords[string(lower[:len(word)])]
}

const longestNameWord = 16

// nameWords are the words by which the patterns begin, as far as they are ASCII
// letters: "publi" of "publié".
var nameWords = func() map[string]nameSign {
	out := make(map[string]nameSign)
	for sign, words := range map[nameSign]string{
		nameHasFront: "by byby von vom par por di da av af door od text author autor autorin auteur autores written posted published story words photo photos from reporter mit " +
			"interview foto bericht redaktion verfasser name posts articles stories beitr artikel entradas more mehr rezept recipe erstellt verfasst geschrieben bearbeitet " +
			"pressemitteilung kommentar gastbeitrag created submitted",
		nameHasCut:  "and und et y e och og en",
		nameHasJunk: "follow folge suivre sigue facebook twitter x instagram linkedin mastodon threads bluesky is for",
		nameHasRest: "published updated posted foto photo photos image images illustration illustrationen illustrations grafik grafiken bild bilder quelle source datum " +
			"kommentar kommentare comment comments ffentlicht publi publicado skrifar schreibt berichtet writes reports reporting escribe crit schrijft skriver",
	} {
		for w := range strings.FieldsSeq(words) {
			if len(w) > longestNameWord {
				panic("a word of the patterns of names is too long: " + w)
			}
			out[w] |= sign
		}
	}
	return out
}()
