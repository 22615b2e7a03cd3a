package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

func listingKind() kind[Listing] {
	return group("listing door", []key[Listing]{
		at("start", listOf(webAddress()), func(l *Listing) *[]string { return &l.Start }, Key{
			Required: true, Doc: "The first page of the list, or of several lists.", Example: "https://example.org/resources", Also: []string{"url", "urls", "starts", "start_urls"},
		}),
		at("form", formKind(false), func(l *Listing) *Form { return &l.Form }, Key{
			Otherwise: "none", Doc: "A search form that leads from the first page to the list.", Example: `{select: "form#search", fields: {q: forced labour}}`,
			Also: []string{"post", "search", "search_form"},
		}),
		at("groups", selectors(), func(l *Listing) *Selectors { return &l.Groups }, Key{
			Otherwise: "none", Doc: "Links on the first page to lists of their own, such as letters of the alphabet or years.", Example: `".a-to-z a"`,
			Also: []string{"letters", "years", "archives", "sections"},
		}),
		at("item", itemKind(), func(l *Listing) *ItemRules { return &l.Item }, Key{
			Required: true, Doc: "What an item looks like in the list.", Example: `{card: "article", title: "h3", link: "h3 a"}`, Also: []string{"items", "selectors", "fields"},
		}),
		at("next", nextKind(), func(l *Listing) *Next { return &l.Next }, Key{
			Otherwise: "one page", Doc: "How to come to the next page of the list: a selector for the link, or {pattern: …}.", Example: `"a.next"`,
			Also: []string{"pagination", "paging", "next_page"},
		}),
		at("item_pages", yesNo(), func(l *Listing) *bool { return &l.ItemPages }, Key{
			Default: "true", Doc: "Whether the page of each item is fetched too.", Example: "false", Also: []string{"pages", "follow"},
		}),
	})
}

func itemKind() kind[ItemRules] {
	rows := []key[ItemRules]{
		at("card", selectors(), func(r *ItemRules) *Selectors { return &r.Card }, Key{
			Required: true, Doc: "The element that holds one item of the list.", Example: `"article"`, Also: []string{"cards", "container", "item", "row"},
		}),
		at("link", valueSelectors(), func(r *ItemRules) *Selectors { return &r.Link }, Key{
			Default: `"a@href"`, Doc: "The link to the page of the item, within its card.", Example: `"h3 a@href"`, Also: []string{"url", "href", "links"},
		}),
		at("with_following", yesNo(), func(r *ItemRules) *bool { return &r.WithFollowing }, Key{
			Default: "false", Doc: "Whether a card goes on over the elements behind it, up to the next card: for lists without an element around each item, such as headings with paragraphs, or dt with dd.",
			Example: "true", Also: []string{"following", "siblings", "flat"},
		}),
	}
	return group("item", append(rows, lift(fieldRows(), func(r *ItemRules) *FieldRules { return &r.FieldRules })...))
}

func pageKind() kind[PageRules] {
	rows := []key[PageRules]{
		at("content", selectors(), func(r *PageRules) *Selectors { return &r.Content }, Key{
			Otherwise: "found by itself", Doc: "The element that holds the item; what stands outside is not read.", Example: `"main article"`, Also: []string{"body", "main", "text"},
		}),
		at("remove", selectors(), func(r *PageRules) *Selectors { return &r.Remove }, Key{
			Doc: "Elements that are taken out first, such as related items.", Example: `".related"`, Also: []string{"exclude", "strip", "drop"},
		}),
	}
	return group("page", append(rows, lift(fieldRows(), func(r *PageRules) *FieldRules { return &r.FieldRules })...))
}

// fieldRows are the fields of a record that a selector can point at.
func fieldRows() []key[FieldRules] {
	row := func(name string, place func(*FieldRules) *Selectors, doc, example string, also ...string) key[FieldRules] {
		return at(name, valueSelectors(), place, Key{Otherwise: "found by itself", Doc: doc, Example: example, Also: also})
	}
	return []key[FieldRules]{
		row("title", func(r *FieldRules) *Selectors { return &r.Title }, "The title.", `"h1"`, "name", "heading", "headline"),
		row("category", func(r *FieldRules) *Selectors { return &r.Category }, "The source's own label.", `".label"`, "categories", "label", "type", "tag"),
		row("summary", func(r *FieldRules) *Selectors { return &r.Summary }, "The abstract or first paragraphs.", `".excerpt"`, "abstract", "description", "excerpt", "teaser"),
		row("date", func(r *FieldRules) *Selectors { return &r.Date }, "Day of publication.", `["time@datetime", ".date"]`, "published", "publication_date", "pubdate"),
		row("modified", func(r *FieldRules) *Selectors { return &r.Modified }, "Day of the last change.", `"time.updated@datetime"`, "updated", "changed"),
		row("author", func(r *FieldRules) *Selectors { return &r.Author }, "The authors.", `".author"`, "authors", "by", "creator"),
		row("language", func(r *FieldRules) *Selectors { return &r.Language }, "The language as the site gives it.", `"@lang"`, "lang"),
		row("publisher", func(r *FieldRules) *Selectors { return &r.Publisher }, "Who published the document.", `".publisher"`, "organisation"),
		row("document", func(r *FieldRules) *Selectors { return &r.Document }, "The link to the file itself, such as a PDF.", `"a.download"`, "documents", "pdf", "file", "download"),
		row("citation", func(r *FieldRules) *Selectors { return &r.Citation }, `A line "Title - Publisher, Month Year DOWNLOAD", which gives all of these.`, `".citation"`, "cite", "reference"),
	}
}

// mostPages bounds a list whose end is never recognised.
const mostPages = 1000

// nextKind is a selector, a list of them, or a mapping with link or pattern.
func nextKind() kind[Next] {
	link := selectors()
	long := group("next", []key[Next]{
		at("link", link, func(n *Next) *Selectors { return &n.Link }, Key{
			Doc: "The link to the next page.", Example: `"a.next"`, Also: []string{"href", "url"},
		}),
		at("form", formKind(true), func(n *Next) *Form { return &n.Form }, Key{
			Doc: "What a button for more items sends, or a form whose pages are asked for by a field.", Example: `{action: /wp-admin/admin-ajax.php, fields: {action: load_more, paged: "{page}"}}`,
			Also: []string{"post", "ajax", "load_more"},
		}),
		at("pattern", pagePattern(), func(n *Next) *string { return &n.Pattern }, Key{
			Doc: "The address of the next pages, with {page} or {offset} in it.", Example: `"?page={page}"`, Also: []string{"template"},
		}),
		at("first", integer(1, 1_000_000), func(n *Next) *int { return &n.First }, Key{
			Otherwise: "2, or step for an {offset}", Doc: "The number of the second page.", Example: "1", Also: []string{"from", "begin"},
		}),
		at("step", integer(1, 10_000), func(n *Next) *int { return &n.Step }, Key{
			Otherwise: "1", Doc: "What is added from page to page; with {offset}, the number of items on a page.", Example: "10", Also: []string{"by", "increment", "per_page"},
		}),
		at("max_pages", integer(1, 1_000_000), func(n *Next) *int { return &n.MaxPages }, Key{
			Default: fmt.Sprint(mostPages), Doc: "How many pages are fetched at most.", Example: "50", Also: []string{"max", "limit", "pages", "last"},
		}),
	}, nextMakesSense)
	return kind[Next]{
		name:   "selector, or a group of keys",
		schema: anyOf(link.schema, long.schema),
		keys:   long.keys,
		read: func(w *walker, v value) (Next, bool) {
			_, isSelector := v.lookup("select")
			if v.node.Kind == yaml.MappingNode && !isSelector {
				return long.read(w, v)
			}
			if text := v.node.Value; v.node.Kind == yaml.ScalarNode && strings.ContainsAny(text, "{}") {
				w.add(v, show(text)+" is a pattern, not a selector", `write next: {pattern: "`+text+`"}`)
				return Next{}, false
			}
			s, ok := link.read(w, v)
			return Next{Link: s, MaxPages: mostPages}, ok
		},
		write: func(n Next) *yaml.Node {
			if len(n.Link) == 0 && n.Pattern == "" && n.Form.IsZero() {
				return nil
			}
			return long.write(n)
		},
	}
}

func nextMakesSense(w *walker, v value, n *Next) {
	pattern, hasPattern := v.lookup("pattern")
	form, hasForm := v.lookup("form")
	_, hasLink := v.lookup("link")
	if !w.sound(v) {
		return
	}
	if !hasPattern && !hasForm {
		for _, name := range []string{"first", "step"} {
			if child, given := v.lookup(name); given {
				w.addAt(child.key, child.path, "belongs to a pattern or a form, and there is none", `add "pattern", or take it away`)
			}
		}
	}
	switch {
	case hasPattern && (hasLink || hasForm):
		other := "link"
		if hasForm {
			other = "form"
		}
		w.addAt(pattern.key, pattern.path, `cannot go together with "`+other+`"`, "keep the one that suits the site")
		return
	case hasForm && hasLink:
		w.addAt(form.key, form.path, `cannot go together with "link"`, "keep the one that suits the site")
		return
	case !hasLink && !hasPattern && !hasForm:
		w.add(v, `has neither "link" nor "pattern" nor "form"`, "add one of them")
		return
	case hasLink:
		return
	}
	counted := pattern
	if hasForm {
		counted = form
	}
	offset := strings.Contains(n.Pattern, "{offset}") || n.Form.Has("{offset}")
	if offset && n.Step == 0 {
		w.add(counted, `has {offset}, but no "step" says how many items a page holds`, `add "step: 10", or how many there are`)
		return
	}
	if n.Step == 0 {
		n.Step = 1
	}
	if n.First == 0 {
		n.First = 2
		if offset {
			n.First = n.Step
		}
	}
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// pagePattern is an address with one placeholder, absolute or relative to the
// first page.
func pagePattern() kind[string] {
	const want = `a pattern such as "?page={page}" or /list/page/{page}/`
	return single("address with {page} or {offset}", want, func(_ *walker, text string) (string, fault) {
		marks := placeholder.FindAllString(text, -1)
		switch {
		case len(marks) == 0:
			return "", fault{show(text) + " has no {page} or {offset}", "write {page} where the number of the page stands"}
		case len(marks) > 1:
			return "", fault{show(text) + " has more than one placeholder", "keep one {page} or one {offset}"}
		case marks[0] != "{page}" && marks[0] != "{offset}":
			return "", fault{show(marks[0]) + " is no placeholder", "write {page} for the number of the page, or {offset} for the number of items before it"}
		}
		plain := strings.Replace(text, marks[0], "1", 1)
		if u, err := url.Parse(plain); err != nil || strings.ContainsAny(plain, " {}") || u.Opaque != "" ||
			(u.IsAbs() && ((u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil)) {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}
