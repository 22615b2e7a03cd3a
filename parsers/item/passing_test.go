package item

import (
	"regexp"
	"testing"
)

// everywhere is the rule without the haste: passing, looked for at every place.
var everywhere = regexp.MustCompile(`(?i)\b\d{1,2}:\d{2}(:\d{2})?\b|\b\d+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago\b`)

func FuzzPassing(f *testing.F) {
	for _, text := range []string{
		"", "Read at 12:30, 3 minutes ago.", "12:30:45", "1:2:30", "x12:30", "12:30x", "112:30", "12:305", "99999 YEARS AGO", "3 minutes agog",
		"1 2 days ago", "12:30 12:31", "v1_12:30", "é12:30é", "1 day ago2 days ago", "12:30:99:11", "٣ days ago 4 days ago", "5 hour ago", "7  days ago",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := withoutPassing(text), everywhere.ReplaceAllString(text, ""); got != want {
			t.Errorf("%q leaves %q, want %q", text, got, want)
		}
	})
}
