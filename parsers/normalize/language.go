package normalize

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
	"github.com/harvest87/harvest"
	"golang.org/x/text/language"
)

// Language tells which language a text is written in and keeps what the page
// declares beside it. The script decides first, then the commonest words and
// letter sequences. Where the text is too short or the evidence divided, the
// declared language is believed if it fits the script; with no declaration
// Value stays empty. Tags are BCP 47, shortened to the language alone in Value
// ("pt", "zh") and in canonical form in Declared ("pt-BR", "zh-Hans").
func Language(text, declared string) harvest.Language {
	l := harvest.Language{Declared: Tag(declared)}
	l.Value = detect(text, primary(l.Declared))
	return l
}

// Tag brings a declared language into the canonical form of BCP 47: "en_us"
// becomes "en-US". What is no language tag, and "und", gives "".
func Tag(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, ",; ."); i >= 0 {
		s = s[:i]
	}
	if len(s) < 2 || len(s) > 35 || strings.EqualFold(s, "und") || strings.HasPrefix(strings.ToLower(s), "x-") {
		return ""
	}
	t, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || t == language.Und {
		return ""
	}
	base, conf := t.Base()
	if conf == language.No || len(base.String()) > 3 {
		return ""
	}
	return t.String()
}

// longest bounds the text that is looked at, in octets.
const longestSample = 4 << 10

func detect(text, declared string) string {
	if len(text) > longestSample {
		text = strings.ToValidUTF8(text[:longestSample], "")
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 20 {
		return declared
	}
	info := whatlanggo.Detect(text)
	if info.Confidence < 0.5 && declared != "" {
		return declared
	}
	return info.Lang.Iso6391()
}
