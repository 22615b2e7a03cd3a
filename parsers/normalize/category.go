package normalize

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Category maps the labels of a record to a document type. It returns the
// type's identifier, the label (or hint) that decided, and where the mapping
// stands; all empty when nothing is known. Asked in turn:
//
//  1. the source's own map; 2. the raw labels of the vocabulary, then its
//     labels; labels that run together ("GuidancePublications") are tried in parts;
//  3. the prefix of the title ("Report: …"); 4. the words of the URL's path;
//  5. the schema.org type, if a label names it.
//
// Labels are compared without case, accents of spacing, "&" against "and", and
// plural endings. The order of labels is the source's; the first that maps wins.
func Category(labels []string, src *config.Source, vocab *config.Vocabulary, rec harvest.Record) (id, raw, detail string) {
	if src != nil {
		for _, label := range labels {
			if id := sourceCategory(src, label); id != "" {
				return id, label, "categories of the source"
			}
		}
	}
	if vocab == nil {
		return "", "", ""
	}
	for _, label := range labels {
		if id := vocabularyCategory(vocab, label); id != "" {
			return id, label, "label"
		}
	}
	for _, label := range labels {
		for _, part := range apart(label) {
			if src != nil {
				if id := sourceCategory(src, part); id != "" {
					return id, label, "part of a label: " + part
				}
			}
			if id := vocabularyCategory(vocab, part); id != "" {
				return id, label, "part of a label: " + part
			}
		}
	}
	if prefix, _, ok := strings.Cut(rec.Title, ":"); ok && len(prefix) < 40 {
		if id := vocabularyCategory(vocab, prefix); id != "" {
			return id, prefix, "title prefix"
		}
	}
	if id, word := pathCategory(vocab, rec.URL); id != "" {
		return id, word, "address"
	}
	return "", "", ""
}

func sourceCategory(src *config.Source, label string) string {
	want := labelKey(label)
	keys := make([]string, 0, len(src.Categories))
	for key := range src.Categories {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if labelKey(key) == want {
			return src.Categories[key]
		}
	}
	return ""
}

func vocabularyCategory(vocab *config.Vocabulary, label string) string {
	want := labelKey(label)
	if want == "" {
		return ""
	}
	for _, t := range vocab.DocTypes {
		for _, labels := range t.RawLabels {
			for _, l := range labels {
				if labelKey(l) == want {
					return t.ID
				}
			}
		}
	}
	for _, t := range vocab.DocTypes {
		if labelKey(t.ID) == want {
			return t.ID
		}
		for _, l := range t.Labels {
			if labelKey(l) == want {
				return t.ID
			}
		}
	}
	return ""
}

// labelKey is a label in the form in which labels are compared.
func labelKey(label string) string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) }) {
		switch w {
		case "and", "et", "y", "e", "und", "the":
			continue
		}
		words = append(words, singular(w))
	}
	return strings.Join(words, " ")
}

func singular(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && w != "news":
		return w[:len(w)-1]
	}
	return w
}

// apart cuts a label into the parts that a page has run together: at list
// marks, and where a capital letter follows a small one.
func apart(label string) []string {
	parts := strings.FieldsFunc(label, func(r rune) bool { return strings.ContainsRune(",;|/>•·\n", r) })
	var out []string
	for _, p := range parts {
		out = append(out, strings.TrimSpace(p))
		last, start := rune(0), 0
		var pieces []string
		for i, r := range p {
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				pieces = append(pieces, strings.TrimSpace(p[start:i]))
				start = i
			}
			last = r
		}
		if start > 0 {
			out = append(out, append(pieces, strings.TrimSpace(p[start:]))...)
		}
	}
	return out
}

// pathCategory looks for a type among the folders of an address.
func pathCategory(vocab *config.Vocabulary, address string) (id, word string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	folders := strings.Split(strings.Trim(u.Path, "/"), "/")
	for _, f := range folders[:max(0, len(folders)-1)] {
		name := strings.ReplaceAll(strings.ReplaceAll(f, "-", " "), "_", " ")
		if id := vocabularyCategory(vocab, name); id != "" {
			return id, f
		}
	}
	return "", ""
}
