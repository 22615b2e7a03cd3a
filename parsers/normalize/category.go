package normalize

import (
	"net/url"
	"regexp"
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
// A general label is no answer while a word of the title names a type, or while
// the title is that of a list of such things ("Government Reports"). That holds
// for a source that maps it as the vocabulary does; one that maps it otherwise
// knows better.
//
// Labels are compared without case, accents, vowel marks, punctuation, articles,
// "&" or "and", and plural endings. They are asked in the source's order; the first that maps wins.
func Category(labels []string, src *config.Source, vocab *config.Vocabulary, rec harvest.Record) (id, raw, detail string) {
	m := labelMapOf(src, vocab)
	types := labels
	labels = slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return strings.HasPrefix(l, "schema:") })
	for _, label := range labels {
		key := labelKey(label)
		if id := m.own[key]; id != "" {
			if id == m.general[key] { // it says no more than the vocabulary, and so may the title
				if id, why, detail := m.better(label, rec.Title); id != "" {
					return id, why, detail
				}
			}
			return id, label, "categories of the source"
		}
	}
	for _, label := range labels {
		id := m.all[labelKey(label)]
		if id == "" {
			continue
		}
		if id, why, detail := m.better(label, rec.Title); id != "" {
			return id, why, detail
		}
		return id, label, "label"
	}
	for _, label := range labels {
		if m.general[labelKey(label)] != "" {
			if id, why, detail := m.better(label, rec.Title); id != "" {
				return id, why, detail
			}
			continue // "Law & Policy" is neither
		}
		for _, part := range m.apart(label) {
			id := m.find(part)
			if id == "" {
				continue
			}
			if id, why, detail := m.better(part, rec.Title); id != "" {
				return id, why, detail
			}
			return id, label, "part of a label: " + part
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

// better is what the title says where the label says little: a type that it
// names, or that the page is only a list of what the label says.
func (m labelMap) better(label, title string) (id, why, detail string) {
	general := m.general[labelKey(label)]
	if general == "" {
		return "", "", ""
	}
	if id, words := m.namedIn(title); id != "" && mayBe(id, general, label) {
		return id, words, "title word"
	}
	if general != news && isListOf(label, title) {
		return webpage, title, "title of a list"
	}
	return "", "", ""
}

// mayBe reports whether a record with a general label may be of the type that
// its title names. News name the documents that they tell of, reports the events;
// an article is a paper as often as it is news.
func mayBe(id, general, label string) bool {
	switch {
	case general == news:
		return isOwnWork(id) || id == research && isArticle(label)
	case id == news || id == event:
		return general == webpage
	}
	return true
}

// isArticle reports whether a label calls an item an article.
func isArticle(label string) bool {
	switch labelKey(label) {
	case "article", "articulo", "artigo", "artikel", "articolo", "مقال":
		return true
	}
	return false
}

// isListOf reports whether a title of up to four words says no more than a label
// of several things: "Government Reports", "Resources".
func isListOf(label, title string) bool {
	title, _, _ = strings.Cut(title, "(")
	words := strings.Fields(title)
	if len(words) == 0 || len(words) > 4 || !strings.HasSuffix(strings.ToLower(label), "s") || !strings.HasSuffix(strings.ToLower(words[len(words)-1]), "s") {
		return false
	}
	last := strings.Fields(labelKey(label))
	return strings.HasSuffix(" "+labelKey(title), " "+last[len(last)-1])
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
	id, words := m.namedIn(rec.Title)
	switch {
	case id != "" && general == "":
		return id, words, "title word"
	case general == news && doiInPath.MatchString(rec.URL):
		return research, by, "general label, and a DOI in the address"
	case general == news && isArticle(by) && journalHost.MatchString(rec.URL):
		return research, by, "general label, and the address of a journal"
	case general != "":
		return general, by, "general label"
	}
	return "", "", ""
}

// The types that rules speak of.
const (
	news     = "news" // its titles name the documents that they tell of
	event    = "event"
	research = "research"
	webpage  = "webpage"
)

// isOwnWork reports whether a title among news that names the type means the
// item itself: a letter or a course is what it says, a report is reported on.
func isOwnWork(id string) bool { return id == "statement" || id == "training" }

// doiInPath finds a DOI in an address: an "article" with one is a paper.
var doiInPath = regexp.MustCompile(`/10\.\d{4,9}/|doi\.org/`)

// journalHost finds the word for a journal in the host of an address.
var journalHost = regexp.MustCompile(`(?i)^https?://[^/]*(?:journal|revista|revue|rivista|zeitschrift|tidsskrift)`)

// namedIn finds the words with which the title names a type, the longest of them:
// they say most.
func (m labelMap) namedIn(title string) (id, words string) {
	folded := strings.ToLower(title)
	for _, t := range m.titles {
		if len(t.words) > len(words) && hasWord(folded, t.words) {
			id, words = t.id, t.words
		}
	}
	return id, words
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
		if id := m.find(name); id != "" && id != webpage { // "/page/" says nothing
			return id, folders[i]
		}
	}
	return "", ""
}
