package main

import (
	"reflect"

	"github.com/harvest87/harvest"
)

// fieldTables are all kinds of things whose fields docs/fields.md lists.
var fieldTables = []fieldTable{
	{
		title: "Records", about: "One description of a document, as one source gives it: table and collection `records`.",
		schema: recordSchema, table: "records", collection: "records", rows: fieldRows,
	},
	{
		title: "Revisions", about: "One state of a record, from one change to the next: table and collection `revisions`. A record that has never changed has none but itself.",
		schema: revisionSchema, table: "revisions", collection: "revisions", rows: revisionRows,
	},
	{
		title: "Works", about: "One document in the world: the records that describe it. In SQLite table `work_members`, one row a member; in MongoDB collection `works`.",
		schema: schemaFor[harvest.Work]("work"), table: "work_members", collection: "works", rows: workRows,
	},
	{
		title: "Moves between works", about: "The history of works, one step of a record: table and collection `work_moves`; JSON of `harvest history WORK --json`.",
		schema: schemaFor[harvest.WorkMove]("move"), table: "work_moves", collection: "work_moves", rows: workMoveRows,
	},
	{
		title: "Runs and their outcomes", about: "One harvest of one source and its report: table and collection `runs`; JSON of `harvest runs show --json`. `outcomes` counts how addresses and records ended.",
		schema: schemaFor[harvest.Run]("run"), table: "runs", collection: "runs", rows: runRows,
	},
	{
		title: "Pages", about: "The ledger: what is known of an item page between runs. Table and collection `pages`.",
		schema: schemaFor[harvest.PageFacts]("page"), table: "pages", collection: "pages", rows: pageRows,
	},
}

func schemaFor[T any](name string) func() map[string]any {
	return func() map[string]any { return schemaOf(reflect.TypeFor[T](), name+".") }
}

const utc = "UTC, to the millisecond"

var revisionRows = []fieldRow{
	{What: "identity", Form: "identity of the record, blank, number", BSON: "_id"},
	{Path: "record", What: "the record", Form: "identity of the record"},
	{Path: "revision", What: "its number", Form: "count, from 1"},
	{Path: "valid_from", What: "when the change was written", Form: utc, Term: "dcterms:valid"},
	{Path: "valid_to", What: "when the next one was", Form: utc + "; none for the one that stands", Term: "dcterms:valid"},
	{Path: "run", What: "the run that made it", Form: "source, `@`, scheduled time; none when a person did"},
	{Path: "page_hash", What: "the page that said so", Form: "SHA-256 of its content, hex"},
	{Path: "author", What: "the person who made it", Form: "as that person signs", Term: "dc:contributor"},
	{Path: "reason", What: "why", Form: "text of that person"},
	{Path: "changes", What: "what differs from the revision before", Form: "list of objects"},
	{Path: "changes.field", What: "name of the field", Form: "as in JSON, dotted below an object"},
	{Path: "changes.old", What: "the value before", Form: "as the field has it; none when it was empty"},
	{Path: "changes.new", What: "the value after", Form: "as the field has it; none when it is empty"},
}

var workRows = []fieldRow{
	{Path: "id", What: "identity", Form: "`w:` and 16 characters, after the first of its records", Term: "dc:identifier", SQL: "work", BSON: "_id"},
	{Path: "members", What: "its records", Form: "list of objects, sorted by record", SQL: "in rows", Term: "schema:workExample"},
	{Path: "members.record", What: "one record", Form: "identity of the record", SQL: "record"},
	{Path: "members.method", What: "the rule that it belongs by", Form: "`doi`, `isbn`, `sha256`, `url`, `translation`, `likeness`, `decision` …", SQL: "method"},
	{Path: "members.score", What: "how sure the rule is", Form: "0 to 1", SQL: "score"},
	{Path: "members.evidence", What: "the key that is shared, or what was weighed", Form: "text", SQL: "evidence"},
	{Path: "members.language", What: "language of the record; members of others are translations", Form: "first part of the tag, BCP 47", Term: "dc:language", SQL: "language"},
}

var workMoveRows = []fieldRow{
	{What: "identity", Form: "identity of the record, blank, number with ten digits", BSON: "_id"},
	{Path: "record", What: "the record that moved", Form: "identity of the record"},
	{Path: "number", What: "which of its moves it is", Form: "count, from 1"},
	{Path: "at", What: "when it was written", Form: utc},
	{Path: "from", What: "the work that it left", Form: "`w:` and 16 characters; none when it was alone", SQL: "from_work"},
	{Path: "to", What: "the work that it came to", Form: "`w:` and 16 characters; none when it is alone since", SQL: "to_work"},
	{Path: "method", What: "the rule that it belongs by", Form: "as of a member"},
	{Path: "score", What: "how sure the rule is", Form: "0 to 1"},
	{Path: "evidence", What: "the key that is shared, or what was weighed", Form: "text"},
}

var runRows = []fieldRow{
	{Path: "id", What: "identity", Form: "source, `@`, scheduled time", BSON: "_id"},
	{Path: "source", What: "the source that was harvested", Form: "name of its file"},
	{Path: "scheduled_at", What: "the moment that it answers", Form: utc + "; of a run by hand its start"},
	{Path: "started_at", What: "when it began", Form: utc},
	{Path: "ended_at", What: "when it ended", Form: utc + "; none while it is under way"},
	{Path: "state", What: "how it stands", Form: "`running`, `passed`, `partial`, `failed`, `quarantined` …"},
	{Path: "reason", What: "why it did not pass", Form: "text"},
	{Path: "resumed", What: "how often it was taken up again", Form: "count"},
	{Path: "config", What: "all that decides how pages are read", Form: "digest of the source file and the program"},
	{Path: "replay", What: "whether its pages came from the archive", Form: "0 or 1 in SQLite; true, or no field"},
	{Path: "incremental", What: "whether only what had changed was asked for", Form: "0 or 1 in SQLite; true, or no field"},
	{Path: "since", What: "the moment since when", Form: utc},
	{Path: "newest", What: "whether the source showed its newest items alone", Form: "0 or 1 in SQLite; true, or no field"},
	{Path: "doors", What: "how each door did", Form: "list of objects"},
	{Path: "doors.door", What: "the door", Form: "`wordpress`, `sitemap`, `listing` …"},
	{Path: "doors.used", What: "whether the run came in by it", Form: "true or false"},
	{Path: "doors.reason", What: "why it was passed over", Form: "text"},
	{Path: "doors.worked", What: "when it worked last", Form: utc},
	{Path: "outcomes", What: "how addresses and records ended", Form: "counts by the name of the [outcome](operating.md)", Whole: true},
	{Path: "samples", What: "examples of outcomes that want attention", Form: "list of objects, at most 10 of each outcome"},
	{Path: "samples.outcome", What: "the outcome", Form: "its name"},
	{Path: "samples.url", What: "the address that ended so", Form: "URL"},
	{Path: "samples.record", What: "the record that ended so", Form: "identity of the record"},
	{Path: "samples.reason", What: "why", Form: "text"},
	{Path: "requests", What: "HTTP requests of every kind", Form: "count, robots.txt included"},
	{Path: "wire_bytes", What: "what travelled in bodies", Form: "octets"},
	{Path: "bytes", What: "the same after decompression", Form: "octets"},
	{Path: "hosts", What: "what was asked of each host", Form: "list of objects: `host`, counts, octets, and times in nanoseconds (`_ns`)", Whole: true},
	{Path: "notes", What: "what people should know of it", Form: "list of texts"},
	{Path: "unmapped_labels", What: "labels of document types that no mapping knows", Form: "counts by label", Whole: true},
	{Path: "figures", What: "what later runs are compared with", Form: "object of the program's own: counts and shares", Whole: true, SQL: "figures"},
	{Path: "gates", What: "what each [gate](gates.md) said of it", Form: "list of objects: `gate`, `failed`, `seen`, `low`, `high` (shares from 0 to 1, or counts), `history` (runs), `says`", Whole: true},
	{Path: "held", What: "records that wait for a decision, or waited for it", Form: "count"},
	{Path: "ruling", What: "what a person decided about it", Form: "object: `publish`, `author`, `reason`, `at`, `done`", Whole: true, SQL: "ruling"},
}

var pageRows = []fieldRow{
	{What: "identity", Form: "source, blank, URL", BSON: "_id"},
	{Path: "source", What: "the source that it belongs to", Form: "name of its file"},
	{Path: "url", What: "its address", Form: "URL as it is asked for, normalised"},
	{Path: "validators", What: "what it is asked for again with", Form: "[RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-validator-fields)"},
	{Path: "validators.etag", What: "entity tag", Form: "as the server gave it", SQL: "etag"},
	{Path: "validators.last_modified", What: "date of the last change", Form: "as the server gave it", SQL: "last_modified"},
	{Path: "hash", What: "its body", Form: "SHA-256, hex"},
	{Path: "size", What: "what it weighed when it was fetched", Form: "octets on the wire"},
	{Path: "status", What: "how the server answered", Form: "HTTP status"},
	{Path: "fetched_at", What: "when it was fetched last", Form: utc},
	{Path: "config", What: "all that decided how it was read", Form: "digest of the source file and the program"},
	{Path: "content", What: "what it says", Form: "digest"},
	{Path: "since", What: "when it was first fetched", Form: utc},
	{Path: "changes", What: "how often it said something else since", Form: "count"},
	{Path: "changed_at", What: "when it last did", Form: utc},
	{Path: "links", What: "where a page of a list has led", Form: "in a form of the program's own"},
	{Path: "records", What: "the records that stand on it", Form: "list of identities"},
}
