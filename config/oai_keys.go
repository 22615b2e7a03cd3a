package config

import (
	"net/url"
	"regexp"
	"strings"
	"time"
)

func oaiKind() kind[OAIPMH] {
	return group("oai-pmh door", []key[OAIPMH]{
		at("base", webAddress(), func(o *OAIPMH) *string { return &o.Base }, Key{
			Required: true, Doc: "The address of the repository, without verb.", Example: "https://example.org/oai", Also: []string{"url", "start", "endpoint"},
		}),
		at("metadata", metadataPrefix(), func(o *OAIPMH) *string { return &o.Metadata }, Key{
			Default: "oai_dc", Doc: "The format: Dublin Core, simple or qualified, or MARC 21, by the prefix that the repository gives it.", Example: "marcxml",
			Also: []string{"metadataprefix", "metadata_prefix", "prefix", "format"},
		}),
		at("sets", listOf(line(500)), func(o *OAIPMH) *[]string { return &o.Sets }, Key{
			Otherwise: "everything", Doc: "Sets, by their specification or name.", Example: "[publications]", Also: []string{"set"},
		}),
		at("from", day(), func(o *OAIPMH) *string { return &o.From }, Key{
			Otherwise: "everything", Doc: "The day from which on changes are asked for.", Example: "2015-01-31", Also: []string{"since"},
		}),
		at("window", duration(24*time.Hour, 100*365*24*time.Hour), func(o *OAIPMH) *time.Duration { return &o.Window }, Key{
			Otherwise: "one list", Doc: "The length of the pieces by date in which the list is asked for, where a repository refuses long ones.", Example: "720h", Also: []string{"windows"},
		}),
		at("one_by_one", yesNo(), func(o *OAIPMH) *bool { return &o.OneByOne }, Key{
			Default: "false", Doc: "Whether identifiers are listed and each record is asked for, where lists of records break.", Example: "true",
		}),
		at("link", linkPattern(), func(o *OAIPMH) *string { return &o.Link }, Key{
			Otherwise: "the address that the record names", Doc: "The address of an item's page, with {id} for what stands behind the last colon of its identifier, or with {identifier}.",
			Example: `"https://example.org/record/{id}"`,
		}),
		at("pages", oneOf("never", "when-needed", "always"), func(o *OAIPMH) *string { return &o.Pages }, Key{
			Default: "never", Doc: "When the web page of an item is fetched besides.", Example: "when-needed", Also: []string{"item_pages"},
		}),
	})
}

var prefixPattern = regexp.MustCompile(`^[A-Za-z0-9_.!~*'()-]+$`)

func metadataPrefix() kind[string] {
	const want = "the prefix of a format such as oai_dc or marcxml"
	return single("format prefix", want, func(_ *walker, text string) (string, fault) {
		if !prefixPattern.MatchString(text) {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}

// day is a day of the calendar.
func day() kind[string] {
	const want = "a date such as 2015-01-31"
	return single("date", want, func(_ *walker, text string) (string, fault) {
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}

// linkPattern is an absolute address with a place for an identifier.
func linkPattern() kind[string] {
	const want = "an address such as https://example.org/record/{id}"
	return single("address with {id}", want, func(_ *walker, text string) (string, fault) {
		marks := placeholder.FindAllString(text, -1)
		if len(marks) != 1 || marks[0] != "{id}" && marks[0] != "{identifier}" {
			return "", notA(text, want, "write {id} once, where what stands behind the last colon of the identifier belongs")
		}
		u, err := url.Parse(strings.Replace(text, marks[0], "1", 1))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return "", notA(text, want, "begin with https://")
		}
		return text, fault{}
	}, itself)
}
