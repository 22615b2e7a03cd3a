// Package page reads the HTML page of one item into a record.
//
// What enters: a fetched page, or the bytes of a saved one. What leaves: one
// record with the evidence for every field, all candidates with the reason why
// each was taken or not, and what the page says of itself (robots, canonical
// address, translations). What it refuses: to take anything from menus,
// listings of other items, cookie banners and the like; to invent.
//
// All evidence is gathered once, as candidates; then each field is decided by
// rank, agreement and veto. A selector of the source file that finds something
// always wins.
//
//	page.go        Result, Extract, ExtractBytes, ExtractDocument
//	parse.go       charset and parsing; flatten.go for pages nested too deep
//	walk.go        one walk over the document: blocks, headings (head.go, marks.go, margins.go what else it finds); zone.go where and for what they stand
//	jsonld.go      JSON-LD, with repair; props.go microdata and RDFa
//	extract.go     gather, then decide field after field; candidates.go the ballot of a field
//	title.go summary.go standfirst.go lead.go (summarysigns.go weighs, cut.go makes whole) dates.go authors.go names.go labels.go documents.go language.go citation.go content.go links.go
//	selector.go    Find, FindText, FindURL: the selectors of a source file
package page
