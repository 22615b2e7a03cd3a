package config

import (
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"
)

// formKind is a form that is sent. That of the pages behind the first may count
// them.
func formKind(counting bool) kind[Form] {
	example := "{q: forced labour}"
	if counting {
		example = `{paged: "{page}"}`
	}
	k := group("form", []key[Form]{
		at("select", cssSelector(), func(f *Form) *string { return &f.Select }, Key{
			Otherwise: "the form that was sent before, if any", Doc: "The form on the page: its own fields go along, also those that are not shown.", Example: `"form#search"`, Also: []string{"css", "selector", "form"},
		}),
		at("action", formAction(), func(f *Form) *string { return &f.Action }, Key{
			Otherwise: "what the form on the page says, else the page itself", Doc: "Where it is sent.", Example: "/wp-admin/admin-ajax.php", Also: []string{"url", "to", "address"},
		}),
		at("fields", parameters(), func(f *Form) *map[string]string { return &f.Fields }, Key{
			Otherwise: "those of the form", Doc: "Fields of the form and their values; in those of next, {page} or {offset} may stand.", Example: example, Also: []string{"data", "params", "parameters", "values"},
		}),
		at("tokens", tokensKind(), func(f *Form) *map[string]Selectors { return &f.Tokens }, Key{
			Otherwise: "none", Doc: "Fields whose values stand on the page, also in its scripts.", Example: `{nonce: "#more@data-nonce"}`, Also: []string{"from_page"},
		}),
	}, func(w *walker, v value, f *Form) {
		fields := v.child("fields")
		for name, text := range f.Fields {
			child, _ := fields.lookup(name)
			switch {
			case !counting && (strings.Contains(text, "{page}") || strings.Contains(text, "{offset}")):
				w.add(child, "counts pages, and this form leads to the first", `write it below "next"`)
			case f.Tokens[name] != nil:
				w.addAt(child.key, child.path, `is among "tokens" too`, "keep one of the two")
			}
		}
	})
	plain := k.write
	k.write = func(f Form) *yaml.Node {
		if f.IsZero() {
			return nil
		}
		return plain(f)
	}
	return k
}

// formAction is an address, absolute or relative to the first page.
func formAction() kind[string] {
	const want = "an address such as https://example.org/search or /search"
	return single("address", want, func(_ *walker, text string) (string, fault) {
		u, err := url.Parse(text)
		if err != nil || text == "" || strings.ContainsAny(text, " {}") || u.Opaque != "" || u.IsAbs() && ((u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil) {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}

// tokensKind are selectors by the names of fields.
func tokensKind() kind[map[string]Selectors] {
	one := selectors()
	return kind[map[string]Selectors]{
		name:   "fields with their selectors",
		schema: fixed(map[string]any{"type": "object", "additionalProperties": map[string]any{"$ref": "#/$defs/selectors"}, "minProperties": 1}),
		read: func(w *walker, v value) (map[string]Selectors, bool) {
			out := make(map[string]Selectors)
			ok := w.entries(v, "a group of fields", `write one line for each, such as nonce: "#more@data-nonce"`, func(name string, child value) {
				if s, ok := one.read(w, child); ok {
					out[name] = s
				}
			})
			return out, ok
		},
		write: func(m map[string]Selectors) *yaml.Node {
			if len(m) == 0 {
				return nil
			}
			n := &yaml.Node{Kind: yaml.MappingNode}
			for _, name := range sortedKeys(m) {
				n.Content = append(n.Content, scalar(name), one.write(m[name]))
			}
			return n
		},
	}
}
