package oai_test

import (
	"encoding/xml"
	"slices"
	"strings"
)

// reply is an answer as a harvester reads it.
type reply struct {
	Date    string `xml:"responseDate"`
	Request struct {
		Base  string     `xml:",chardata"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"request"`
	Errors []struct {
		Code string `xml:"code,attr"`
		Text string `xml:",chardata"`
	} `xml:"error"`
	Identify struct {
		Inner string `xml:",innerxml"`
		Email string `xml:"adminEmail"`
		Name  string `xml:"repositoryName"`
		First string `xml:"earliestDatestamp"`
	}
	Sets    []string   `xml:"ListSets>set>setSpec"`
	Formats []string   `xml:"ListMetadataFormats>metadataFormat>metadataPrefix"`
	Headers []header   `xml:"ListIdentifiers>header"`
	Records []record   `xml:"ListRecords>record"`
	One     record     `xml:"GetRecord>record"`
	Tokens  []tokenTag `xml:"ListIdentifiers>resumptionToken"`
	Tokens2 []tokenTag `xml:"ListRecords>resumptionToken"`
}

type tokenTag struct {
	Text    string `xml:",chardata"`
	Cursor  string `xml:"cursor,attr"`
	Expires string `xml:"expirationDate,attr"`
}

type header struct {
	Status     string   `xml:"status,attr"`
	Identifier string   `xml:"identifier"`
	Stamp      string   `xml:"datestamp"`
	Sets       []string `xml:"setSpec"`
}

type record struct {
	Header header   `xml:"header"`
	Titles []string `xml:"metadata>dc>title"`
}

func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Code
}

func (r *reply) token() string {
	for _, t := range slices.Concat(r.Tokens, r.Tokens2) {
		return t.Text
	}
	return ""
}

// ids are the local parts of what was listed; deleted ones with a minus.
func (r *reply) ids() string {
	headers := slices.Clone(r.Headers)
	for _, x := range r.Records {
		headers = append(headers, x.Header)
	}
	var out []string
	for _, h := range headers {
		id, ok := strings.CutPrefix(h.Identifier, "oai:harvest.example.org:")
		if !ok {
			return "not ours: " + h.Identifier
		}
		if h.Status == "deleted" {
			id = "-" + id
		}
		out = append(out, id)
	}
	return strings.Join(out, " ")
}
