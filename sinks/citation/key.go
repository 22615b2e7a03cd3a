package citation

import (
	"fmt"
	"strings"

	"github.com/harvest87/harvest"
)

// Key is what a document is cited by in BibTeX, Pandoc and CSL: the record's
// own identifier. It stays the same when title, author or date are mended, no
// two records share it, and it leads back to the catalogue. Letters, digits and
// - . : / + stand for themselves; other octets become an underscore and two
// hexadecimal digits.
func Key(id harvest.RecordID) string {
	var b strings.Builder
	for i := range len(id) {
		switch c := id[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', i > 0 && strings.IndexByte("-.:/+", c) >= 0:
			b.WriteByte(c)
		case i == 0: // BibTeX keys begin with a letter
			fmt.Fprintf(&b, "x_%02x", c)
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}
