// Package schedule says when each source is harvested, and starts its runs.
//
// What enters: the cron line, time zone, jitter and blackout windows of each
// source. What leaves:
// calls of one function, with the source and the tick it answers. What it
// refuses: two runs of one source at once, more runs at once than allowed, and
// to let a bad cron line or a panicking run disturb the other sources.
//
// A tick is the moment that the cron line names; it identifies the run. The
// run starts a little later when the source has a jitter, by an amount that
// depends on nothing but the source and the tick, so that several schedulers
// agree on it, and that stays before the next tick.
//
// Where a time zone changes its clock (daylight saving time):
//
//   - a tick whose time the clock skips comes at the end of the gap: 02:30
//     becomes 03:00 when the clock jumps from 02:00 to 03:00;
//   - a tick whose time comes twice counts the first time only;
//   - lines that name every hour, such as "15 * * * *" or "*/10 * * * *", follow
//     the time that passes: they neither pause nor bunch.
//
// "@every 6h" counts from the beginning of 1970 in UTC, whatever the zone, so
// that restarts and several schedulers change nothing about it.
//
// In a blackout window nothing starts. What is due then starts when the window
// ends; of several ticks the latest is answered. A run that is going on when a
// window begins goes on.
//
// Ticks that went by while the process slept, or because its clock was put
// forward, or since [Entry.Since] while there was none, are made up for as
// [config.CatchUp] says: once, by the latest of them; each, one after the
// other, the last hundred at most; or not at all. A clock that is put back does
// not bring a tick again.
//
//	cron.go       one source's line: its ticks and its starts
//	blackout.go   when nothing may start
//	scheduler.go  the clock, and the runs it starts
//	describe.go   a cron line in words
package schedule
