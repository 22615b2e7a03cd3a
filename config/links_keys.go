package config

import (
	"strconv"
	"time"
)

// Links says how the documents of records are looked after.
type Links struct {
	Check  bool          // whether a server does it by itself; default true
	When   string        // the cron line of its beginning, in UTC; default "17 4 * * *"
	Every  time.Duration // between two looks at a link that is well; default 30 days
	PerDay int           // links of one host within 24 hours; default 50
}

func linksKind() kind[Links] {
	return group("links", []key[Links]{
		at("check", yesNo(), func(l *Links) *bool { return &l.Check }, Key{
			Default: "true", Doc: "Whether 'harvest serve' looks after the documents of records by itself.", Example: "false", Also: []string{"enabled", "on"},
		}),
		at("when", cronLine(), func(l *Links) *string { return &l.When }, Key{
			Default: `"17 4 * * *"`, Doc: "The cron line by which a server begins to look, in UTC.", Example: `"0 22 * * sat"`, Also: []string{"at", "start"},
		}),
		at("every", duration(24*time.Hour, 8784*time.Hour), func(l *Links) *time.Duration { return &l.Every }, Key{
			Default: "720h", Doc: "The time between two looks at a link that is well.", Example: "2160h", Also: []string{"interval", "max_age"},
		}),
		at("per_day", integer(1, 10_000), func(l *Links) *int { return &l.PerDay }, Key{
			Default: strconv.Itoa(50), Doc: "How many links of one host are asked for within a day.", Example: "20", Also: []string{"limit", "per_host"},
		}),
	})
}
