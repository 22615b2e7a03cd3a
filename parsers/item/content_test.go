package item_test

import (
	"strings"
	"testing"

	"github.com/harvest87/harvest/parsers/item"
)

// The hash of what a page says moves with its text and with nothing else.
func TestContentHashIsOfTheTextAlone(t *testing.T) {
	whole := strings.Replace(article, "</article>", `<p class="date">Published at 14:05:09</p></article>
<aside class="related-posts"><h2>Related</h2><ul><li><a href="/a/">Fishing crews at sea</a></li><li><a href="/b/">Brick kilns</a></li></ul></aside>`, 1)
	tests := []struct {
		name         string
		old, replace string
		same         bool
	}{
		{"nothing", "", "", true},
		{"related items", "Fishing crews at sea", "Cocoa and children", true},
		{"a nonce", `<html lang="en">`, `<html lang="en"><script nonce="8f3c">var t = 1764200000;</script>`, true},
		{"the time of day", "14:05:09", "15:11:42", true},
		{"the mark-up around it", `<article>`, `<article class="build-77" data-seen="12">`, true},
		{"white space", "Recruitment fees are paid in", "Recruitment  fees\n\tare paid in", true},
		{"a word", "twelve hundred workers", "thirteen hundred workers", false},
		{"a paragraph more", "</article>", "<p>A second edition adds the routes of two further countries and corrects the tables.</p></article>", false},
	}
	base := item.Parse(page(whole), reading).Content
	if base == "" {
		t.Fatal("the page has no content hash")
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := item.Parse(page(strings.Replace(whole, tt.old, tt.replace, 1)), reading).Content
			if (got == base) != tt.same {
				t.Errorf("same hash: %v, want %v", got == base, tt.same)
			}
		})
	}
}
