// Package transfer moves a catalogue from one store to another, whole.
//
// What enters: two [sinks.Catalogue], of which the second is empty or holds
// what an earlier call has begun. What leaves: the same catalogue in the
// second, with history, works, decisions, runs and all else that the first
// keeps, and the counts and digests by which that was verified. What it
// refuses: to mix two catalogues.
//
//	transfer.go  Copy: goes on where it was stopped, and verifies
//	parts.go     what a catalogue is made of, and how each part is read and written
package transfer
