package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Key documents one key of a configuration file. The same table that holds it
// reads the file, fills defaults, writes the resolved form and makes the
// schema, so none of them can disagree with another.
type Key struct {
	Name string
	// Type says in words what the value is, such as "duration".
	Type string
	// Default is the value, in YAML, of a key that is not given; Otherwise
	// says it in words where it depends on something else.
	Default, Otherwise string
	Required           bool
	Doc                string
	// Example is a value in YAML.
	Example string
	// Also are words that people write when they mean this key.
	Also []string
	// Keys are the keys below this one.
	Keys []Key
}

// kind is one sort of value: how it is read, written and described.
type kind[V any] struct {
	name   string // "duration"
	schema jsonSchema
	keys   []Key // of a group
	// empty is what a key without a value means; nil: it is a mistake.
	empty *yaml.Node
	// read returns false after it has reported why there is no value.
	read func(w *walker, v value) (V, bool)
	// write is the value in YAML, nil when there is nothing to write.
	write func(V) *yaml.Node
}

// key is one row of the table: how the value of a Key gets into a T and back.
type key[T any] struct {
	Key
	schema jsonSchema
	read   func(w *walker, v value, into *T)
	absent func(w *walker, into *T)
	write  func(from *T) *yaml.Node
}

// at makes a row: the key of that name holds a value of that kind, which is
// kept at place.
func at[T, V any](name string, k kind[V], place func(*T) *V, doc Key) key[T] {
	doc.Name, doc.Type, doc.Keys = name, k.name, k.keys
	absent := func(w *walker, into *T) {
		if doc.Default == "" {
			return
		}
		if v, ok := fromText(w, k, doc.Default); ok {
			*place(into) = v
		}
	}
	return key[T]{
		Key:    doc,
		schema: described(k.schema, doc),
		absent: absent,
		read: func(w *walker, v value, into *T) {
			if v.isNull() && k.empty != nil {
				empty := *k.empty
				empty.Line, empty.Column = v.key.Line, v.key.Column
				v.node = &empty
			}
			got, ok := k.read(w, v)
			if !ok {
				absent(w, into)
				return
			}
			*place(into) = got
		},
		write: func(from *T) *yaml.Node { return k.write(*place(from)) },
	}
}

// fromText reads a default. Nothing is reported: that every default can be
// read is the business of a test.
func fromText[V any](w *walker, k kind[V], text string) (V, bool) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) != 1 {
		var none V
		return none, false
	}
	quiet := *w
	quiet.problems = nil
	v, ok := k.read(&quiet, value{node: doc.Content[0]})
	return v, ok && len(quiet.problems) == 0
}

// lift makes rows for a struct out of the rows for a part of it.
func lift[Whole, Part any](rows []key[Part], place func(*Whole) *Part) []key[Whole] {
	out := make([]key[Whole], len(rows))
	for i, row := range rows {
		out[i] = key[Whole]{
			Key: row.Key, schema: row.schema,
			read:   func(w *walker, v value, into *Whole) { row.read(w, v, place(into)) },
			absent: func(w *walker, into *Whole) { row.absent(w, place(into)) },
			write:  func(from *Whole) *yaml.Node { return row.write(place(from)) },
		}
	}
	return out
}

// group is a mapping with these rows. The checks run after all of them have
// been read, for rules that concern several keys.
func group[T any](name string, rows []key[T], checks ...func(w *walker, v value, t *T)) kind[T] {
	k := kind[T]{name: name, schema: groupSchema(rows)}
	for _, row := range rows {
		k.keys = append(k.keys, row.Key)
	}
	k.read = func(w *walker, v value) (T, bool) {
		var t T
		if !w.keysOf(v, k.keys, w.unknownKey) {
			return t, false
		}
		for _, row := range rows {
			child, given := v.lookup(row.Name)
			switch {
			case given:
				child.required = row.Required
				row.read(w, child, &t)
			case row.Required && slices.Contains(w.meant, v.join(row.Name)):
				// what was written in its place is reported already
			case row.Required:
				w.addAt(v.node, v.join(row.Name), "is missing", fmt.Sprintf("add it, such as %s: %s", row.Name, row.Example))
			default:
				row.absent(w, &t)
			}
		}
		for _, check := range checks {
			check(w, v, &t)
		}
		return t, true
	}
	k.write = func(t T) *yaml.Node {
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, row := range rows {
			if child := row.write(&t); child != nil {
				n.Content = append(n.Content, scalar(row.Name), child)
			}
		}
		if len(n.Content) == 0 {
			return nil
		}
		return n
	}
	return k
}

// keysOf reports keys that are given twice, not text, or unknown; the last
// through the function. It returns false when v is no mapping at all.
func (w *walker) keysOf(v value, known []Key, unknown func(v, key value, known []Key)) bool {
	if v.node.Kind != yaml.MappingNode {
		w.mismatch(v, "a group of keys", `write keys below it, indented by two spaces, such as "`+known[0].Name+`: …"`)
		return false
	}
	first := make(map[string]*yaml.Node)
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		n := v.node.Content[i]
		if n.Kind != yaml.ScalarNode {
			w.addAt(n, v.path, "a key must be plain text", "put it in quotation marks if the brackets belong to it")
			continue
		}
		path := v.join(n.Value)
		if before, twice := first[n.Value]; twice {
			w.addAt(n, path, fmt.Sprintf("is given twice, first on line %d", before.Line), "keep one of the two")
			continue
		}
		first[n.Value] = n
		if !slices.ContainsFunc(known, func(k Key) bool { return k.Name == n.Value }) {
			unknown(v, value{node: n, path: path}, known)
		}
	}
	return true
}

func (w *walker) unknownKey(v, key value, known []Key) {
	if len(w.problems) > mostProblems {
		return // a hint takes time, and this one would not be shown
	}
	w.add(key, "unknown key", w.hintForKey(v, key.node.Value, known))
}

// hintForKey guesses what was meant by an unknown key of v: one that stands at
// the wrong level or in the wrong file, another word, or a slip.
func (w *walker) hintForKey(v value, name string, known []Key) string {
	switch {
	case name == "<<":
		return "merging is not used here; write the keys out"
	case strings.HasPrefix(name, "-"):
		return "put a space after the dash"
	case strings.ContainsRune(name, nonBreakingSpace):
		return "it holds a non-breaking space, which comes along with copied text; type the spaces anew"
	}
	if below := v.given(places(known, name, "")); len(below) > 0 && len(below) < 8 && !slices.Contains(below, "") {
		return `it belongs under "` + strings.Join(below, `" or "`) + `"`
	}
	for _, k := range known {
		if slices.Contains(k.Also, strings.ToLower(name)) {
			w.meant = append(w.meant, v.join(k.Name))
			return `did you mean "` + k.Name + `"?`
		}
	}
	if where, ok := w.otherFile[name]; ok {
		return where
	}
	names := namesOf(known)
	if near, ok := nearest(name, names); ok {
		w.meant = append(w.meant, v.join(near))
		return `did you mean "` + near + `"?`
	}
	parent, last := "", general(v.path)
	if i := strings.LastIndexByte(last, '.'); i >= 0 {
		parent, last = last[:i], last[i+1:]
	}
	switch elsewhere := places(w.spec, name, ""); {
	case last != "" && slices.Contains(elsewhere, parent):
		return `it belongs one level up, beside "` + last + `"`
	case slices.Contains(elsewhere, ""):
		return "it belongs at the top level, without indentation"
	case len(elsewhere) > 0:
		return `it belongs under "` + elsewhere[0] + `"`
	}
	return "known here: " + strings.Join(names, ", ")
}

var position = regexp.MustCompile(`\[\d+\]`)

// general is a path without the positions in lists.
func general(path string) string { return position.ReplaceAllString(path, "") }

// places are the paths below which a key of that name is known.
func places(keys []Key, name, path string) []string {
	var out []string
	for _, k := range keys {
		if k.Name == name {
			out = append(out, path)
			continue
		}
		below := k.Name
		if path != "" {
			below = path + "." + k.Name
		}
		out = append(out, places(k.Keys, name, below)...)
	}
	return out
}

// given are those of the paths that begin with a key of v, all of them when
// none does.
func (v value) given(paths []string) []string {
	var out []string
	for _, path := range paths {
		first, _, _ := strings.Cut(path, ".")
		if _, ok := v.lookup(first); ok {
			out = append(out, path)
		}
	}
	if len(out) == 0 {
		return paths
	}
	return out
}

func namesOf(keys []Key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.Name
	}
	return out
}

// scalar is text as a YAML node; the encoder quotes it when it must.
func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}
