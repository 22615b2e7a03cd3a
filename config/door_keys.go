package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// doorsKind is the list of doors. A door that cannot be read keeps its place
// in the result, so that positions agree with the file.
func doorsKind() kind[[]Door] {
	one := doorKind()
	k := listOf(one)
	k.name = "list of doors"
	k.keys = one.keys
	k.read = func(w *walker, v value) ([]Door, bool) {
		if v.node.Kind == yaml.ScalarNode && !v.isNull() {
			w.mismatch(v, "a list of doors", `write "- wordpress: {}" or "- listing:" below it`)
			return nil, false
		}
		if v.isNull() || len(v.node.Content) == 0 {
			w.add(value{node: cmp.Or(v.key, v.node), path: v.path}, "has no door", `a source needs at least one; write "- wordpress: {}" or "- listing:" below it`)
			return nil, false
		}
		var doors []Door
		for _, at := range doorValues(v) {
			d, _ := one.read(w, at)
			doors = append(doors, d)
		}
		return doors, true
	}
	return k
}

// doorValues are the doors of the list; a single one needs no dash.
func doorValues(v value) []value {
	if v.node.Kind == yaml.SequenceNode {
		return v.items()
	}
	return []value{v}
}

// doorKind is a mapping with the kind of the door as its key, and perhaps
// "page" beside it.
func doorKind() kind[Door] {
	// Pointers, so that a door of the other kind is not written.
	rows := []key[Door]{
		at("wordpress", pointerTo(wordPressKind()), func(d *Door) **WordPress { return &d.WordPress }, Key{
			Doc: "The REST API that WordPress sites have.", Example: "{types: [posts]}", Also: []string{"wp", "wp-json", "word-press"},
		}),
		at("listing", pointerTo(listingKind()), func(d *Door) **Listing { return &d.Listing }, Key{
			Doc: "A list of items in HTML, page after page.", Example: `{start: https://example.org/resources, item: {card: article}}`,
			Also: []string{"html", "list", "crawl"},
		}),
		at("sitemap", pointerTo(sitemapKind()), func(d *Door) **Sitemap { return &d.Sitemap }, Key{
			Doc: "The list of its pages that a site keeps for search engines.", Example: `{include: ["/publications/"]}`, Also: []string{"site-map", "sitemaps", "sitemap.xml"},
		}),
		at("oai-pmh", pointerTo(oaiKind()), func(d *Door) **OAIPMH { return &d.OAIPMH }, Key{
			Doc: "The protocol by which libraries and journals hand on their catalogues.", Example: `{base: https://example.org/oai}`, Also: []string{"oai", "oaipmh", "oai_pmh", "oai-pmh2"},
		}),
		at("feed", pointerTo(feedKind()), func(d *Door) **Feed { return &d.Feed }, Key{
			Doc: "RSS, Atom or JSON Feed: what a site announces.", Example: `{start: https://example.org/feed/}`, Also: []string{"rss", "atom", "feeds", "jsonfeed"},
		}),
		at("json", pointerTo(jsonKind()), func(d *Door) **JSON { return &d.JSON }, Key{
			Doc: "A search interface or catalogue that answers in JSON.", Example: `{start: "https://example.org/api?q=forced+labour", items: results, fields: {title: title, link: url}}`,
			Also: []string{"api", "rest", "jsonapi"},
		}),
		at("csv", pointerTo(csvKind()), func(d *Door) **Register { return &d.CSV }, Key{
			Doc: "A register that is published as a table of comma-separated values.", Example: `{start: https://example.org/register.csv, fields: {title: Name, link: "https://example.org/item/{id}"}}`,
			Also: []string{"table", "register", "tsv"},
		}),
		at("xlsx", pointerTo(xlsxKind()), func(d *Door) **Register { return &d.XLSX }, Key{
			Doc: "A register that is published as a workbook of Excel.", Example: `{start: https://example.org/register.xlsx, fields: {title: Name, link: "https://example.org/item/{id}"}}`,
			Also: []string{"excel", "xls", "workbook", "spreadsheet", "xlsm"},
		}),
		at("links", pointerTo(linksDoorKind()), func(d *Door) **LinksDoor { return &d.Links }, Key{
			Doc: "A site that has no list: its links are followed, and items are told from other pages by what they look like.", Example: `{start: https://example.org/publications/}`,
			Also: []string{"follow", "spider", "crawler", "site"},
		}),
		at("page", pageKind(), func(d *Door) *PageRules { return &d.Page }, Key{
			Doc: "Selectors on the page of one item, for what the page does not say by itself.", Example: `{summary: ".entry-content p"}`,
			Also: []string{"pages", "item_page"},
		}),
		at("render", word(RenderWhenNeeded, RenderAlways), func(d *Door) *Rendering { return &d.Render }, Key{
			Otherwise: "never", Doc: `Whether Chromium fills the pages of the door by their scripts: "browser" where nothing is found in a page as it is sent, "always" every page.`,
			Example: "browser", Also: []string{"javascript", "js", "browser", "headless"},
		}),
	}
	k := group("door", rows)
	all := k.schema
	k.schema = func() map[string]any {
		schema := all()
		var kinds []any
		for _, kind := range DoorKinds {
			kinds = append(kinds, map[string]any{"required": []string{kind}})
		}
		schema["oneOf"] = kinds
		return schema
	}
	k.read = func(w *walker, v value) (Door, bool) {
		d := Door{Line: v.node.Line}
		if v.node.Kind == yaml.ScalarNode && slices.Contains(DoorKinds, v.node.Value) {
			w.add(v, "is a door without a colon", fmt.Sprintf(`write "%s: {}", or "%s:" with its keys below`, v.node.Value, v.node.Value))
			return d, false
		}
		refused := false
		if !w.keysOf(v, k.keys, func(v, key value, _ []Key) { refused = true; w.unknownDoor(v, key) }) {
			return d, false
		}
		for i := 0; i+1 < len(v.node.Content); i += 2 { // in the order of the file: the first kind counts
			name := v.node.Content[i].Value
			at := slices.IndexFunc(rows, func(row key[Door]) bool { return row.Name == name })
			child, _ := v.lookup(name)
			switch {
			case at < 0 || child.key != v.node.Content[i]: // unknown, or given twice
			case name == "page", name == "render":
				rows[at].read(w, child, &d)
			case d.Kind != "":
				w.addAt(child.key, child.path, fmt.Sprintf("is a second kind in one door, beside %s", d.Kind), `begin a door of its own with "- `+name+`:"`)
			default:
				d.Kind = name
				rows[at].read(w, child, &d)
			}
		}
		if d.Kind == "" && !refused {
			w.add(v, "has no kind", "write one of "+strings.Join(DoorKinds, ", ")+" as its first key")
		}
		pageInUse(w, v, &d)
		if render, given := v.lookup("render"); given && !slices.Contains(htmlDoors, d.Kind) && d.Kind != "" {
			w.warn(render, "is never used, because what a door of this kind reads is no page of HTML", "take it away")
		}
		return d, true
	}
	return k
}

// htmlDoors are the kinds of doors that read pages of HTML.
var htmlDoors = []string{"listing", "links", "sitemap", "feed", "wordpress", "oai-pmh", "json"}

// unknownDoor tells a key that belongs elsewhere from a door that is misspelt.
func (w *walker) unknownDoor(door, key value) {
	name := key.node.Value
	known := "doors in this version: " + strings.Join(DoorKinds, ", ")
	switch {
	case strings.HasPrefix(name, "-"), strings.ContainsRune(name, nonBreakingSpace):
		w.unknownKey(door, key, nil)
	case len(places(w.spec, name, "")) > 0:
		w.unknownKey(door, key, doorKind().keys)
	default:
		for _, k := range doorKind().keys {
			if slices.Contains(k.Also, strings.ToLower(name)) {
				w.add(key, "unknown door "+show(name), `did you mean "`+k.Name+`"?`)
				return
			}
		}
		if near, ok := nearest(name, append(slices.Clone(DoorKinds), "page", "render")); ok {
			w.add(key, "unknown door "+show(name), `did you mean "`+near+`"?`)
			return
		}
		w.add(key, "unknown door "+show(name), known)
	}
}

// pageInUse points out selectors for pages that are never fetched.
func pageInUse(w *walker, v value, d *Door) {
	page, given := v.lookup("page")
	switch {
	case !given:
	case d.CSV != nil, d.XLSX != nil:
		w.warn(page, "is never used, because a row has no page", "take it away")
	case d.Listing != nil && !d.Listing.ItemPages:
		w.warn(page, "is never used, because item_pages is false", "take it away, or set item_pages to true")
	case d.WordPress != nil && d.WordPress.Pages == "never", d.OAIPMH != nil && d.OAIPMH.Pages == "never", d.Feed != nil && d.Feed.Pages == "never", d.JSON != nil && d.JSON.Pages == "never":
		w.warn(page, "is never used, because pages is never", "take it away, or set pages to when-needed")
	}
}

// pointerTo is the kind of a value that may be absent altogether.
func pointerTo[T any](k kind[T]) kind[*T] {
	return kind[*T]{
		name: k.name, schema: k.schema, keys: k.keys, empty: k.empty,
		read: func(w *walker, v value) (*T, bool) {
			t, ok := k.read(w, v)
			return &t, ok
		},
		write: func(t *T) *yaml.Node {
			if t == nil {
				return nil
			}
			if n := k.write(*t); n != nil {
				return n
			}
			return &yaml.Node{Kind: yaml.MappingNode}
		},
	}
}

func wordPressKind() kind[WordPress] {
	k := group("wordpress door", []key[WordPress]{
		at("base", webAddress(), func(d *WordPress) *string { return &d.Base }, Key{
			Otherwise: "the homepage", Doc: "Address of the site below which the API stands.", Example: "https://example.org/en", Also: []string{"url", "homepage", "site", "start"},
		}),
		at("route", apiRoute(), func(d *WordPress) *string { return &d.Route }, Key{
			Default: "wp-json", Doc: "Path of the API below the base.", Example: "wp-json", Also: []string{"path", "api"},
		}),
		at("types", listOf(postType()), func(d *WordPress) *[]string { return &d.Types }, Key{
			Default: "[posts]", Doc: "Types of posts, by their own names or those that the API gives them.", Example: "[posts, publications]", Also: []string{"type", "post_types", "post_type"},
		}),
		at("per_page", integer(1, 100), func(d *WordPress) *int { return &d.PerPage }, Key{
			Default: "100", Doc: "Posts asked for at once.", Example: "50", Also: []string{"page_size"},
		}),
		at("query", parameters("page", "per_page", "offset", "_embed", "_fields", "context", "order", "orderby", "modified_after", "rest_route"),
			func(d *WordPress) *map[string]string { return &d.Query }, Key{
				Doc: "Further parameters of every request.", Example: "{lang: fr}", Also: []string{"params", "parameters"},
			}),
		at("languages", listOf(languageTag()), func(d *WordPress) *[]string { return &d.Languages }, Key{
			Otherwise: "what the site gives by itself", Doc: "Languages to ask for one after the other, of sites with Polylang or WPML.", Example: "[en, fr]", Also: []string{"langs", "lang"},
		}),
		at("items", jsonPath(), func(d *WordPress) *string { return &d.Items }, Key{
			Otherwise: "the reply itself, or the only list in it", Doc: "The path to the list of posts, for routes that plugins and themes add.", Example: "data.posts", Also: []string{"list", "records", "results"},
		}),
		at("fields", jsonFieldsKind(), func(d *WordPress) *JSONFields { return &d.Fields }, Key{
			Otherwise: "what WordPress itself calls them", Doc: "Paths to fields within a post, such as the custom fields of ACF; what they find wins.",
			Example: "{date: acf.publication_date, document: acf.document}", Also: []string{"field", "acf", "meta", "map", "custom_fields"},
		}),
		at("pages", oneOf("never", "when-needed", "always"), func(d *WordPress) *string { return &d.Pages }, Key{
			Default: "when-needed", Doc: "When the page of an item is fetched besides the API.", Example: "always", Also: []string{"item_pages"},
		}),
		at("media", oneOf("never", "when-needed", "always"), func(d *WordPress) *string { return &d.Media }, Key{
			Default: "when-needed", Doc: "When files that are attached to items are looked up in the media library, a hundred items at once: for items that link none and whose page is not fetched, or for all.",
			Example: "always", Also: []string{"attachments", "documents", "files", "library"},
		}),
	})
	k.empty = &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	return k
}

var routePattern = regexp.MustCompile(`^[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+)*$`)

func apiRoute() kind[string] {
	const want = "a path such as wp-json or ?rest_route=/"
	return single("path", want, func(_ *walker, text string) (string, fault) {
		if strings.Contains(text, "://") {
			return "", notA(text, want, `the address of the site belongs into "base"`)
		}
		if rest, ok := strings.CutPrefix(strings.TrimLeft(text, "/"), "?rest_route="); ok && (strings.Trim(rest, "/") == "" || routePattern.MatchString(strings.Trim(rest, "/"))) {
			return "?rest_route=" + rest, fault{} // for servers that rewrite no addresses
		}
		if trimmed := strings.Trim(text, "/"); routePattern.MatchString(trimmed) && !strings.Contains(trimmed, "..") {
			return trimmed, fault{}
		}
		return "", notA(text, want, `letters, digits, hyphens and slashes; parameters belong under "query"`)
	}, itself)
}

// postType is the name of a type in the API or of the type itself; the door
// knows both.
func postType() kind[string] {
	const want = "a type of posts such as posts or publications"
	return single("post type", want, func(_ *walker, text string) (string, fault) {
		trimmed := strings.Trim(text, "/")
		if !routePattern.MatchString(trimmed) || strings.Contains(trimmed, "..") {
			return "", notA(text, want, "")
		}
		return trimmed, fault{}
	}, itself)
}
