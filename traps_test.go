package harvest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// namedTest is a test as docs/traps.md names it: folder, dot, function.
var namedTest = regexp.MustCompile("`([a-z/]+)\\.((?:Test|Benchmark|Fuzz)[A-Za-z0-9]+)`")

// TestTrapsHaveTheirTests makes sure that every trap in docs/traps.md has a
// test, and that every test named there exists.
func TestTrapsHaveTheirTests(t *testing.T) {
	text, err := os.ReadFile("docs/traps.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, begins := strings.Cut(string(text), "<!-- traps -->")
	table, _, ends := strings.Cut(table, "<!-- end of traps -->")
	if !begins || !ends {
		t.Fatal("docs/traps.md has no table of traps")
	}
	known := testsOfModule(t)
	rows := 0
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") || strings.HasSuffix(line, "| test |") {
			continue
		}
		rows++
		tests := namedTest.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test holds: %s", line)
		}
		for _, m := range tests {
			if !known[m[1]+"."+m[2]] {
				t.Errorf("docs/traps.md names %s.%s, which does not exist", m[1], m[2])
			}
		}
	}
	if rows < 40 {
		t.Errorf("only %d traps", rows)
	}
	for name := range known { // a test that is named after a trap belongs into the list
		if _, function, _ := strings.Cut(name, "."); strings.HasPrefix(function, "TestColly") && !strings.Contains(table, "`"+name+"`") {
			t.Errorf("docs/traps.md does not name %s", name)
		}
	}
}

// testsOfModule are all tests and benchmarks by folder and name.
func testsOfModule(t *testing.T) map[string]bool {
	t.Helper()
	known := make(map[string]bool)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				known[path.Dir(name)+"."+f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
