package config_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// languages are those in which every term has a name.
var languages = []string{"en", "fr", "es", "ar", "pt"}

var termID = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// TestDocTypes checks that no label means two types, in the widest sense in
// which labels are compared: words without case, punctuation and plural.
func TestDocTypes(t *testing.T) {
	v := vocabulary()
	const types = 16
	if len(v.DocTypes) != types {
		t.Errorf("%d document types, want %d", len(v.DocTypes), types)
	}
	owner := make(map[string]string)
	claim := func(label, id string) {
		key := plain(label)
		if other, taken := owner[key]; taken && other != id {
			t.Errorf("%q means both %s and %s", label, other, id)
		}
		owner[key] = id
	}
	for _, d := range v.DocTypes {
		if !termID.MatchString(d.ID) || d.SchemaOrg == "" || d.Zotero == "" {
			t.Errorf("incomplete: %+v", d)
		}
		for _, lang := range languages {
			if d.Labels[lang] == "" {
				t.Errorf("%s has no label in %s", d.ID, lang)
			}
		}
		for lang, label := range d.Labels {
			checkTerm(t, d.ID, lang, label)
			claim(label, d.ID)
		}
		for lang, labels := range d.RawLabels {
			for _, label := range labels {
				checkTerm(t, d.ID, lang, label)
				claim(label, d.ID)
			}
		}
	}
	if d, ok := v.DocType("guidance"); !ok || d.Labels["fr"] != "Orientations" {
		t.Errorf("guidance is %+v", d)
	}
	if _, ok := v.DocType("no-such-type"); ok {
		t.Error("a type that does not exist is found")
	}
}

var word = regexp.MustCompile(`[\pL\pN\pM]+`)

func plain(label string) string {
	words := word.FindAllString(strings.ToLower(label), -1)
	for i, w := range words {
		if len(w) > 3 && w != "news" {
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return strings.Join(words, " ")
}

// TestTopics checks that topics are complete and that exclusions come with
// their exceptions.
func TestTopics(t *testing.T) {
	v := vocabulary()
	const topics = 28
	if len(v.Topics) != topics {
		t.Errorf("%d topics, want %d", len(v.Topics), topics)
	}
	var ids []string
	for _, topic := range v.Topics {
		if !termID.MatchString(topic.ID) || slices.Contains(ids, topic.ID) {
			t.Errorf("incomplete or repeated: %+v", topic)
		}
		ids = append(ids, topic.ID)
		for _, lang := range languages {
			if topic.Labels[lang] == "" {
				t.Errorf("%s has no label in %s", topic.ID, lang)
			}
			checkTerm(t, topic.ID, lang, topic.Labels[lang])
			if len(topic.Aliases[lang]) == 0 {
				t.Errorf("%s has no words in %s", topic.ID, lang)
			}
		}
		for _, set := range []map[string][]string{topic.Aliases, topic.Exclude, topic.Unless} {
			for lang, words := range set {
				for _, w := range words {
					checkTerm(t, topic.ID, lang, w)
				}
			}
		}
		for lang := range topic.Exclude {
			if len(topic.Unless[lang]) == 0 {
				t.Errorf("%s excludes words in %s without exception", topic.ID, lang)
			}
		}
	}
	slavery, ok := v.Topic("modern-slavery")
	if !ok || !slices.Contains(slavery.Exclude["en"], "transatlantic") {
		t.Errorf("modern-slavery is %+v", slavery)
	}
}

func checkTerm(t *testing.T, id, lang, term string) {
	t.Helper()
	if _, err := language.Parse(lang); err != nil {
		t.Errorf("%s: language %q: %v", id, lang, err)
	}
	if term == "" || strings.TrimSpace(term) != term || strings.ContainsAny(term, "*()") || !norm.NFC.IsNormalString(term) {
		t.Errorf("%s: %q is no clean term", id, term)
	}
}
