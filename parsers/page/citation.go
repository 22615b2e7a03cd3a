package page

import (
	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// citationBySelector reads the citation line that the source's selectors name.
func (e *extractor) citationBySelector() (title, publisher string, date harvest.Date, ok bool) {
	values, _ := Find(e.scope, e.rules.Citation)
	for _, v := range values {
		if t, p, d, ok := normalize.Citation(v); ok {
			return t, p, d, true
		}
	}
	return "", "", harvest.Date{}, false
}

// decideCitation is here for pages whose source file names no selector; see
// the seed kind of page: a line "Title - Publisher, Month Year DOWNLOAD".
func (e *extractor) decideCitation() {}
