// Package wordpress reads WordPress sites through their REST API
// (https://developer.wordpress.org/rest-api/reference/).
//
// What enters: pages of /wp-json/wp/v2/<type>, of the index of types, and web
// pages of single posts where the API does not say enough. What leaves:
// records, and the requests that complete them. What it refuses: posts behind
// a password or not published, accounts as authors, and to go round an API
// that its owner has closed.
//
//	wire.go      the JSON as it is met
//	parse.go     a body → posts, types or an error
//	adapt.go     a post → a record; content.go what its HTML says
//	fields.go    what the source file's paths find in a post
//	head.go      what plugins for search engines say of a post
//	terms.go     the names of terms that do not come along
//	languages.go sites in several languages
//	route.go     the two forms of an API address
//	paging.go    where a collection goes on; step.go what a request remembers
//	fallback.go  what to try when the API does not answer as it should
//	door.go      Door: Seeds, Parse
package wordpress
