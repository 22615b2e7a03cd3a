package config

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// Archive says what is kept of the answers of sites, so that they can be read
// again without being asked for again.
type Archive struct {
	Keep bool // default true
	// MaxSize bounds the files of one source, in octets; default 1 GiB.
	MaxSize int64
	// MaxAge is how long a page is kept after it was last seen; default 180 days.
	MaxAge time.Duration
}

// SourceArchive is what one source has otherwise; nil: as in harvest.yaml.
type SourceArchive struct {
	Keep    *bool
	MaxSize *int64
	MaxAge  *time.Duration
}

// ArchiveOf is what holds for a source.
func (c *Config) ArchiveOf(s *Source) Archive {
	a := c.Archive
	if own := s.Archive; own.Keep != nil {
		a.Keep = *own.Keep
	}
	if own := s.Archive; own.MaxSize != nil {
		a.MaxSize = *own.MaxSize
	}
	if own := s.Archive; own.MaxAge != nil {
		a.MaxAge = *own.MaxAge
	}
	return a
}

// The bounds of what may be kept of one source.
const (
	leastArchive, mostArchive = 1 << 20, 1 << 40
	leastKept, mostKept       = 24 * time.Hour, 10 * 365 * 24 * time.Hour
)

func archiveKind() kind[Archive] {
	return group("archive", []key[Archive]{
		at("keep", yesNo(), func(a *Archive) *bool { return &a.Keep }, Key{
			Default: "true", Doc: "Whether pages are kept as they came, in the folder archive of the data folder, so that 'harvest reparse' can read them again.",
			Example: "false", Also: []string{"enabled", "on"},
		}),
		at("max_size", size(leastArchive, mostArchive), func(a *Archive) *int64 { return &a.MaxSize }, Key{
			Default: "1GiB", Doc: "The most that is kept of one source, compressed.", Example: "200MiB", Also: []string{"size", "limit"},
		}),
		at("max_age", duration(leastKept, mostKept), func(a *Archive) *time.Duration { return &a.MaxAge }, Key{
			Default: "4320h", Doc: "How long a page is kept after a run has last seen it.", Example: "720h", Also: []string{"age", "retention", "days"},
		}),
	})
}

func sourceArchiveKind() kind[SourceArchive] {
	return group("archive", []key[SourceArchive]{
		at("keep", optional(yesNo()), func(a *SourceArchive) **bool { return &a.Keep }, Key{
			Otherwise: "as in harvest.yaml", Doc: "Whether pages of this source are kept as they came.", Example: "false", Also: []string{"enabled", "on"},
		}),
		at("max_size", optional(size(leastArchive, mostArchive)), func(a *SourceArchive) **int64 { return &a.MaxSize }, Key{
			Otherwise: "as in harvest.yaml", Doc: "The most that is kept of this source, compressed.", Example: "200MiB", Also: []string{"size", "limit"},
		}),
		at("max_age", optional(duration(leastKept, mostKept)), func(a *SourceArchive) **time.Duration { return &a.MaxAge }, Key{
			Otherwise: "as in harvest.yaml", Doc: "How long a page is kept after a run has last seen it.", Example: "720h", Also: []string{"age", "retention", "days"},
		}),
	})
}

// optional is a value that may not be said at all.
func optional[V any](k kind[V]) kind[*V] {
	return kind[*V]{
		name: k.name, schema: k.schema, keys: k.keys, empty: k.empty,
		read: func(w *walker, v value) (*V, bool) {
			got, ok := k.read(w, v)
			return &got, ok
		},
		write: func(v *V) *yaml.Node {
			if v == nil {
				return nil
			}
			return k.write(*v)
		},
	}
}
