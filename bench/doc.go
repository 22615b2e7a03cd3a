// Command bench measures the crawler beside what else one could write, in one
// run and on one machine. docs/performance.md says what its numbers mean and
// what they were.
//
//	go run ./bench                 all tables
//	go run ./bench -short          a fraction of the pages, to see that it works
//	go run ./bench crawl           pages per second, side by side
//	go run ./bench layers          what each layer costs per page
//	go run ./bench again           a site that has not changed, harvested again
//	go run ./bench pending         memory and replay with many pending addresses
//	go run ./bench exports         a catalogue of a million records, written in every format
//	go run ./bench search          an index of a million records: built, and asked
//
// Everything that is measured runs in a process of its own, and so does the
// site, so that none pays for another's memory or garbage. Contestants take
// turns, round after round: a machine that is busy for a while slows all of
// them, and the table gives medians with the lowest and highest.
//
//	site.go       the site: seeded content, pages of about 11 KB
//	serve.go      its server and what it counts
//	bare.go       a loop of net/http and goquery
//	colly.go      a plain Colly collector, two ways
//	harvest.go    the crawler: links alone, and the whole pipeline
//	program.go    the program itself
//	pending.go    a frontier of a million, without a network
//	library.go    a made-up catalogue of any size
//	search.go     an index of it, and what people ask
//	exports.go    the catalogue itself, and its exports
//	crawl.go layers.go again.go   the tables
//	process.go    children and what they used
package main
