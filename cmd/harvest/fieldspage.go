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

const fieldsHead = `# The fields of the catalogue

Made by ` + "`harvest schema fields`" + ` from the program; ` + "`make docs`" + ` writes it anew. How to ask for them is told in
[Querying the catalogue](querying.md).

What stands below a list or a map is of each thing in it, and ` + "`*`" + ` is the name of any field. Words of Dublin Core are
[dc](http://purl.org/dc/elements/1.1/) and [dcterms](http://purl.org/dc/terms/), those of [schema.org](https://schema.org/) are schema. The types are
those of JSON Schema, as ` + "`harvest schema record`" + ` prints it for records; of the columns of a table in SQLite; and of a document of a collection
in MongoDB, as [$type](https://www.mongodb.com/docs/manual/reference/operator/query/type/) names them. Unknown is unknown: no
field in JSON and MongoDB, NULL in SQLite.
`

const fieldsColumns = `| What it is | Form, unit, source of the rule | Dublin Core, schema.org | JSON | SQLite | MongoDB |
| --- | --- | --- | --- | --- | --- |
`

// fieldTypes are the types of the fields in each place, as the program itself
// makes them: of the schema in JSON, of the migrated table, of a document.
type fieldTypes struct {
	json    map[string]string
	columns map[string]sqlite.Column
	bson    map[string]string
}

func typesOfFields(ctx context.Context, of fieldTable) (*fieldTypes, error) {
	t := &fieldTypes{json: make(map[string]string), columns: make(map[string]sqlite.Column)}
	jsonTypes(of.schema(), "", t.json)
	columns, err := sqlite.Columns(ctx, of.table)
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		t.columns[c.Name] = c
	}
	t.bson, err = mongo.FieldTypes(of.collection)
	return t, err
}

// jsonTypes are the types that a schema says, by path.
func jsonTypes(schema map[string]any, prefix string, into map[string]string) {
	properties, _ := schema["properties"].(map[string]any)
	for name, p := range properties {
		field, _ := p.(map[string]any)
		path := prefix + name
		into[path] = "any"
		if of, ok := field["type"].(string); ok {
			into[path] = of
		}
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

// fieldTable is one kind of thing in the catalogue: where it stands, and its
// fields.
type fieldTable struct {
	title, about      string // Markdown
	schema            func() map[string]any
	table, collection string
	rows              []fieldRow
}

// fieldsPage is docs/fields.md, made of those tables. It is an error when a row
// is of no field, or a field of any place is in no row.
func fieldsPage(ctx context.Context, tables []fieldTable) (string, error) {
	var b strings.Builder
	b.WriteString(fieldsHead)
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n%s", t.title, t.about, fieldsColumns)
		if err := t.write(ctx, &b); err != nil {
			return "", fmt.Errorf("%s: %w", t.table, err)
		}
	}
	return b.String(), nil
}

func (of fieldTable) write(ctx context.Context, b *strings.Builder) error {
	t, err := typesOfFields(ctx, of)
	if err != nil {
		return err
	}
	for i := range of.rows {
		row := &of.rows[i]
		cells, err := t.take(row)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", row.What, row.Form, row.Term, strings.Join(cells, " | "))
	}
	var left []string
	for place, paths := range map[string][]string{
		"JSON": slices.Collect(maps.Keys(t.json)), "SQLite": slices.Collect(maps.Keys(t.columns)), "MongoDB": slices.Collect(maps.Keys(t.bson)),
	} {
		for _, path := range paths {
			if !strings.HasSuffix(path, ".*") { // any field
				left = append(left, path+" of "+place)
			}
		}
	}
	if slices.Sort(left); len(left) > 0 {
		return fmt.Errorf("fields that no row describes: %s", strings.Join(left, ", "))
	}
	return nil
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
	if row.Whole {
		t.strike(row.Path, name)
	}
	cells[2] = "`" + name + "` " + of
	return cells, nil
}

// strike takes what is below a field as described with it.
func (t *fieldTypes) strike(json, bson string) {
	maps.DeleteFunc(t.json, func(path, _ string) bool { return strings.HasPrefix(path, json+".") })
	maps.DeleteFunc(t.bson, func(path, _ string) bool { return strings.HasPrefix(path, bson+".") })
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
