package normalize

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// maxURL bounds an address, in octets. Browsers and servers stop far earlier.
const maxURL = 8 << 10

// maxWrapped bounds how many redirect services may be wrapped around an address.
const maxWrapped = 4

// parser follows the WHATWG URL Standard, as browsers do. It holds options
// only and is safe for concurrent use.
var parser = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())

// URL resolves ref against base (which may be empty when ref is absolute) as a
// browser would (WHATWG URL Standard) and gives the one form under which the
// address is kept:
//
//   - http or https only, without user name and password;
//   - scheme and host in lower case, the host in ASCII (Punycode), no default
//     port, no fragment, no empty query, no dot segments;
//   - percent-encoding only where it is needed, in upper case (RFC 3986,
//     section 6.2.2.2);
//   - without parameters that only track the reader (utm_*, fbclid, …) and
//     without session identifiers, also those in the path (";jsessionid=");
//     other parameters keep their order;
//   - unwrapped from redirect services that carry the address within their
//     own: Outlook safelinks, google.*/url, facebook l.php and others.
//
// A trailing slash stays as it is, for only the site knows whether it matters;
// [URLKey] treats both alike, [URLForm] tells them apart. Every error says what is wrong with ref.
func URL(base, ref string) (string, error) {
	ref = strings.TrimSpace(ref)
	if len(ref) > maxURL || len(base) > maxURL {
		return "", fmt.Errorf("address of more than %d octets", maxURL)
	}
	if ref == "" && base == "" {
		return "", errors.New("empty address")
	}
	if u, ok := asItIs(base, ref); ok {
		return u, nil
	}
	return parsed(base, ref)
}

// parsed is URL by the parser.
func parsed(base, ref string) (string, error) {
	u, err := parse(base, ref)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", shorten(ref), err)
	}
	for range maxWrapped {
		inner, ok := unwrap(u)
		if !ok {
			break
		}
		if v, err := parse("", inner); err == nil {
			u = v
			continue
		}
		break // what is wrapped is no address; the wrapping is
	}
	normal := render(u)
	if len(normal) > maxURL { // by percent-encoding
		return "", fmt.Errorf("address of more than %d octets", maxURL)
	}
	return normal, nil
}

func shorten(s string) string {
	const most = 120
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func parse(base, ref string) (*whatwg.Url, error) {
	var u *whatwg.Url
	var err error
	if base == "" {
		u, err = parser.Parse(ref)
	} else {
		u, err = parser.ParseRef(base, ref)
	}
	if err != nil {
		return nil, errors.New("not an address")
	}
	if s := u.Scheme(); s != "http" && s != "https" {
		return nil, errors.New("not an http or https address")
	}
	if !isHost(u.Hostname()) {
		return nil, errors.New("no usable host")
	}
	return u, nil
}

// isHost: letters, digits, hyphens, underscores and full stops, or an address
// in brackets. Browsers take more, but no name on the internet has it.
func isHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true // the parser has checked it
	}
	for i := range len(host) {
		if c := host[i]; !isAlphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	host = strings.TrimRight(host, ".")
	if last := host[strings.LastIndexByte(host, '.')+1:]; last != "" && last[0] <= '9' {
		_, err := netip.ParseAddr(host) // a name whose last part is a number is none (WHATWG URL, "ends in a number")
		return err == nil
	}
	return strings.Trim(host, ".") != ""
}

// render writes the normal form.
func render(u *whatwg.Url) string {
	var b strings.Builder
	b.WriteString(u.Scheme())
	b.WriteString("://")
	b.WriteString(strings.TrimRight(u.Hostname(), "."))
	if port := u.Port(); port != "" {
		b.WriteByte(':')
		b.WriteString(port)
	}
	path := withoutDots(recode(withoutSession(u.Pathname()), pathMark))
	if path == "" {
		path = "/"
	}
	b.WriteString(path)
	if q := cleanQuery(u.Query()); q != "" {
		b.WriteByte('?')
		b.WriteString(q)
	}
	return b.String()
}

// withoutDots resolves dot segments that percent-decoding has uncovered.
func withoutDots(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "." || s == "..":
			if s == ".." && len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

// Characters that keep their own, unencoded form in a path and in a query
// besides the unreserved ones (RFC 3986, sections 3.3 and 3.4).
const (
	pathMark  = "!$&'()*+,;=:@/"
	queryMark = "!$&'()*+,;=:@/?"
)

const upperHex = "0123456789ABCDEF"

// recode writes percent-encoding in its normal form: octets of unreserved
// characters plain, all others that are not in marks encoded in upper case.
// Encoded delimiters stay encoded, for they mean something else than plain ones.
func recode(s, marks string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			d := unhex(s[i+1])<<4 | unhex(s[i+2])
			if isUnreserved(d) {
				b.WriteByte(d)
			} else {
				b.Write([]byte{'%', upperHex[d>>4], upperHex[d&15]})
			}
			i += 2
			continue
		}
		if isUnreserved(c) || strings.IndexByte(marks, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

func isUnreserved(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

// withoutSession drops ";jsessionid=…" and its kin from the end of a path.
func withoutSession(path string) string {
	i := strings.LastIndexByte(path, ';')
	if i < 0 {
		return path
	}
	name, _, _ := strings.Cut(path[i+1:], "=")
	if isSession(strings.ToLower(name)) {
		return path[:i]
	}
	return path
}

// cleanQuery drops what tracks, and what is empty.
func cleanQuery(query string) string {
	if query == "" {
		return ""
	}
	parts := strings.Split(query, "&")
	kept := parts[:0]
	for _, p := range parts {
		key, _, _ := strings.Cut(p, "=")
		name := strings.ToLower(strings.TrimPrefix(key, "amp;"))
		if p == "" || tracks(name) || isSession(name) {
			continue
		}
		kept = append(kept, recode(strings.TrimPrefix(p, "amp;"), queryMark))
	}
	return strings.Join(kept, "&")
}

// tracks reports whether a parameter only says where the reader came from.
func tracks(name string) bool {
	for _, prefix := range []string{"utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "oly_", "vero_", "stm_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	_, found := slices.BinarySearch(trackers, name)
	return found
}

// trackers, sorted, are click identifiers of advertisers, mailers and
// analytics: names that mean nothing else at any site met.
var trackers = []string{
	"__hsfp", "__hssc", "__hstc", "__s", "__twitter_impression", "_branch_match_id", "_branch_referrer", "_ga", "_gl", "_hsenc", "_hsmi", "_ke", "_openstat",
	"action_object_map", "action_ref_map", "action_type_map", "at_campaign", "at_medium", "bsft_clkid", "bsft_eid", "bsft_mid", "bsft_uid",
	"cmpid", "dclid", "dicbo", "ef_id", "epik", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "fref", "ftag", "gad_source", "gbraid", "gclid", "gclsrc",
	"hsctatracking", "igsh", "igshid", "itm_campaign", "itm_content", "itm_medium", "itm_source", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash",
	"msclkid", "ncid", "rb_clickid", "s_cid", "s_kwcid", "sc_campaign", "sc_channel", "sc_content", "sc_country", "sc_geo", "sc_medium", "sc_outcome", "share_id", "spm", "srsltid",
	"ttclid", "twclid", "vgo_ee", "wbraid", "wickedid", "wt.mc_id", "wt_mc", "xtor", "yclid", "zanpid",
}

// isSession reports whether a parameter names a visit. "sid" alone is not
// among them: it is also an item's number.
func isSession(name string) bool {
	switch name {
	case "jsessionid", "phpsessid", "aspsessionid", "asp.net_sessionid", "cfid", "cftoken", "sessionid", "session_id", "sessid", "zenid", "oscsid", "osadsid":
		return true
	}
	return strings.HasPrefix(name, "aspsessionid")
}

// unwrap finds the address within that of a redirect service.
func unwrap(u *whatwg.Url) (string, bool) {
	host, path := u.Hostname(), u.Pathname()
	var param string
	switch {
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"):
		param = "url"
	case isGoogle(host) && path == "/url":
		param = "q"
	case (host == "l.facebook.com" || host == "lm.facebook.com" || host == "www.facebook.com" || host == "l.instagram.com") && (path == "/l.php" || host == "l.instagram.com" && path == "/"):
		param = "u"
	case host == "www.youtube.com" && path == "/redirect":
		param = "q"
	case host == "www.linkedin.com" && path == "/redir/redirect":
		param = "url"
	case host == "out.reddit.com":
		param = "url"
	case host == "slack-redir.net" && path == "/link":
		param = "url"
	case host == "t.umblr.com" && path == "/redirect":
		param = "z"
	default:
		return "", false
	}
	q, err := url.ParseQuery(u.Query())
	if err != nil && len(q) == 0 {
		return "", false
	}
	inner := q.Get(param)
	if inner == "" && param == "q" {
		inner = q.Get("url")
	}
	return inner, strings.HasPrefix(inner, "http://") || strings.HasPrefix(inner, "https://")
}

// isGoogle: www.google.com, google.co.uk and the like.
func isGoogle(host string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(host, "www."), "google.")
	return ok && len(rest) <= 6
}

// URLKey is what two addresses share when they differ only in ways that
// rarely matter: the scheme, "www.", a trailing slash, an index page or the
// order of parameters. It is for recognising, never for fetching. An address
// that [URL] refuses is its own key.
func URLKey(s string) string {
	key, _ := URLForm(s)
	return key
}

// URLForm is [URLKey], and whether the address ends in a slash besides. Whether
// that slash matters, only the site can show.
func URLForm(s string) (key string, slash bool) {
	if rest, query, ok := plain(s); ok {
		return form(rest, query)
	}
	normal, err := URL("", s)
	if err != nil {
		return s, false
	}
	_, rest, _ := strings.Cut(normal, "://")
	rest, query, _ := strings.Cut(rest, "?")
	return form(rest, query)
}

// form is that of an address in its normal form, without its scheme.
func form(rest, query string) (key string, slash bool) {
	rest = strings.TrimPrefix(rest, "www.")
	if i := strings.LastIndexByte(rest, '/'); i >= 0 && isIndexPage(rest[i+1:]) {
		rest = rest[:i+1]
	}
	rest, slash = strings.TrimRight(rest, "/"), strings.HasSuffix(rest, "/")
	if query != "" {
		parts := strings.Split(query, "&")
		slices.Sort(parts)
		rest += "?" + strings.Join(parts, "&")
	}
	return rest, slash
}

func isIndexPage(name string) bool {
	switch strings.ToLower(name) {
	case "index.html", "index.htm", "index.php", "index.asp", "index.aspx", "index.jsp", "default.htm", "default.html", "default.asp", "default.aspx":
		return true
	}
	return false
}

// plain recognises the many addresses that [URL] would leave as they are, but
// for what tracks, in a fraction of the time. It returns them without their
// scheme, and the query cleaned.
func plain(s string) (rest, query string, ok bool) {
	rest, ok = strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	slash := strings.IndexByte(rest, '/')
	if !ok || slash <= 0 || len(s) > maxURL || !isPlainHost(rest[:slash]) {
		return "", "", false
	}
	host := rest[:slash]
	rest, query, ok = strings.Cut(rest, "?")
	if !isPlainText(rest[slash:]) || strings.Contains(rest[slash:], "/.") || !isPlainText(query) || ok && wraps(host) {
		return "", "", false
	}
	return rest, cleanQuery(query), true
}

// isPlainHost: names in lower case, without a port, that cannot be numbers in disguise.
func isPlainHost(host string) bool {
	for i := range len(host) {
		if c := host[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && last[0] >= 'a' && host[0] != '.' && !strings.Contains(host, "..") && !strings.Contains(host, "--")
}

func isPlainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isUnreserved(c) && strings.IndexByte("/=&,+:", c) < 0 {
			return false
		}
	}
	return true
}

// wraps reports whether a host may be that of a redirect service, see unwrap.
func wraps(host string) bool {
	for _, name := range []string{"google.", "outlook.com", "facebook.com", "instagram.com", "youtube.com", "linkedin.com", "reddit.com", "slack-redir.net", "umblr.com"} {
		if strings.Contains(host, name) {
			return true
		}
	}
	return false
}
