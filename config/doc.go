// Package config reads what people write: harvest.yaml, one file for each
// source, and the vocabulary.
//
// What enters: YAML files and the environment variables that they name. What
// leaves: typed, checked values with every default filled in ([Config],
// [Source], [Vocabulary]), or problems that say where, what and how to mend it
// ([Problem]). What it refuses: keys it does not know, keys given twice,
// anchors and aliases, secrets written into a file, and to look at anything
// beyond those files and variables; loading never touches the network.
//
// A file is read by walking its nodes along one table of keys. A row of the
// table (at) names the key, its kind of value, its default, its documentation
// and the field that holds it; a kind (kind) reads, writes and describes one
// sort of value. Decoding, hints, the resolved form, the JSON Schema and the
// key reference in docs/keys.md all come from that table, so adding
// a key is adding a row, and nothing can fall behind.
//
//	config.go       the typed values of a source; door.go those of its doors
//	load.go         files and folders in, Config, Source and Problems out
//	syntax.go       text that is no YAML, in words for people
//	walk.go         the walk over nodes, and what goes wrong on it
//	key.go          the table: rows, groups, hints for unknown keys
//	list.go         lists and mappings with keys of the file's choosing
//	values.go       kinds: text, numbers, sizes, languages, bounds
//	moment.go       kinds: durations, time zones, dates
//	cron.go         kinds: cron lines; window.go times of the week
//	address.go      kinds: web addresses, hosts, network ranges, ports
//	environment.go  kinds: values with environment variables; masking of secrets
//	selector.go     kinds: CSS selectors
//	source_keys.go  the table of a source file; door_keys.go its doors,
//	                listing_keys.go, sitemap_keys.go … one kind each
//	schedule_keys.go when a source is harvested, and when none is
//	harvest_keys.go the table of harvest.yaml
//	resolved.go     values written as YAML again
//	schema.go       the table as documentation and as JSON Schema
//	reference.go    docs/keys.md
//	suggest.go      "did you mean"
//	vocabulary.go   document types and topics
//
// A mistake that people make and that is not well explained: add a file to
// testdata/bad and run the tests with -update.
package config
