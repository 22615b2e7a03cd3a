package sqlite_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// checkPlan fails on a walk over a whole table and on sorting, both of which
// grow with the catalogue.
func checkPlan(t *testing.T, plan string) {
	t.Helper()
	for step := range strings.Lines(plan) {
		step = strings.TrimSpace(step)
		table := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") &&
			step != "SCAN CONSTANT ROW" && !strings.Contains(step, "json_each") &&
			!strings.HasPrefix(step, "SCAN (subquery-") // its own lines say how it finds them
		if table || strings.Contains(step, "TEMP B-TREE") {
			t.Errorf("plan has %q:\n%s", step, plan)
		}
	}
}

// TestEveryFilterHasAnIndex holds before and after ANALYZE, which gives the
// planner other reasons.
func TestEveryFilterHasAnIndex(t *testing.T) {
	t.Parallel()
	c, path := openFresh(t)
	fill(t, c, 500)
	since, err := harvest.ParseDate("2021-03")
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T) {
		for name, want := range map[string]struct {
			query harvest.Query
			index string
		}{
			"all":             {harvest.Query{}, "records_in_order"},
			"any state":       {harvest.Query{States: []harvest.State{harvest.AnyState}}, "records_in_order"},
			"source":          {harvest.Query{Sources: []harvest.SourceID{"alpha"}}, "records_by_source"},
			"category":        {harvest.Query{Categories: []string{"law"}}, "records_by_category"},
			"language":        {harvest.Query{Languages: []string{"en"}}, "records_in_order"},
			"since":           {harvest.Query{Since: since}, "records_in_order"},
			"sources":         {harvest.Query{Sources: []harvest.SourceID{"alpha", "beta"}}, "records_in_order"},
			"categories":      {harvest.Query{Categories: []string{"law", "news"}}, "records_in_order"},
			"languages":       {harvest.Query{Languages: []string{"en", "fr"}}, "records_in_order"},
			"years":           {harvest.Query{Years: []int{2020, 2021}}, "records_in_order"},
			"topic":           {harvest.Query{Topics: []string{"mining"}}, "records_in_order"},
			"country":         {harvest.Query{Countries: []string{"NP"}}, "records_in_order"},
			"changed":         {harvest.Query{ChangedSince: time.Now()}, "records_in_order"},
			"source and more": {harvest.Query{Sources: []harvest.SourceID{"alpha"}, Categories: []string{"law"}, Languages: []string{"en"}, Since: since}, "records_by_source"},
		} {
			t.Run(name, func(t *testing.T) {
				records, count, err := c.QueryPlans(t.Context(), want.query)
				if err != nil {
					t.Fatal(err)
				}
				checkPlan(t, records)
				checkPlan(t, count)
				if !strings.Contains(records, want.index) || !strings.Contains(count, want.index) {
					t.Errorf("index %s is not used:\n%s%s", want.index, records, count)
				}
			})
		}
		for name, q := range map[string]harvest.Changes{
			"changed, all":      {Limit: 10},
			"changed, narrowed": {Limit: 10, Since: time.Now(), Before: time.Now(), Source: "alpha", Category: "law", Topic: "mining"},
		} {
			t.Run(name, func(t *testing.T) {
				plan, err := c.ChangedPlan(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				checkPlan(t, plan)
				if !strings.Contains(plan, "SEARCH records USING INDEX records_by_change ((last_changed,id)>(?,?)") {
					t.Errorf("the walk does not begin at the place:\n%s", plan)
				}
			})
		}
		for name, statement := range sqlite.Statements {
			t.Run(name, func(t *testing.T) {
				plan, err := c.Plan(t.Context(), statement)
				if err != nil {
					t.Fatal(err)
				}
				checkPlan(t, plan)
			})
		}
	}
	t.Run("fresh", check)
	exec(t, raw(t, path), "ANALYZE")
	t.Run("analysed", check)
}
