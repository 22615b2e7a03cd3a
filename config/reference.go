package config

import (
	"fmt"
	"slices"
	"strings"
)

// Reference is a page in Markdown that documents every key of a source file and
// of harvest.yaml, each with an example. It comes from the table that the loader
// reads by, like [Schema]; docs/keys.md is a copy of it.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# Every key

Made by ` + "`harvest sources keys`" + ` from the table by which the program reads its files; ` + "`make docs`" + ` writes it anew. How to write a source
file, step by step, is told in [Adding a source](adding-a-source.md).

Two kinds of files have keys: [source files](#source-files), one for each source, and [harvest.yaml](#harvestyaml), one for all. Every
example can be copied. ` + "`harvest sources lint`" + ` checks both, and ` + "`harvest sources show ID`" + ` prints a source with all defaults filled in.

A selector is text such as ` + "`h2.title`" + `, text with an attribute such as ` + "`a.next@href`" + `, or a [group](#selectors); a list of them
holds alternatives, tried in order. ` + "`@href`" + ` alone is the attribute of the card itself. A duration is ` + "`90s`, `6h` or `168h`" + `.

## Source files
`)
	referenceGroup(&b, nil, "What stands at the left margin of a source file.", SourceKeys())
	b.WriteString("\n## Selectors\n")
	referenceGroup(&b, nil, "What the selector of a field may say. Where only an element is looked for, such as a card, there is no `label`.\n\n"+
		"```yaml\npage:\n  date: {label: [Publishing date, Date de publication]}\n  language: {select: table.facts, label: Language}\n"+
		"  document: {label: Full text, attr: href}\n  author: {select: .meta, regex: 'Written by (.+)'}\n```", SelectorKeys())
	b.WriteString("\n## harvest.yaml\n")
	referenceGroup(&b, nil, "What stands at the left margin of harvest.yaml.", HarvestKeys())
	return b.String()
}

// referenceGroup writes a group of keys as a table, then the groups in it.
func referenceGroup(b *strings.Builder, above []Key, doc string, keys []Key) {
	names := make([]string, len(above))
	for i, k := range above {
		names[i] = k.Name
	}
	path := strings.Join(names, ".")
	if path != "" {
		fmt.Fprintf(b, "\n### `%s`\n", path)
	}
	fmt.Fprintf(b, "\n%s\n", doc)
	if len(above) > 0 {
		fmt.Fprintf(b, "\n```yaml\n%s```\n", nested(names, above[len(above)-1].Example))
	}
	b.WriteString("\n| Key | What it says | Value | When it is left out | Example |\n| --- | --- | --- | --- | --- |\n")
	for _, k := range keys {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | `%s` |\n", k.Name, cell(k.Doc), cell(k.Type), cell(absence(k)), cell(k.Example))
	}
	for _, k := range keys {
		if len(k.Keys) > 0 {
			referenceGroup(b, append(slices.Clip(above), k), k.Doc, k.Keys)
		}
	}
}

// nested is an example in YAML below the keys that lead to it.
func nested(names []string, example string) string {
	var b strings.Builder
	indent := ""
	for i, name := range names {
		b.WriteString(indent + name + ":")
		if i == len(names)-1 {
			b.WriteString(" " + example + "\n")
			break
		}
		b.WriteString("\n")
		indent += "  "
		if name == "doors" { // a list, whatever is below it
			indent += "- "
		} else if i > 0 && names[i-1] == "doors" {
			indent = strings.ReplaceAll(indent, "-", " ")
		}
	}
	return b.String()
}

// absence says what holds when a key is left out.
func absence(k Key) string {
	switch {
	case k.Required:
		return "it must be there"
	case k.Default == "{}" || k.Default == "" && k.Otherwise == "":
		return "–"
	case k.Default != "":
		return "`" + k.Default + "`"
	}
	return k.Otherwise
}

// cell is a text that cannot end its cell in a table of Markdown.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
