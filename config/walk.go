package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// walker goes through the nodes of one file and gathers what is wrong.
type walker struct {
	file       string
	problems   Problems
	spec       []Key // every key of this sort of file, for hints
	lookupEnv  func(string) (string, bool)
	now        time.Time
	vocabulary *Vocabulary
	// otherFile holds hints for keys that belong into another file.
	otherFile map[string]string
	// meant are the paths of keys that were probably meant by unknown ones.
	meant []string
}

// value is a node of the file and the path that leads to it.
type value struct {
	node *yaml.Node
	path string
	// key is the node of the key that holds the value, nil within a list.
	key *yaml.Node
	// required is true when the file cannot do without the value.
	required bool
}

// add reports a problem at the value.
func (w *walker) add(v value, what, hint string) {
	w.addAt(v.node, v.path, what, hint)
}

// warn reports something that does not stop the file from being used.
func (w *walker) warn(v value, what, hint string) {
	before := len(w.problems)
	w.addAt(v.node, v.path, what, hint)
	if before < mostProblems {
		w.problems[before].Warning = true
	}
}

// mostProblems of one file are reported; more would not help anybody.
const mostProblems = 200

func (w *walker) addAt(n *yaml.Node, path, what, hint string) {
	if len(w.problems) == mostProblems {
		path, what, hint = "", "there are more problems", "mend the ones before first"
	}
	if len(w.problems) > mostProblems {
		return
	}
	w.problems = append(w.problems, Problem{
		File: w.file, Line: n.Line, Col: n.Column, Path: path, What: what, Hint: hint,
	})
}

// sound reports whether nothing is wrong with the value or below it, so that
// a rule about it and its neighbours makes sense.
func (w *walker) sound(v value) bool {
	return !slices.ContainsFunc(w.problems, func(p Problem) bool {
		rest, below := strings.CutPrefix(p.Path, v.path)
		return below && !p.Warning && (rest == "" || v.path == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// plainKey is what a key looks like that needs no quotation marks in a path.
var plainKey = regexp.MustCompile(`^[\pL\pN_-]+$`)

// child is the value of that key, or v itself when the key is not given: the
// place to report what concerns it either way.
func (v value) child(name string) value {
	if c, ok := v.lookup(name); ok {
		return c
	}
	return v
}

// lookup is the value of that key and whether it is given.
func (v value) lookup(name string) (value, bool) {
	if v.node.Kind != yaml.MappingNode {
		return value{}, false
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		if key := v.node.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			return value{node: v.node.Content[i+1], path: v.join(name), key: key}, true
		}
	}
	return value{}, false
}

// items are the values of a list.
func (v value) items() []value {
	out := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		out[i] = value{node: n, path: fmt.Sprintf("%s[%d]", v.path, i)}
	}
	return out
}

// join is the path of a key of v.
func (v value) join(name string) string {
	const longest = 60
	if r := []rune(name); len(r) > longest {
		name = string(r[:longest]) + "…"
	}
	if !plainKey.MatchString(name) {
		name = fmt.Sprintf("%q", name)
	}
	if v.path == "" {
		return name
	}
	return v.path + "." + name
}

// isNull reports whether the value was left empty.
func (v value) isNull() bool {
	return v.node.Kind == yaml.ScalarNode && v.node.ShortTag() == "!!null" && v.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}

// what says in plain words what stands in the file.
func (v value) what() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "text"
	}
}

// mismatch reports that something else stands where want is expected.
func (w *walker) mismatch(v value, want, hint string) {
	if v.node.Kind == yaml.AliasNode {
		return // reported by refuseAliases
	}
	if v.isNull() && hint == "" {
		w.missingValue(v, want)
		return
	}
	if v.isNull() {
		w.addAt(cmp.Or(v.key, v.node), v.path, "has no value", hint)
		return
	}
	switch {
	case hint != "":
	case v.node.Style&yaml.FlowStyle != 0:
		hint = "if the brackets belong to the text, put all of it in quotation marks"
	default:
		hint = "write it on one line after the colon"
	}
	w.add(v, "is "+v.what()+", but "+want+" is expected", hint)
}

// missingValue reports a key without a value. A "#" begins a comment, so a
// selector such as #main disappears unless it is quoted.
func (w *walker) missingValue(v value, want string) {
	at, hint := v.node, "write "+want+" after the colon"
	if !v.required {
		hint += ", or take the key away"
	}
	if v.key != nil {
		at = v.key
	}
	for _, comment := range []string{v.node.LineComment, at.LineComment} {
		if strings.HasPrefix(comment, "#") && !strings.HasPrefix(comment, "# ") {
			hint = fmt.Sprintf(`"#" begins a comment; write "%s" with the quotation marks if it is the value`, comment)
		}
	}
	if v.key == nil && strings.HasSuffix(v.path, "]") {
		hint = "write " + want + " after the dash, or take the dash away"
	}
	w.addAt(at, v.path, "has no value", hint)
}

// text reads a single value as it is written, without white space around it.
// Want says in messages what was expected.
func (w *walker) text(v value, want string) (string, bool) {
	if v.node.Kind != yaml.ScalarNode {
		w.mismatch(v, want, "")
		return "", false
	}
	text := strings.TrimSpace(v.node.Value)
	if v.isNull() || text == "" {
		w.missingValue(v, want)
		return "", false
	}
	if first, last := []rune(text)[0], []rune(text)[len([]rune(text))-1]; len(text) > 1 && strings.ContainsRune("“„”‘‚’", first) && strings.ContainsRune("“”‘’", last) {
		w.add(v, "stands in typographic quotation marks, which belong to the text", `write straight ones: "…"`)
		return "", false
	}
	return text, true
}

// refuse goes through the whole file for what YAML has and a configuration
// file does not need: anchors, aliases, merge keys and tags. Aliases are never
// followed, so a file cannot grow in memory.
func (w *walker) refuse(n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.AliasNode:
		w.addAt(n, path, fmt.Sprintf(`"*%s" repeats another part of the file, which is not used here`, n.Value),
			"write the value out; if the star belongs to the text, put the text in quotation marks")
	case n.Anchor != "":
		w.addAt(n, path, fmt.Sprintf(`"&%s" names a part of the file, which is not used here`, n.Anchor),
			"take it away; if it belongs to the text, put the text in quotation marks")
	case n.Style&yaml.TaggedStyle != 0:
		w.addAt(n, path, fmt.Sprintf(`"%s" is a type mark, which is not used here`, n.ShortTag()),
			"take it away; if it belongs to the text, put the text in quotation marks")
	}
	v := value{node: n, path: path}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range v.items() {
			w.refuse(item.node, item.path)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			w.refuse(n.Content[i], path)
			w.refuse(n.Content[i+1], v.join(n.Content[i].Value))
		}
	}
}
