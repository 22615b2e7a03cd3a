// Package mongo is the catalogue in MongoDB, for teams that share one.
//
// What enters and leaves: see [sinks.Catalogue]. What it refuses: to need more
// of the server than plain reads, writes and indexes. No transactions, change
// streams, views, validators or text indexes are used, so that MongoDB 6 to 8,
// DocumentDB and FerretDB all do. Every write is idempotent, so what a crash or
// a cut connection leaves undone is done by calling again.
//
// Collections: records, revisions, withdrawals, works, decisions,
// doubts, runs, pages. Each document's _id is the derived
// key, so two writers of one record end with one document: one of them sees
// the duplicate key error 11000 and tries again as an update.
//
//	open.go       connection, indexes, Close
//	document.go   how records and runs are laid out as BSON
//	put.go        the upsert of records, and Touch
//	revisions.go  Amend, Revisions, and how a change and its history are one write
//	withdraw.go   Withdraw, Reinstate, and what they bar from Put
//	whole.go      records with all that is kept of them, for copies
//	query.go      queries and streams
//	works.go      match keys and works
//	ledger.go     pages, runs, totals
//	errors.go     which errors mean "away", and secrets kept out of them
package mongo
