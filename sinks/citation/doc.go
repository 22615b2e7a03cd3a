// Package citation is what the formats of reference managers share: which type
// a document has in each of them, whether an author is a person, the key by
// which a document is cited, and text that stays on its line.
//
// What enters: a record. What leaves: the parts of its citation, the same in
// every format. What it refuses: to guess; a name that cannot be taken apart
// with reason stays whole, a date keeps its precision, and what is unknown is
// left out.
package citation
