package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// listOf is a list of values of one kind. A single value stands for a list of
// one, so that nobody has to know about brackets.
func listOf[V any](one kind[V]) kind[[]V] {
	return kind[[]V]{
		name:   "list: " + one.name,
		schema: anyOf(one.schema, array(one.schema)),
		read: func(w *walker, v value) ([]V, bool) {
			if v.node.Kind != yaml.SequenceNode {
				got, ok := one.read(w, v)
				return []V{got}, ok
			}
			if len(v.node.Content) == 0 {
				w.add(v, "is an empty list", "add a value, or take the key away")
				return nil, false
			}
			var out []V
			seen := make(map[string]bool)
			for _, item := range v.items() {
				if text := item.node.Value; item.node.Kind == yaml.ScalarNode && text != "" {
					if seen[text] {
						w.add(item, show(text)+" is in the list twice", "keep one of the two")
						continue
					}
					seen[text] = true
				}
				if got, ok := one.read(w, item); ok {
					out = append(out, got)
				}
			}
			return out, len(out) > 0
		},
		write: func(vs []V) *yaml.Node {
			if len(vs) == 0 {
				return nil
			}
			n := &yaml.Node{Kind: yaml.SequenceNode}
			for _, v := range vs {
				n.Content = append(n.Content, one.write(v))
			}
			return n
		},
	}
}

// entries reads a mapping with keys of the file's own choosing.
func (w *walker) entries(v value, want, hint string, each func(key string, child value)) bool {
	if v.node.Kind != yaml.MappingNode {
		w.mismatch(v, want, hint)
		return false
	}
	if len(v.node.Content) == 0 {
		w.add(v, "is empty", "add an entry, or take the key away")
		return false
	}
	seen := make(map[string]int)
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		n := v.node.Content[i]
		key := strings.TrimSpace(n.Value)
		path := v.join(key)
		switch {
		case n.Kind != yaml.ScalarNode || key == "":
			w.addAt(n, v.path, "a key must be plain text", "put it in quotation marks if the brackets belong to it")
			continue
		case len([]rune(key)) > 200:
			w.addAt(n, path, "is too long for a key", "use at most 200 characters")
			continue
		}
		if line, twice := seen[foldLabel(key)]; twice {
			w.addAt(n, path, fmt.Sprintf("is given twice, first on line %d", line), "keep one of the two; capitals and spaces make no difference")
			continue
		}
		seen[foldLabel(key)] = n.Line
		each(key, value{node: v.node.Content[i+1], path: path, key: n})
	}
	return true
}

// foldLabel is the form in which labels of a source are compared: lower case,
// white space folded.
func foldLabel(label string) string {
	return strings.ToLower(strings.Join(strings.Fields(label), " "))
}

// categoryMap maps raw labels to categories of the vocabulary.
func categoryMap() kind[map[string]string] {
	return kind[map[string]string]{
		name:   "labels with their categories",
		schema: fixed(map[string]any{"type": "object", "additionalProperties": map[string]any{"$ref": "#/$defs/category"}, "minProperties": 1}),
		read: func(w *walker, v value) (map[string]string, bool) {
			out := make(map[string]string)
			known := w.vocabulary.DocTypeIDs()
			ok := w.entries(v, "a group of labels", `write one line for each label, such as "Guidance: guidance", without dashes`,
				func(label string, child value) {
					id, ok := w.text(child, "a category such as guidance")
					if !ok {
						return
					}
					if !slices.Contains(known, id) {
						w.add(child, show(id)+" is not a category", didYouMean(id, known))
						return
					}
					out[label] = id
				})
			return out, ok
		},
		write: writeMap,
	}
}

// parameters are query parameters of an address.
func parameters(reserved ...string) kind[map[string]string] {
	return kind[map[string]string]{
		name:   "parameters",
		schema: fixed(map[string]any{"type": "object", "additionalProperties": map[string]any{"type": []string{"string", "integer", "boolean"}}, "minProperties": 1}),
		read: func(w *walker, v value) (map[string]string, bool) {
			out := make(map[string]string)
			ok := w.entries(v, "a group of parameters", `write one line for each, such as "lang: fr"`, func(name string, child value) {
				if slices.Contains(reserved, name) {
					w.addAt(child.key, child.path, "is set by the harvester itself", "take it away")
					return
				}
				text, ok := w.text(child, "text")
				if f := textFault(text, 500); ok && !f.isZero() {
					w.add(child, f.what, f.hint)
				}
				out[name] = text
			})
			return out, ok
		},
		write: writeMap,
	}
}

func writeMap(m map[string]string) *yaml.Node {
	if len(m) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range sortedKeys(m) {
		n.Content = append(n.Content, scalar(key), scalar(m[key]))
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
