// Package item reads the web page of one item and joins it with what the page
// that led to it, a listing's card or an API's reply, already said. The doors
// that visit item pages share it.
//
// What enters: a fetched page whose request carries the card. What leaves: one
// record whose every field says which of the two pages it is from, or the event
// that says why there is none. What it refuses: pages that ask not to be
// indexed, item addresses that lead back to the front page or the listing, and
// a canonical address on another host.
//
//	item.go    Parse: one item page
//	merge.go   Merge: a page's own words over its card
//	title.go   which of two titles is the item's, summary.go which summary
//	address.go which canonical address may be believed
package item
