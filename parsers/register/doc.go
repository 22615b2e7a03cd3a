// Package register makes records of registers that are published as tables,
// whatever the form of the file: the doors csv and xlsx share it.
//
// What enters: files that a [Format] opens. What leaves: one record for each
// row, or one for the whole file where its rows are nobody's business:
// registers of persons are described, not copied. What it refuses: files
// without the columns that the source file names, and web pages in their place.
//
//	wire.go   what a table is to this package, and templates over its columns
//	parse.go  lines → the names of columns → rows
//	adapt.go  a row → a record
//	door.go   Door: Seeds, Parse
package register
