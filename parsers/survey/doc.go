// Package survey finds out how an unknown site can be harvested, and writes a
// source file for it.
//
// What enters: the address of a site or of a list on it, and a function that
// asks for pages. What leaves: a source file that lints, the records that it
// gave when it was tried, what was tried besides, and what is unsure. What it
// refuses: to ask for more pages than it may, and to write down a door through
// which no record came.
//
//	survey.go    Survey: an address → a source file
//	budget.go    pages asked for once each, and not too many
//	evidence.go  what a page says of its site: platform, feeds, name, language
//	platforms.go doors that platforms have, the best first
//	wordpress.go, drupal.go, library.go, opendata.go, mediawiki.go  one family of platforms each
//	lists.go     lists in HTML, by the repetition of pages
//	fallback.go  sitemaps and feeds
//	compose.go   what was found → the text of the file
package survey
