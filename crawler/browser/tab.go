package browser

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpfetch "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/harvest87/harvest"
)

const (
	// scriptTime is how long the scripts of a page may run by their own clock,
	// which stands while something is fetched.
	scriptTime = 8 * time.Second
	// closing bounds how long a tab takes to close.
	closing = 5 * time.Second
)

// errTooLarge says that the document is beyond its limit.
var errTooLarge = errors.New("the document that the browser made is too large")

// tab renders one page.
type tab struct {
	browser *Browser
	page    *harvest.Page
	allowed func(url string) string
	get     func(context.Context, harvest.Request) *harvest.Page

	fetching sync.WaitGroup

	mu       sync.Mutex
	cost     harvest.Page // of what was fetched: Requests, Bytes, WireBytes, Hosts
	asked    int
	opened   bool // the page itself was given to the browser
	refusals map[string]int
}

// render opens the page in a tab of its own, with cookies and storage of its own,
// and takes the document out when its scripts have come to rest.
func (t *tab) render(ctx context.Context, l *life) {
	limited, cancel := context.WithTimeout(ctx, t.browser.o.Timeout)
	defer cancel()
	inside, leave := chromedp.NewContext(l.ctx, chromedp.WithNewBrowserContext())
	stop := context.AfterFunc(limited, leave)
	html, err := t.take(limited, inside)
	stop()
	t.leave(l, leave)
	t.fetching.Wait()
	t.settle()
	switch {
	case err == nil:
		sum := sha256.Sum256([]byte(html))
		t.page.Body, t.page.Hash = []byte(html), hex.EncodeToString(sum[:])
		t.page.Validators = harvest.Validators{}
	case ctx.Err() != nil:
		fail(t.page, harvest.Cancelled, context.Cause(ctx).Error())
	case limited.Err() != nil:
		fail(t.page, harvest.TimedOut, fmt.Sprintf("the browser took longer than %s", t.browser.o.Timeout))
	case errors.Is(err, errTooLarge):
		fail(t.page, harvest.TooLarge, err.Error())
	default:
		fail(t.page, harvest.ParseFailed, "the browser: "+err.Error())
	}
}

// leave closes the tab. A browser that cannot is ended.
func (t *tab) leave(l *life, leave func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		leave()
	}()
	timer := time.NewTimer(closing)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		t.browser.forsake(l)
		<-done
	}
}

// take opens the page and returns its document.
func (t *tab) take(ctx, inside context.Context) (html string, err error) {
	rested := make(chan struct{})
	rest := sync.OnceFunc(func() { close(rested) })
	crashed := make(chan struct{})
	crash := sync.OnceFunc(func() { close(crashed) })
	// Events come in order and before the answers to what follows them.
	if err := chromedp.Listen(inside, func(event any) {
		switch e := event.(type) {
		case *cdpfetch.EventRequestPaused:
			t.fetching.Go(func() { t.answer(ctx, inside, e) })
		case *emulation.EventVirtualTimeBudgetExpired:
			rest()
		case *cdppage.EventJavascriptDialogOpening:
			t.fetching.Go(func() {
				_, _ = call(inside, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{}) // else it has gone
			})
		case *inspector.EventTargetCrashed:
			crash()
		}
	}); err != nil {
		return "", err
	}
	if err := t.open(inside); err != nil {
		return "", err
	}
	select {
	case <-rested:
	case <-crashed:
		return "", errors.New("the page broke the tab")
	case <-inside.Done():
		return "", context.Cause(inside)
	}
	return document(inside, t.browser.o.MaxDocument)
}

// open has the tab catch all requests, goes to the page, and sets the clock of
// its scripts.
func (t *tab) open(inside context.Context) error {
	everything := []*cdpfetch.RequestPattern{{URLPattern: "*", RequestStage: cdpfetch.RequestStageRequest}}
	if err := chromedp.Do(inside,
		command(cdpfetch.Enable, cdpfetch.EnableParams{Patterns: everything}),
		command(network.Enable, network.EnableParams{}),
		command(network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}),
	); err != nil {
		return err
	}
	went, err := call(inside, cdppage.Navigate, cdppage.NavigateParams{URL: t.page.URL})
	if err == nil && went.ErrorText != "" {
		err = errors.New(went.ErrorText)
	}
	if err != nil {
		return err
	}
	budget := float64(scriptTime.Milliseconds()) // from now on, not of the blank page before
	_, err = call(inside, emulation.SetVirtualTimePolicy, emulation.SetVirtualTimePolicyParams{
		Policy: emulation.VirtualTimePolicyPauseIfNetworkFetchesPending, Budget: &budget, MaxVirtualTimeTaskStarvationCount: 100_000,
	})
	return err
}

// call sends one command to a tab.
func call[P, R any](inside context.Context, c cdp.Command[P, R], params P) (R, error) {
	return chromedp.Run(inside, func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) })
}

// command is one command as a step.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// document is the text of the document as it stands, when it is not larger than
// that.
func document(inside context.Context, most int) (string, error) {
	const script = `(() => {
	const html = document.documentElement ? document.documentElement.outerHTML : "";
	return html.length > %d ? "" : "<!DOCTYPE html>\n" + html;
})()`
	html, err := chromedp.Run(inside, chromedp.Evaluate[string](fmt.Sprintf(script, most)))
	if err != nil {
		return "", fmt.Errorf("read the document: %w", err)
	}
	if html == "" || len(html) > most {
		return "", fmt.Errorf("%w: more than %d octets", errTooLarge, most)
	}
	return html, nil
}

// settle adds what the browser asked for to the page.
func (t *tab) settle() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.page.Requests += t.cost.Requests
	t.page.Bytes += t.cost.Bytes
	t.page.WireBytes += t.cost.WireBytes
	t.page.Hosts = append(t.page.Hosts, t.cost.Hosts...)
}
