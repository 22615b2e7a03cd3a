package listing

import (
	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// groupLists asks for the lists that a start page leads to. Their own letters
// and years lead to each other, and are left alone.
func (v *visit) groupLists(l *list) []harvest.Request {
	if v.step.Group != "" || v.number() > 1 {
		return nil
	}
	var out []harvest.Request
	asked := map[string]bool{normalize.URLKey(v.page.URL): true, normalize.URLKey(v.start()): true}
	for _, u := range l.groups {
		if key := normalize.URLKey(u); !asked[key] {
			asked[key] = true
			out = append(out, harvest.Request{
				URL: u, Kind: harvest.KindDiscovery, Door: v.door, Page: 1, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
				Step: step{Name: StepListing, Start: v.step.Start, Group: u}.String(),
			})
		}
	}
	return out
}
