// Package fetch gets one page at a time, politely and safely: a
// [harvest.Request] enters, a [harvest.Page] leaves. It is the only package
// that imports Colly, and it uses Colly as a shell: one synchronous request,
// one callback (docs/decisions/0002-colly-is-a-shell.md).
//
// What enters: a URL, and the validators of the last visit. What leaves: a page
// that always has an outcome, with its body whole, decompressed and in UTF-8,
// or empty. What it refuses: addresses that are not public, what robots.txt
// does not allow, more than one request at a time or too soon at one host, a
// body that is cut, bloated or endless, and to take a challenge or a login form
// for the page that was asked for.
//
// The way of a request through the files:
//
//	session.go       Fetch: the whole story of one page, read this first
//	address.go       is this a URL that we may ask for at all?
//	robots.go        may we, by robots.txt? One fetch per origin, kept for a day
//	robotsrules.go   the rules of one file, and the one that matched
//	robotsshelf.go   robots.txt kept across runs
//	attempts.go      asking, and asking again: back-off, Retry-After
//	shell.go         Colly: one request, one callback
//	clock.go         wait for the host's turn
//	exchange.go      the facts of one request on its way; RoundTrip: pace, send, unpack
//	network.go       the dialer that refuses addresses that are not public
//	body.go          limits while the body is read
//	encoding.go      gzip, deflate, br, zstd
//	outcome.go       status or error → outcome
//	interstitial.go  challenge and login pages, by what a thin page consists of (survey.go)
//	charset.go       to UTF-8: BOM, header, meta (prescan.go), content
//	xrobots.go       X-Robots-Tag and <meta name="robots">
//	cookies.go       cookies of one run, bounded
//	stats.go         what was asked of each host
//	trace.go         how a page was had, hop by hop, for people
//	verdict.go       what robots.txt says, for people
//	keep.go          what the archive is given
//	replay.go        pages from the archive in place of the network
//	problem.go       why there is no page
package fetch
