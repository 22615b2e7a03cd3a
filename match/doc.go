// Package match groups descriptions into works: one document in the world,
// shown once, with every place where it was found and the reason for each.
//
// What enters: records of the catalogue, or descriptions from any file. What
// leaves: groups that describe one document, pairs that a person must look at,
// and the evidence for both in words. What it refuses: to join descriptions
// that contradict each other, to chain unlike ones over a third, and to compare
// all with all because they share a title.
//
// Two ways lead to a group. A certain key is something that only descriptions
// of one document have in common ([Keys]). Without one, descriptions that meet
// in a block are compared ([Compare]) and found to be the same, different, or
// for a person to judge. Groups are joined in an order that depends on the
// descriptions alone and not on how they arrive ([Link]); it is enough to look
// again at what hangs together with a change ([Update]). Nothing here does I/O
// but through the store that Update is given.
//
// Reading, one description at a time:
//
//	description.go  what is known of a description; records of the catalogue
//	read.go         descriptions from lines of JSON
//	citation.go     a whole reference in one string, taken apart
//	clean.go        what is left of HTML, notes in brackets
//	words.go        words, digits, numbers in any script
//	transliterate.go  Cyrillic and Greek in Latin letters
//	lists.go        words of grammar, of kinds of document, of numbers
//	weights.go      how much a word tells
//	title.go        titles: words, numbers, countries
//	names.go        authors
//	venue.go        journals, conferences, publishers, pages
//	countries.go    countries in titles
//	sketch.go       texts as sets of hashes
//	entry.go        all of this for one description
//
// Comparing two:
//
//	compare.go, compare_title.go  what speaks for and against
//	edits.go                      words spelt otherwise
//	languages.go                  the same of two languages
//	verdict.go                    points, answers, evidence
//	phrase.go                     evidence in words
//
// Finding whom to compare, and joining:
//
//	keys.go, address.go  certain keys
//	blocks.go, twins.go  where candidates meet
//	recurrence.go        titles of columns and yearly reports
//	stored.go            the same as stores index it
//	weave.go             pairs of a whole set
//	edges.go             what is a reason to join
//	decisions.go         what people said
//	group.go             joining, and what forbids it
//	link.go              works from all records
//	corpus.go            groups of a million descriptions
//	update.go, meet.go   works from what changed
package match
