package config

// csvKind is a register in a file of comma-separated values.
func csvKind() kind[Register] {
	return group("csv door", registerRows("https://example.org/register.csv"), registerMakesSense)
}

// xlsxKind is a register in a workbook.
func xlsxKind() kind[Register] {
	rows := append(registerRows("https://example.org/register.xlsx"),
		at("sheets", listOf(line(200)), func(r *Register) *[]string { return &r.Sheets }, Key{
			Otherwise: "all that are shown and have the columns", Doc: "Names of the sheets that are read.", Example: `["2023", "2024"]`, Also: []string{"sheet", "tabs", "worksheet"},
		}))
	return group("xlsx door", rows, registerMakesSense)
}

func registerRows(example string) []key[Register] {
	return []key[Register]{
		at("start", listOf(webAddress()), func(r *Register) *[]string { return &r.Start }, Key{
			Required: true, Doc: "The file, or several of one form.", Example: example, Also: []string{"url", "urls", "starts", "file"},
		}),
		at("whole_file", yesNo(), func(r *Register) *bool { return &r.WholeFile }, Key{
			Default: "false", Doc: "Whether the file becomes one record, with the fields as texts, and its rows are left alone: for registers of persons.", Example: "true", Also: []string{"one_record", "collection"},
		}),
		at("fields", namedFieldsKind(line(500)), func(r *Register) *JSONFields { return &r.Fields }, Key{
			Required: true, Doc: "Names of columns, or texts with {Column} in them.", Example: `{title: Name, link: "https://example.org/item/{id}"}`, Also: []string{"columns", "map"},
		}),
	}
}

func registerMakesSense(w *walker, v value, r *Register) {
	fields := v.child("fields")
	if len(r.Fields.Title) == 0 && w.sound(v) {
		w.add(fields, "has no title", `add "title", the column of the title or a text with columns in it`)
	}
	if !r.WholeFile && len(r.Fields.Link) == 0 && w.sound(v) {
		w.add(fields, "has no link", `add "link", the column of the address or a text such as "https://example.org/item/{id}"`)
	}
}
