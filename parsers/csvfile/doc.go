// Package csvfile reads registers that are published as tables of
// comma-separated values (RFC 4180).
//
// What enters: files, compressed or not, with any separator. What leaves: their
// lines, of which [register] makes records. What it refuses: web pages and
// files of other kinds in their place.
//
//	wire.go   a file as it is met: separators and bounds
//	parse.go  a file → its lines, one after the other
//	door.go   New
package csvfile
