// Package browser makes the page that people see of one that only JavaScript
// fills: a [harvest.Page] as fetched enters, and leaves with the document that
// headless Chromium made of it as its body.
//
// Chromium itself never reaches the network. Whatever a page asks for is caught
// before it is sent (the Fetch domain of the DevTools protocol,
// https://chromedevtools.github.io/devtools-protocol/tot/Fetch/) and fetched by
// the crawler: by robots.txt, the host's clock, the refusal of addresses that are
// not public and the limits on size, like any page. What the protocol does not
// catch, such as WebSockets, goes to a proxy that answers nothing.
//
// The way of a page through the files:
//
//	browser.go   New: one Chromium, started when first needed; Render
//	tab.go       one page: the clock of its scripts, its document, its limits
//	requests.go  what it asks for: which requests are fetched, and how
//	dead.go      the proxy that answers nothing
package browser
