package page

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
)

// byPatternsAlone is cleanName and splitNames without the look ahead.
func byPatternsAlone(text string) (out []string) {
	parts := splitWith(text,
		func(s string) string { return nameFront.ReplaceAllString(nameFront.ReplaceAllString(s, ""), "") },
		func(s string) []string { return nameCut.Split(s, -1) })
	for _, s := range parts {
		s = birth.ReplaceAllString(nameFront.ReplaceAllString(strings.TrimSpace(s), ""), "")
		if !isBody(s) {
			s = forPaper.ReplaceAllString(nameJunk.ReplaceAllString(nameJunk.ReplaceAllString(s, ""), ""), "$1")
		}
		if strings.Contains(s, " ") {
			s = footnote.ReplaceAllString(s, "$1")
		}
		for range 3 {
			s = strings.TrimSpace(nameRest.ReplaceAllString(nameEnd.ReplaceAllString(s, ""), ""))
		}
		if s = strings.Trim(s, " \t,;:|-–—•·*\"“”.…/"); isName(s) {
			out = append(out, s)
		}
	}
	return out
}

func withSigns(text string) (out []string) {
	for _, n := range splitNames(text) {
		if n = cleanName(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// The look ahead must see every word of every pattern: each is tried before,
// behind and between names.
func TestSignsSeeWhatThePatternsSee(t *testing.T) {
	words := []string{"1", "2021-03-04", "*", "†", "(x)", "<jo@x.org", "@jo", "|", "-", "–", "·", "•", ";", ",", "&", ":", "K", "ſ"}
	for _, p := range []*regexp.Regexp{nameRest, nameEnd, nameCut, nameFront, nameJunk, forPaper, footnote, birth} {
		tree, err := syntax.Parse(p.String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, literals(tree)...)
	}
	if len(words) < 100 {
		t.Fatalf("only %d words", len(words))
	}
	for _, w := range words {
		for _, form := range []string{
			w + " Jo Doe", w + ": Jo Doe", w + " by Jo Doe", "Jo Doe " + w, "Jo Doe " + w + " Sun", "Jo Doe " + w + " the Sun", "Jo Doe " + w + " Ann Roe",
			"Jo Doe, " + w, "Jo Doe " + w + ": Sun", "Jo Doe on " + w, "Jo Doe is " + w, "Jo Doe" + w, w, "José " + w + " Núñez", "Jo Doe •" + w + " by", "Jo " + strings.ToUpper(w) + " Doe",
		} {
			if got, want := withSigns(form), byPatternsAlone(form); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%q: %q, by the patterns alone %q", form, got, want)
			}
		}
	}
}

// literals are the texts in a pattern, each as it stands and with the one that
// follows it.
func literals(r *syntax.Regexp) (out []string) {
	if r.Op == syntax.OpLiteral {
		return []string{string(r.Rune)}
	}
	before := []string{""}
	for _, sub := range r.Sub {
		found := literals(sub)
		out = append(out, found...)
		if r.Op != syntax.OpConcat || len(found) == 0 || len(found)*len(before) > 2000 {
			before = []string{""}
			continue
		}
		var joined []string
		for _, b := range before {
			for _, f := range found {
				joined = append(joined, b+f)
			}
			if sub.Op == syntax.OpQuest || sub.Op == syntax.OpStar {
				joined = append(joined, b)
			}
		}
		before = joined
		out = append(out, joined...)
	}
	return out
}

func FuzzSignsOfNames(f *testing.F) {
	for _, s := range []string{"Jo Doe and Ann Roe", "By Jo Doe, 4 March 2021", "Doe, Jo", "Jo Doe for The Sun", "Jo Doe is a writer", "foto: Jo", "Jo Doe (ed.)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 || strings.ContainsAny(s, "\n\r") {
			return
		}
		if got, want := withSigns(s), byPatternsAlone(s); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%q: %q, by the patterns alone %q", s, got, want)
		}
	})
}
