// Package health says how a source is doing, from the reports of its runs.
//
// What enters: the newest runs of one source and how often it is to run. What
// leaves: one verdict, [Report], with the class of failure, how long it has
// lasted, when the source was last seen whole, and until when it is better left
// alone. What it refuses: to ask anything but what it is given. It has no
// store, no clock and no network, so the same runs always give the same verdict.
//
//	classify.go  why a run did not pass
//	assess.go    what its runs say of a source
//	fallback.go  that a door has stopped working, and another works in its stead
//	rest.go      how long a source that is dead is left alone
package health
