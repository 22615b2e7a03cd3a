// Package match groups records into works: one document in the world, shown
// once, with every place where it was found and the reason for each.
//
// What enters: records, with their content as the catalogue has it. What
// leaves: the works that two or more of them describe. What it refuses: to join
// records whose identifiers contradict each other, or unlike records over a
// key that many share.
//
// A key is something that two descriptions of one document have in common
// ([Keys]). Records that share a key may be joined; whether they are is decided
// on all that is known of them, in an order that depends on the records alone
// and not on how they arrive ([Link]). As a record can only be joined through
// its keys, it is enough to look again at the neighbourhood of what changed
// ([Update]). Nothing here does I/O but through the store that Update is given.
//
//	keys.go     what records can share
//	address.go  addresses in the form in which they are compared
//	title.go    titles: words, numbers, likeness, what is generic
//	entry.go    what is compared of a record
//	edges.go    which pairs a key offers, and how strongly
//	group.go    joining them, and what forbids it
//	link.go     works from all records
//	update.go   works from what changed
package match
