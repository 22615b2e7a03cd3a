// Package search is the full-text index of the catalogue.
//
// What enters: the catalogue's records, read through [Source], and the queries
// of readers. What leaves: identifiers of records in order of relevance or
// date, and snippets of text with the places that matched. What it refuses:
// query syntax that it does not know (with a [SyntaxError] that says where and
// what would be right) and to share its folder with another process.
//
// The index is derived. It holds no text that can be read back, only terms and
// the fields that filters need, and it may be deleted at any time: a missing,
// damaged or older index is built again from the catalogue, and the log says so.
//
//	index.go     Open and Close: the folder, its lock, its version
//	sync.go      bringing the index up to date with the catalogue
//	rebuild.go   building it anew beside the old one
//	document.go  which fields a record becomes
//	words.go     text → words: splitting and folding
//	stem.go      words → stems, by language
//	parse.go     what a reader typed → a tree
//	plan.go      the tree → which records, with bitmaps (marks.go, phrase.go, expand.go)
//	compile.go   the tree → Bleve searchers, for scores
//	filter.go    source, category, language, dates, state
//	search.go    Search and Hits
//	asked.go     which of what is found is scored; newest.go and byrecord.go: which can come first
//	facets.go    what is counted of it
//	snippet.go   the passage of a record that matched
package search
