// Package feed reads feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed. It is the
// door for sites that announce what they publish, and for what a better door
// has not shown yet.
//
// What enters: feeds, the pages that name them, and item pages. What leaves:
// records, item requests that carry what the feed said, and the next page of
// the feed. What it refuses: feeds whose elements stand deeper than any feed
// nests them, feeds that repeat themselves, and to conclude from the newest
// items that the others are gone ([harvest.Parsed.Newest]).
//
//	wire.go   what is asked of a feed before and besides its items
//	parse.go  a body → a feed; the reading of items is a library's
//	adapt.go  an item → a record
//	paging.go where a feed goes on and when it ends
//	door.go   Door: Seeds, Parse
package feed
