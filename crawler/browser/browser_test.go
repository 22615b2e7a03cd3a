package browser_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/browser"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const home = "https://example.org/list"

// web is what the crawler would fetch, by URL, and what was asked of it.
type web struct {
	pages map[string]string

	mu    sync.Mutex
	asked map[string]int
}

func (w *web) get(_ context.Context, req harvest.Request) *harvest.Page {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked == nil {
		w.asked = map[string]int{}
	}
	w.asked[req.URL]++
	text, ok := w.pages[req.URL]
	if !ok {
		return &harvest.Page{URL: req.URL, Outcome: harvest.NotFoundPage, Status: 404, Requests: 1}
	}
	return pageOf(req.URL, text)
}

func pageOf(address, text string) *harvest.Page {
	media := "text/html"
	switch {
	case strings.HasSuffix(address, ".js"):
		media = "text/javascript"
	case strings.HasSuffix(address, ".json"):
		media = "application/json"
	}
	return &harvest.Page{
		Request: harvest.Request{URL: address}, URL: address, Outcome: harvest.Fetched, Status: 200, MediaType: media,
		Header: http.Header{"Content-Type": {media}}, Body: []byte(text), Bytes: int64(len(text)), Requests: 1,
		Validators: harvest.Validators{ETag: `"shell"`}, Hash: "of the shell",
	}
}

func sameSite(address string) string {
	if u, err := url.Parse(address); err != nil || u.Hostname() != "example.org" {
		return "another site"
	}
	return ""
}

// chromium is a browser of these options, which ends with the test.
func chromium(t *testing.T, o browser.Options) *browser.Browser {
	t.Helper()
	if _, err := browser.Find(o); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	o.NoSandbox = o.NoSandbox || os.Geteuid() == 0 // the pages are this test's own
	b := browser.New(o)
	t.Cleanup(b.Close)
	return b
}

func TestScriptsFillThePage(t *testing.T) {
	w := &web{pages: map[string]string{
		"https://example.org/app.js": `fetch("/items.json").then(r => r.json()).then(items => {
	for (const i of items) document.querySelector("main").insertAdjacentHTML("beforeend", "<article><h3><a href='/item/" + i + "'>Item " + i + "</a></h3></article>");
	setTimeout(() => { document.title = "Late" }, 5000);
})`,
		"https://example.org/items.json": `[1, 2, "é"]`,
	}}
	b := chromium(t, browser.Options{})
	p := pageOf(home, `<!DOCTYPE html><html><head><title>Shell</title><link rel="stylesheet" href="/style.css"></head><body><main></main><img src="/big.png"><script src="/app.js"></script></body></html>`)
	b.Render(t.Context(), p, sameSite, w.get)
	if p.Outcome != harvest.Fetched {
		t.Fatalf("%s: %s", p.Outcome, p.Reason)
	}
	for _, want := range []string{`<a href="/item/1">Item 1</a>`, `<a href="/item/é">Item é</a>`, "<title>Late</title>"} {
		if !strings.Contains(string(p.Body), want) {
			t.Errorf("the document has no %s:\n%s", want, p.Body)
		}
	}
	if p.Requests != 3 || p.Validators != (harvest.Validators{}) || p.Hash == "of the shell" {
		t.Errorf("%d requests, validators %v, hash %s", p.Requests, p.Validators, p.Hash)
	}
	if len(w.asked) != 2 {
		t.Errorf("asked for %v: pictures and styles change no text", w.asked)
	}
}

// What a page asks for reaches nobody but by the crawler, whatever way it asks.
func TestNothingLeavesTheBrowser(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			conn.Close()
		}
	}()
	defer func() { listener.Close(); <-done }()
	local := listener.Addr().String()
	var w web
	b := chromium(t, browser.Options{})
	p := pageOf(home, fmt.Sprintf(`<!DOCTYPE html><html><head><link rel="preconnect" href="http://%[1]s"><link rel="prefetch" href="http://%[1]s/a"></head>
<body><img src="http://%[1]s/i.png"><iframe src="http://%[1]s/frame"></iframe><iframe srcdoc="<img src='http://%[1]s/deep.png'>"></iframe><script>
try { new WebSocket("ws://%[1]s/") } catch (e) {}
try { new EventSource("http://%[1]s/events") } catch (e) {}
try { navigator.sendBeacon("http://%[1]s/beacon", "x") } catch (e) {}
try { new Worker(URL.createObjectURL(new Blob(["fetch('http://%[1]s/worker')"]))) } catch (e) {}
try { new RTCPeerConnection({iceServers: [{urls: "turn:%[1]s?transport=tcp", username: "u", credential: "c"}]}).createDataChannel("x") } catch (e) {}
try { window.open("http://%[1]s/popup") } catch (e) {}
fetch("http://%[1]s/fetch", {mode: "no-cors"}).catch(() => {});
fetch("/post", {method: "POST", body: "x"}).catch(() => {});
fetch("https://elsewhere.invalid/x.json").catch(() => {});
alert("stop");
setTimeout(() => { location = "http://%[1]s/away" }, 100);
document.body.insertAdjacentHTML("beforeend", "<p id=done>done</p>");
</script></body></html>`, local))
	note := b.Render(t.Context(), p, sameSite, w.get)
	if p.Outcome != harvest.Fetched || !strings.Contains(string(p.Body), `<p id="done">`) {
		t.Errorf("%s: %s\n%s", p.Outcome, p.Reason, p.Body)
	}
	for _, want := range []string{"another site (", "to send something by POST (1)", "to show another document ("} {
		if !strings.Contains(note, want) {
			t.Errorf("the note has no %q: %s", want, note)
		}
	}
	if calls.Load() > 0 || len(w.asked) > 0 {
		t.Errorf("%d connections by the browser itself, asked the crawler for %v", calls.Load(), w.asked)
	}
}

// Pages that never end, or would fill the memory, end as outcomes, and the next
// page is none the worse.
func TestHostilePages(t *testing.T) {
	var w web
	b := chromium(t, browser.Options{MaxDocument: 1 << 20, MaxRequests: 5})
	short := chromium(t, browser.Options{Timeout: 8 * time.Second})
	for _, tt := range []struct {
		name, script string
		want         harvest.Outcome
	}{
		{"endless loop", "for (;;);", harvest.TimedOut},
		{"large document", `document.body.append("x".repeat(3 << 20))`, harvest.TooLarge},
		{"endless requests", `(async () => { for (let i = 0; i < 1000; i++) await fetch("/more/" + i).catch(() => {}) })()`, harvest.Fetched},
		{"endless timers", `setInterval(() => { document.title += "x" }, 1)`, harvest.Fetched},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(home, "<!DOCTYPE html><body><p>here</p><script>"+tt.script+"</script></body>")
			b := b
			if tt.want == harvest.TimedOut {
				b = short
			}
			note := b.Render(t.Context(), p, sameSite, w.get)
			if asked := strings.Contains(note, "more than 5 requests"); asked != (tt.name == "endless requests") {
				t.Errorf("note %q", note)
			}
			if p.Outcome != tt.want || (p.Outcome != harvest.Fetched) != (p.Reason != "" && p.Body == nil) {
				t.Errorf("%s (%s), want %s", p.Outcome, p.Reason, tt.want)
			}
		})
	}
	if len(w.asked) > 5 {
		t.Errorf("a page asked for %d things, more than 5", len(w.asked))
	}
	p := pageOf(home, `<!DOCTYPE html><body><script>document.body.append("well")</script></body>`)
	short.Render(t.Context(), p, sameSite, w.get)
	if p.Outcome != harvest.Fetched || !strings.Contains(string(p.Body), "well") {
		t.Errorf("the page after them: %s %s", p.Outcome, p.Reason)
	}
}

// A page that is waited for when the run is stopped is given up at once.
func TestStop(t *testing.T) {
	b := chromium(t, browser.Options{})
	ctx, cancel := context.WithCancelCause(t.Context())
	p := pageOf(home, `<!DOCTYPE html><body><script src="/slow.js"></script></body>`)
	b.Render(ctx, p, sameSite, func(ctx context.Context, req harvest.Request) *harvest.Page {
		cancel(errors.New("stopped by a person"))
		<-ctx.Done()
		return &harvest.Page{URL: req.URL, Outcome: harvest.Cancelled}
	})
	if p.Outcome != harvest.Cancelled || p.Reason != "stopped by a person" {
		t.Errorf("%s (%s)", p.Outcome, p.Reason)
	}
}

// Cookies and storage of one page are not there for the next.
func TestPagesKnowNothingOfEachOther(t *testing.T) {
	var w web
	b := chromium(t, browser.Options{})
	for range 2 {
		p := pageOf(home, `<!DOCTYPE html><body><script>document.body.append(localStorage.getItem("seen") || "new"); localStorage.setItem("seen", "seen before")</script></body>`)
		b.Render(t.Context(), p, sameSite, w.get)
		if p.Outcome != harvest.Fetched || strings.Contains(string(p.Body), "</script>seen before") {
			t.Errorf("%s %s\n%s", p.Outcome, p.Reason, p.Body)
		}
	}
}

func TestMissingBrowserSaysWhatToInstall(t *testing.T) {
	b := browser.New(browser.Options{Path: "/nowhere/chromium"})
	defer b.Close()
	p := pageOf(home, "<p>x</p>")
	b.Render(t.Context(), p, sameSite, nil)
	if p.Outcome != harvest.ParseFailed || !strings.Contains(p.Reason, "/nowhere/chromium is not there") || p.Body != nil {
		t.Errorf("%s (%s)", p.Outcome, p.Reason)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := browser.Find(browser.Options{}); !errors.Is(err, browser.ErrMissing) || !strings.Contains(err.Error(), "apt install chromium") {
		t.Errorf("%v", err)
	}
}
