package oai_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/oai"
)

func TestVerbs(t *testing.T) {
	s := library(t, oai.Options{})
	r := s.ask("verb=Identify")
	if r.Identify.Name != "Harvest <of> tests & more" || r.Identify.Email != "admin@example.org" || r.Identify.First != "2026-06-30T11:01:00Z" ||
		!strings.Contains(r.Identify.Inner, "<deletedRecord>persistent</deletedRecord>") || r.Date != "2026-06-30T12:00:00Z" {
		t.Errorf("Identify: %+v", r)
	}
	if r := s.ask("verb=ListMetadataFormats"); !slices.Equal(r.Formats, []string{"oai_dc"}) {
		t.Errorf("formats %v", r.Formats)
	}
	if r := s.ask("verb=ListMetadataFormats&identifier=oai:harvest.example.org:test:c"); !slices.Equal(r.Formats, []string{"oai_dc"}) {
		t.Errorf("formats of one %v", r.Formats)
	}
	if r := s.ask("verb=ListSets"); len(r.Sets) != 5 || r.Sets[0] != "source.test" {
		t.Errorf("sets %v", r.Sets)
	}
	one := s.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:harvest.example.org:test:a").One
	if len(one.Titles) == 0 || one.Titles[0] != exporttest.Full().Title || one.Header.Stamp != "2026-06-30T11:01:00Z" || one.Header.Status != "" ||
		!slices.Equal(one.Header.Sets, []string{"source.test", "category.report", "topic.mining", "topic.fishing"}) {
		t.Errorf("record %+v", one)
	}
	for id, sets := range map[string]int{"test:c": 2, "test:d": 1} {
		one := s.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:harvest.example.org:" + id).One
		if one.Header.Status != "deleted" || len(one.Titles) > 0 || len(one.Header.Sets) != sets {
			t.Errorf("%s: %+v", id, one)
		}
	}
}

func TestErrors(t *testing.T) {
	s := library(t, oai.Options{})
	const id = "oai:harvest.example.org:test:a"
	for query, want := range map[string]string{
		"":                                      "badVerb",
		"verb=":                                 "badVerb",
		"verb=identify":                         "badVerb",
		"verb=Identify&verb=Identify":           "badVerb",
		"verb=Identify&identifier=" + id:        "badArgument",
		"verb=Identify&resumptionToken=x":       "badArgument",
		"verb=ListMetadataFormats&set=x":        "badArgument",
		"verb=ListMetadataFormats&identifier=x": "idDoesNotExist",
		"verb=ListSets&resumptionToken=x":       "badResumptionToken",
		"verb=ListSets&set=x":                   "badArgument",
		"verb=GetRecord":                        "badArgument",
		"verb=GetRecord&identifier=" + id:       "badArgument",
		"verb=GetRecord&metadataPrefix=oai_dc":  "badArgument",
		"verb=GetRecord&metadataPrefix=marc21&identifier=" + id:                       "cannotDisseminateFormat",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=" + id + "x":                 "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=test:a":                      "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=%01%3C%22":                   "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier={$gt:1}":                     "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=" + id + "&identifier=" + id: "badArgument",
		"verb=GetRecord&metadataPrefix=%00&identifier=" + id:                          "badArgument",
		"verb=ListRecords":                                                                  "badArgument",
		"verb=ListRecords&metadataPrefix=oai_marc":                                          "cannotDisseminateFormat",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026":                                  "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30":                            "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=":                                      "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00":                   "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00.5Z":                "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00%2B01:00":           "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30&until=2026-06-30T11:00:00Z": "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30&until=2026-06-29":           "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x":                          "badArgument",
		"verb=ListRecords&resumptionToken=x":                                                "badResumptionToken",
		"verb=ListRecords&resumptionToken=":                                                 "badResumptionToken",
		"verb=ListRecords&metadataPrefix=oai_dc&colour=red":                                 "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&a%zz":                                       "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&%3Cscript%3E%01=1":                          "badArgument",
	} {
		r := s.ask(query)
		if r.code() != want || len(r.Errors) != 1 {
			t.Errorf("%q: %v, want %s", query, r.Errors, want)
		}
		if wrong := want == "badVerb" || want == "badArgument"; wrong != (len(r.Request.Attrs) == 0) || r.Request.Base != base {
			t.Errorf("%q: request %v of %q", query, r.Request.Attrs, r.Request.Base)
		}
	}
	empty := newSite(t, oai.Options{Sets: func(context.Context) ([]oai.Set, error) { return nil, nil }})
	if r := empty.ask("verb=ListSets"); r.code() != "noSetHierarchy" {
		t.Errorf("no sets: %v", r.Errors)
	}
	if r := empty.ask("verb=Identify"); r.Identify.First != "1970-01-01T00:00:00Z" {
		t.Errorf("earliest of nothing: %s", r.Identify.First)
	}
}
