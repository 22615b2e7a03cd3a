package wordpress

import (
	"bytes"
	"encoding/json"
	"strings"
)

// The types of this file are the REST API as it is met, not as it is
// documented. PHP sends [] for an empty object, an object for a list with a
// gap in its keys, false or "" for nothing, numbers as strings and strings as
// numbers; plugins replace {"rendered": …} by the bare string. No such
// surprise is an error: what is not understood is empty.

// text is a string. A number is its digits, an object its "rendered" or
// "name" member, everything else empty.
type text string

// UnmarshalJSON never fails on valid JSON.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch kindOf(b) {
	case isString:
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(s)
	case isNumber:
		*t = text(b)
	case isObject:
		var o struct{ Rendered, Name json.RawMessage }
		if err := json.Unmarshal(b, &o); err != nil {
			return err
		}
		for _, inner := range []json.RawMessage{o.Rendered, o.Name} {
			if kindOf(inner) == isString {
				return t.UnmarshalJSON(inner)
			}
		}
	}
	return nil
}

// number is a whole number above zero in decimal digits, of any size, or
// empty. It stays text because an identifier is never counted with.
type number string

// UnmarshalJSON never fails on valid JSON.
func (n *number) UnmarshalJSON(b []byte) error {
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	s := strings.TrimLeft(strings.TrimSpace(string(t)), "0")
	*n = ""
	if s != "" && len(s) <= 40 && strings.Trim(s, "0123456789") == "" {
		*n = number(s)
	}
	return nil
}

// rendered is HTML made by the site, and whether a password hides it.
type rendered struct {
	HTML      string
	Protected bool
}

// UnmarshalJSON never fails on valid JSON.
func (r *rendered) UnmarshalJSON(b []byte) error {
	*r = rendered{}
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	r.HTML = string(t)
	if kindOf(b) == isObject {
		var o struct{ Protected json.RawMessage }
		if err := json.Unmarshal(b, &o); err != nil {
			return err
		}
		switch string(bytes.TrimSpace(o.Protected)) {
		case "true", "1", `"1"`, `"true"`:
			r.Protected = true
		}
	}
	return nil
}

// list is an array. An object stands for the array of its members in the
// order of the text, a bare string for a list of one; elements of another kind
// than T are left out.
type list[T any] []T

// UnmarshalJSON never fails on valid JSON.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	k := kindOf(b)
	if k == isString {
		var v T
		if string(b) != `""` && json.Unmarshal(b, &v) == nil {
			*l = list[T]{v}
		}
		return nil
	}
	if k != isArray && k != isObject {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		if k == isObject {
			if _, err := dec.Token(); err != nil { // the key
				return err
			}
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		var v T
		if json.Unmarshal(raw, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// object is a struct that may also come as [], false, null or "". Given says
// that it came as an object.
type object[T any] struct {
	V     T
	Given bool
}

// UnmarshalJSON leaves V at its zero value when b is not an object.
func (o *object[T]) UnmarshalJSON(b []byte) error {
	var v T
	*o = object[T]{}
	if kindOf(b) == isObject && json.Unmarshal(b, &v) == nil {
		o.V, o.Given = v, true
	}
	return nil
}

// post is one item of a collection: a post, a page, an attachment or an item
// of any custom type (https://developer.wordpress.org/rest-api/reference/posts/).
type post struct {
	ID          number   `json:"id"`
	Type        text     `json:"type"`
	Status      text     `json:"status"`
	Password    text     `json:"password"`
	Link        text     `json:"link"`
	GUID        text     `json:"guid"`
	Slug        text     `json:"slug"`
	Date        text     `json:"date"` // in the site's time zone
	DateGMT     text     `json:"date_gmt"`
	Modified    text     `json:"modified"`
	ModifiedGMT text     `json:"modified_gmt"`
	Title       rendered `json:"title"`
	Content     rendered `json:"content"`
	Excerpt     rendered `json:"excerpt"`
	// ClassList holds the theme's classes, such as "category-guidance", since
	// WordPress 6.7.
	ClassList list[text]       `json:"class_list"`
	Embedded  object[embedded] `json:"_embedded"`

	// Of attachments.
	SourceURL    text                 `json:"source_url"`
	MimeType     text                 `json:"mime_type"`
	MediaDetails object[mediaDetails] `json:"media_details"`

	// Of plugins.
	rankMath
	Meta             object[rankMath]  `json:"meta"`
	Yoast            object[yoast]     `json:"yoast_head_json"`
	YoastHead        text              `json:"yoast_head"`
	AIOSEO           object[aioseo]    `json:"aioseo_head_json"`
	AIOSEOHead       text              `json:"aioseo_head"`
	RankMathHead     text              `json:"rank_math_head"`
	ACF              json.RawMessage   `json:"acf"`  // Advanced Custom Fields
	Lang             text              `json:"lang"` // Polylang
	WPMLLocale       text              `json:"wpml_current_locale"`
	WPMLTranslations list[translation] `json:"wpml_translations"`

	// Of routes that are not WordPress's own.
	URL       text `json:"url"`
	Permalink text `json:"permalink"`

	// labels are terms whose names were looked up, labelled says so.
	labels   list[term]
	labelled string
}

// embedded is what ?_embed adds: linked resources, or an error in their place.
type embedded struct {
	Author list[person]     `json:"author"`
	Terms  list[list[term]] `json:"wp:term"`
}

type person struct {
	Name text `json:"name"`
}

type term struct {
	Name     text `json:"name"`
	Slug     text `json:"slug"`
	Taxonomy text `json:"taxonomy"`
}

type mediaDetails struct {
	Filesize number `json:"filesize"`
}

type translation struct {
	Locale text `json:"locale"`
	Href   text `json:"href"`
}

// yoast is the part of Yoast SEO's head that says something of the item
// (https://developer.yoast.com/customization/apis/rest-api/).
type yoast struct {
	Title         text                `json:"title"`
	Robots        object[yoastRobots] `json:"robots"`
	Canonical     text                `json:"canonical"`
	Description   text                `json:"description"`
	Locale        text                `json:"og_locale"`
	SiteName      text                `json:"og_site_name"`
	OGTitle       text                `json:"og_title"`
	OGDescription text                `json:"og_description"`
	Published     text                `json:"article_published_time"`
	Modified      text                `json:"article_modified_time"`
	Author        text                `json:"author"`
	Schema        object[yoastSchema] `json:"schema"`
}

type yoastRobots struct {
	Index text `json:"index"`
}

type yoastSchema struct {
	Graph list[yoastNode] `json:"@graph"`
}

type yoastNode struct {
	Type           list[text]    `json:"@type"`
	ID             text          `json:"@id"`
	Name           text          `json:"name"`
	Author         schemaAuthors `json:"author"`
	DatePublished  text          `json:"datePublished"`
	DateModified   text          `json:"dateModified"`
	InLanguage     text          `json:"inLanguage"`
	ArticleSection list[text]    `json:"articleSection"`
}

type schemaAuthor struct {
	Type list[text] `json:"@type"`
	ID   text       `json:"@id"`
	Name text       `json:"name"`
}

// schemaAuthors are one author or several, by name or as nodes.
type schemaAuthors []schemaAuthor

// UnmarshalJSON never fails on valid JSON.
func (a *schemaAuthors) UnmarshalJSON(b []byte) error {
	*a = nil
	switch kindOf(b) {
	case isString:
		var name text
		err := name.UnmarshalJSON(b)
		*a = schemaAuthors{{Name: name}}
		return err
	case isObject:
		var one schemaAuthor
		if json.Unmarshal(b, &one) == nil {
			*a = schemaAuthors{one}
		}
	case isArray:
		var several list[json.RawMessage]
		if err := several.UnmarshalJSON(b); err != nil {
			return err
		}
		for _, raw := range several {
			var one schemaAuthors
			if kindOf(raw) != isArray && one.UnmarshalJSON(raw) == nil {
				*a = append(*a, one...)
			}
		}
	}
	return nil
}

// postType is an entry of /wp/v2/types.
type postType struct {
	Slug          text `json:"slug"`
	RestBase      text `json:"rest_base"`
	RestNamespace text `json:"rest_namespace"` // since WordPress 5.9
}

// restError is the API's way to say no.
type restError struct {
	Code    text                  `json:"code"`
	Message text                  `json:"message"`
	Data    object[restErrorData] `json:"data"`
}

type restErrorData struct {
	Status number          `json:"status"`
	Params json.RawMessage `json:"params"` // name → what is wrong with it
}

// params names the parameters that the server refuses, with its words.
func (e *restError) params() map[string]string {
	out := make(map[string]string)
	var byName map[string]text
	if json.Unmarshal(e.Data.V.Params, &byName) == nil {
		for name, why := range byName {
			out[name] = string(why)
		}
		return out
	}
	var names list[text]
	if json.Unmarshal(e.Data.V.Params, &names) == nil {
		for _, name := range names {
			out[string(name)] = ""
		}
	}
	return out
}

// kind is the kind of a JSON value.
type kind int

const (
	isNothing kind = iota // null, false, true or no value
	isString
	isNumber
	isArray
	isObject
)

func kindOf(b []byte) kind {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 {
		return isNothing
	}
	switch c := b[0]; {
	case c == '"':
		return isString
	case c == '-' || c >= '0' && c <= '9':
		return isNumber
	case c == '[':
		return isArray
	case c == '{':
		return isObject
	}
	return isNothing
}
