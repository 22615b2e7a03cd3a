// Package archive keeps the answers of servers as WARC 1.1 files
// (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/),
// one folder a source, so that pages can be read again without being asked for
// again.
//
// What enters: answers as [fetch.Keeper] is given them. What leaves: the same
// answers, by address and moment, to [fetch.Replay] and to people. What it
// refuses: cookies and credentials, bodies larger than [MaxBody], addresses that
// were to be forgotten, and to grow beyond its limits.
//
//	folder.go   the folder of a source: its files, its lock, what a crash left
//	writer.go   Writer: answers → records, one file a run
//	record.go   an answer as WARC records, and back
//	member.go   the gzip members of a file, one a record
//	entry.go    one line of an index (CDXJ)
//	index.go    the index of a file and of a folder; derived, rebuilt when missing
//	search.go   lines of an index by address, without loading it
//	reader.go   Reader: what is kept of an address
//	prune.go    limits of size and age
//	rewrite.go  taking records out of files
//	verify.go   is every record whole?
//
// Bodies are kept decompressed: each record is compressed anyway, equal bodies
// are recognised however they travelled, and no reader has to undo codings that
// servers get wrong. The fields that spoke of the transfer are renamed, such as
// X-Archive-Orig-Content-Encoding.
package archive
