// Package sitemap reads sitemaps (https://www.sitemaps.org/protocol.html): the
// door for sites that list their pages for search engines, and no better one.
//
// What enters: robots.txt, where the source file names no sitemap; sitemaps,
// their indexes, lists of addresses in plain text, feeds used as sitemaps; and
// the item pages they lead to. What leaves: item requests with the day of the
// last change, records of the item pages. What it refuses: entities that a
// sitemap declares, addresses that are none, and indexes without end.
//
//	wire.go   the elements as they are met
//	parse.go  a body → its entries, one after the other
//	adapt.go  what an entry says of its item
//	find.go   where the sitemaps of a site are
//	door.go   Door: Seeds, Parse
package sitemap
