package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/PuerkitoBio/goquery"
)

// queue is the least that a crawl by hand needs: what is to be fetched, and
// what has been named before. Workers take turns until all is done.
type queue struct {
	mu   sync.Mutex
	wake *sync.Cond
	todo []string
	seen map[string]bool
	busy int
	done int
	err  error
}

func newQueue(first []string) *queue {
	q := &queue{seen: make(map[string]bool)}
	q.wake = sync.NewCond(&q.mu)
	for _, u := range first {
		q.push(u)
	}
	return q
}

func (q *queue) push(u string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.seen[u] {
		q.seen[u] = true
		q.todo = append(q.todo, u)
		q.wake.Signal()
	}
}

func (q *queue) take() (string, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.todo) == 0 && q.busy > 0 && q.err == nil {
		q.wake.Wait()
	}
	if len(q.todo) == 0 || q.err != nil {
		return "", false
	}
	u := q.todo[0]
	q.todo = q.todo[1:]
	q.busy++
	return u, true
}

func (q *queue) finish(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy--
	q.done++
	if q.err == nil {
		q.err = err
	}
	q.wake.Broadcast()
}

// run lets so many workers visit what is queued.
func (q *queue) run(workers int, visit func(u string) error) (int, error) {
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				u, ok := q.take()
				if !ok {
					return
				}
				q.finish(visit(u))
			}
		})
	}
	group.Wait()
	return q.done, q.err
}

// transport is that of every contestant but the crawler, whose own keeps
// connections in the same way.
func transport(a arguments) *http.Transport {
	return &http.Transport{MaxIdleConns: 100, MaxIdleConnsPerHost: a.Connections, DisableCompression: true}
}

// bare is the loop that everybody would write: fetch, parse, take the links.
func bare(a arguments) (work, func(), error) {
	tr := transport(a)
	client := &http.Client{Transport: tr}
	return func() (int, int, error) {
		q := newQueue(siteOf(a).starts())
		n, err := q.run(a.Connections, func(u string) error { return bareVisit(client, q, u) })
		return n, 0, err
	}, tr.CloseIdleConnections, nil
}

func bareVisit(client *http.Client, q *queue, address string) error {
	res, err := client.Get(address) //nolint:noctx // a loop by hand, on purpose
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, res.Status)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	for _, link := range []string{cardLinks, nextLink} {
		doc.Find(link).Each(func(_ int, s *goquery.Selection) {
			if u, err := res.Request.URL.Parse(s.AttrOr("href", "")); err == nil {
				q.push(u.String())
			}
		})
	}
	return nil
}

func siteOf(a arguments) *site { return newSite(a.Hosts, a.Pages, a.Seed) }

func resolve(base, ref string) (string, bool) {
	b, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	u, err := b.Parse(ref)
	if err != nil {
		return "", false
	}
	return u.String(), true
}
