package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

// missing are the environment variables that a source requires and that are
// not set.
func missing(src *config.Source) []string {
	var out []string
	for _, name := range src.Requires {
		if os.Getenv(name) == "" {
			out = append(out, name)
		}
	}
	return out
}

// errMissing says what a source cannot do without.
func errMissing(names []string) error {
	return fmt.Errorf("the source requires what is not set: %s; put it into the environment before the start", strings.Join(names, ", "))
}

// variables is a fetcher that puts the values of environment variables in place
// of ${NAME} in an address, and takes them out of all that comes back. So a key
// stands in no journal, record, report or log.
type variables struct {
	crawler.Fetcher
	names []string
}

// withVariables is the fetcher for a source, which may require variables.
func withVariables(f crawler.Fetcher, src *config.Source) crawler.Fetcher {
	if len(src.Requires) == 0 {
		return f
	}
	return variables{f, src.Requires}
}

// fillIn puts a value in place of a variable.
func fillIn(address, name, value string) string {
	for _, form := range []string{"${" + name + "}", "%24%7B" + name + "%7D", "$%7B" + name + "%7D"} {
		address = strings.ReplaceAll(address, form, value)
	}
	return address
}

// tellable is the length, in octets, below which a value is no secret, and may
// be anywhere.
const tellable = 6

// secrets are pairs of what must not be told and what stands for it.
type secrets []string

// secretsOf are the values of those variables.
func secretsOf(names []string) secrets {
	var out secrets
	for _, name := range names {
		if value := os.Getenv(name); len(value) >= tellable {
			out = append(out, url.QueryEscape(value), "${"+name+"}", value, "${"+name+"}")
		}
	}
	return out
}

// Fetch fetches the page behind an address with variables in its query.
func (v variables) Fetch(ctx context.Context, req harvest.Request, validators harvest.Validators) *harvest.Page {
	asked := req
	for _, name := range v.names {
		asked.URL = fillIn(asked.URL, name, url.QueryEscape(os.Getenv(name)))
	}
	hide := secretsOf(v.names)
	page := v.Fetcher.Fetch(ctx, asked, validators)
	page.Request = req
	r := strings.NewReplacer(hide...)
	if page.URL == asked.URL {
		page.URL = req.URL
	}
	page.URL, page.Reason = r.Replace(page.URL), r.Replace(page.Reason)
	for i := range page.Redirects {
		page.Redirects[i] = r.Replace(page.Redirects[i])
	}
	for i := 0; i+1 < len(hide); i += 2 {
		page.Body = bytes.ReplaceAll(page.Body, []byte(hide[i]), []byte(hide[i+1]))
	}
	for _, values := range page.Header {
		for i := range values {
			values[i] = r.Replace(values[i])
		}
	}
	return page
}
