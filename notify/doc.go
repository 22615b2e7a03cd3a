// Package notify tells people when a source changes how it stands, once.
//
// What enters: how sources stand ([Standing]), again and again. What leaves:
// messages by webhook, Slack and e-mail, on a change only, and a digest each
// day or week. What it refuses: to tell the same twice because of a restart, to
// forget a message that could not be delivered, and to follow redirects with
// what is signed.
//
// What was told and what is still to be delivered stand in one memo of the
// catalogue for each source, changed by compare-and-set. So a change and its
// messages are one write: a process that is killed has done both or neither,
// and of several servers one tells. A message leaves the memo when it was
// delivered; a process that is killed between the two delivers it again, under
// the same identifier, by which receivers can tell.
//
//	change.go   what is worth telling
//	outbox.go   what was told, what is to be delivered, and when
//	digest.go   the summary of all sources
//	render.go   words, by templates that can be replaced
//	webhook.go  signed JSON, and what Slack understands
//	mail.go     e-mail
package notify
