// Package jsonapi reads search interfaces and catalogues that answer in JSON,
// by the paths that the source file gives (JMESPath, https://jmespath.site).
//
// What enters: pages of a list, the JSON of single items where the list does
// not say enough, and their web pages. What leaves: records, and requests for
// what follows. What it refuses: lists that repeat themselves, and to follow a
// page that answers with something else than the list.
//
//	parse.go  a body → its list
//	adapt.go  an entry → a record
//	paging.go where a list goes on and when it ends
//	door.go   Door: Seeds, Parse
package jsonapi
