package main_test

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// fitsSchema is the command "fits SCHEMA FILE": each line of the file is JSON
// that fits the schema, and there is one at least.
func fitsSchema(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: fits SCHEMA FILE")
	}
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	ts.Check(c.AddResource("schema.json", schema))
	s, err := c.Compile("schema.json")
	ts.Check(err)
	lines, bad := 0, 0
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		ts.Check(err)
		lines++
		if err := s.Validate(doc); err != nil {
			bad++
			ts.Logf("line %d: %v", lines, err)
		}
	}
	if lines == 0 || bad > 0 != neg {
		ts.Fatalf("%d of %d lines do not fit", bad, lines)
	}
}
