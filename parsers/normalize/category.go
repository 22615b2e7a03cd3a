package normalize

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Category maps the labels of a record to a document type. It returns the
// type's identifier, the label (or hint) that decided, and where the mapping
// stands; all empty when nothing is known. Asked in turn:
//
//  1. the source's own map;
//  2. the raw labels of the vocabulary, then its labels;
//  3. the parts of labels that run together ("GuidancePublications"), by the
//     same maps;
//  4. the prefix of the title ("Symposium: …") and types that the title names
//     at its end (": Annual report 2021");
//  5. the folders of the address ("/press-releases/…");
//  6. the schema.org type, as a label "schema:Report";
//  7. words of the title, then what a general label ("Resource") mostly means.
//
// A general label is no answer while a word of the title names a type.
//
// Labels are compared without case, punctuation, articles, "&" or "and", and
// plural endings. They are asked in the source's order; the first that maps wins.
func Category(labels []string, src *config.Source, vocab *config.Vocabulary, rec harvest.Record) (id, raw, detail string) {
	m := labelMapOf(src, vocab)
	types := labels
	labels = slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return strings.HasPrefix(l, "schema:") })
	for _, label := range labels {
		if id := m.own[labelKey(label)]; id != "" {
			return id, label, "categories of the source"
		}
	}
	for _, label := range labels {
		id := m.all[labelKey(label)]
		if id == "" {
			continue
		}
		if general := m.general[labelKey(label)]; general != "" {
			if id, words := m.namedIn(rec.Title); id != "" && (general != news || isOwnWork(id)) {
				return id, words, "title word"
			}
		}
		return id, label, "label"
	}
	for _, label := range labels {
		for _, part := range m.apart(label) {
			if id := m.find(part); id != "" {
				return id, label, "part of a label: " + part
			}
		}
	}
	if id, words := m.inTitle(rec.Title); id != "" {
		return id, words, "title prefix"
	}
	if id, folder := m.inPath(rec.URL); id != "" {
		return id, folder, "address"
	}
	for _, label := range types {
		if t, ok := strings.CutPrefix(label, "schema:"); ok && m.schema[t] != "" {
			return m.schema[t], label, "schema.org type"
		}
	}
	return m.lastResort(labels, &rec)
}

// lastResort asks the words of the title, then general labels. A record without
// labels stays without a type: a word in a title is too little.
func (m labelMap) lastResort(labels []string, rec *harvest.Record) (id, raw, detail string) {
	if len(labels) == 0 {
		return "", "", ""
	}
	general, by := "", ""
	for _, label := range labels {
		if general = m.general[labelKey(label)]; general != "" {
			by = label
			break
		}
	}
	switch id, words := m.namedIn(rec.Title); {
	case id != "" && (general != news || isOwnWork(id)):
		return id, words, "title word"
	case general == news && doiInPath.MatchString(rec.URL):
		return "research", by, "general label, and a DOI in the address"
	case general != "":
		return general, by, "general label"
	}
	return "", "", ""
}

// news is the type whose titles name the documents that they tell of.
const news = "news"

// isOwnWork reports whether a title among news that names the type means the
// item itself: a letter or a course is what it says, a report is reported on.
func isOwnWork(id string) bool { return id == "statement" || id == "training" }

// doiInPath finds a DOI in an address: an "article" with one is a paper.
var doiInPath = regexp.MustCompile(`/10\.\d{4,9}/|doi\.org/`)

// namedIn finds a word with which the title names a type.
func (m labelMap) namedIn(title string) (id, words string) {
	folded := strings.ToLower(title)
	for _, t := range m.titles {
		if hasWord(folded, t.words) {
			return t.id, t.words
		}
	}
	return "", ""
}

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

// inTitle reads the type that a title names before its first colon, or after
// its last dash or colon, with or without a year.
func (m labelMap) inTitle(title string) (id, words string) {
	const longest = 40
	if prefix, _, ok := strings.Cut(title, ":"); ok && len(prefix) <= longest {
		if id := m.find(withoutYear(prefix)); id != "" {
			return id, prefix
		}
	}
	for _, mark := range []string{": ", " - ", " – ", " — ", " | "} {
		if i := strings.LastIndex(title, mark); i > 0 && len(title)-i <= longest {
			tail := strings.TrimSpace(title[i+len(mark):])
			if id := m.find(withoutYear(tail)); id != "" {
				return id, tail
			}
		}
	}
	return "", ""
}

func withoutYear(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsNumber(r) || unicode.IsSpace(r) || strings.ContainsRune("()-–/,.", r)
	})
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
// marks, where a capital letter follows a small one, and where a known label
// ends and another follows.
func (m labelMap) apart(label string) []string {
	if len(label) > 200 {
		return nil
	}
	var out []string
	for _, p := range strings.FieldsFunc(label, func(r rune) bool { return strings.ContainsRune(",;|/>•·:\n()", r) }) {
		out = append(out, strings.TrimSpace(p))
		last, start := rune(0), 0
		for i, r := range p {
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				out = append(out, strings.TrimSpace(p[start:i]))
				start = i
			}
			last = r
		}
		if start > 0 {
			out = append(out, strings.TrimSpace(p[start:]))
		}
	}
	// "Impact report" is a report, "Rapport annuel" un rapport: the longest
	// known ending, then the longest known beginning.
	words := strings.Fields(label)
	for n := 1; n < len(words); n++ {
		out = append(out, strings.Join(words[n:], " "))
	}
	for n := len(words) - 1; n > 0; n-- {
		out = append(out, strings.Join(words[:n], " "))
	}
	return out
}

// inPath looks for a type among the folders of an address, the last first.
func (m labelMap) inPath(address string) (id, folder string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	folders := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(folders) > 12 {
		return "", ""
	}
	for i := len(folders) - 2; i >= 0; i-- {
		name := strings.NewReplacer("-", " ", "_", " ", "+", " ").Replace(folders[i])
		if id := m.find(name); id != "" && id != "webpage" { // "/page/" says nothing
			return id, folders[i]
		}
	}
	return "", ""
}
