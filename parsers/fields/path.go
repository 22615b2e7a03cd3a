package fields

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmespath-community/go-jmespath"
)

// Path is an expression of JMESPath (https://jmespath.site), ready for use. The
// zero value finds nothing.
type Path struct {
	Text string
	expr jmespath.JMESPath
}

// IsZero reports whether there is no expression.
func (p Path) IsZero() bool { return p.expr == nil }

// Compile makes paths of the expressions of a key, such as "fields.title".
func Compile(key string, texts []string) ([]Path, error) {
	var out []Path
	for _, text := range texts {
		expr, err := jmespath.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("%s: path %q: %w", key, text, err)
		}
		out = append(out, Path{text, expr})
	}
	return out, nil
}

// Find is what the path finds in a tree, nil when it is nothing or makes no
// sense there, such as the length of a number.
func (p Path) Find(tree any) (found any) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	if p.expr == nil {
		return nil
	}
	found, err := p.expr.Search(tree)
	if err != nil {
		return nil
	}
	return found
}

// First are the values of the first path that has any, and its text.
func First(paths []Path, tree any) (values []string, text string) {
	for _, p := range paths {
		if values := Values(p.Find(tree)); len(values) > 0 {
			return values, p.Text
		}
	}
	return nil, ""
}

// maxFound bounds what is taken of what one path has found.
const maxFound = 500

// Values are the texts in what a path has found: a text, a number, those of
// a list. Of objects none, for nobody said which of their values is meant.
func Values(found any) []string { return valuesOf(found, 3) }

func valuesOf(found any, depth int) []string {
	switch v := found.(type) {
	case string:
		if strings.TrimSpace(v) != "" {
			return []string{v}
		}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		var out []string
		for _, one := range v {
			if depth > 0 && len(out) < maxFound {
				out = append(out, valuesOf(one, depth-1)...)
			}
		}
		return out[:min(len(out), maxFound)]
	}
	return nil
}

// datesOf reads dates: as text, or in parts, as Crossref and CSL have them
// ([[2021, 3, 15]], https://github.com/CrossRef/rest-api-doc), or as seconds
// or milliseconds since 1970.
func datesOf(found any) []string {
	if list, ok := found.([]any); ok && len(list) > 0 {
		if inner, ok := list[0].([]any); ok {
			return datesOf(inner)
		}
		if _, ok := list[0].(float64); ok && len(list) <= 3 {
			var parts []string
			for i, n := range list {
				f, ok := n.(float64)
				if !ok || f < 1 || f > 9999 {
					return nil
				}
				parts = append(parts, fmt.Sprintf([]string{"%04d", "%02d", "%02d"}[i], int(f)))
			}
			return []string{strings.Join(parts, "-")}
		}
	}
	if f, ok := found.(float64); ok && f > 1e8 {
		return []string{epoch(f)}
	}
	return valuesOf(found, 3)
}

// inverted puts a text together that is given as an index of its words
// ({"word": [0, 7]}), as OpenAlex gives abstracts
// (https://docs.openalex.org/api-entities/works/work-object#abstract_inverted_index).
func inverted(found any) string {
	index, ok := found.(map[string]any)
	if !ok {
		return ""
	}
	const most = 20_000 // words
	words := make(map[int]string)
	for word, places := range index {
		list, ok := places.([]any)
		if !ok {
			return ""
		}
		for _, p := range list {
			if n, ok := p.(float64); ok && n >= 0 && n < most {
				words[int(n)] = word
			}
		}
	}
	order := make([]int, 0, len(words))
	for n := range words {
		order = append(order, n)
	}
	slices.Sort(order)
	var b strings.Builder
	for _, n := range order {
		b.WriteString(words[n] + " ")
	}
	return strings.TrimSpace(b.String())
}

var errNone = errors.New("is no JSON")

// Decode reads a body. Whole numbers that a float would round become texts, for
// they are identifiers.
func Decode(body []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("the body %w: %w", errNone, err)
	}
	return plain(tree), nil
}

func plain(v any) any {
	switch t := v.(type) {
	case json.Number:
		const exact = 1 << 53
		if n, err := strconv.ParseInt(string(t), 10, 64); err == nil && n > -exact && n < exact {
			return float64(n)
		}
		if f, err := t.Float64(); err == nil && strings.ContainsAny(string(t), ".eE") {
			return f
		}
		return string(t)
	case []any:
		for i := range t {
			t[i] = plain(t[i])
		}
	case map[string]any:
		for k := range t {
			t[k] = plain(t[k])
		}
	}
	return v
}

// epoch is a time in seconds or milliseconds since 1970 as a text.
func epoch(n float64) string {
	if n > 1e11 {
		n /= 1000
	}
	if n > 1e11 {
		return ""
	}
	return time.Unix(int64(n), 0).UTC().Format(time.RFC3339)
}
