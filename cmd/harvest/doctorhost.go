package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/sync/errgroup"
)

const (
	// clockSample is how long the clock is watched, clockSlack by how much it
	// may move against the time that passes meanwhile.
	clockSample = 100 * time.Millisecond
	clockSlack  = 50 * time.Millisecond
	// ahead is by how much something may lie in the future, because clocks differ.
	ahead = 5 * time.Minute
)

// checkClock looks for signs that the clock on the wall is wrong: runs, delays
// and ticks are told apart by it.
func (d *doctor) checkClock(ctx context.Context) {
	const wayOut = "set the clock, and let the system keep it, such as: timedatectl set-ntp true"
	start := time.Now()
	select {
	case <-time.After(clockSample):
	case <-ctx.Done():
		return
	}
	end := time.Now()
	if moved := end.Round(0).Sub(start.Round(0)) - end.Sub(start); moved.Abs() > clockSlack {
		d.notef("clock", warning, wayOut, "it was moved by %s within %s", moved.Round(time.Millisecond), clockSample)
		return
	}
	latest, what := d.latest(ctx)
	if latest.After(d.now.Add(ahead)) {
		d.notef("clock", bad, wayOut+"; then harvest again", "it says %s, but %s is of %s", d.now.Format(time.DateTime), what, latest.Local().Format(time.DateTime))
		return
	}
	d.notef("clock", good, "", "%s", d.now.Format("2006-01-02 15:04:05 MST"))
}

// latest is the latest of the moments that must lie in the past.
func (d *doctor) latest(ctx context.Context) (at time.Time, what string) {
	take := func(t time.Time, name string) {
		if t.After(at) {
			at, what = t, name
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
					take(t, "the program's last change")
				}
			}
		}
	}
	for _, name := range []string{d.config, filepath.Join(d.data, catalogueFile)} {
		if info, err := os.Stat(name); err == nil {
			take(info.ModTime(), "the file "+name)
		}
	}
	if d.store != nil {
		if runs, err := d.store.Runs(ctx, "", 1); err == nil && len(runs) > 0 {
			take(runs[0].StartedAt, "the last run")
		}
	}
	return at, what
}

// checkZones looks whether the zones of schedules are known. The data is in
// the program, for systems that have none.
func (d *doctor) checkZones() {
	zones := map[string]bool{"UTC": true, "Europe/London": true}
	for i := range d.cfg.Sources {
		if z := d.cfg.Sources[i].Schedule.Timezone; z != nil {
			zones[z.String()] = true
		}
	}
	for _, z := range slices.Sorted(maps.Keys(zones)) {
		if _, err := time.LoadLocation(z); err != nil {
			d.notef("time zones", bad, "install the time zones of the system, such as the package tzdata", "%s is not known: %v", z, err)
			return
		}
	}
	d.notef("time zones", good, "", "%s known", number(len(zones), "zone is", "zones are"))
}

const (
	littleSpace, noSpace   = 1 << 30, 100 << 20
	fewInodes, noInodes    = 10_000, 500
	fewFiles, tooFewFiles  = 1024, 256
	lookupWithin, lookupAt = 5 * time.Second, 8
)

func (d *doctor) checkDisk() {
	const wayOut = "make room, or name a folder on another disk with --data"
	folder := nearestFolder(d.data)
	free, inodes, err := spaceLeft(folder)
	switch {
	case err != nil:
		d.notef("disk", warning, "", "the space at %s is not known: %v", folder, err)
	case free < noSpace:
		d.notef("disk", bad, wayOut, "%s is left at %s", humanize.Bytes(free), folder)
	case inodes < noInodes:
		d.notef("disk", bad, wayOut, "no more than %s can be made at %s", number(int(inodes), "file", "files"), folder)
	case free < littleSpace:
		d.notef("disk", warning, wayOut, "%s is left at %s", humanize.Bytes(free), folder)
	case inodes < fewInodes:
		d.notef("disk", warning, wayOut, "no more than %s can be made at %s", number(int(inodes), "file", "files"), folder)
	default:
		d.notef("disk", good, "", "%s is left at %s", humanize.Bytes(free), folder)
	}
}

func (d *doctor) checkFiles() {
	const wayOut = "raise it: ulimit -n 4096, or LimitNOFILE= in the systemd unit"
	limit, err := openFiles()
	switch {
	case err != nil:
		d.notef("open files", warning, "", "the limit is not known: %v", err)
	case limit < tooFewFiles:
		d.notef("open files", bad, wayOut, "no more than %d may be open", limit)
	case limit < fewFiles:
		d.notef("open files", warning, wayOut, "no more than %d may be open", limit)
	default:
		d.notef("open files", good, "", "%s may be open", humanize.Comma(int64(min(limit, 1<<40))))
	}
}

// checkNames looks up the hosts of the enabled sources.
func (d *doctor) checkNames(ctx context.Context) {
	hosts := map[string]bool{}
	for i := range d.cfg.Sources {
		if u, err := url.Parse(d.cfg.Sources[i].Homepage); err == nil && d.cfg.Sources[i].Enabled && u.Hostname() != "" {
			hosts[u.Hostname()] = true
		}
	}
	var mu sync.Mutex
	var lost []string
	var g errgroup.Group
	g.SetLimit(lookupAt)
	for host := range hosts {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, lookupWithin)
			defer cancel()
			if _, err := net.DefaultResolver.LookupHost(ctx, host); err != nil {
				mu.Lock()
				defer mu.Unlock()
				lost = append(lost, host)
			}
			return nil
		})
	}
	_ = g.Wait() // what fails is among the lost
	slices.Sort(lost)
	switch {
	case len(hosts) == 0:
		d.notef("DNS", good, "", "there is no host to look up")
	case len(lost) == len(hosts):
		d.notef("DNS", bad, "look at the network and at the name servers of the system, such as /etc/resolv.conf", "no host is found: %s", some(lost))
	case len(lost) > 0:
		d.notef("DNS", warning, "a site may have moved: look at its homepage, and mend the source file", "not found: %s", some(lost))
	default:
		d.notef("DNS", good, "", "%s", fmt.Sprintf("%s found", number(len(hosts), "host is", "hosts are")))
	}
}
