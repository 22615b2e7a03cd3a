package links

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// sign is something that speaks for an item (positive) or for a page that only
// leads to others (negative).
type sign struct {
	says   string
	weight int
}

// listWords are names of folders whose pages are lists, about the site, or for
// its members. They count as the last part of a path or as a part before it.
var (
	listPart  = regexp.MustCompile(`(?i)^(?:tags?|categor(?:y|ies)|topics?|authors?|archives?|search|page|themes?|series|sections?|types?|library|publications?|resources?|news|blog|posts|papers|articles|stories|studies|briefings?|guides|toolkits|projects|case-studies|reports?|documents?|events?|index(?:\.\w+)?|home|default(?:\.\w+)?|sitemap|all|az|a-z)$`)
	aboutPart = regexp.MustCompile(`(?i)^(?:about(?:-us)?|contact(?:-us)?|team|staff|people|board|jobs?|careers?|vacancies|donate|donations?|support-us|privacy(?:-policy)?|terms(?:-.*)?|cookies?(?:-policy)?|imprint|impressum|accessibility|help|faqs?|newsletter|subscribe|membership|partners|press|media-centre|legal(?:-notice)?|disclaimer)(?:\.\w+)?$`)
	listQuery = regexp.MustCompile(`(?i)(?:^|&)(?:page|p|paged|start|offset|from|sort|order|orderby|filter|tag|cat|category|topic|year|letter|q|s|search|query|view)=`)
	numbered  = regexp.MustCompile(`\d`)
)

// nothingToShow are links that do something or show the same in another way: to
// follow them may change what the site keeps.
var nothingToShow = regexp.MustCompile(`(?i)(?:[/?&=](?:log-?in|log-?out|sign-?in|sign-?out|sign-?up|register|wp-admin|wp-login(?:\.php)?|user|account|password|cart|checkout|basket|delete|remove|edit|unsubscribe|feed|rss|xmlrpc\.php|wp-json|cgi-bin)(?:[/?&=.]|$)|[?&](?:share|replytocom|print|action|do|add-to-cart|oldid|diff|redlink|returnto|sid|sessionid|phpsessid)=|/special:|[?&]format=(?:pdf|feed|xml)|/print(?:/|$))`)

// notPages are ends of files that are neither pages nor documents.
var notPages = regexp.MustCompile(`(?i)\.(?:css|js|json|xml|rss|atom|ico|png|jpe?g|gif|svg|webp|avif|mp[34]|m4[av]|avi|mov|wav|ogg|zip|gz|tar|7z|rar|exe|dmg|woff2?|ttf|eot|ics|vcf|swf|txt)$`)

// worthFollowing reports whether a link may lead to something.
func worthFollowing(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && !notPages.MatchString(u.Path) && !nothingToShow.MatchString(u.RequestURI())
}

// addressSigns is what the address of a page says of it.
func addressSigns(address string) []sign {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 || len(parts) == 1 && len(parts[0]) == 2 { // "/" and "/en/"
		return []sign{{"it is the entrance of the site", -6}}
	}
	last := strings.TrimSuffix(parts[len(parts)-1], path.Ext(parts[len(parts)-1]))
	var out []sign
	switch {
	case oneOfMany(u.RawQuery):
		out = append(out, sign{"its query names one of many", 1})
	case listPart.MatchString(parts[len(parts)-1]) || listPart.MatchString(last):
		out = append(out, sign{"its address ends with the name of a list, " + clip(last, 40), -4})
	case aboutPart.MatchString(parts[len(parts)-1]):
		out = append(out, sign{"its address is of a page about the site, " + clip(last, 40), -8})
	case len(parts) > 1 && strings.EqualFold(parts[len(parts)-2], "page"),
		len(parts) > 1 && regexpTaxonomy.MatchString(parts[len(parts)-2]):
		out = append(out, sign{"its address is of a page of a list", -5})
	case strings.Count(last, "-")+strings.Count(last, "_") >= 3:
		out = append(out, sign{"its address has the words of a title", 2})
	case numbered.MatchString(last) && len(parts) > 1:
		out = append(out, sign{"its address ends with a number", 1})
	}
	if dayFolder.MatchString(u.Path) {
		out = append(out, sign{"its address holds a month", 1})
	}
	if listQuery.MatchString(u.RawQuery) {
		out = append(out, sign{"its query chooses or orders", -3})
	}
	return out
}

// dayFolder are folders of a year and a month with something below them.
var dayFolder = regexp.MustCompile(`/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/[^/]`)

// oneItem is a parameter that names one document, with its number or word;
// groupName are names of those that name a group of them.
var (
	oneItem   = regexp.MustCompile(`(?i)^(\w*id|docs?|document|article|item|story|n|nr|no|num)=[\w-]+$|^(article|document|breve|news)\d+$`)
	groupName = regexp.MustCompile(`(?i)cat|tag|topic|author|section|group|list|type|user|session|page|lang`)
)

// oneOfMany reports whether a query names one document, as ?id=12 does.
func oneOfMany(query string) bool {
	for part := range strings.SplitSeq(query, "&") {
		if m := oneItem.FindStringSubmatch(part); m != nil && !groupName.MatchString(m[1]) {
			return true
		}
	}
	return false
}

// regexpTaxonomy matches folders that hold one list for each of their names.
var regexpTaxonomy = regexp.MustCompile(`(?i)^(?:tags?|categor(?:y|ies)|topics?|authors?|archives?|themes?)$`)

// looksLikeHub reports whether an address alone is that of a list, as far as
// that decides how it is asked for.
func (d *Door) looksLikeHub(address string) bool {
	switch {
	case matches(d.links.Hubs, address):
		return true
	case matches(d.links.Items, address):
		return false
	}
	return sum(addressSigns(address)) <= -3
}

func matches(patterns []*regexp.Regexp, address string) bool {
	for _, re := range patterns {
		if re.MatchString(address) {
			return true
		}
	}
	return false
}

// inside reports whether a link is followed.
func (d *Door) inside(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !worthFollowing(address) {
		return false
	}
	host := bareHost(u)
	belongs := d.hosts[host]
	for _, suffix := range d.suffixes {
		belongs = belongs || strings.HasSuffix("."+host, suffix)
	}
	if !belongs {
		return false
	}
	return item.DocumentType(address) != "" || len(d.links.Within) == 0 || matches(d.links.Within, address)
}

// bareHost is the host of an address with its port, without "www.".
func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Host), "www.") }

func sum(signs []sign) int {
	total := 0
	for _, s := range signs {
		total += s.weight
	}
	return total
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return normalize.Text(s)
}
