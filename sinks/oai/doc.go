// Package oai lets libraries harvest the catalogue by the Open Archives
// Initiative Protocol for Metadata Harvesting 2.0
// (http://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm), in
// unqualified Dublin Core.
//
// What enters: requests of anybody. What leaves: XML 1.0. What it refuses: every
// argument that the protocol does not know, with the error that it has for that;
// methods other than GET, HEAD and POST. It changes nothing.
//
//   - Items are the records of the catalogue: oai:DOMAIN:SOURCE:ID. Their
//     datestamps are the seconds in which they changed last, in UTC.
//   - Records that are gone or withdrawn stay for ever as deleted.
//   - Sets are the sources, the document types and the topics: source.respect,
//     category.guidance, topic.child-labour. They have no hierarchy.
//   - Lists walk through the order of changes, see [harvest.Changes]. A
//     resumption token says how far; the server keeps nothing between requests. What
//     changes while a list is read comes again at its end, so that a list which is
//     read to its end is complete.
//   - What changed in the last moments is not listed yet ([Options.Settle]), and
//     responseDate is as much behind the clock. A harvester that begins where its
//     last harvest was answered so misses nothing that was being written then.
package oai
