package config

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// Documents says which files of a source are read, and within what bounds.
type Documents struct {
	// Read is one of the readings, default [ReadItems].
	Read DocumentReading
	// PerRecord is how many files of one record are read, from the first;
	// default 3.
	PerRecord int
	// MaxSize is the largest file that is fetched, in octets, default 20 MiB;
	// RunSize what all files of one run may weigh on the wire, default 1 GiB.
	// They apply to linked files; what is an item itself is fetched as a page.
	MaxSize, RunSize int64
	// Again is how old the facts of a file may be before a run that reads its
	// record asks whether it has changed; default 30 days.
	Again time.Duration
}

// DocumentReading says which files are read.
type DocumentReading string

// The readings.
const (
	ReadItems  DocumentReading = "items"  // those to which the source's items lead straight: they are fetched anyway
	ReadLinked DocumentReading = "linked" // and those that the pages of items link to
	ReadNone   DocumentReading = "none"
)

func documentsKind() kind[Documents] {
	return group("documents", []key[Documents]{
		at("read", documentReading(), func(d *Documents) *DocumentReading { return &d.Read }, Key{
			Default: "items", Doc: "items: files to which the source's items lead straight, which are fetched anyway; linked: also those that an item's page links to; none: no file.",
			Example: "linked",
		}),
		at("per_record", integer(1, 50), func(d *Documents) *int { return &d.PerRecord }, Key{
			Default: "3", Doc: "How many linked files of one record are read, from the first.", Example: "1",
		}),
		at("max_size", size(1<<10, 50<<20), func(d *Documents) *int64 { return &d.MaxSize }, Key{
			Default: "20MiB", Doc: "The largest linked file that is fetched; one that announces more is not.", Example: "5MiB",
		}),
		at("run_size", size(1<<10, 1<<40), func(d *Documents) *int64 { return &d.RunSize }, Key{
			Default: "1GiB", Doc: "What the linked files of one run may weigh together; it counts for limits.bytes too.", Example: "200MiB",
		}),
		at("again", duration(0, 5*365*24*time.Hour), func(d *Documents) *time.Duration { return &d.Again }, Key{
			Default: "720h", Doc: "A linked file that is known is asked about again after so long, when its record is read.", Example: "2160h",
		}),
	})
}

func documentReading() kind[DocumentReading] {
	words := oneOf(string(ReadItems), string(ReadLinked), string(ReadNone))
	return kind[DocumentReading]{
		name: words.name, schema: words.schema,
		read: func(w *walker, v value) (DocumentReading, bool) {
			word, ok := words.read(w, v)
			return DocumentReading(word), ok
		},
		write: func(r DocumentReading) *yaml.Node { return scalar(string(r)) },
	}
}
