package main

import (
	"context"
	"iter"
	"time"

	"github.com/harvest87/harvest"
)

// What follows are the parts of a store that a first run does not use.

func (nowhere) Lookup(context.Context, []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	return func(func(harvest.Record, error) bool) {}
}

func (nowhere) Unseen(context.Context, harvest.SourceID, time.Time) iter.Seq2[harvest.RecordID, error] {
	return func(func(harvest.RecordID, error) bool) {}
}

func (nowhere) Amend(context.Context, harvest.Signature, time.Time, []harvest.RecordID, func(*harvest.Record) error) ([]harvest.RecordID, error) {
	return nil, nil
}

func (nowhere) Hold(context.Context, harvest.RunID, []harvest.Held) error { return nil }
func (nowhere) Held(context.Context, harvest.RunID, string, int) ([]harvest.Held, error) {
	return nil, nil
}
func (nowhere) LetGo(context.Context, harvest.RunID, []string) error { return nil }
func (nowhere) Absences(context.Context, harvest.SourceID) ([]harvest.Absence, error) {
	return nil, nil
}
func (nowhere) PutAbsences(context.Context, []harvest.Absence) error   { return nil }
func (nowhere) DropAbsences(context.Context, []harvest.RecordID) error { return nil }
func (nowhere) Run(context.Context, harvest.RunID) (harvest.Run, error) {
	return harvest.Run{}, harvest.ErrNotFound
}
