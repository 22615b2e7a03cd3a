// Package parsers turns pages into records and links. It is pure: no network,
// no files, no clock; the same page always gives the same answer.
//
// What enters: fetched pages, each with the request that led to it. What
// leaves: records whose every field says where it stands, further requests,
// and an event for everything that became no record. What it refuses: to
// remember. What a door must know of earlier pages travels in its requests, so
// that another process can go on with a run.
//
//	doors.go    New: from a source's door to its implementation
//	explain.go  Explain: what a door makes of one page, and why
//
//	parsers/wordpress  the WordPress REST API
//	parsers/listing    paginated lists of cards in HTML
//	parsers/sitemap    sitemaps
//	parsers/links      sites whose links are followed
//	parsers/csvfile    tables of comma-separated values
//	parsers/xlsxfile   workbooks of Excel
//	parsers/feed       RSS, RDF, Atom, JSON Feed
//	parsers/jsonapi    interfaces that answer in JSON
//	parsers/oaipmh     repositories by OAI-PMH
//	parsers/item       one item page, joined with what led to it
//	parsers/document   files: PDF, DOCX, ODT
//	parsers/page       the evidence on an HTML page
//	parsers/normalize  text, addresses, dates, languages, categories
//	parsers/fields     named values → a record
//	parsers/register   lines of a table → records
//	parsers/xmlbody    XML as sites send it
//	parsers/induce     selectors by the repetition of pages
//	parsers/probe      a door opened a little: does it work, what comes of it
//	parsers/survey     an unknown site → a source file
//	parsers/fixture    saved pages and what must become of them
//
// The folders of doors use the same file names: wire.go is the format as it is
// met, parse.go reads it, adapt.go makes records of it, paging.go finds the
// next page, door.go ties them together.
package parsers
