package wordpress

import "testing"

// Guillemets at the ends of a title are quotation marks where there are two, and
// else what stands before the name of the site.
func TestGuillemets(t *testing.T) {
	for title, want := range map[string]string{
		"«Quote» and more":           "«Quote» and more",
		"More on «quotes»":           "More on «quotes»",
		"«Quote»":                    "«Quote»",
		"»Zitat« und mehr":           "»Zitat« und mehr",
		"Ein »Zitat«":                "Ein »Zitat«",
		"«Quote» and more » Library": "«Quote» and more",
		"On «quotes» » Library":      "On «quotes»",
		"«Quote» - Library":          "«Quote»",
		"Library « «Quote»":          "«Quote»",
		"Guide « Library":            "Guide",
		"Guide »":                    "Guide",
		"« Guide":                    "Guide",
		"Library":                    "",
		"The Library":                "The Library",
	} {
		if got := withoutSite(title, "Library"); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}
