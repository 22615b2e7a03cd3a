package config

// Vocabulary holds the controlled terms of config/vocabulary, compiled into
// the program.
type Vocabulary struct {
	DocTypes []DocType
	Topics   []Topic
}

// DocType is a controlled document type, the value of Record.Category.
type DocType struct {
	ID     string
	Labels map[string]string // by BCP 47 language
	// RawLabels are labels seen at sources, by language, that mean this type.
	RawLabels map[string][]string
	SchemaOrg string
	Zotero    string
}

// Topic is a controlled subject, a value of Record.Topics.
type Topic struct {
	ID      string
	Label   string
	Aliases map[string][]string // words in the text, by BCP 47 language
	Note    string
}
