package config

func csvKind() kind[CSV] {
	return group("csv door", []key[CSV]{
		at("start", listOf(webAddress()), func(c *CSV) *[]string { return &c.Start }, Key{
			Required: true, Doc: "The file, or several of one form.", Example: "https://example.org/register.csv", Also: []string{"url", "urls", "starts", "file"},
		}),
		at("whole_file", yesNo(), func(c *CSV) *bool { return &c.WholeFile }, Key{
			Default: "false", Doc: "Whether the file becomes one record, with the fields as texts, and its rows are left alone: for registers of persons.", Example: "true", Also: []string{"one_record", "collection"},
		}),
		at("fields", namedFieldsKind(line(500)), func(c *CSV) *JSONFields { return &c.Fields }, Key{
			Required: true, Doc: "Names of columns, or texts with {Column} in them.", Example: `{title: Name, link: "https://example.org/item/{id}"}`, Also: []string{"columns", "map"},
		}),
	}, func(w *walker, v value, c *CSV) {
		fields := v.child("fields")
		if len(c.Fields.Title) == 0 && w.sound(v) {
			w.add(fields, "has no title", `add "title", the column of the title or a text with columns in it`)
		}
		if !c.WholeFile && len(c.Fields.Link) == 0 && w.sound(v) {
			w.add(fields, "has no link", `add "link", the column of the address or a text such as "https://example.org/item/{id}"`)
		}
	})
}
