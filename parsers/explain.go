package parsers

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/listing"
	"github.com/harvest87/harvest/parsers/page"
	"github.com/harvest87/harvest/parsers/wordpress"
)

// Explanation is what a source makes of one page, and why.
type Explanation struct {
	// Door is the position of the door that reads the page, Kind its kind,
	// Step what the door takes the page for.
	Door int    `json:"door"`
	Kind string `json:"kind"`
	Step string `json:"step"`
	// Why says how the door and the step were chosen.
	Why string `json:"why"`
	// Parsed is the door's answer: records, requests with their cards,
	// events, notes. The provenance of each record names what won each field.
	Parsed harvest.Parsed `json:"parsed"`
	// Item is what an item page says before it is joined with a card: all
	// candidates for each field, ranked, with the reason why each was taken
	// or not. Nil for pages of other kinds.
	Item *page.Result `json:"item,omitempty"`
	// Behind are doors after this one that would make something of the page
	// when their turn comes.
	Behind []Opinion `json:"behind,omitempty"`
}

// Opinion is what a door takes a page for.
type Opinion struct {
	Door int    `json:"door"`
	Kind string `json:"kind"`
	Why  string `json:"why"`
	req  harvest.Request
}

// Explain reads one page as a run of the source would. The page may be fetched
// or a saved file; then Outcome may be empty and URL, if known, is where the
// file stood. When page.Request.Step is set, it and page.Request.Door are taken
// as given. The page is not changed. The error says that no door of the source
// reads pages of this kind.
func Explain(src *config.Source, vocab *config.Vocabulary, p *harvest.Page) (Explanation, error) {
	own := *p
	if own.Outcome == "" {
		own.Outcome = harvest.Fetched
	}
	if own.Request.URL == "" {
		own.Request.URL = own.URL
	}
	if own.URL == "" {
		own.URL = own.Request.URL
	}
	x := explaining{source: src, vocabulary: vocab, page: &own}
	if err := x.choose(); err != nil {
		return Explanation{}, err
	}
	return x.answer()
}

type explaining struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	page       *harvest.Page
	why        string
	behind     []Opinion
}

// choose finds door and step for the page.
func (x *explaining) choose() error {
	r := &x.page.Request
	switch {
	case len(x.source.Doors) == 0:
		return fmt.Errorf("source %s has no doors", x.source.ID)
	case r.Step != "":
		if r.Door < 0 || r.Door >= len(x.source.Doors) {
			return fmt.Errorf("source %s has no door %d", x.source.ID, r.Door)
		}
		x.why = "as asked"
		return nil
	case x.recognised():
		return nil
	case x.isJSON():
		return x.chooseAPI()
	}
	for _, isList := range []func(door int) bool{x.isPlaced, x.hasCards} {
		for i := range x.source.Doors {
			if isList(i) {
				return nil
			}
		}
	}
	for i := range x.source.Doors {
		if x.rulesMatch(x.source.Doors[i].Page) {
			r.Door, r.Kind, r.Step = i, harvest.KindItem, "item"
			x.why = "the selectors of the door's page: find something on it, so it is an item"
			return nil
		}
	}
	for i := range x.source.Doors {
		if x.visitsItems(i) {
			r.Door, r.Kind, r.Step = i, harvest.KindItem, "item"
			x.why = "no list of the source is at this address and no card was found, so it is an item"
			if !isWeb(x.page.URL) {
				x.page.URL, r.URL = x.source.Homepage, x.source.Homepage
				x.why += "; the homepage stands in for the address of the file"
			}
			return nil
		}
	}
	if len(x.behind) > 0 {
		o := x.behind[0]
		x.behind = x.behind[1:]
		x.take(o.req, o.Why)
		return nil
	}
	return fmt.Errorf("source %s: the page is neither one of its lists nor an item page that it reads", x.source.ID)
}

// Recogniser is a door that knows its own pages by their content.
type Recogniser interface {
	// Recognise returns the request by which a run may come to the page, and
	// how that is seen; ok is false for pages that the door does not lead to
	// or that only their address tells. The page may have no address.
	Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool)
}

// recognised asks the doors that know their own pages, and sets the request.
func (x *explaining) recognised() bool {
	for i := range x.source.Doors {
		opened, err := New(x.source, x.vocabulary, i)
		if err != nil {
			continue
		}
		d, ok := opened.(Recogniser)
		if !ok {
			continue
		}
		req, why, ok := d.Recognise(x.page)
		if !ok {
			continue
		}
		if x.source.Doors[i].Kind == "links" && i > 0 { // it would take any page of the site
			x.behind = append(x.behind, Opinion{Door: i, Kind: "links", Why: why, req: req})
			continue
		}
		x.take(req, why)
		return true
	}
	return false
}

// take sets the request by which a run comes to the page.
func (x *explaining) take(req harvest.Request, why string) {
	if isWeb(x.page.URL) {
		req.URL = x.page.Request.URL
	} else {
		x.page.URL = req.URL
	}
	x.page.Request, x.why = req, why
}

// visitsItems reports whether a door fetches the pages of items.
func (x *explaining) visitsItems(door int) bool {
	if d := x.source.Doors[door]; d.Kind == "links" || d.Listing != nil && !d.Listing.ItemPages {
		return false // links tell an item from a hub by what it looks like
	}
	opened, err := New(x.source, x.vocabulary, door)
	if err != nil {
		return false
	}
	_, reads := opened.(interface{ Reading() item.Reading })
	return reads
}

func (x *explaining) isJSON() bool {
	if strings.HasSuffix(x.page.MediaType, "json") {
		return true
	}
	body := bytes.TrimLeft(x.page.Body, " \t\r\n\ufeff")
	return len(body) > 0 && (body[0] == '[' || body[0] == '{')
}

func (x *explaining) chooseAPI() error {
	for i := range x.source.Doors {
		if x.source.Doors[i].Kind != "wordpress" {
			continue
		}
		r := &x.page.Request
		r.Door, r.Kind, r.Step, r.Page = i, harvest.KindDiscovery, wordpress.StepPosts, 1
		x.why = "it is JSON, as the WordPress API sends it"
		if strings.HasSuffix(strings.Trim(r.URL, "/"), "/types") || bytes.Contains(x.page.Body, []byte(`"rest_base"`)) {
			r.Step = wordpress.StepTypes
			x.why = "it is JSON, the index of post types"
		}
		if !isWeb(r.URL) {
			return x.seedAddress(i)
		}
		return nil
	}
	return fmt.Errorf("source %s: the page is JSON and no door of the source reads that", x.source.ID)
}

// seedAddress puts a file without an address where the door's first page is.
func (x *explaining) seedAddress(door int) error {
	d, err := New(x.source, x.vocabulary, door)
	if err != nil {
		return err
	}
	seeds, _ := d.Seeds(time.Time{})
	if len(seeds) == 0 {
		return errors.New("the door has no first page")
	}
	x.page.Request.URL, x.page.URL = seeds[0].URL, seeds[0].URL
	return nil
}

// isPlaced reports whether the source file gives the page's address to a list
// of the door, and sets the request if so.
func (x *explaining) isPlaced(door int) bool {
	opened := x.listing(door)
	if opened == nil {
		return false
	}
	start, number, known := opened.Place(x.page.URL)
	if !known {
		return false
	}
	x.why = "its address is a start page of the listing"
	if number > 1 {
		x.why = fmt.Sprintf("its address is page %d of the listing", number)
	}
	x.list(door, start, number)
	return true
}

// hasCards reports whether the page looks like a list of the door, whatever
// its address, and sets the request if so.
func (x *explaining) hasCards(door int) bool {
	opened := x.listing(door)
	if opened == nil {
		return false
	}
	d, probe := &x.source.Doors[door], *x.page
	if !isWeb(probe.URL) && len(d.Listing.Start) > 0 { // relative links must lead somewhere
		probe.URL = d.Listing.Start[0]
	}
	cards := opened.Cards(&probe)
	if cards == 0 || cards == 1 && isWeb(x.page.URL) || x.rulesMatch(d.Page) {
		return false
	}
	x.why = fmt.Sprintf("it has %d cards that item.card finds", cards)
	x.page.URL, x.page.Request.URL = probe.URL, probe.URL
	x.list(door, 0, 1)
	return true
}

// listing opens a door if it is a listing that can be opened.
func (x *explaining) listing(door int) *listing.Door {
	if x.source.Doors[door].Kind != "listing" {
		return nil
	}
	opened, err := listing.New(x.source, x.vocabulary, door)
	if err != nil {
		return nil
	}
	return opened
}

func (x *explaining) list(door, start, number int) {
	r := &x.page.Request
	r.Door, r.Kind, r.Page = door, harvest.KindDiscovery, number
	if opened := x.listing(door); opened != nil {
		r.Step = opened.StepAt(start, number)
	}
}

// rulesMatch reports whether the selectors for item pages find the item's
// title or content on the page. Related items on an item page look like cards.
func (x *explaining) rulesMatch(rules config.PageRules) bool {
	if !item.HasRules(&rules) {
		return false
	}
	found := page.Extract(x.page, rules)
	for _, e := range found.Record.Provenance {
		if e.Basis == "selector" || e.Basis == "citation" {
			return true
		}
	}
	return false
}

// answer lets the door read the page.
func (x *explaining) answer() (Explanation, error) {
	r := &x.page.Request
	opened, err := New(x.source, x.vocabulary, r.Door)
	if err != nil {
		return Explanation{}, err
	}
	out := Explanation{Door: r.Door, Kind: x.source.Doors[r.Door].Kind, Step: r.Step, Why: x.why, Behind: x.behind}
	if reader, ok := opened.(interface{ Reading() item.Reading }); ok && r.Step == "item" {
		out.Parsed, out.Item = item.Read(x.page, reader.Reading())
	} else {
		out.Parsed = ReadAlone(opened, x.page)
		if ok && out.Kind == "links" && len(out.Parsed.Records) == 1 {
			_, out.Item = item.Read(x.page, reader.Reading())
		}
	}
	return out, nil
}

// LooksUp is a door that may ask for more before it reads a page, such as the
// names of terms that the page has by number.
type LooksUp interface {
	// Settled is the request of such a page when nothing more is to be had.
	Settled(req harvest.Request) harvest.Request
}

// ReadAlone is what a door makes of a page when nothing else can be had. What a
// run would look up for it is told in the notes.
func ReadAlone(d Door, p *harvest.Page) harvest.Parsed {
	parsed := d.Parse(p)
	looks, ok := d.(LooksUp)
	if !ok || !AsksAside(&parsed) {
		return parsed
	}
	alone := *p
	alone.Request = looks.Settled(p.Request)
	out := d.Parse(&alone)
	for _, r := range parsed.Requests {
		at, _, _ := strings.Cut(r.URL, "?")
		out.Notes = append(out.Notes, "a run looks up more before it reads the page, first at "+at)
	}
	return out
}

// AsksAside reports whether a door wants nothing but to look something up.
func AsksAside(p *harvest.Parsed) bool {
	for i := range p.Requests {
		if !p.Requests[i].Aside {
			return false
		}
	}
	return len(p.Requests) > 0 && len(p.Records) == 0
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
