package crawler

import (
	"bytes"
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Renderer makes of a page as it was sent the page that people see, see
// [github.com/harvest87/harvest/crawler/browser.Browser.Render]. It must be safe
// for concurrent use.
type Renderer interface {
	Render(ctx context.Context, page *harvest.Page, allowed func(url string) string, get func(context.Context, harvest.Request) *harvest.Page) (note string)
}

// thin is how many letters and digits outside of scripts a page has at least
// that says something by itself.
const thin = 250

// rendering is what the source file says of a browser for the door of a request.
func (j *job) rendering(req *harvest.Request) config.Rendering {
	if j.Renderer == nil || req.Door < 0 || req.Door >= len(j.Source.Doors) {
		return config.RenderNever
	}
	return j.Source.Doors[req.Door].Render
}

// lacks reports whether what was read of a page shows that its scripts fill it:
// a list without items, an item without a record or with hardly a word.
func lacks(page *harvest.Page, parsed *harvest.Parsed) bool {
	if page.Request.Kind == harvest.KindItem {
		return len(parsed.Records) == 0 || Thin(page.Body)
	}
	for i := range parsed.Requests {
		if parsed.Requests[i].Kind == harvest.KindItem {
			return false
		}
	}
	return len(parsed.Records) == 0
}

// Thin reports whether a page of HTML says hardly anything without its scripts.
func Thin(body []byte) bool {
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(1 << 20)
	letters, hidden := 0, ""
	for letters < thin {
		switch z.Next() {
		case html.ErrorToken: // the end, or markup beyond all bounds
			return true
		case html.StartTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Title, atom.Svg, atom.Nav, atom.Footer:
				if hidden == "" {
					hidden = string(name)
				}
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == hidden {
				hidden = ""
			}
		case html.TextToken:
			if hidden == "" {
				letters += lettersOf(z.Text(), thin-letters)
			}
		}
	}
	return false
}

// lettersOf counts letters and digits, up to that many.
func lettersOf(text []byte, most int) (n int) {
	for len(text) > 0 && n < most {
		r, size := utf8.DecodeRune(text)
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
		text = text[size:]
	}
	return n
}

// render has the browser fill a page of HTML. Whatever the browser asks for is
// fetched like a page of the source.
func (j *job) render(ctx context.Context, v *visit) {
	page := v.page
	if page.Outcome != harvest.Fetched || !strings.Contains(page.MediaType, "html") {
		return
	}
	allowed := func(url string) string { return j.scope.refuse(url, harvest.KindDiscovery) }
	v.note = j.Renderer.Render(ctx, page, allowed, func(ctx context.Context, req harvest.Request) *harvest.Page {
		return j.Fetcher.Fetch(ctx, req, harvest.Validators{})
	})
}

// readAgain has the browser fill a page in which nothing was found, and reads it
// again.
func (j *job) readAgain(ctx context.Context, v *visit) {
	j.render(ctx, v)
	page := v.page
	need, tooMuch := j.weigh(page)
	switch {
	case tooMuch != "":
		page.Outcome, page.Reason, page.Body = harvest.TooLarge, tooMuch, nil
	case page.Outcome != harvest.Fetched:
		v.parsed = harvest.Parsed{}
	case v.usable && page.Hash == v.facts.Hash:
		v.unchanged, v.parsed = v.facts.Records, v.kept
	default:
		giveBack, err := j.Bench.take(ctx, need)
		if err != nil {
			page.Outcome, page.Reason = harvest.Cancelled, context.Cause(ctx).Error()
			return
		}
		v.parsed = j.parse(ctx, page, giveBack)
	}
}

// Rendering is a fetcher for outside of a run, whose pages are filled as a run
// would have them filled.
type Rendering struct {
	Fetcher
	Renderer Renderer
	Source   *config.Source
	Doors    []Door
}

// Fetch fetches a page, and has the browser fill it where its door says so.
func (r Rendering) Fetch(ctx context.Context, req harvest.Request, validators harvest.Validators) *harvest.Page {
	page := r.Fetcher.Fetch(ctx, req, validators)
	j := &job{Options: Options{Source: r.Source, Doors: r.Doors, Fetcher: r.Fetcher, Renderer: r.Renderer}, scope: newScope(r.Source, seedsOf(r.Doors))}
	mode := j.rendering(&req)
	if mode == config.RenderNever || page.Outcome != harvest.Fetched {
		return page
	}
	if mode == config.RenderWhenNeeded {
		own := *page
		own.Request = req
		if parsed, ok := parsed(r.Doors[req.Door], &own); ok && !lacks(&own, &parsed) {
			return page
		}
	}
	j.render(ctx, &visit{request: req, page: page})
	return page
}

// parsed is what a door makes of a page, unless it breaks on it.
func parsed(d Door, page *harvest.Page) (out harvest.Parsed, ok bool) {
	defer func() { _ = recover() }() // whoever reads the page next meets it again, and tells it
	return d.Parse(page), true
}
