// Package sqlite keeps the catalogue in one SQLite file.
//
// What enters: records, works, page facts and runs. What leaves: the same, and
// a file that any SQLite tool can read: plain columns for single values, JSON
// for lists, views that need neither (docs/querying.md). What it refuses: a
// file that is not ours, is damaged, or comes from a newer version; such a
// file is never written to.
//
// The file is in WAL mode (https://www.sqlite.org/wal.html): readers do not
// wait for the writer. Commits are synchronous=FULL, so that what a method
// has acknowledged survives a power cut. One connection writes, and takes the
// write lock when its transaction begins, so that no transaction is ever half
// way when it finds that it cannot write; other processes wait their turn.
//
//	open.go     Open, OpenReadOnly, Ping, Close
//	identify.go whose file is this? answered without touching it
//	migrate.go  the schema and its versions
//	backup.go   Backup, Verify
//	whole.go    records with all that is kept of them, for copies
//	unit.go     several calls as one; statements kept prepared
//	write.go    write transactions, and what their errors mean
//	columns.go  a record's fields and their columns, side by side
//	values.go   how a Go value stands in a column
//	put.go      Put, Touch
//	revisions.go  Amend, Revisions, and records as they stood on a day
//	withdraw.go  Withdraw, Reinstate, and what they bar from Put
//	query.go    Records, Count
//	matching.go  what matching reads: Lookup, Pending, Holders
//	decisions.go what people said, what waits for them
//	works.go    match keys and works
//	ledger.go   pages, runs, totals
//	memos.go    memos
package sqlite
