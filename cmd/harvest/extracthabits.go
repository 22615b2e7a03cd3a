package main

import (
	"context"
	"net/url"
	"os"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// maxHabitHosts is of how many hosts the habits are learned; those of later ones
// stay unknown.
const maxHabitHosts = 20_000

// learnHabits reads all pages of the list for what recurs on the pages of each
// host. It returns nothing when that is not asked for. Pages that cannot be read
// are left to the second reading, which reports them.
func (x extraction) learnHabits(ctx context.Context, root *os.Root) (map[string]*page.Habits, error) {
	if !x.habits {
		return nil, nil
	}
	list, err := os.Open(x.list)
	if err != nil {
		return nil, err
	}
	defer list.Close()
	var mu sync.Mutex
	habits := make(map[string]*page.Habits)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(x.jobs)
	err = eachSaved(list, func(s saved) error {
		g.Go(func() error {
			r, ok := lookOver(root, s)
			if !ok {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			host := hostOf(s.URL)
			if habits[host] == nil && len(habits) < maxHabitHosts {
				habits[host] = new(page.Habits)
			}
			if h := habits[host]; h != nil {
				h.Note(&r)
			}
			return nil
		})
		return ctx.Err()
	})
	if waited := g.Wait(); err == nil {
		err = waited
	}
	return habits, err
}

// lookOver reads a page for the habits of its site.
func lookOver(root *os.Root, s saved) (r page.Result, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	body, err := bodyOf(root, s.File)
	if err != nil {
		return r, false
	}
	return page.ExtractBytes(s.URL, body, s.Charset, config.PageRules{}), true
}

// hostOf is the host of an address in lower case, empty when it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
