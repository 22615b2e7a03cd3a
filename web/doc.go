// Package web is what a running `harvest serve` answers over HTTP. For now
// that is its health, for container engines and load balancers.
//
// What enters: requests from operators. What leaves: JSON. What it refuses:
// methods other than GET and HEAD; it changes nothing.
package web
