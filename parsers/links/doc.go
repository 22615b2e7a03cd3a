// Package links follows the links of a site that has neither an interface nor a
// list: the last door, and the one that knows least.
//
// What enters: pages of HTML. What leaves: records of those that are items, and
// requests for the pages that they all lead to. What it refuses: links out of
// the source's hosts, links that do something instead of showing something, and
// pages further from the first than the source file allows.
//
// Whether a page is an item is decided by signs, each with a weight, and can be
// explained; patterns of the source file win over all of them. What an address
// alone says decides how a page is asked for: as an item, which is left alone
// while it does not change, or as a page of a list, whose links are kept.
//
//	address.go  what an address says: hub, item, nothing; what is not followed
//	judge.go    what a page says, sign by sign
//	door.go     Door: Seeds, Parse
package links
