// Package transfertest fills a catalogue with something of everything, for
// tests of copies between stores.
package transfertest

import (
	"context"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

// Kind is the kind of the memo that Fill writes.
const Kind = "test"

// Fill writes n records and more of every kind into an empty catalogue.
func Fill(ctx context.Context, c sinks.Catalogue, n int) error {
	at := time.Date(2026, time.March, 1, 3, 0, 0, 0, time.UTC)
	first, second := harvest.NewRunID("alpha", at), harvest.NewRunID("alpha", at.Add(time.Hour))
	records := make([]harvest.Record, n)
	ids := make([]harvest.RecordID, n)
	var pages []harvest.PageFacts
	for i := range records {
		url := fmt.Sprintf("https://alpha.example/item/%04d?a=1&b=<x>", i)
		records[i] = harvest.Record{
			ID: harvest.NewRecordID("alpha", "", url), Source: "alpha", URL: url, Title: fmt.Sprintf("Item %d & \u2028 more", i), PageHash: "aa",
			Published: harvest.MonthDate(2021, time.Month(1+i%12)), Authors: []string{"Bales, Kevin"}, Summary: "Line\n\nline \x01",
			Documents:  []harvest.Document{{URL: url + ".pdf", Bytes: 5_000_000_000}},
			Provenance: map[string]harvest.Evidence{"identifiers.doi": {Basis: "meta"}, "title": {Basis: "selector", Detail: "h1"}},
		}
		ids[i] = records[i].ID
		pages = append(pages, harvest.PageFacts{Source: "alpha", URL: url, Status: 200, FetchedAt: at, Records: ids[i : i+1], Links: []byte{0, 1, 255}})
	}
	changed := append([]harvest.Record(nil), records...)
	for i := 0; i < n; i += 3 {
		changed[i].Title, changed[i].Documents, changed[i].PageHash = "Changed", nil, "bb"
	}
	said := func(r *harvest.Record) error {
		return r.Override("publisher", harvest.Override{Value: []string{"RESPECT"}, Author: "ana", Reason: "the cover", At: at})
	}
	for _, step := range []func() error{
		func() error { _, err := c.Put(ctx, first, at, records); return err },
		func() error { _, err := c.Put(ctx, second, at.Add(time.Hour), changed); return err },
		func() error {
			_, err := c.Amend(ctx, harvest.Signature{Author: "ana", Reason: "the cover"}, at.Add(2*time.Hour), ids[:2], said)
			return err
		},
		func() error {
			return c.PutKeys(ctx, map[harvest.RecordID][]string{ids[0]: {"doi:10.1/x", "~b"}, ids[1]: {"~a"}})
		},
		func() error { return c.Settle(ctx, []harvest.Record{{ID: ids[n-1], Revision: 1}}) },
		func() error { return c.Withdraw(ctx, harvest.NewWithdrawal(&records[n-2], "ben", "asked for", at)) },
		func() error {
			return c.PutWorks(ctx, at, []harvest.Work{{ID: "w:1", Members: []harvest.Member{{Record: min(ids[0], ids[1]), Method: "doi", Score: 0.25}, {Record: max(ids[0], ids[1]), Method: "doi", Score: 1}}}})
		},
		func() error {
			return c.PutDecision(ctx, harvest.Decision{A: min(ids[2], ids[3]), B: max(ids[2], ids[3]), Same: true, Author: "ana", At: at})
		},
		func() error {
			return c.PutDoubts(ctx, nil, []harvest.Doubt{{A: min(ids[4], ids[5]), B: max(ids[4], ids[5]), Score: 0.5, Evidence: "title"}})
		},
		func() error {
			return c.PutRun(ctx, harvest.Run{
				ID: second, Source: "alpha", ScheduledAt: at, StartedAt: at, EndedAt: at.Add(time.Minute), State: harvest.RunPassed,
				Outcomes: map[harvest.Outcome]int{harvest.NewRecord: n}, Labels: map[string]int{"Dr. Smith & Co.": 2},
				Hosts: harvest.HostUses{{Host: "alpha.example", Requests: 3}},
			})
		},
		func() error { return c.PutPages(ctx, pages) },
		func() error {
			return c.Hold(ctx, second, []harvest.Held{{Key: "k", URL: records[0].URL, At: at, Records: records[:1], Facts: &pages[0]}})
		},
		func() error {
			return c.PutAbsences(ctx, []harvest.Absence{{Record: ids[0], Source: "alpha", Runs: 2, Since: at, Run: second, Reason: "not found"}})
		},
		func() error {
			return c.PutMemo(ctx, harvest.Memo{Kind: Kind, Key: "alpha", Value: []byte(`{"paused": true}`)})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
