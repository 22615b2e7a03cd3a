// Package listing reads paginated lists of cards in HTML: the door for sites
// that have no interface made for programs.
//
// What enters: listing pages and the item pages they lead to. What leaves:
// records, item requests that carry what their card said, and the next page
// of the list. What it refuses: cards without an address, lists that repeat
// themselves, and links that the page asks not to follow.
//
//	wire.go    selectors as they are applied: the values and which one won
//	parse.go   a page → its cards, the next page, robots directives
//	following.go  a card that goes on over what stands behind it
//	adapt.go   a card → a record
//	paging.go  where a list goes on and when it ends
//	form.go    forms that are sent: for the first page, and for those behind it
//	inside.go  HTML within JSON
//	groups.go  lists that a start page leads to: letters, years
//	door.go    Door: Seeds, Parse
package listing
