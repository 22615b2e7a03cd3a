package harvest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Override is what a person says of a field. It stands above what the source
// says, through every harvest, until it is taken back.
type Override struct {
	// Value is the value given, as text: none for an empty field, one for a
	// single value, several for a list.
	Value []string `json:"value,omitempty" bson:"value,omitempty"`
	// Harvested is what the source says at present, in the same form, and
	// Evidence where it says so.
	Harvested []string  `json:"harvested,omitempty" bson:"harvested,omitempty"`
	Evidence  Evidence  `json:"evidence,omitzero" bson:"evidence,omitempty"`
	Author    string    `json:"author" bson:"author"`
	Reason    string    `json:"reason" bson:"reason"`
	At        time.Time `json:"at" bson:"at"`
}

// BasisCuration is the [Evidence.Basis] of a value that a person gave.
const BasisCuration = "curation"

// follows are the fields that an override of a field moves with it.
var follows = map[string]map[string][]string{
	"summary": {"summary_basis.kind": {string(SummaryCurated)}, "summary_basis.truncated": nil},
}

// Override puts a person's value above that of the source. No values empty the
// field. The error is for a field that there is not, or a form that it cannot
// have; what a value means is for the caller to check.
func (r *Record) Override(name string, o Override) error {
	f := fieldNamed(name)
	if f == nil || !f.curated {
		return fmt.Errorf("%s: no field that can be annotated; there are: %s", name, strings.Join(CuratedFields(), ", "))
	}
	o.At = o.At.UTC().Truncate(time.Millisecond)
	own := maps.Clone(r.Overrides)
	if own == nil {
		own = make(map[string]Override)
	}
	own[name] = o
	for follower, value := range follows[name] {
		o.Value = value
		own[follower] = o
	}
	harvested := *r
	if err := harvested.release(); err != nil {
		return err
	}
	return r.become(harvested, own)
}

// Restore takes back what a person said of a field: the source has its way
// again. It reports whether anything was said of it.
func (r *Record) Restore(name string) (bool, error) {
	if _, ok := r.Overrides[name]; !ok {
		return false, nil
	}
	own := maps.Clone(r.Overrides)
	delete(own, name)
	for follower := range follows[name] {
		delete(own, follower)
	}
	harvested := *r
	if err := harvested.release(); err != nil {
		return false, err
	}
	return true, r.become(harvested, own)
}

// Curate gives a record as its source has it what people said of it.
func (r *Record) Curate(overrides map[string]Override) error {
	r.Overrides = nil
	return r.become(*r, maps.Clone(overrides))
}

// become makes r the harvested record with overrides, which it keeps.
func (r *Record) become(harvested Record, overrides map[string]Override) error {
	provenance := maps.Clone(harvested.Provenance)
	if provenance == nil && len(overrides) > 0 {
		provenance = make(map[string]Evidence)
	}
	next := harvested
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		o := overrides[name]
		f := fieldNamed(name)
		if f == nil {
			return fmt.Errorf("override of %s: no such field", name)
		}
		o.Harvested, o.Evidence = text(f.at(&harvested)), harvested.Provenance[explained(name)]
		overrides[name] = o
		if err := setText(f.at(&next), o.Value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		provenance[explained(name)] = Evidence{Basis: BasisCuration, Detail: o.Author + ": " + o.Reason}
	}
	if len(overrides) == 0 {
		overrides = nil
	}
	next.Provenance, next.Overrides = provenance, overrides
	*r = next
	return nil
}

// release makes the record what its source says, without overrides.
func (r *Record) release() error {
	provenance := maps.Clone(r.Provenance)
	for name, o := range r.Overrides {
		f := fieldNamed(name)
		if f == nil {
			return fmt.Errorf("override of %s: no such field", name)
		}
		if err := setText(f.at(r), o.Harvested); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(provenance, explained(name))
		if o.Evidence != (Evidence{}) {
			provenance[explained(name)] = o.Evidence
		}
	}
	r.Provenance, r.Overrides = provenance, nil
	return nil
}

// explained is the name under which provenance has a field.
func explained(name string) string { return strings.TrimSuffix(name, ".value") }
