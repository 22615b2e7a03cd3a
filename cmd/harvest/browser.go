package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/browser"
)

func browserOptions(cfg *config.Config) browser.Options {
	b := cfg.Browser
	return browser.Options{Path: b.Path, NoSandbox: !b.Sandbox, Tabs: b.Tabs, Timeout: b.Timeout}
}

// newBrowser is the browser of a configuration, which is not started.
func newBrowser(cfg *config.Config, logger *slog.Logger) *browser.Browser {
	o := browserOptions(cfg)
	o.Logger = logger
	return browser.New(o)
}

// rendering reports whether any door of a source has its pages filled by a browser.
func rendering(src *config.Source) bool {
	for i := range src.Doors {
		if src.Doors[i].Render != config.RenderNever {
			return true
		}
	}
	return false
}

// withBrowser is a fetcher for outside of a run, and what ends its browser.
func withBrowser(f crawler.Fetcher, cfg *config.Config, src *config.Source) (crawler.Fetcher, func(), error) {
	if !rendering(src) {
		return f, func() {}, nil
	}
	doors, _, err := doorsOf(cfg, src)
	if err != nil {
		return nil, nil, err
	}
	b := newBrowser(cfg, slog.New(slog.DiscardHandler))
	return crawler.Rendering{Fetcher: f, Renderer: b, Source: src, Doors: doors}, b.Close, nil
}

// checkBrowser looks for Chromium when a source needs it.
func (d *doctor) checkBrowser() {
	var ids []harvest.SourceID
	for i := range d.cfg.Sources {
		if src := &d.cfg.Sources[i]; src.Enabled && rendering(src) {
			ids = append(ids, src.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	needs := fmt.Sprintf("%s by a browser", number(len(ids), "source has pages filled", "sources have pages filled"))
	path, err := browser.Find(browserOptions(d.cfg))
	switch {
	case err != nil:
		d.notef("browser", bad, "Debian: apt install chromium; or name the program as browser: {path: …} in harvest.yaml", "%s, such as %s: %v", needs, ids[0], browser.ErrMissing)
	case os.Geteuid() == 0 && d.cfg.Browser.Sandbox:
		d.notef("browser", bad, "start harvest as another user, or set browser: {sandbox: false} where nothing else runs", "%s, but root may not start %s with its sandbox", needs, path)
	default:
		d.notef("browser", good, "", "%s: %s", needs, path)
	}
}
