package main

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sqlite"
)

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// description is the row in plain text, for the schema.
func (f *fieldRow) description() string {
	if f.Form == "" {
		return f.What
	}
	return f.What + "; " + strings.ReplaceAll(markdownLink.ReplaceAllString(f.Form, "$1"), "`", "")
}

const fieldsHead = `# The fields of a record

Made by ` + "`harvest schema fields`" + ` from the program; ` + "`make docs`" + ` writes it anew. How to ask for them is told in
[Querying the catalogue](querying.md).

What stands below a list or a map is of each thing in it, and ` + "`*`" + ` is the name of any field. Words of Dublin Core are
[dc](http://purl.org/dc/elements/1.1/) and [dcterms](http://purl.org/dc/terms/), those of [schema.org](https://schema.org/) are schema. The types are
those of JSON Schema, as ` + "`harvest schema record`" + ` prints it; of the columns of table ` + "`records`" + ` in SQLite; and of a document of collection
` + "`records`" + ` in MongoDB, as [$type](https://www.mongodb.com/docs/manual/reference/operator/query/type/) names them. Unknown is unknown: no
field in JSON and MongoDB, NULL in SQLite.

| What it is | Form, unit, source of the rule | Dublin Core, schema.org | JSON | SQLite | MongoDB |
| --- | --- | --- | --- | --- | --- |
`

// fieldTypes are the types of the fields in each place, as the program itself
// makes them: of the schema in JSON, of the migrated table, of a document.
type fieldTypes struct {
	json    map[string]string
	columns map[string]sqlite.Column
	bson    map[string]string
}

func typesOfFields(ctx context.Context) (*fieldTypes, error) {
	t := &fieldTypes{json: make(map[string]string), columns: make(map[string]sqlite.Column)}
	jsonTypes(recordSchema(), "", t.json)
	columns, err := sqlite.RecordColumns(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		t.columns[c.Name] = c
	}
	t.bson, err = mongo.FieldTypes()
	return t, err
}

// jsonTypes are the types that a schema says, by path.
func jsonTypes(schema map[string]any, prefix string, into map[string]string) {
	properties, _ := schema["properties"].(map[string]any)
	for name, p := range properties {
		field, _ := p.(map[string]any)
		path := prefix + name
		into[path], _ = field["type"].(string)
		if format, ok := field["format"].(string); ok {
			into[path] += ", " + format
		}
		below, at := field, path
		if items, ok := field["items"].(map[string]any); ok {
			of, _ := items["type"].(string)
			into[path] += " of " + of
			below = items
		} else if each, ok := field["additionalProperties"].(map[string]any); ok {
			of, _ := each["type"].(string)
			into[path] += " of " + of
			below, at = each, path+".*"
		}
		jsonTypes(below, at+".", into)
	}
}

// fieldsPage is docs/fields.md, made of those rows. It is an error when a row is
// of no field, or a field of any place is in no row.
func fieldsPage(ctx context.Context, rows []fieldRow) (string, error) {
	t, err := typesOfFields(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(fieldsHead)
	for i := range rows {
		row := &rows[i]
		cells, err := t.take(row)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row.What, row.Form, row.Term, strings.Join(cells, " | "))
	}
	var left []string
	for place, paths := range map[string][]string{
		"JSON": slices.Collect(maps.Keys(t.json)), "SQLite": slices.Collect(maps.Keys(t.columns)), "MongoDB": slices.Collect(maps.Keys(t.bson)),
	} {
		for _, path := range paths {
			if path != "provenance.*" && path != "overrides.*" { // any field
				left = append(left, path+" of "+place)
			}
		}
	}
	if slices.Sort(left); len(left) > 0 {
		return "", fmt.Errorf("fields that no row describes: %s", strings.Join(left, ", "))
	}
	return b.String(), nil
}

// take makes the cells of a row for JSON, SQLite and MongoDB, and strikes what
// it has used.
func (t *fieldTypes) take(row *fieldRow) ([]string, error) {
	cells := make([]string, 3)
	name, json := row.BSON, t.json[row.Path]
	if row.Path != "" {
		if json == "" {
			return nil, fmt.Errorf("no field %s in JSON", row.Path)
		}
		cells[0] = "`" + row.Path + "` " + json
		delete(t.json, row.Path)
		if name == "" {
			name = row.Path
		}
	}
	var err error
	if cells[1], err = t.column(row, json); err != nil || name == "" {
		return cells, err
	}
	of, ok := t.bson[name]
	if !ok {
		return nil, fmt.Errorf("no field %s in MongoDB", name)
	}
	delete(t.bson, name)
	cells[2] = "`" + name + "` " + of
	return cells, nil
}

// column is the cell for SQLite. An object with fixed fields has no column of its
// own: its parts have; a list or a map has one, in JSON.
func (t *fieldTypes) column(row *fieldRow, json string) (string, error) {
	name := row.SQL
	switch above, _, below := strings.Cut(row.Path, "."); {
	case strings.HasPrefix(name, "in "):
		return name, nil
	case name == "" && below:
		return "in `" + above + "`", nil
	case name == "" && json == "object":
		return "", nil
	case name == "":
		name = row.Path
	}
	if name == "" {
		return "", nil
	}
	c, ok := t.columns[name]
	if !ok {
		return "", fmt.Errorf("no column %s in SQLite", name)
	}
	delete(t.columns, name)
	cell := "`" + name + "` " + c.Type
	if strings.HasPrefix(json, "array") || strings.HasPrefix(json, "object") {
		cell += ", JSON"
	}
	if c.Required {
		cell += ", never NULL"
	}
	if c.Computed {
		cell += ", computed"
	}
	return cell, nil
}
