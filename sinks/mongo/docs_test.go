package mongo_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/mongo"
)

const manual = "../../docs/querying.md"

// chapter is the text of the manual under a heading, up to the next one of the
// same level.
func chapter(t *testing.T, heading string) string {
	t.Helper()
	all, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(all), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("%s has no %q", manual, heading)
	}
	level, _, _ := strings.Cut(heading, " ")
	text, _, _ = strings.Cut(text, "\n"+level+" ")
	return text
}

// rows are those of the first Markdown table in a text, without its head. The
// cells of a row are what stands between code marks in them, or else the cell.
func rows(t *testing.T, text string) [][][]string {
	t.Helper()
	var out [][][]string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			if len(out) > 0 {
				break
			}
			continue
		}
		var row [][]string
		for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			var names []string
			for _, m := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(cell, -1) {
				names = append(names, m[1])
			}
			if names == nil {
				names = []string{strings.TrimSpace(cell)}
			}
			row = append(row, names)
		}
		out = append(out, row)
	}
	if len(out) < 3 {
		t.Fatalf("no table in %.60q: has the manual changed its form?", text)
	}
	return out[2:]
}

// nameOf is the name that MongoDB gives to an index.
func nameOf(keys []string) string {
	var parts []string
	for _, k := range keys {
		order := 1
		if strings.HasPrefix(k, "-") {
			k, order = k[1:], -1
		}
		parts = append(parts, fmt.Sprintf("%s_%d", k, order))
	}
	return strings.Join(parts, "_")
}

func TestManualListsTheIndexes(t *testing.T) {
	var documented, want []string
	_, text, _ := strings.Cut(chapter(t, "## MongoDB"), "### Indexes")
	for _, row := range rows(t, text) {
		documented = append(documented, row[0][0]+" of "+row[1][0]+": "+strings.Join(row[2], " "))
		if len(row) != 4 || row[3][0] == "" {
			t.Errorf("%s: nothing says what it serves", row[0][0])
		}
	}
	for _, ix := range mongo.Indexes() {
		want = append(want, nameOf(ix.Keys)+" of "+ix.Collection+": "+strings.Join(ix.Keys, " "))
	}
	slices.Sort(documented)
	slices.Sort(want)
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("indexes (-mongo.Indexes() +manual):\n%s", diff)
	}
}

// TestManualNamesIndexesThatServe: an example that names an index asks for the
// first field of it.
func TestManualNamesIndexesThatServe(t *testing.T) {
	first := make(map[string]string)
	for _, ix := range mongo.Indexes() {
		first[ix.Collection+" "+nameOf(ix.Keys)] = strings.TrimPrefix(ix.Keys[0], "-")
	}
	named := regexp.MustCompile(`(?s)// index: (\S+)\ndb\.(\w+)\.(.*?)\n`+"```").FindAllStringSubmatch(chapter(t, "## MongoDB"), -1)
	if len(named) < 8 {
		t.Fatalf("%d examples name an index: has the manual changed its form?", len(named))
	}
	for _, m := range named {
		field, ok := first[m[2]+" "+m[1]]
		if !ok {
			t.Errorf("%s has no index %s", m[2], m[1])
		} else if !regexp.MustCompile(`\b` + regexp.QuoteMeta(field) + `\b`).MatchString(m[3]) {
			t.Errorf("index %s does not serve %s.%s", m[1], m[2], m[3])
		}
	}
}

// TestManualSaysWhatWalks: an example of the catalogue's collections that names
// no index says that it reads the whole collection.
func TestManualSaysWhatWalks(t *testing.T) {
	examples := regexp.MustCompile("(?s)```js\n(.*?)```").FindAllStringSubmatch(chapter(t, "## MongoDB"), -1)
	asks := regexp.MustCompile(`(?m)^db\.(records|works|revisions|runs|pages)\.`)
	said := regexp.MustCompile(`// (index|walks): `)
	n := 0
	for _, m := range examples {
		if asks.MatchString(m[1]) {
			n++
			if !said.MatchString(m[1]) {
				t.Errorf("neither names its index nor says that it walks:\n%s", m[1])
			}
		}
	}
	if n < 12 {
		t.Fatalf("%d examples found: has the manual changed its form?", n)
	}
}

func TestManualListsTheCollections(t *testing.T) {
	_, text, _ := strings.Cut(chapter(t, "## MongoDB"), "### Collections and documents")
	types := map[string]reflect.Type{
		"works": reflect.TypeFor[harvest.Work](), "decisions": reflect.TypeFor[harvest.Decision](), "doubts": reflect.TypeFor[harvest.Doubt](),
		"withdrawals": reflect.TypeFor[harvest.Withdrawal](), "work_moves": reflect.TypeFor[harvest.WorkMove](),
		"runs": reflect.TypeFor[harvest.Run](), "pages": reflect.TypeFor[harvest.PageFacts](), "absences": reflect.TypeFor[harvest.Absence](),
	}
	var documented []string
	for _, row := range rows(t, text) {
		collection := row[0][0]
		documented = append(documented, collection)
		typ, ok := types[collection]
		if !ok {
			continue // its fields have a table of their own, or are the store's
		}
		var want []string
		for f := range typ.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("bson"), ","); name != "_id" {
				want = append(want, name)
			}
		}
		got := row[3]
		if collection == "works" {
			got = got[:1] // the others are fields of a member
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields of %s (-type +manual):\n%s", collection, diff)
		}
	}
	if diff := cmp.Diff([]string{"records", "revisions", "withdrawals", "works", "work_moves", "decisions", "doubts", "memos", "runs", "pages", "held", "absences"}, documented); diff != "" {
		t.Errorf("collections (-have +manual):\n%s", diff)
	}
	member := reflect.TypeFor[harvest.Member]()
	for f := range member.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("bson"), ","); !strings.Contains(text, "`"+name+"`") {
			t.Errorf("the manual does not name field %s of a member", name)
		}
	}
}

// TestManualPython compiles the Python examples; the nested module runs them
// where pymongo is installed.
func TestManualPython(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("SKIPPED: python3 is not installed, the examples are not compiled")
	}
	examples := regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(chapter(t, "## MongoDB"), -1)
	if len(examples) < 2 {
		t.Fatalf("%d examples found: has the manual changed its form?", len(examples))
	}
	for _, m := range examples {
		if out, err := exec.Command("python3", "-c", "import sys; compile(sys.argv[1], 'example', 'exec')", m[1]).CombinedOutput(); err != nil {
			t.Errorf("%s\n%v\n%s", m[1], err, out)
		}
	}
}

// operator is a word of MongoDB's query language that stands alone in a string.
var operator = regexp.MustCompile(`^\$[a-zA-Z]+$`)

// What the manual says that Harvest asks of a server is what stands in the code,
// so that nobody finds out on DocumentDB.
func TestManualListsTheOperators(t *testing.T) {
	t.Parallel()
	_, text, _ := strings.Cut(chapter(t, "## MongoDB"), "This is all\nthat Harvest itself asks")
	var documented []string
	for _, row := range rows(t, text) {
		for _, name := range row[1] {
			if operator.MatchString(name) {
				documented = append(documented, name)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var used []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				// $source is the field that records are counted by.
				if text, err := strconv.Unquote(lit.Value); err == nil && operator.MatchString(text) && text != "$source" {
					used = append(used, text)
				}
			}
			return true
		})
	}
	for _, list := range []*[]string{&documented, &used} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if diff := cmp.Diff(used, documented); diff != "" {
		t.Errorf("operators (-code +manual):\n%s", diff)
	}
}
