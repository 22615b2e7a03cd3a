package config

import (
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// OAI says how `harvest serve` shows the catalogue to libraries, by OAI-PMH.
type OAI struct {
	BaseURL  string // where harvesters find it; empty: it is not shown
	Name     string // of the repository
	Email    string // of whoever runs it; empty: Config.Contact
	Domain   string // in identifiers; empty: the host of BaseURL
	PageSize int    // records in one answer
	// Settle is how long after a change it is listed: longer than a write takes.
	Settle time.Duration
}

func providerKind() kind[OAI] {
	return group("oai", []key[OAI]{
		at("base_url", publicAddress(), func(o *OAI) *string { return &o.BaseURL }, Key{
			Otherwise: "not shown", Doc: "Address under which libraries find the catalogue, as they see it; its path is answered. Environment variables are read.",
			Example: "https://harvest.example.org/oai", Also: []string{"url", "address"},
		}),
		at("name", line(200), func(o *OAI) *string { return &o.Name }, Key{
			Default: "Harvest", Doc: "Name of the repository, for people.", Example: "Library of the anti-slavery network", Also: []string{"repository_name", "title"},
		}),
		at("admin_email", publishedMail(), func(o *OAI) *string { return &o.Email }, Key{
			Otherwise: "`contact`, when that is an e-mail address", Doc: "Where libraries reach whoever runs the repository; it is published. Environment variables are read.",
			Example: "admin@example.org", Also: []string{"email", "admin", "contact"},
		}),
		at("domain", repositoryDomain(), func(o *OAI) *string { return &o.Domain }, Key{
			Otherwise: "the host of `base_url`", Doc: "Domain name that all identifiers have in them, oai:DOMAIN:RECORD. It must never change.",
			Example: "harvest.example.org", Also: []string{"repository_identifier", "identifier", "namespace"},
		}),
		at("page_size", integer(1, 500), func(o *OAI) *int { return &o.PageSize }, Key{
			Default: strconv.Itoa(100), Doc: "Records in one answer.", Example: "200", Also: []string{"limit", "batch"},
		}),
		at("settle", duration(0, time.Hour), func(o *OAI) *time.Duration { return &o.Settle }, Key{
			Default: "2m", Doc: "How long after a change it is listed: longer than the catalogue takes for a write, so that no harvester misses one that was under way.",
			Example: "5m", Also: []string{"delay", "lag"},
		}),
	})
}

// publicAddress is a web address that may come from the environment.
func publicAddress() kind[string] {
	const want = "a web address such as https://harvest.example.org/oai"
	return fromEnvironment("web address", want, func(raw, expanded string) fault {
		u, err := url.Parse(expanded)
		if err != nil || !addressFault(expanded).isZero() || u.RawQuery != "" || u.Fragment != "" {
			return fault{valueOf(raw, expanded) + " is not " + want, "write it without ? and #"}
		}
		if strings.Trim(u.Path, "/") == "" || u.RawPath != "" {
			return fault{valueOf(raw, expanded) + " has no path of its own", "write " + strings.TrimRight(expanded, "/") + "/oai"}
		}
		return fault{}
	}, itself)
}

func publishedMail() kind[string] {
	const want = "an e-mail address such as admin@example.org"
	return fromEnvironment("e-mail address", want, func(raw, expanded string) fault {
		if !IsMailAddress(expanded) {
			return fault{valueOf(raw, expanded) + " is not " + want, ""}
		}
		return fault{}
	}, itself)
}

// IsMailAddress reports whether text is an e-mail address and nothing else, with
// a domain that has a dot.
func IsMailAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	_, host, _ := strings.Cut(text, "@")
	return err == nil && a.Address == text && isPrintable(text) && strings.Contains(strings.Trim(host, "."), ".")
}

// domainPattern is a repository identifier of OAI.
var domainPattern = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+$`)

// IsRepositoryDomain reports whether text may be the domain in identifiers of
// OAI (http://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm).
func IsRepositoryDomain(text string) bool { return domainPattern.MatchString(text) }

func repositoryDomain() kind[string] {
	const want = "a domain name such as harvest.example.org"
	return single("domain name", want, func(_ *walker, text string) (string, fault) {
		if !IsRepositoryDomain(text) {
			return "", notA(text, want, "each part begins with a letter")
		}
		return text, fault{}
	}, itself)
}
