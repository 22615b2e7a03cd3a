package normalize_test

import (
	"testing"

	"github.com/harvest87/harvest/parsers/normalize"
)

func TestCountry(t *testing.T) {
	for text, want := range map[string]string{
		"NP": "NP", "np": "NP", " Nepal ": "NP", "nepal": "NP", "UK": "GB", "united kingdom": "GB", "Viet Nam": "VN", "Vietnam": "VN",
		"XK": "XK", "QQ": "", "": "", "Nepal and India": "", "$where": "", "N": "",
	} {
		if got, ok := normalize.Country(text); got != want || ok != (want != "") {
			t.Errorf("Country(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, code := range normalize.CountryCodes() {
		if got, ok := normalize.Country(code); !ok || got != code {
			t.Errorf("Country(%q) = %q, %t", code, got, ok)
		}
	}
}
