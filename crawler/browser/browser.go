package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harvest87/harvest"
)

// Options configure a browser. The zero value is ready for use.
type Options struct {
	// Path is the program; default the first of [Programs] that is found.
	Path string
	// Tabs bounds the pages at once; default 2.
	Tabs int
	// Timeout bounds one page from its first request to its last, the waits for
	// the clocks of hosts included; default 2 minutes.
	Timeout time.Duration
	// MaxRequests and MaxBytes bound what one page may ask for; defaults 60
	// requests and 20 MiB of bodies. What is beyond is refused, and the page is
	// taken as far as it got.
	MaxRequests int
	MaxBytes    int64
	// MaxDocument bounds the document that comes out, in octets; default 10 MiB.
	MaxDocument int
	// NoSandbox gives up what Chromium keeps the scripts of a page in. Without
	// it a browser that root starts does not start.
	NoSandbox bool
	Logger    *slog.Logger // default: discard
}

// Programs are the names under which Chromium is looked for.
var Programs = []string{"chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "google-chrome-stable"}

// ErrMissing is wrapped by the reason why there is no browser on this machine.
var ErrMissing = errors.New("no Chromium found")

// errRoot says why root has no browser.
var errRoot = errors.New("root may not start Chromium with its sandbox: start harvest as another user, or set browser: {sandbox: false} in harvest.yaml where nothing else runs, as in a container")

// Browser is one Chromium, which starts when the first page needs it. It is safe
// for concurrent use.
type Browser struct {
	o    Options
	tabs chan struct{} // one for each tab that is open

	mu   sync.Mutex
	life *life
}

// life is one process of Chromium.
type life struct {
	ctx  context.Context //nolint:containedctx // chromedp keeps the process in it; its end is the process's
	end  func()
	dead *deadEnd
}

// New makes a browser. It starts nothing.
func New(o Options) *Browser {
	if o.Tabs <= 0 {
		o.Tabs = 2
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Minute
	}
	if o.MaxRequests <= 0 {
		o.MaxRequests = 60
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 20 << 20
	}
	if o.MaxDocument <= 0 {
		o.MaxDocument = 10 << 20
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Browser{o: o, tabs: make(chan struct{}, o.Tabs)}
}

// Find returns the program that a browser of these options would start. The
// error wraps [ErrMissing], with the line that installs one.
func Find(o Options) (string, error) {
	names := Programs
	if o.Path != "" {
		names = []string{o.Path}
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	if o.Path != "" {
		return "", fmt.Errorf("%w: %s is not there", ErrMissing, o.Path)
	}
	return "", fmt.Errorf("%w: a source says render: browser; install it (Debian: apt install chromium), or name it as browser: {path: …} in harvest.yaml", ErrMissing)
}

// start returns the process, which it starts when there is none.
func (b *Browser) start() (*life, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.life != nil && b.life.ctx.Err() == nil {
		return b.life, nil
	}
	b.stop()
	path, err := Find(b.o)
	if err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 && !b.o.NoSandbox {
		return nil, errRoot
	}
	dead, err := listenDead()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.ProxyServer("http://"+dead.address()),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"), // not even this machine is asked
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("js-flags", "--max-old-space-size=256"),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("deny-permission-prompts", true),
		chromedp.Flag("disable-webrtc", true),
		chromedp.Flag("no-sandbox", b.o.NoSandbox),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(string, ...any) {} // it repeats what the pages say
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet), chromedp.WithDebugf(quiet))
	l := &life{ctx: ctx, dead: dead, end: func() { cancel(); stop(); dead.close() }}
	if err := chromedp.Do(ctx); err != nil {
		l.end()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	b.o.Logger.Info("browser started", "program", path)
	b.life = l
	return l, nil
}

// stop ends the process, if there is one. The caller holds mu.
func (b *Browser) stop() {
	if b.life != nil {
		b.life.end()
		b.life = nil
	}
}

// forsake ends a process that does not do what it is told; the next page starts
// another one.
func (b *Browser) forsake(l *life) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.life == l {
		b.o.Logger.Warn("browser does not answer and is ended; the next page starts another one")
		b.stop()
	}
}

// Close ends the browser and what it has open.
func (b *Browser) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stop()
}

// Render puts in the place of a page's body the document that its scripts make
// of it, and adds to the page what that asked of hosts. allowed says why a URL
// may not be asked for, empty when it may; get fetches it. The note says what the
// page asked for in vain, empty when nothing.
//
// A page that cannot be rendered has another outcome than Fetched afterwards, a
// reason and no body: TimedOut, TooLarge, Cancelled when ctx has ended, and else
// ParseFailed. The validators go: they are those of the page without its content.
func (b *Browser) Render(ctx context.Context, page *harvest.Page, allowed func(url string) string, get func(context.Context, harvest.Request) *harvest.Page) (note string) {
	select {
	case b.tabs <- struct{}{}:
		defer func() { <-b.tabs }()
	case <-ctx.Done():
		fail(page, harvest.Cancelled, context.Cause(ctx).Error())
		return ""
	}
	l, err := b.start()
	if err != nil {
		fail(page, harvest.ParseFailed, err.Error())
		return ""
	}
	t := &tab{browser: b, page: page, allowed: allowed, get: get}
	t.render(ctx, l)
	if refused := t.refused(); refused != "" && page.Outcome != harvest.Cancelled {
		return "the browser on " + page.URL + " asked in vain: " + refused
	}
	return ""
}

// fail ends a page without its body.
func fail(page *harvest.Page, outcome harvest.Outcome, reason string) {
	page.Outcome, page.Reason, page.Body = outcome, reason, nil
	page.Validators = harvest.Validators{}
}
