package citation

import (
	"strings"

	"github.com/harvest87/harvest"
)

// Type is a document type in the words of each format.
type Type struct {
	// Category is the controlled type of config/vocabulary/doctypes.yaml,
	// empty for records whose type is unknown.
	Category string
	// Label is the type in English, for the formats that print it.
	Label string
	// RIS is the value of TY, one that Zotero imports as the item type that the
	// vocabulary names (https://en.wikipedia.org/wiki/RIS_(file_format)).
	RIS string
	// BibTeX is the entry type; see the package bibtex for what it becomes
	// where a required field is unknown.
	BibTeX string
	// CSL is the type in CSL 1.0.2
	// (https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types).
	CSL string
	// SchemaOrg is the type in https://schema.org, without prefix.
	SchemaOrg string
	// DCMI is the term of the DCMI Type Vocabulary, empty when unknown
	// (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7).
	DCMI string
}

// unknown is the type of a record without a category.
var unknown = Type{"", "", "GEN", "misc", "document", "CreativeWork", ""}

// types has every category of the vocabulary, in its order. CSL has "event"
// too, but reference managers know it as a talk.
var types = []Type{
	{"guidance", "Guidance", "RPRT", "techreport", "report", "CreativeWork", "Text"},
	{"report", "Report", "RPRT", "techreport", "report", "Report", "Text"},
	{"research", "Research", "JOUR", "techreport", "article-journal", "ScholarlyArticle", "Text"},
	{"legislation", "Legislation", "STAT", "misc", "legislation", "Legislation", "Text"},
	{"policy", "Policy", "RPRT", "techreport", "report", "Report", "Text"},
	{"case-law", "Case law", "CASE", "misc", "legal_case", "CreativeWork", "Text"},
	{"dataset", "Data set", "DATA", "misc", "dataset", "Dataset", "Dataset"},
	{"news", "News", "NEWS", "misc", "article-newspaper", "NewsArticle", "Text"},
	{"event", "Event", "SLIDE", "misc", "speech", "Event", "Event"},
	{"statement", "Statement", "GEN", "misc", "document", "Statement", "Text"},
	{"toolkit", "Toolkit", "RPRT", "techreport", "report", "HowTo", "Text"},
	{"training", "Training", "GEN", "misc", "document", "LearningResource", "InteractiveResource"},
	{"consultation", "Consultation", "GEN", "misc", "document", "CreativeWork", "Text"},
	{"multimedia", "Audio and video", "VIDEO", "misc", "motion_picture", "MediaObject", "MovingImage"},
	{"disclosure", "Company disclosure", "RPRT", "techreport", "report", "Report", "Text"},
	{"webpage", "Web page", "ELEC", "misc", "webpage", "WebPage", "Text"},
}

// sound is the type of multimedia whose files are all audio.
var sound = Type{"multimedia", "Audio", "SOUND", "misc", "song", "AudioObject", "Sound"}

// TypeOf is the type of a record. A category that is not in the vocabulary,
// which an older program may have written, is as good as none.
func TypeOf(r *harvest.Record) Type {
	if r.Category == "multimedia" && isSound(r.Documents) {
		return sound
	}
	for _, t := range types {
		if t.Category == r.Category {
			return t
		}
	}
	return unknown
}

func isSound(documents []harvest.Document) bool {
	for _, d := range documents {
		if !strings.HasPrefix(d.MediaType, "audio/") {
			return false
		}
	}
	return len(documents) > 0
}
