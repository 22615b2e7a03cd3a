// Package linkcheck finds documents that are no longer where records say, slowly.
//
// What enters: the addresses of documents in records. What leaves: for each when
// it was last asked for, what came of it and since when it is broken. What it refuses:
// to call a link broken after one bad day, to ask a host for more than a few links
// a day, and to change a record: a document that is gone is no reason to doubt what
// was said of it.
//
//	link.go   what is known of one address, and what another look makes of it
//	plan.go   which addresses are to be asked for now
//	memory.go what is known, kept in the catalogue
//	check.go  one pass
package linkcheck
