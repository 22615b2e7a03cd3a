// Package harvest is the vocabulary of the project: the words that every
// other package speaks, and nothing that does I/O. It imports the standard
// library only.
//
// The words, each with one meaning in code, config, logs and pages:
//
//   - source: one YAML file, an organisation's site or API and how to harvest it
//   - door: one way into a source (wordpress, listing, …), tried in order
//   - run: one harvest of one source, identified by source and scheduled time
//   - page: one fetched response with its facts
//   - record: one description of a document, as one source gives it
//   - work: one document in the world, the group of records that describe it
//   - outcome: the one named way in which every URL and every record ends
//   - gate: a check that a run passes before what it changed is published
//   - habit: what recurs on the pages of a source, and says nothing of any single one
//   - memo: a small thing kept beside records and runs, such as that a source is paused
//   - visited: the URLs seen in this run
//   - ledger: the crawl state kept across runs ([PageFacts])
//
// Where each word lives:
//
//	record.go    Record and its parts, provenance, validation, content hash
//	date.go      Date: a calendar date with its precision
//	identity.go  how record and work identifiers are derived
//	page.go      Request, Page, Parsed: what travels between fetch, doors and crawler
//	outcome.go   Outcome: the closed list of endings
//	run.go       Run and its report
//	figures.go   Figures: what a run adds up to, and what gates make of it
//	held.go      Held and Absence: what is not published yet, what is not found any more
//	work.go      Work and its members
//	habit.go     Habit: what recurs on the pages of a source
//	memo.go      Memo: what else is kept, changed by one at a time
//	query.go     Query: what a reader asks of the catalogue
package harvest
