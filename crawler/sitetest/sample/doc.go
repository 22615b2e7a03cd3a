// Package sample is a small policy library as a web site: the site that
// `harvest demo` harvests and that end-to-end tests compare with.
//
// What enters: HTTP requests. What leaves: pages, a WordPress REST API and
// PDFs about two dozen invented documents on forced labour, human trafficking
// and child labour. What it refuses: to reach anything outside itself. All its
// content is compiled in, and the same request gets the same answer for ever,
// but for the block of related items on item pages, which changes at every
// request as such blocks do.
//
// The site has the traps that real libraries set, each of them once:
//
//   - listing cards whose summaries are cut ("...Read More")
//   - an item listed twice, under two addresses and two labels
//   - a card without a title, a card whose page is gone, a card that leads into
//     the branch that robots.txt closes, and a page that asks not to be indexed
//   - post types of WordPress leaked into a search form
//   - a citation line that knows the date better than the page does
//   - entities and entities of entities, curly quotation marks, and titles in
//     Arabic, French, Nepali and Spanish
//   - a protected post, a private one and a draft, which the API must not give
//   - a label that no vocabulary knows
//
// How the package is laid out:
//
//	sample.go    Site, Options: serving and counting
//	library.go   the items and how they are found
//	markup.go    how the site prints text
//	pages.go     item pages, listings, messages
//	query.go     what a caller of the API may ask for
//	api.go       the API's answers; wire.go their JSON
//	pdf.go       the documents
//	sources.go   the source files that harvest the site
//	expected.go  what a harvest must find
package sample
