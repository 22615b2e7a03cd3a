package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jmespath-community/go-jmespath"
	"go.yaml.in/yaml/v3"
)

func jsonKind() kind[JSON] {
	return group("json door", []key[JSON]{
		at("start", listOf(queryAddress()), func(j *JSON) *[]string { return &j.Start }, Key{
			Required: true, Doc: "The first page of the list, or of several lists.", Example: `"https://example.org/api?q=forced+labour&rows=100"`, Also: []string{"url", "urls", "starts", "base", "endpoint"},
		}),
		at("items", jsonPath(), func(j *JSON) *string { return &j.Items }, Key{
			Otherwise: "the reply itself", Doc: "The path to the list of entries.", Example: "results", Also: []string{"list", "records", "hits", "results"},
		}),
		at("total", jsonPath(), func(j *JSON) *string { return &j.Total }, Key{
			Otherwise: "unknown", Doc: "The path to the number of all entries.", Example: "meta.count", Also: []string{"count"},
		}),
		at("fields", jsonFieldsKind(), func(j *JSON) *JSONFields { return &j.Fields }, Key{
			Required: true, Doc: "Paths to the fields of an entry.", Example: `{title: title, link: url}`, Also: []string{"field", "item", "map"},
		}),
		at("next", jsonNextKind(), func(j *JSON) *JSONNext { return &j.Next }, Key{
			Otherwise: "one page", Doc: "How to come to the next page of the list.", Example: "{page: page}", Also: []string{"pagination", "paging"},
		}),
		at("since", sinceQuery(), func(j *JSON) *string { return &j.Since }, Key{
			Otherwise: "everything is asked for every time", Doc: "A query that asks only for what has changed, with {date} or {time} for the moment.", Example: `"modified_after={time}"`,
		}),
		at("detail", jsonPath(), func(j *JSON) *string { return &j.Detail }, Key{
			Otherwise: "the list says all", Doc: "The path to the address of an entry's own JSON.", Example: "links.self", Also: []string{"details", "content"},
		}),
		at("detail_fields", jsonFieldsKind(), func(j *JSON) *JSONFields { return &j.DetailFields }, Key{
			Otherwise: "none", Doc: "Paths to the fields there.", Example: "{summary: description}",
		}),
		at("pages", oneOf("never", "when-needed", "always"), func(j *JSON) *string { return &j.Pages }, Key{
			Default: "never", Doc: "When the web page of an item is fetched besides.", Example: "when-needed", Also: []string{"item_pages"},
		}),
	}, func(w *walker, v value, j *JSON) {
		if given, ok := v.lookup("detail_fields"); ok && j.Detail == "" && w.sound(v) {
			w.addAt(given.key, given.path, "are the fields of an entry's own JSON, and nothing says where that is", `add "detail", the path to its address`)
		}
	})
}

func jsonFieldsKind() kind[JSONFields] { return namedFieldsKind(jsonPath()) }

// namedFieldsKind are the fields of a record, each with what says where it
// stands.
func namedFieldsKind(one kind[string]) kind[JSONFields] {
	row := func(name string, place func(*JSONFields) *[]string, doc, example string, also ...string) key[JSONFields] {
		return at(name, listOf(one), place, Key{Otherwise: "unknown", Doc: doc, Example: example, Also: also})
	}
	k := group("fields", []key[JSONFields]{
		row("id", func(f *JSONFields) *[]string { return &f.ID }, "The identifier that the source itself gives.", "id", "identifier_own", "native_id"),
		row("link", func(f *JSONFields) *[]string { return &f.Link }, "The address of the item's web page.", `"join('', ['https://example.org/item/', id])"`, "url", "href", "landing_page"),
		row("title", func(f *JSONFields) *[]string { return &f.Title }, "The title.", "title", "name", "heading"),
		row("summary", func(f *JSONFields) *[]string { return &f.Summary }, "The abstract.", "[abstract, description]", "abstract", "description"),
		row("date", func(f *JSONFields) *[]string { return &f.Date }, "Day of publication.", "published", "publication_date"),
		row("modified", func(f *JSONFields) *[]string { return &f.Modified }, "When the entry was last changed.", "updated_at", "updated", "changed"),
		row("author", func(f *JSONFields) *[]string { return &f.Author }, "The authors.", `"authors[].name"`, "authors", "creator"),
		row("category", func(f *JSONFields) *[]string { return &f.Category }, "The source's own labels.", "type", "categories", "label"),
		row("language", func(f *JSONFields) *[]string { return &f.Language }, "The language.", "lang"),
		row("publisher", func(f *JSONFields) *[]string { return &f.Publisher }, "Who published the document.", "publisher.name", "organisation"),
		row("document", func(f *JSONFields) *[]string { return &f.Document }, "Addresses of files.", `"files[].url"`, "documents", "pdf", "file"),
		row("licence", func(f *JSONFields) *[]string { return &f.Licence }, "The licence.", "license.url", "license", "rights"),
		row("identifier", func(f *JSONFields) *[]string { return &f.Identifier }, "DOI, ISBN and other public identifiers.", "doi", "identifiers", "isbn"),
	})
	read := k.read
	k.read = func(w *walker, v value) (JSONFields, bool) {
		f, ok := read(w, v)
		if ok && v.node.Kind == yaml.MappingNode && len(v.node.Content) == 0 {
			w.add(v, "has no field", `write at least "title: …" and "link: …" below it`)
		}
		return f, ok
	}
	return k
}

func jsonNextKind() kind[JSONNext] {
	k := group("next", []key[JSONNext]{
		at("link", linkPath(), func(n *JSONNext) *string { return &n.Link }, Key{
			Doc: "The path to the address of the next page, or header for that in the Link header.", Example: "links.next.href", Also: []string{"url", "href"},
		}),
		at("cursor", jsonPath(), func(n *JSONNext) *string { return &n.Cursor }, Key{
			Doc: "The path to the cursor of the next page.", Example: "meta.next_cursor", Also: []string{"token"},
		}),
		at("param", line(100), func(n *JSONNext) *string { return &n.Param }, Key{
			Otherwise: "cursor", Doc: "The parameter that takes the cursor.", Example: "cursor", Also: []string{"parameter"},
		}),
		at("page", line(100), func(n *JSONNext) *string { return &n.Page }, Key{
			Doc: "The parameter that counts pages.", Example: "page",
		}),
		at("offset", line(100), func(n *JSONNext) *string { return &n.Offset }, Key{
			Doc: "The parameter that counts entries.", Example: "start",
		}),
		at("first", integer(0, 1000), func(n *JSONNext) *int { return &n.First }, Key{
			Otherwise: "1", Doc: "The number of the first page, where its address does not have it.", Example: "1",
		}),
		at("step", integer(1, 1_000_000), func(n *JSONNext) *int { return &n.Step }, Key{
			Otherwise: "the number of entries on the page", Doc: "What is added to the offset.", Example: "50", Also: []string{"by", "increment", "per_page"},
		}),
		at("max_pages", integer(1, 1_000_000), func(n *JSONNext) *int { return &n.MaxPages }, Key{
			Default: fmt.Sprint(mostPages), Doc: "How many pages are fetched at most.", Example: "50", Also: []string{"max", "limit", "pages", "last"},
		}),
	}, func(w *walker, v value, n *JSONNext) {
		given := 0
		for _, way := range []string{n.Link, n.Cursor, n.Page, n.Offset} {
			if way != "" {
				given++
			}
		}
		switch {
		case !w.sound(v):
		case given == 0:
			w.add(v, "does not say how the list goes on", "add one of link, cursor, page or offset")
		case given > 1:
			w.add(v, "says in several ways how the list goes on", "keep one of link, cursor, page or offset")
		case n.Param != "" && n.Cursor == "":
			w.addAt(v.child("param").key, v.child("param").path, "belongs to a cursor, and there is none", `add "cursor", or take it away`)
		}
		if n.Cursor != "" && n.Param == "" {
			n.Param = "cursor"
		}
	})
	all := k.write
	k.write = func(n JSONNext) *yaml.Node {
		if n == (JSONNext{}) { // one page: an empty group would not be one that can be read again
			return nil
		}
		return all(n)
	}
	return k
}

// jsonPath is an expression of JMESPath.
func jsonPath() kind[string] {
	return single("path", "a path such as results or meta.count", func(_ *walker, text string) (string, fault) {
		return text, pathFault(text)
	}, itself)
}

func linkPath() kind[string] {
	return single("path, or header", "a path such as links.next, or header", func(_ *walker, text string) (string, fault) {
		if text == "header" {
			return text, fault{}
		}
		return text, pathFault(text)
	}, itself)
}

func pathFault(text string) fault {
	const longest = 1000
	if len(text) > longest {
		return fault{"is too long for a path", fmt.Sprintf("use at most %d characters", longest)}
	}
	_, err := jmespath.Compile(text)
	if err == nil {
		return fault{}
	}
	hint := "see https://jmespath.site; a name with a hyphen or blank stands in double quotation marks within single ones"
	switch {
	case strings.HasPrefix(text, "$"):
		hint = "this looks like JSONPath; write it without the $, such as " + strings.TrimLeft(text, "$.")
	case strings.HasPrefix(text, "/"):
		hint = "write " + strings.ReplaceAll(strings.Trim(text, "/"), "/", ".")
	case strings.HasPrefix(text, "."):
		hint = "write " + strings.TrimLeft(text, ".")
	}
	return fault{show(text) + " is not a path", hint}
}

// sinceQuery is a part of a query with a moment in it.
func sinceQuery() kind[string] {
	const want = "a query such as modified_after={time}"
	return single("query with {date} or {time}", want, func(_ *walker, text string) (string, fault) {
		marks := placeholder.FindAllString(text, -1)
		if len(marks) != 1 || marks[0] != "{date}" && marks[0] != "{time}" {
			return "", notA(text, want, "write {date} for 2026-01-31 or {time} for 2026-01-31T03:00:00Z, once")
		}
		if !strings.Contains(text, "=") || strings.ContainsAny(text, "?# ") {
			return "", notA(text, want, "write it as it stands in an address behind the question mark")
		}
		return text, fault{}
	}, itself)
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// environmentName is the name of an environment variable.
func environmentName() kind[string] {
	const want = "the name of an environment variable such as RELIEFWEB_APPNAME"
	return single("name of an environment variable", want, func(_ *walker, text string) (string, fault) {
		if !variableName.MatchString(text) {
			return "", notA(text, want, "write the name alone, without $ and brackets")
		}
		return text, fault{}
	}, itself)
}

// Variable is ${NAME} as it may stand in the query of an address.
var Variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// queryAddress is a web address in whose query environment variables may stand.
func queryAddress() kind[string] {
	return single("web address", wantAddress, func(_ *walker, text string) (string, fault) {
		path, query, _ := strings.Cut(text, "?")
		if f := noEnvironment(path); !f.isZero() {
			return "", f
		}
		plain := Variable.ReplaceAllString(query, "x")
		if strings.Contains(plain, "${") {
			return "", fault{"has a ${ that is no environment variable", "write ${NAME}"}
		}
		return text, addressFault(strings.TrimSuffix(path+"?"+plain, "?"))
	}, itself)
}

// variablesNamed wants every variable in an address among those that the
// source requires, so that a run can say what is missing.
func variablesNamed(w *walker, v value, s *Source) {
	for i, at := range doorValues(v.child("doors")) {
		if i >= len(s.Doors) || s.Doors[i].JSON == nil {
			continue
		}
		for _, start := range s.Doors[i].JSON.Start {
			for _, m := range Variable.FindAllStringSubmatch(start, -1) {
				if !slices.Contains(s.Requires, m[1]) {
					w.add(at.child("json").child("start"), "needs the environment variable "+m[1]+", which the source does not name", "add requires: ["+m[1]+"]")
				}
			}
		}
	}
}
