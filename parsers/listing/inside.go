package listing

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
)

// isJSON reports whether a page is JSON, by its type or, for scripts that call
// all they send a web page, by its first octet.
func isJSON(p *harvest.Page) bool {
	if strings.HasSuffix(p.MediaType, "json") || strings.HasSuffix(p.MediaType, "javascript") {
		return true
	}
	body := bytes.TrimLeft(p.Body[:min(len(p.Body), 512)], " \t\r\n\ufeff")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(body[1:], " \t\r\n"), []byte("{")))
}

// most is how many texts of a reply are looked at.
const most = 100

// markup are the texts in JSON that hold HTML, in their order, and where each
// stands: "data.html", "[2].data" as Drupal sends it.
func markup(body []byte) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		w := walking{d: json.NewDecoder(bytes.NewReader(body)), yield: yield}
		_ = w.value("", 0) // what cannot be read to its end is read as far as it goes
	}
}

type walking struct {
	d     *json.Decoder
	yield func(at, text string) bool
	found int
}

// errEnough says that no more is wanted.
var errEnough = errors.New("enough")

// value reads one value that stands so deep within others.
func (w *walking) value(at string, depth int) error {
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		return w.within(t, at, depth)
	case string:
		if !strings.Contains(t, "<") {
			return nil
		}
		if w.found++; w.found > most || !w.yield(at, t) {
			return errEnough
		}
	}
	return nil
}

// within reads what stands in an object or a list, and its end.
func (w *walking) within(open json.Delim, at string, depth int) error {
	const deepest = 100
	if depth > deepest {
		return errEnough
	}
	for i := 0; w.d.More(); i++ {
		inner := at + "[" + strconv.Itoa(i) + "]"
		if open == '{' {
			name, err := w.d.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string) // names are texts, or Token fails
			inner = strings.TrimPrefix(at+"."+clip(text, 100), ".")
		}
		if err := w.value(inner, depth+1); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}
