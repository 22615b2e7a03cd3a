// Package document reads files that sources offer: PDF, DOCX and ODT. Of other
// files it says what they are.
//
// What enters: the octets of one file. What leaves: its [Facts], such as media
// type, hash, number of pages, language, title and the beginning of its text,
// and the outcome by which it is counted. What it refuses: to trust what a
// server said of the file, to keep it, and to take more time or memory for it
// than its [Limits] say, whatever is in it.
//
// PDF is read by PDFium, compiled to WebAssembly: its memory is bounded by the
// runtime, it can be stopped at any moment, and what breaks in it breaks
// nothing else. docs/decisions says why.
//
//	document.go  Read: from octets to facts and an outcome
//	sniff.go     what a file is, by its first octets
//	pdf.go       a PDF; engine.go is PDFium on its leash, pdfpage.go the lines of a page
//	office.go    DOCX and ODT: parts of a ZIP archive, read as a stream
//	lines.go     which lines are the heading, and where the running text begins
//	junk.go      titles that are none
//	bidi.go      text from right to left that a page holds as it is drawn
package document
