// Package queue keeps what must outlive a process: the journal of every run,
// an append-only history from which a run that was interrupted, even by kill
// -9, is taken up again; the jobs, each the wish for one run of one source; and
// the last tick of each source's schedule.
//
// What enters: batches of entries, opaque octets, from the worker that has
// claimed a run. What leaves: the same entries, in order and without a gap, to
// the next worker that claims it, and the list of runs that were begun and not
// ended. What it refuses: a second process on the same folder ([ErrLocked]),
// an append by a worker whose run was claimed by another ([ErrFenced]), a run
// that has ended ([ErrEnded]), and a folder that it cannot read, which it
// never deletes.
//
// The engine is NATS JetStream (https://docs.nats.io/nats-concepts/jetstream),
// embedded without a listener, or a server elsewhere when a URL is given; the
// code path is the same. There are three streams:
//
//	JOURNAL  journal.<source>.<scheduled time>   journal.respect.20260301T030000Z
//	JOBS     job.<source>                        one job at most, gone when done
//	TICKS    tick.<source>                       the last tick
//
// and, at a server elsewhere, the bucket "hosts" with a lease on each host that
// a process asks, so that all of them together are as polite as one.
//
// Each append carries the sequence of the entry before it, and the server
// stores it only when that still is the run's last. So the journal is its own
// fencing token: whoever claims a run moves the last sequence, and earlier
// claimants can no longer write. Jobs and ticks are stored by the same rule: a
// job only when the source has none, a tick only by the scheduler that saw the
// one before. A worker says four times in [Options.Silence] that it lives; the
// job of one that does not goes to another.
//
//	engine.go   Open and Close
//	streams.go  the streams, and what is relied upon
//	server.go   the embedded server, its log and its folder
//	keep.go     nothing is deleted when the folder cannot be opened
//	lock.go     one process per folder, and who holds it
//	journal.go  claim, append, end
//	tries.go    claims in vain: when to give a run up
//	jobs.go     jobs: put, take, done
//	ticks.go    ticks: each answered once, whoever dies
//	hosts.go    leases on hosts, between processes
//	replay.go   reading a journal back, and the list of unfinished runs
//	message.go  how entries are packed into messages; subjects
//
// Durability: an entry is with the operating system before Append returns, so
// that nothing acknowledged is lost when the process dies; the disk is synced
// every five seconds, so that a power cut loses at most the last seconds of
// the journal's tail. A lost tail means pages fetched again, never records
// lost, because records are written to the catalogue before the journal.
package queue
