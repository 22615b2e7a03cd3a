// Package induce finds selectors by the repetition of pages: the cards of a
// list, the fields within them, the link to the next page, and fields of item
// pages that their own evidence does not give.
//
// What enters: pages of HTML from a site that nobody has described. What
// leaves: rules for a listing door with how sure each is. What it refuses: to
// guess. A field for which no place in the cards is found stays without a rule,
// and what is unsure is said.
//
//	document.go  a page made ready: what is hidden is gone, zones are known
//	groups.go    elements that repeat, each group with a selector for it
//	facts.go     what a card says: its link, its title, dates, texts
//	score.go     how much a group looks like the list that people come for
//	selector.go  names that hold, and selectors that lead to an element
//	fields.go    the place of each field within the cards
//	labels.go    labels and authors, also those without a name
//	order.go     whether day or month comes first in printed dates
//	next.go      where the list goes on
//	list.go      Lists: a page → the lists on it, best first
//	item.go      Page: item pages → rules for what they do not say by themselves
package induce
