// Package xmlbody reads XML as sites send it: the doors whose formats are XML
// share it.
//
// What enters: the body of a page, perhaps still compressed. What leaves: its
// tokens, one after the other, in memory that does not grow with the body. What
// it refuses: to look up entities that a document declares, elements nested
// deeper than any format nests them, tags and texts longer than any format has
// them, and bodies that decompress to more than the caller allows.
//
// What it puts up with, for every repository and every second site has some of
// it: white space, a byte order mark or a program's warnings before the XML
// declaration, a declaration of XML 1.1, a charset that is not what the
// declaration says, characters that XML forbids and references to them,
// entities of HTML, "&" that stands for itself, namespaces that are wrong or
// not declared, and end tags that are missing.
//
//	unpack.go  gzip that no header announces
//	clean.go   octets → text that a parser accepts
//	reader.go  Reader: tokens within bounds
package xmlbody
