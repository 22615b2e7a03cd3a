// Package normalize turns what sources print into what a record holds: clean
// text, web addresses in one form, dates with their precision, languages,
// categories, countries, topics and identifiers.
//
// What enters: strings as they stand in pages, feeds and APIs, and records
// that a door has filled. What leaves: the same facts in their normal form,
// each with the evidence for it. What it refuses: to guess. A date that could
// be two dates, a label that no mapping knows and a text too short to tell its
// language all stay empty.
//
// Everything here is pure and safe for concurrent use: no I/O, no state.
//
//	text.go         Text, Paragraphs: entities, tags, junk characters, white space
//	html.go         HTML: a fragment as readable paragraphs
//	truncated.go    Truncated: "... Read More" and its kin
//	url.go          URL, URLKey: one form per address
//	date.go         Date, Dates: dates as people print them; dateforms.go has the forms, months.go the names
//	language.go     Language: which language a text is written in; words.go has the words that tell
//	citation.go     Citation: "Title - Publisher, Month Year DOWNLOAD"
//	category.go     Category: from labels to a controlled document type
//	labelmap.go     the maps of a source and of the vocabulary, and how labels are compared
//	countries.go    Countries (ambiguous.go: Georgia, Jordan, …); topics.go Topics: what a text is about
//	identifiers.go  Identifiers: DOI, ISBN, UN symbols and others
//	finish.go       Finish: the last pass over every record
package normalize
