// Package xlsxfile reads registers that are published as workbooks of Excel
// (ECMA-376 part 1, section 18,
// https://ecma-international.org/publications-and-standards/standards/ecma-376/).
//
// What enters: workbooks of any program. What leaves: the lines of their
// sheets as a reader sees them, of which [register] makes records: dates and
// not the numbers that stand for them, what formulas came to, where links lead.
// What it refuses: binary, encrypted and OpenDocument workbooks, and archives
// that unpack to more than is read.
//
// Rows are read one after the other. What is held in memory is bounded: the
// texts that cells share, the links and the merged cells of one sheet.
//
//	wire.go    the parts of a workbook and their bounds
//	parts.go   an archive → its parts
//	book.go    sheets, their names and where they stand
//	shared.go  texts that cells share
//	styles.go  which numbers are dates, and how much of them is shown
//	number.go  a number → what a reader sees
//	around.go  what stands behind the rows: links and merged cells
//	rows.go    a sheet → its rows
//	parse.go   a file → its lines
//	door.go    New
package xlsxfile
