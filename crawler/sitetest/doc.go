// Package sitetest is a library of sites that misbehave on demand, for testing
// crawlers. A test makes a [Site], gives its paths a behaviour each, crawls it,
// and asks the site what it saw.
//
// What enters: behaviours, as plain http.Handlers. What leaves: answers on
// 127.0.0.1, or on a network in memory, and a record of every request. What it
// refuses: to listen anywhere else, and to outlive its test: every handler that
// stalls ends with its request or with its site.
//
//	site := sitetest.New(t)
//	site.Robots("User-agent: *\nDisallow: /private/\n")
//	site.Handle("/slow", sitetest.Drip(10, time.Second))
//	site.Handle("/busy", sitetest.Sequence(sitetest.Busy(429, "2"), sitetest.HTML("<p>welcome")))
//	…
//	if n := site.Count("/busy"); n != 2 { … }
//
// Behaviours combine, for each is a handler: With(Validated(…, HTML(…)), "X-Robots-Tag", "noindex").
//
// # Choosing a behaviour
//
// By the failure that a test is about, and where it happens in the world:
//
//	a server that is busy or down      Busy, Throttle, Outage, Flaky
//	a firewall that has had enough     BanAfter, OnlyFor, Challenges
//	content that is not for us         Logins, Challenges; Innocent pages like them
//	a slow line or a slow loris        Late, Silent, Drip, DripHeader
//	an answer without end              Endless, EndlessChunks, EndlessCoded, EndlessTrailer, EndlessExtension, Informational
//	an answer that blows up            Bomb, HugeHeader, ManyHeaders, CookieFlood
//	an answer that breaks off          Truncated, CutChunked, Reset, Raw, Garbage
//	a mislabelled answer               Labelled, Content, Encoded
//	a redirect astray                  Chain, Circle, LongerAndLonger, Redirect, ToInside
//	an attack on the inside            Inside, ToInside, Names
//	a certificate gone wrong           NewTLS
//	a robots.txt of some kind          Robots, RobotsAnswers
//	a cookie that must come back       Cookie
//	a page that has not changed        Validated, Library
//	a site of ten thousand pages       Library
//	a missing page that is not 404     SoftNotFound, SoftNotFoundRedirect, SameForEverything
//	a site without end                 Calendar, SessionLinks, EverDeeper, NextForEver, Facets, Mirrors
//	the moment before an answer        Gate
//	hours of waiting                   Memory, with testing/synctest
//
// # Where each is
//
//	site.go          Site: paths, behaviours, what was seen
//	answers.go       pages, statuses, sequences, validators, cookies
//	redirects.go     to another place, in chains, in circles, ever longer
//	slow.go          headers and bodies that take their time, or never end
//	bodies.go        compressed, bloated, cut and corrupt bodies
//	floods.go        answers that never end and weigh nothing
//	limits.go        rate limits, bans, outages
//	raw.go           what net/http would not send: garbage, resets, wrong lengths
//	robots.go        the ways in which servers answer for /robots.txt
//	walls.go         challenges and login forms, and innocent pages like them
//	inside.go        addresses that nobody may be led to, in every form
//	traps.go         sites without end, and missing pages that are not 404
//	library.go       a site of any size that is generated while it is served
//	librarypages.go  what it shows
//	tls.go           sites with certificates, good and bad
//	names.go         a resolver with names of its own, also ones that change
//	memory.go        sites without a network, for testing/synctest
package sitetest
