package main_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

const oai = `- oai-pmh: {base: "{{base}}/oai"}`

// repository answers by verb, or by token where there is one. Identify answers
// by itself.
func repository(answers map[string]func(http.ResponseWriter)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.Query().Get("resumptionToken")
		if key == "" {
			key = r.URL.Query().Get("verb")
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		switch answer, ok := answers[key]; {
		case ok:
			answer(w)
		case key == "Identify":
			says(oaiReply("<Identify><granularity>YYYY-MM-DD</granularity></Identify>"))(w)
		default:
			says(oaiReply(`<error code="badVerb"/>`))(w)
		}
	})
}

func says(body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { io.WriteString(w, body) }
}

func oaiReply(inside string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-05-02T10:00:00Z</responseDate>` + inside + `</OAI-PMH>`
}

// oaiList is a page of records with those numbers.
func oaiList(base, token string, numbers ...int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, `<record><header><identifier>oai:x:%[1]d</identifier><datestamp>2024-01-01</datestamp></header><metadata><dc><title>Recruitment fees&#x1F;, part %[1]d</title><identifier>%[2]s/item/%[1]d</identifier></dc></metadata></record>`, n, base)
	}
	return oaiReply("<ListRecords>" + b.String() + "<resumptionToken>" + token + "</resumptionToken></ListRecords>")
}

// TestRepositories harvests repositories that behave as repositories do.
func TestRepositories(t *testing.T) {
	t.Parallel()
	spring(t, "fetch: {timeout: 5s, retries: 1}\n",
		trap{
			name: "two-pages", doors: oai, records: 3, requests: 5, outcomes: map[harvest.Outcome]int{harvest.GoneRecord: 1},
			site: func(s *sitetest.Site) {
				s.Handle("/oai", repository(map[string]func(http.ResponseWriter){
					"ListRecords": says(strings.Replace(oaiList(s.URL, "to ken+", 1, 2), "<resumption", `<record><header status="deleted"><identifier>oai:x:9</identifier><datestamp>2024-01-01</datestamp></header></record><resumption`, 1)),
					"to ken+": func(w http.ResponseWriter) { // compressed, and nothing says so
						w.Write(gzipped(oaiList(s.URL, "", 3)))
					},
				}))
			},
		},
		trap{
			name: "asks-for-patience", doors: oai, keys: "politeness: {delay: 0s, contact: optional}\n", records: 1, requests: 6,
			site: func(s *sitetest.Site) {
				asked := 0
				s.Handle("/oai", repository(map[string]func(http.ResponseWriter){"ListRecords": func(w http.ResponseWriter) {
					if asked++; asked == 1 {
						w.Header().Set("Retry-After", "1")
						w.WriteHeader(http.StatusServiceUnavailable)
						return
					}
					says(oaiList(s.URL, "", 1))(w)
				}}))
			},
		},
		trap{
			name: "tokens-expire", doors: oai, state: harvest.RunPartial, records: 1, says: "begun 4 times", requests: 11,
			site: func(s *sitetest.Site) {
				s.Handle("/oai", repository(map[string]func(http.ResponseWriter){
					"ListRecords": says(oaiList(s.URL, "old", 1)), "old": says(oaiReply(`<error code="badResumptionToken"/>`)),
				}))
			},
		},
		trap{
			name: "goes-in-a-circle", doors: oai, state: harvest.RunPartial, records: 2, says: "in a circle", requests: 6,
			site: func(s *sitetest.Site) {
				s.Handle("/oai", repository(map[string]func(http.ResponseWriter){
					"ListRecords": says(oaiList(s.URL, "a", 1)), "a": says(oaiList(s.URL, "b", 2)), "b": says(oaiList(s.URL, "a", 1)),
				}))
			},
		},
		trap{
			name: "no-records", doors: oai + "\n  " + items, records: 1, says: "gave no record", requests: 6,
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/list", list("/item/1"))
				s.Handle("/oai", repository(map[string]func(http.ResponseWriter){"ListRecords": says(oaiReply(`<error code="noRecordsMatch"/>`))}))
			},
		},
		trap{
			name: "one-by-one", doors: `- oai-pmh: {base: "{{base}}/oai", one_by_one: true}`, records: 2, requests: 6,
			site: func(s *sitetest.Site) {
				s.Handle("/oai", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/xml")
					switch q := r.URL.Query(); q.Get("verb") {
					case "Identify":
						io.WriteString(w, oaiReply("<Identify><granularity>YYYY-MM-DD</granularity></Identify>"))
					case "ListIdentifiers":
						io.WriteString(w, oaiReply(`<ListIdentifiers><header><identifier>oai:x:1</identifier><datestamp>2024-01-01</datestamp></header><header><identifier>oai:x:2</identifier><datestamp>2024-01-01</datestamp></header></ListIdentifiers>`))
					default:
						io.WriteString(w, oaiList(s.URL, "", int(q.Get("identifier")[6]-'0')))
					}
				}))
			},
		},
	)
}
