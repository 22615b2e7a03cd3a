package match

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// archived is an address in a web archive; what it archives stands behind.
var archived = regexp.MustCompile(`^https?://(?:web\.archive\.org/web|archive\.(?:org|today|ph|is))/\d{4,14}[a-z_]*/(https?:/.+)$`)

// indexPages are file names that mean the folder they stand in.
var indexPages = regexp.MustCompile(`(?i)/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$`)

// tracking parameters say where a visitor came from, not what is shown.
var tracking = regexp.MustCompile(`(?i)^(?:utm_.*|pk_.*|piwik_.*|matomo_.*|mtm_.*|hsa_.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|` +
	`mc_[ce]id|mkt_tok|_ga|_gl|_hsenc|_hsmi|hsctatracking|s_cid|ref|ref_src|referrer|source|src|share|ved|usg|spm|` +
	`sid|sessionid|session_id|phpsessid|jsessionid)$`)

// addressKey is what two addresses share when they lead to the same thing: it
// has no scheme, "www.", default port, trailing slash, index page, fragment or
// tracking parameter, and its parameters are sorted. It is for comparing,
// never for fetching. The address of a whole site is no key: everything on a
// badly made site may declare it as canonical.
func addressKey(address string) string {
	if m := archived.FindStringSubmatch(address); m != nil {
		address = m[1]
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	host = strings.TrimPrefix(host, "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path := indexPages.ReplaceAllString(u.Path, "")
	path = strings.TrimRight(path, "/")
	query := keptParameters(u.RawQuery)
	if host == "" || path == "" && query == "" {
		return ""
	}
	return host + path + query
}

// keptParameters are the parameters that matter, sorted, with their question
// mark.
func keptParameters(raw string) string {
	var kept []string
	for _, part := range strings.FieldsFunc(raw, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		if n, err := url.QueryUnescape(name); err == nil {
			name = n
		}
		if v, err := url.QueryUnescape(value); err == nil {
			value = v
		}
		if name == "" || tracking.MatchString(name) {
			continue
		}
		kept = append(kept, name+"="+value)
	}
	if len(kept) == 0 {
		return ""
	}
	slices.Sort(kept)
	return "?" + strings.Join(kept, "&")
}
