package page

import (
	"strings"
	"testing"
	"unicode"
)

// plainKey is key as it reads.
func plainKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{
		"", "Forced Labour: a review (2nd ed.), 2021", "Trabajo forzoso, año 2020", "تقرير عن العمل القسري", "ÉTAT DES LIEUX Ⱥİ", "bad \xff\xc3 octets",
		"१२ Ⅻ ½", strings.Repeat("A long line, with words. ", 20), strings.Repeat("Ⱥ", 100),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := key(s), plainKey(s); got != want {
			t.Errorf("key of %q is %q, want %q", s, got, want)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	text := strings.Repeat("Forced labour in the supply chain: what the evidence says. ", 5)
	b.ReportAllocs()
	for b.Loop() {
		key(text)
		key("Recruitment fees and remedy")
	}
}
