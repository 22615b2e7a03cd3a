package sample

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/harvest87/harvest"
)

//go:embed content/items.yaml
var itemsFile []byte

// zone is the site's time zone. It is far enough from UTC that an item posted
// in the small hours has another day there.
var zone = time.FixedZone("", int((5*time.Hour + 45*time.Minute).Seconds()))

// item is one post of the site; content/items.yaml explains the fields.
type item struct {
	ID         int       `yaml:"id"`
	Slug       string    `yaml:"slug"`
	Type       string    `yaml:"type"` // post, brief or page
	Lang       string    `yaml:"lang"`
	Status     string    `yaml:"status"` // publish, protected, private or draft
	NoIndex    bool      `yaml:"noindex"`
	Title      string    `yaml:"title"`
	MarkedUp   string    `yaml:"markup"`
	Labels     []string  `yaml:"labels"`
	Category   string    `yaml:"category"`
	Group      string    `yaml:"group"` // translations of each other
	Posted     posted    `yaml:"posted"`
	Published  string    `yaml:"published"`
	Author     string    `yaml:"author"`
	Citation   citation  `yaml:"citation"`
	Documents  []file    `yaml:"documents"`
	Also       also      `yaml:"also"`
	Paragraphs []string  `yaml:"paragraphs"`
	Modified   time.Time `yaml:"-"`
}

type citation struct {
	Publisher string `yaml:"publisher"`
	Date      string `yaml:"date"`
}

type file struct {
	File  string `yaml:"file"` // below /wp-content/uploads/
	Title string `yaml:"title"`
}

type also struct {
	Path  string `yaml:"path"`
	Label string `yaml:"label"`
}

// posted is a time without a zone, which is the site's.
type posted struct{ time.Time }

// UnmarshalYAML reads "2021-04-06T09:15:00".
func (p *posted) UnmarshalYAML(n *yaml.Node) error {
	t, err := time.ParseInLocation("2006-01-02T15:04:05", n.Value, zone)
	p.Time = t
	return err
}

// Path is the item's address on the site.
func (i *item) Path() string {
	switch i.Type {
	case "brief":
		return "/briefs/" + i.Slug + "/"
	case "page":
		return "/" + i.Slug + "/"
	}
	return "/resources/" + i.Slug + "/"
}

// RESTBase is the name of the item's type in the API.
func (i *item) RESTBase() string { return i.Type + "s" }

// Markup is the title as the site prints it.
func (i *item) Markup() template.HTML {
	if i.MarkedUp != "" {
		return template.HTML(i.MarkedUp)
	}
	return texturize(i.Title)
}

// PostedAt and ModifiedAt are times as HTML wants them, PostedOn is one as
// readers do.
func (i *item) PostedAt() string   { return i.Posted.Format(time.RFC3339) }
func (i *item) ModifiedAt() string { return i.Modified.Format(time.RFC3339) }
func (i *item) PostedOn() string   { return i.Posted.Format("2 January 2006") }

// listed reports whether readers find the item in the listing.
func (i *item) listed() bool { return i.Status == "publish" && i.Type != "page" }

// library is all items at one state of the site. It never changes.
type library struct {
	options Options
	items   []*item // newest first
	byPath  map[string]*item
	byID    map[int]*item
	files   map[string]*item // by path below the uploads
	labels  []string         // the categories; the id of one is its position + 1
	authors []string
}

func newLibrary(o Options) *library {
	l := &library{options: o, byPath: make(map[string]*item), byID: make(map[int]*item), files: make(map[string]*item)}
	for _, i := range readItems() {
		if !slices.Contains(o.Removed, i.Slug) {
			l.items = append(l.items, i)
		}
	}
	slices.SortFunc(l.items, func(a, b *item) int {
		return cmp.Or(b.Posted.Compare(a.Posted.Time), cmp.Compare(b.ID, a.ID))
	})
	for _, e := range o.Edits {
		l.edit(e)
	}
	for _, i := range l.items {
		l.byID[i.ID] = i
		l.byPath[i.Path()] = i
		if i.Also.Path != "" {
			l.byPath[i.Also.Path] = i
		}
		for _, f := range i.Documents {
			l.files[f.File] = i
		}
		for _, label := range i.Labels {
			l.labels = appendNew(l.labels, label)
		}
		if i.Also.Label != "" {
			l.labels = appendNew(l.labels, i.Also.Label)
		}
		l.authors = appendNew(l.authors, i.Author)
	}
	return l
}

// readItems reads the embedded table. That it can be read is tested.
func readItems() []*item {
	d := yaml.NewDecoder(bytes.NewReader(itemsFile))
	d.KnownFields(true)
	var items []*item
	if err := d.Decode(&items); err != nil {
		panic(fmt.Sprintf("sample: content/items.yaml: %v", err))
	}
	for _, i := range items {
		i.Type = cmp.Or(i.Type, "post")
		i.Lang = cmp.Or(i.Lang, "en")
		i.Status = cmp.Or(i.Status, "publish")
		i.Modified = i.Posted.Add(26 * time.Hour)
	}
	return items
}

func (l *library) edit(e Edit) {
	at := slices.IndexFunc(l.items, func(i *item) bool { return i.Slug == e.Slug })
	if at < 0 {
		panic(fmt.Sprintf("sample: there is no item %q to edit", e.Slug))
	}
	i := l.items[at]
	if e.Title != "" {
		i.Title, i.MarkedUp = e.Title, ""
	}
	if e.Summary != "" {
		i.Paragraphs[0] = e.Summary
	}
	i.Modified = i.Posted.Add(24 * time.Hour)
	if !e.Modified.IsZero() {
		i.Modified = e.Modified.In(zone)
	}
}

// labelsOf are all labels of an item, the one of its own address first.
func labelsOf(i *item) []string {
	if i.Also.Label == "" {
		return i.Labels
	}
	return append(slices.Clone(i.Labels), i.Also.Label)
}

func (l *library) labelID(label string) int { return slices.Index(l.labels, label) + 1 }

func (l *library) authorID(name string) int { return slices.Index(l.authors, name) + 1 }

// translations are the items that say the same in other languages, and the
// item itself; none for an item without any.
func (l *library) translations(of *item) []*item {
	if of.Group == "" {
		return nil
	}
	var out []*item
	for _, i := range l.items {
		if i.Group == of.Group {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b *item) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// locale is a language as WordPress names it.
type locale struct {
	Tag         string // BCP 47
	Name        string
	RightToLeft bool
}

func localeOf(lang string) locale {
	switch lang {
	case "ar":
		return locale{"ar", "ar", true}
	case "es":
		return locale{"es-ES", "es_ES", false}
	case "fr":
		return locale{"fr-FR", "fr_FR", false}
	case "ne":
		return locale{"ne-NP", "ne_NP", false}
	}
	return locale{"en-GB", "en_GB", false}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// publishedDate is the date that a harvest should find.
func (i *item) publishedDate() harvest.Date {
	d, err := harvest.ParseDate(i.Published)
	if err != nil {
		panic(fmt.Sprintf("sample: item %d: %v", i.ID, err))
	}
	return d
}

// escapedPath is a path below the uploads as links write it.
func escapedPath(file string) string {
	return (&url.URL{Path: file}).EscapedPath()
}
