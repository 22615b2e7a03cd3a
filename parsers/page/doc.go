// Package page reads the HTML page of one item into a record.
//
// What enters: a fetched page, or the bytes of a saved one. What leaves: one
// record with the evidence for every field, all candidates with the reason why
// each was taken or not, and what the page says of itself (robots, canonical
// address, translations). What it refuses: to take anything from menus,
// listings of other items, cookie banners and the like; to invent.
//
// All evidence is gathered once, as candidates; then each field is decided by
// rank, agreement and veto. A selector of the source file that finds something
// always wins.
package page
