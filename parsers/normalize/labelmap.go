package normalize

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/harvest87/harvest/config"
)

// titleWords name a type in a title.
type titleWords struct{ words, id string }

// labelMap holds the maps of a source and of the vocabulary by [labelKey]. It
// is read-only.
type labelMap struct {
	own, all, general, schema map[string]string
	titles                    []titleWords
}

// labelMaps keeps the map of each source and vocabulary, both of which are
// read-only once loaded. Those of configurations that were loaded again go when
// there are many.
var labelMaps = struct {
	mu   sync.Mutex
	made map[labelSource]labelMap
}{made: make(map[labelSource]labelMap)}

type labelSource struct {
	src   *config.Source
	vocab *config.Vocabulary
}

const manyLabelMaps = 512

func labelMapOf(src *config.Source, vocab *config.Vocabulary) labelMap {
	labelMaps.mu.Lock()
	defer labelMaps.mu.Unlock()
	from := labelSource{src, vocab}
	m, ok := labelMaps.made[from]
	if !ok {
		if len(labelMaps.made) >= manyLabelMaps {
			clear(labelMaps.made)
		}
		m = newLabelMap(src, vocab)
		labelMaps.made[from] = m
	}
	return m
}

func newLabelMap(src *config.Source, vocab *config.Vocabulary) labelMap {
	m := labelMap{own: make(map[string]string), all: make(map[string]string, 512), general: make(map[string]string), schema: make(map[string]string)}
	if src != nil {
		labels := make([]string, 0, len(src.Categories))
		for label := range src.Categories {
			labels = append(labels, label)
		}
		slices.Sort(labels)
		for _, label := range labels {
			put(m.own, labelKey(label), src.Categories[label])
		}
	}
	if vocab == nil {
		return m
	}
	for _, t := range vocab.DocTypes {
		for _, lang := range sortedKeys(t.RawLabels) {
			for _, label := range t.RawLabels[lang] {
				put(m.all, labelKey(label), t.ID)
			}
		}
		for _, lang := range sortedKeys(t.GeneralLabels) {
			for _, label := range t.GeneralLabels[lang] {
				put(m.general, labelKey(label), t.ID)
			}
		}
		for _, lang := range sortedKeys(t.TitleWords) {
			for _, words := range t.TitleWords[lang] {
				m.titles = append(m.titles, titleWords{strings.ToLower(words), t.ID})
			}
		}
	}
	for _, t := range vocab.DocTypes {
		put(m.all, labelKey(t.ID), t.ID)
		for _, lang := range sortedKeys(t.Labels) {
			put(m.all, labelKey(t.Labels[lang]), t.ID)
		}
		// Types that stand for many kinds of document say nothing.
		if t.SchemaOrg != "CreativeWork" && t.SchemaOrg != "WebPage" && t.SchemaOrg != "Article" {
			put(m.schema, strings.TrimPrefix(t.SchemaOrg, "schema:"), t.ID)
		}
	}
	return m
}

func put(m map[string]string, key, id string) {
	if _, taken := m[key]; !taken && key != "" {
		m[key] = id
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (m labelMap) find(label string) string {
	key := labelKey(label)
	if id := m.own[key]; id != "" {
		return id
	}
	return m.all[key]
}

// labelKey is a label in the form in which labels are compared.
func labelKey(label string) string {
	var words []string
	for _, w := range strings.FieldsFunc(foldLetters(label), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) }) {
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
