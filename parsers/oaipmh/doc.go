// Package oaipmh reads repositories by the protocol that libraries share
// (OAI-PMH 2.0, http://www.openarchives.org/OAI/openarchivesprotocol.html).
//
// What enters: answers to its six verbs. What leaves: records of Dublin Core
// or MARC 21, requests for the next part of a list, and an event for every
// record that the repository has deleted. What it refuses: lists that go in a
// circle, and to take a list that broke off for a whole one.
//
//	wire.go    the answers as they are met
//	parse.go   a body → an answer
//	dc.go      Dublin Core → a record; marc.go MARC 21 → a record
//	adapt.go   a record of the repository → a record, request or event
//	list.go    where a list goes on; window.go its pieces by date
//	step.go    what a request remembers
//	trouble.go what to do about each error of the protocol
//	door.go    Door: Seeds, Parse
package oaipmh
