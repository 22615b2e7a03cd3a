package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// gateFields are the fields that gates watch; a test of crawler/gate holds the
// list complete.
var gateFields = []string{
	"title", "category", "category_raw", "summary", "published", "language", "authors", "publisher", "documents", "doi", "isbn",
	"un_symbol", "licence", "translations",
}

// GateFields are the names of the fields that gates watch.
func GateFields() []string { return slices.Clone(gateFields) }

func gatesKind() kind[Gates] {
	of := func(name, doc, example string, place func(*Gates) *Limit) key[Gates] {
		return at(name, limit(), place, Key{Otherwise: "learned", Doc: doc, Example: example})
	}
	return group("gates", []key[Gates]{
		at("records", bound(), func(g *Gates) *Bound { return &g.Records }, Key{
			Otherwise: "any number", Doc: "How many records a whole run must see.", Example: `">= 200"`,
		}),
		of("volume", "By what share a whole run may see fewer records than the runs before.", `"<= 30%"`, func(g *Gates) *Limit { return &g.Volume }),
		of("missed", "What share of the known records a whole run may miss.", `"<= 20%"`, func(g *Gates) *Limit { return &g.Missed }),
		of("new", "How many new records may come, as a share of those there were.", `"<= 100%"`, func(g *Gates) *Limit { return &g.New }),
		of("changed", "What share of the known records may have changed.", "off", func(g *Gates) *Limit { return &g.Changed }),
		of("invalid", "What share of what is found may be no record.", `"<= 30%"`, func(g *Gates) *Limit { return &g.Invalid }),
		of("pages", "What share of the item pages may be missing, refused or closed.", `"<= 40%"`, func(g *Gates) *Limit { return &g.Pages }),
		of("repeats", "What share of the item pages may say what another says.", "off", func(g *Gates) *Limit { return &g.Repeats }),
		of("same_title", "What share of the records may have one and the same title.", "off", func(g *Gates) *Limit { return &g.SameTitle }),
		of("category_moves", "What share of the records may change category.", "off", func(g *Gates) *Limit { return &g.CategoryMoves }),
		of("language_moves", "What share of the records may change language.", "off", func(g *Gates) *Limit { return &g.LanguageMoves }),
		of("category", "How far the categories of new records may be from earlier ones, from 0 to 100 %.", "off", func(g *Gates) *Limit { return &g.Category }),
		of("language", "The same for their languages.", "off", func(g *Gates) *Limit { return &g.Language }),
		of("title_length", "The same for the lengths of their titles.", "off", func(g *Gates) *Limit { return &g.TitleLength }),
		at("lost", fieldLimits(), func(g *Gates) *map[string]Limit { return &g.Lost }, Key{
			Otherwise: "learned", Doc: "By field: what share of the records that had it may lose it.", Example: `{summary: "<= 50%", documents: off}`,
		}),
		at("without", fieldLimits(), func(g *Gates) *map[string]Limit { return &g.Without }, Key{
			Otherwise: "learned", Doc: "By field: what share of the new records may come without it.", Example: "{authors: off}",
		}),
	})
}

func goneKind() kind[Gone] {
	return group("gone", []key[Gone]{
		at("runs", integer(1, 100), func(g *Gone) *int { return &g.Runs }, Key{
			Default: "3", Doc: "After how many whole runs in a row that passed and did not see it.", Example: "2",
		}),
		at("after", duration(0, 365*24*time.Hour), func(g *Gone) *time.Duration { return &g.After }, Key{
			Default: "168h", Doc: "And at the earliest so long after the first of these.", Example: "336h",
		}),
	})
}

var limitPattern = regexp.MustCompile(`^(?:<=\s*)?(\d{1,6}(?:\.\d{1,3})?)\s*%$`)

// limit is how far a gate lets a share go.
func limit() kind[Limit] {
	const want = `a limit such as "<= 40%", off or learned`
	return single("limit", want, func(_ *walker, text string) (Limit, fault) {
		switch text {
		case "learned":
			return Limit{}, fault{}
		case "off":
			return Limit{Off: true}, fault{}
		}
		m := limitPattern.FindStringSubmatch(text)
		if m == nil {
			if share, err := strconv.ParseFloat(text, 64); err == nil && share >= 0 && share <= 1 {
				return Limit{}, notA(text, want, fmt.Sprintf(`write "<= %g%%" with the quotation marks`, 100*share))
			}
			return Limit{}, notA(text, want, "")
		}
		percent, _ := strconv.ParseFloat(m[1], 64) // few digits
		return Limit{Set: true, Most: percent / 100}, fault{}
	}, Limit.String)
}

// String is the limit as a source file writes it, empty for the zero value.
func (l Limit) String() string {
	switch {
	case l.Off:
		return "off"
	case l.Set:
		return "<= " + strconv.FormatFloat(100*l.Most, 'f', -1, 64) + "%"
	}
	return ""
}

// fieldLimits are limits by the name of a field.
func fieldLimits() kind[map[string]Limit] {
	one := limit()
	properties := make(map[string]any, len(gateFields))
	for _, name := range gateFields {
		properties[name] = map[string]any{"type": "string"}
	}
	return kind[map[string]Limit]{
		name: "fields with their limits",
		schema: fixed(map[string]any{
			"type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1,
		}),
		read: func(w *walker, v value) (map[string]Limit, bool) {
			out := make(map[string]Limit)
			ok := w.entries(v, "a group of fields", `write one line for each field, such as "summary: off", without dashes`, func(name string, child value) {
				if !slices.Contains(gateFields, name) {
					w.addAt(child.key, child.path, show(name)+" is not a field that gates watch", didYouMean(name, gateFields))
					return
				}
				if l, ok := one.read(w, child); ok {
					out[name] = l
				}
			})
			return out, ok
		},
		write: func(limits map[string]Limit) *yaml.Node {
			text := make(map[string]string, len(limits))
			for name, l := range limits {
				if s := l.String(); s != "" {
					text[name] = s
				}
			}
			return writeMap(text)
		},
	}
}
