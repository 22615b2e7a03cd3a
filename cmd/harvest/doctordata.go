package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/health"
	"github.com/harvest87/harvest/search"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// checkFolder looks at the data folder itself.
func (d *doctor) checkFolder() {
	info, err := os.Stat(d.data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := writable(nearestFolder(d.data)); err != nil {
			d.notef("data folder", bad, "make it by hand, or name another with --data", "%s cannot be made: %v", d.data, err)
			return
		}
		d.notef("data folder", good, "", "%s is not there yet; the first run makes it", d.data)
		return
	case err != nil:
		d.notef("data folder", bad, "make it readable for this user, or name another with --data", "%v", err)
		return
	case !info.IsDir():
		d.notef("data folder", bad, "name a folder with --data", "%s is not a folder", d.data)
		return
	}
	for _, part := range []string{"", queueFolder, indexFolder, cacheFolder, catalogueFile} {
		name := filepath.Join(d.data, part)
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := writable(name); err != nil {
			d.notef("data folder", bad, "give it to the user that harvests, such as: chown -R USER "+d.data, "%s cannot be written: %v", name, err)
			return
		}
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		d.notef("data folder", warning, "take the right from the others: chmod go-w "+d.data, "%s may be changed by other users (mode %o)", d.data, mode)
		return
	}
	d.notef("data folder", good, "", "%s can be written", d.data)
}

// nearestFolder is the lowest folder above a path that is there.
func nearestFolder(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || filepath.Dir(path) == path {
			return path
		}
		path = filepath.Dir(path)
	}
}

// checkServer looks for a server that has the folder.
func (d *doctor) checkServer(ctx context.Context) {
	server, err := dialServer(ctx, d.data)
	switch {
	case err != nil:
		d.notef("server", bad, "stop it, and start it again with this version of the program", "%v", err)
	case server == nil:
		d.notef("server", good, "", "no 'harvest serve' has the data folder")
	default:
		defer server.close()
		p := server.point
		if p.Version != version {
			d.notef("server", warning, "restart the server with this version", "harvest serve (pid %d) is version %s, this is %s", p.PID, p.Version, version)
			return
		}
		d.notef("server", good, "", "harvest serve (pid %d) answers, since %s", p.PID, p.Since.Local().Format(time.DateTime))
	}
}

// storeWithin bounds the check of a store, and of its structure.
const storeWithin = time.Minute

func (d *doctor) checkStore(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	if db := d.cfg.Store.MongoDB; db.URI != "" {
		d.checkMongo(ctx)
		return
	}
	path := filepath.Join(d.data, catalogueFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		d.notef("store", good, "", "%s is not there yet; the first run makes it", path)
		return
	}
	store, err := sqlite.OpenReadOnly(ctx, path)
	if err != nil {
		d.notef("store", bad, "if it is damaged, bring the file back from a backup, or move it away and harvest again", "%v", err)
		return
	}
	d.store = store
	err = store.Check(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		d.notef("store", warning, "check it at leisure: sqlite3 "+path+" 'PRAGMA integrity_check'",
			"%s answers; it is too large to be checked within %s", path, storeWithin)
	case err != nil:
		d.notef("store", bad, "stop harvesting, and bring the file back from a backup, or move it away and harvest again", "%v", err)
	default:
		d.countStore(ctx, path)
	}
}

func (d *doctor) countStore(ctx context.Context, name string) {
	stats, err := d.store.Stats(ctx)
	if err != nil {
		d.notef("store", bad, "look at the store's own log", "%s answers and cannot be read: %v", name, err)
		return
	}
	d.notef("store", good, "", "%s is sound and holds %s", name, number(stats.Records, "record", "records"))
}

// checkMongo asks the server for a sign of life. Opening the catalogue for
// writing would create what it lacks, so that is left to the first run.
func (d *doctor) checkMongo(ctx context.Context) {
	db := d.cfg.Store.MongoDB
	store, err := mongo.Look(ctx, mongoOptions(db, nil))
	if err != nil {
		d.notef("store", bad, "start the server, or mend store.mongodb.uri or HARVEST_MONGODB_URI", "%v", err)
		return
	}
	d.store = store
	d.notef("store", good, "", "MongoDB answers, database %s", db.Database)
}

// checkQueue looks at the queue without opening it: that would take its lock,
// and write.
func (d *doctor) checkQueue(ctx context.Context) {
	if url := d.cfg.Queue.URL; url != "" {
		if err := queue.Reach(ctx, url); err != nil {
			d.notef("queue", bad, "start the server with JetStream, or mend queue.url or HARVEST_QUEUE_URL", "%v", err)
			return
		}
		d.notef("queue", good, "", "the NATS server answers and has JetStream")
		return
	}
	dir := filepath.Join(d.data, queueFolder)
	size, err := readable(dir)
	holder := queue.Holder(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.notef("queue", good, "", "%s is not there yet; the first run makes it", dir)
	case err != nil:
		d.notef("queue", bad, "make it readable for this user; it holds runs that are under way", "%v", err)
	case holder != "":
		d.notef("queue", good, "", "%s, %s, is in use by %s", dir, bytesText(size), holder)
	default:
		d.notef("queue", good, "", "%s, %s, is free", dir, bytesText(size))
	}
}

// readable reads a little of every file below a folder, and adds up their sizes.
func readable(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			if name != dir && errors.Is(err, fs.ErrNotExist) {
				return nil // the server has just removed it
			}
			return err
		}
		if !e.Type().IsRegular() {
			return nil
		}
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			size += info.Size()
		}
		var b [1]byte
		if _, err := f.Read(b[:]); err != nil && err.Error() != "EOF" {
			return fmt.Errorf("read %s: %w", name, err)
		}
		return nil
	})
	return size, err
}

// recentRuns is how many runs are looked at.
const recentRuns = 500

// checkRuns looks at the newest run of each source.
func (d *doctor) checkRuns(ctx context.Context) {
	if d.store == nil {
		return
	}
	runs, err := d.store.Runs(ctx, "", recentRuns)
	if err != nil {
		d.notef("runs", bad, "look at the store's own log", "%v", err)
		return
	}
	seen := map[harvest.SourceID]bool{}
	var aside, unfinished, failed, held []string
	for i := range runs {
		r := &runs[i]
		if seen[r.Source] {
			continue
		}
		seen[r.Source] = true
		switch {
		case r.State == harvest.RunInterrupted && strings.HasPrefix(r.Reason, health.SetAside):
			aside = append(aside, string(r.Source))
		case !r.State.Ended():
			unfinished = append(unfinished, string(r.Source))
		case r.State == harvest.RunFailed:
			failed = append(failed, string(r.Source))
		case r.State == harvest.RunQuarantined:
			held = append(held, string(r.Source))
		}
	}
	if len(aside) > 0 {
		d.notef("runs", bad, "look at the log for why the program ended, then 'harvest runs release "+aside[0]+"'", "set aside: %s", some(aside))
	}
	if len(held) > 0 {
		d.notef("runs", warning, "'harvest runs show "+held[0]+"' says which gate it broke", "what the last run would have changed is held: %s", some(held))
	}
	if len(failed) > 0 {
		d.notef("runs", warning, "'harvest runs show "+failed[0]+"' says why", "the last run failed: %s", some(failed))
	}
	if len(held) > 0 {
		d.notef("runs", warning, "'harvest runs show "+held[0]+"' says why, and how to decide", "the last run is in quarantine: %s", some(held))
	}
	if len(unfinished) > 0 {
		d.notef("runs", good, "", "under way, or to go on: %s", some(unfinished))
	} else if len(aside)+len(failed)+len(held) == 0 {
		d.notef("runs", good, "", "the last runs of %s ended well", number(len(seen), "source", "sources"))
	}
}

// some names the first of many.
func some(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

func (d *doctor) checkIndex() {
	dir := filepath.Join(d.data, indexFolder)
	state, err := search.Look(dir)
	switch {
	case err != nil:
		d.notef("search index", bad, "make it readable for this user, or delete the folder: it is built again", "%v", err)
	case state.Damaged:
		d.notef("search index", warning, "the next search builds it again, or do it now: 'harvest index rebuild'", "%s is damaged", dir)
	case !state.Built:
		d.notef("search index", good, "", "there is none yet; the first search builds it")
	default:
		d.notef("search index", good, "", "%s, %s; each search brings it up to date", dir, bytesText(state.Bytes))
	}
}
