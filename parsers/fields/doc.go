// Package fields makes a record of named values: the doors share it whose
// formats describe a document field by field, such as Dublin Core, MARC, feeds,
// JSON and tables.
//
// What enters: values as a format has them, several where one was meant, with
// the name of the field. What leaves: a record without identity, each of its
// fields with that name as its evidence. What it refuses: to take what is no
// title, date, language or address for one. Nothing is kept that was guessed.
//
//	builder.go    Builder and the simple fields
//	names.go      names of people and bodies
//	addresses.go  which of several addresses is the item's, which a document's
//	dates.go      which of several dates is that of publication
//	path.go       JMESPath as it is applied: the values that a path finds
//	paths.go      the paths of a source file: an entry of JSON → its fields
//	moment.go     when something was last changed
package fields
