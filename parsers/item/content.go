package item

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// passing is what a text says of the moment at which it was read: the time of
// day, and "3 minutes ago".
var passing = regexp.MustCompile(`(?i)\b\d{1,2}:\d{2}(:\d{2})?\b|\b\d+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago\b`)

// contentHash recognises the text of an item from visit to visit, whatever
// stands around it and whenever it is read.
func contentHash(text string) string {
	if text == "" {
		return ""
	}
	folded := strings.Join(strings.Fields(passing.ReplaceAllString(text, "")), " ")
	sum := sha256.Sum256([]byte(folded))
	return hex.EncodeToString(sum[:16])
}
