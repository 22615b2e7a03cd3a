package sitetest_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentationIsComplete holds the package comment against the package:
// it names every file and every behaviour, and nothing that is not there.
func TestDocumentationIsComplete(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var parsed []*ast.File
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	comment, listed := string(text), 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
		if strings.Contains(comment, "\t"+name+" ") {
			listed++
		} else if name != "doc.go" {
			t.Errorf("doc.go does not say what is in %s", name)
		}
	}
	if n := strings.Count(comment, ".go "); n != listed {
		t.Errorf("doc.go lists %d files, of which %d are there", n, listed)
	}
	p, err := doc.NewFromFiles(set, parsed, "sitetest")
	if err != nil {
		t.Fatal(err)
	}
	basic := map[string]bool{
		"New": true, "Start": true, "NewServer": true, "NewMemory": true, "NewNames": true, "NewLibrary": true, "NewGate": true,
		"Answer": true, "HTML": true, "Status": true, "Compress": true, "Sequence": true, "With": true,
	}
	_, choices, _ := strings.Cut(comment, "# Choosing")
	functions := p.Funcs
	for _, typ := range p.Types {
		functions = append(functions, typ.Funcs...)
	}
	for _, f := range functions {
		if !basic[f.Name] && !strings.Contains(choices, f.Name) {
			t.Errorf("doc.go does not say what %s is for", f.Name)
		}
		if f.Doc == "" {
			t.Errorf("%s is not documented", f.Name)
		}
	}
	if len(functions) < 40 {
		t.Errorf("only %d behaviours", len(functions))
	}
}
