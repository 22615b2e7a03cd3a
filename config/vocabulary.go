package config

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Vocabulary holds the controlled terms of config/vocabulary, compiled into
// the program.
type Vocabulary struct {
	DocTypes []DocType
	Topics   []Topic
}

// DocType is a controlled document type, the value of Record.Category.
type DocType struct {
	ID     string            `yaml:"id"`
	Labels map[string]string `yaml:"labels"` // by BCP 47 language
	// RawLabels are labels seen at sources, by language, that mean this type.
	RawLabels map[string][]string `yaml:"raw_labels"`
	// GeneralLabels are labels that say little of a document and mean this
	// type when nothing else tells more, such as a word of TitleWords.
	GeneralLabels map[string][]string `yaml:"general_labels"`
	// TitleWords are words, by language, with which a title names this type.
	// They are asked in the order of the vocabulary's file, and only where the
	// label is general or unknown.
	TitleWords map[string][]string `yaml:"title_words"`
	SchemaOrg  string              `yaml:"schema_org"` // a type of schema.org, without prefix
	Zotero     string              `yaml:"zotero"`     // an item type of Zotero
}

// Topic is a controlled subject, a value of Record.Topics.
type Topic struct {
	ID      string              `yaml:"id"`
	Labels  map[string]string   `yaml:"labels"`  // by BCP 47 language
	Aliases map[string][]string `yaml:"aliases"` // words in the text, by BCP 47 language
	// Exclude are words, by BCP 47 language, near which an alias does not mean
	// this topic, unless a word of Unless is near too.
	Exclude map[string][]string `yaml:"exclude"`
	Unless  map[string][]string `yaml:"unless"`
	Note    string              `yaml:"note"`
}

//go:embed vocabulary/doctypes.yaml
var docTypesFile []byte

//go:embed vocabulary/topics.yaml
var topicsFile []byte

// LoadVocabulary reads the vocabulary. Every call reads it anew, so the caller
// keeps the result.
func LoadVocabulary() (*Vocabulary, error) {
	v := &Vocabulary{}
	if err := decodeStrictly(docTypesFile, &v.DocTypes); err != nil {
		return nil, fmt.Errorf("vocabulary doctypes: %w", err)
	}
	if err := decodeStrictly(topicsFile, &v.Topics); err != nil {
		return nil, fmt.Errorf("vocabulary topics: %w", err)
	}
	return v, nil
}

func decodeStrictly(file []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(file))
	d.KnownFields(true)
	return d.Decode(into)
}

// DocTypeIDs are the identifiers of the document types, in the order of the file.
func (v *Vocabulary) DocTypeIDs() []string {
	ids := make([]string, len(v.DocTypes))
	for i, t := range v.DocTypes {
		ids[i] = t.ID
	}
	return ids
}

// DocType returns the document type of that identifier.
func (v *Vocabulary) DocType(id string) (*DocType, bool) {
	for i := range v.DocTypes {
		if v.DocTypes[i].ID == id {
			return &v.DocTypes[i], true
		}
	}
	return nil, false
}

// Topic returns the topic of that identifier.
func (v *Vocabulary) Topic(id string) (*Topic, bool) {
	for i := range v.Topics {
		if v.Topics[i].ID == id {
			return &v.Topics[i], true
		}
	}
	return nil, false
}
