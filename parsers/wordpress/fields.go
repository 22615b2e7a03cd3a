package wordpress

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/normalize"
)

// compile makes the paths of the source file ready.
func (d *Door) compile() error {
	if d.wordpress.Items != "" {
		paths, err := fields.Compile("items", []string{d.wordpress.Items})
		if err != nil {
			return err
		}
		d.items = paths[0]
	}
	var err error
	d.fields, err = fields.CompilePaths("fields", &d.wordpress.Fields)
	d.fields.Show = shown
	d.mapped = !reflect.DeepEqual(d.wordpress.Fields, config.JSONFields{})
	return err
}

// read reads the answer of a collection, whose posts may stand below a path.
// Where nothing is there, such as in an error, the reply is read as it is.
func (d *Door) read(body []byte) reply {
	if d.items.IsZero() {
		return readPosts(body)
	}
	raw, r := findJSON(body)
	if raw == nil {
		return r
	}
	tree, err := fields.Decode(raw)
	if err != nil {
		return readPosts(body)
	}
	posts, ok := d.items.Find(tree).([]any)
	if !ok {
		if r = readPosts(body); r.list {
			return reply{broken: fmt.Sprintf("no list stands at %q", d.wordpress.Items)}
		}
		return r
	}
	r = reply{list: true}
	for _, p := range posts {
		if len(r.items) == maxItems {
			r.broken = fmt.Sprintf("the reply has more than %d posts", maxItems)
			break
		}
		one, err := json.Marshal(p)
		if err != nil { // a path can make what JSON has no word for
			one = []byte("null")
		}
		r.items = append(r.items, one)
	}
	return r
}

// The members that stand for an object, best first: {"rendered": …} of
// WordPress; what ACF gives of chosen terms, posts, persons, options and files
// (https://www.advancedcustomfields.com/resources/wp-rest-api-integration/).
var standIns = []string{"rendered", "name", "display_name", "post_title", "label", "title", "url"}

// shown is what is to be read of what a path has found: of an object, the text
// that names it. Objects keyed by numbers are PHP's lists with a gap.
func shown(found any) any { return shownTo(found, 4) }

func shownTo(found any, depth int) any {
	switch v := found.(type) {
	case []any:
		if depth == 0 {
			return nil
		}
		out := make([]any, 0, len(v))
		for _, one := range v {
			out = append(out, shownTo(one, depth-1))
		}
		return out
	case map[string]any:
		for _, name := range standIns {
			if s, ok := v[name].(string); ok && strings.TrimSpace(s) != "" {
				return s
			}
		}
		return nil
	case bool:
		return nil
	}
	return found
}

// overlay puts what the source file's paths find in a post in place of what
// the door has found by itself, field by field.
func (d *Door) overlay(raw json.RawMessage, page string, rec *harvest.Record) {
	if !d.mapped {
		return
	}
	entry, err := fields.Decode(raw)
	if err != nil {
		return
	}
	paths := d.fields
	paths.Document = nil
	b := fields.New(page, d.source.Homepage, d.source.Language)
	paths.Fill(b, "wp:"+d.idPrefix, entry)
	for _, one := range d.fields.Document {
		for _, file := range filesOf(one.Find(entry), 4) {
			b.Document(one.Text, file)
		}
	}
	own := b.Record()
	put(rec, "native_id", &rec.NativeID, own.NativeID, &own)
	put(rec, "title", &rec.Title, own.Title, &own)
	put(rec, "publisher", &rec.Publisher, own.Publisher, &own)
	put(rec, "licence", &rec.Licence, own.Licence, &own)
	put(rec, "published", &rec.Published, own.Published, &own)
	put(rec, "modified", &rec.Modified, own.Modified, &own)
	put(rec, "language", &rec.Language.Declared, own.Language.Declared, &own)
	put(rec, "identifiers", &rec.Identifiers, own.Identifiers, &own)
	put(rec, "category_raw", &rec.CategoryRaw, own.CategoryRaw, &own)
	if put(rec, "url", &rec.URL, own.URL, &own) {
		rec.CanonicalURL = own.URL
		delete(rec.Provenance, "canonical_url")
	}
	if put(rec, "summary", &rec.Summary, own.Summary, &own) {
		rec.SummaryBasis = own.SummaryBasis
	}
	putAll(rec, "title_alt", &rec.TitleAlt, own.TitleAlt, &own)
	putAll(rec, "authors", &rec.Authors, own.Authors, &own)
	putAll(rec, "categories_raw", &rec.CategoriesRaw, own.CategoriesRaw, &own)
	before := rec.Documents
	if putAll(rec, "documents", &rec.Documents, own.Documents, &own) {
		rec.Documents = rec.Documents[:min(len(rec.Documents), maxDocuments)]
		a := adapting{rec: rec}
		for _, file := range before { // the text may offer others
			a.addDocument(file, "")
		}
	}
}

// put sets a field to a value that there is, with the evidence for it.
func put[T comparable](rec *harvest.Record, field string, to *T, value T, from *harvest.Record) bool {
	var none T
	if value == none {
		return false
	}
	*to, rec.Provenance[field] = value, from.Provenance[field]
	return true
}

func putAll[T any](rec *harvest.Record, field string, to *[]T, values []T, from *harvest.Record) bool {
	if len(values) == 0 {
		return false
	}
	*to, rec.Provenance[field] = values, from.Provenance[field]
	return true
}

// filesOf are the files that a path has found: their addresses, or objects with
// an address, as ACF gives them with acf_format=standard. The number of a file
// in the media library, as ACF gives without it, is no address.
func filesOf(found any, depth int) []harvest.Document {
	switch v := found.(type) {
	case string:
		if s := strings.TrimSpace(v); s != "" && strings.Trim(s, "0123456789") != "" {
			return []harvest.Document{{URL: s}}
		}
	case []any:
		var out []harvest.Document
		for _, one := range v {
			if depth > 0 && len(out) < maxDocuments {
				out = append(out, filesOf(one, depth-1)...)
			}
		}
		return out
	case map[string]any:
		for _, name := range []string{"url", "source_url", "guid", "link"} {
			if at, ok := v[name].(string); ok && strings.TrimSpace(at) != "" {
				return []harvest.Document{fileOf(v, at)}
			}
		}
	}
	return nil
}

func fileOf(v map[string]any, at string) harvest.Document {
	d := harvest.Document{URL: at}
	if kind, ok := v["mime_type"].(string); ok {
		d.MediaType = strings.ToLower(normalize.Text(kind))
	}
	if title, ok := shown(v["title"]).(string); ok {
		d.Title = linkTitle(normalize.Text(title))
	}
	switch size := v["filesize"].(type) {
	case float64:
		d.Bytes = int64(max(0, min(size, 1<<53)))
	case string:
		if n, err := strconv.ParseInt(strings.TrimSpace(size), 10, 64); err == nil && n > 0 {
			d.Bytes = n
		}
	}
	return d
}
