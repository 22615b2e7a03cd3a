// Package csvfile reads registers that are published as tables of
// comma-separated values (RFC 4180).
//
// What enters: files, compressed or not, with any separator. What leaves: one
// record for each row, or one for the whole file where its rows are nobody's
// business: registers of persons are described, not copied. What it refuses:
// files without the columns that the source file names, and web pages in their
// place.
//
//	wire.go   a file as it is met: separator, columns, rows
//	parse.go  a file → its rows, one after the other
//	adapt.go  a row → a record
//	door.go   Door: Seeds, Parse
package csvfile
