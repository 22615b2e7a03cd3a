// Package sitetest is a library of sites that misbehave on demand, for testing
// crawlers. A test makes a [Site], gives its paths a behaviour each, crawls it,
// and asks the site what it saw.
//
// What enters: behaviours, as plain http.Handlers. What leaves: answers on
// 127.0.0.1 and a record of every request. What it refuses: to listen anywhere
// else, and to outlive its test: every handler that stalls ends with its
// request or with its site.
//
//	site := sitetest.New(t)
//	site.Robots("User-agent: *\nDisallow: /private/\n")
//	site.Handle("/slow", sitetest.Drip(10, time.Second))
//	site.Handle("/busy", sitetest.Sequence(sitetest.Busy(429, "2"), sitetest.HTML("<p>welcome")))
//	…
//	if n := site.Count("/busy"); n != 2 { … }
//
// The behaviours:
//
//	answers.go   pages, statuses, sequences, validators, cookies
//	redirects.go to another place, in chains, in circles
//	slow.go      headers and bodies that take their time, or never end
//	bodies.go    compressed, bloated, cut and corrupt bodies
//	raw.go       what net/http would not send: garbage, resets, wrong lengths
//	walls.go     challenges and login forms, and innocent pages like them
//	tls.go       sites with certificates, good and bad
//	names.go     a resolver with names of its own, also ones that change
//	library.go   a site of any size that is generated while it is served
//	             (librarypages.go: what it shows)
//	traps.go     sites without end: calendars, session identifiers, …
//	memory.go    sites without a network, for testing/synctest
package sitetest
