package fetch

import (
	"bytes"
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jimsmart/grobotstxt"
)

// robotsRules are the rules of one robots.txt that apply to us, longest first,
// and what else it says (RFC 9309 section 2.2).
type robotsRules struct {
	group      string // the name by which we are addressed, "*", or empty without rules
	rules      []robotsRule
	crawlDelay time.Duration
	sitemaps   []string
}

// robotsRule is one line.
type robotsRule struct {
	line    int // from 1; 0 for no rule
	allow   bool
	pattern string
	literal int // octets of pattern before its first special character
	// plain is the pattern with what need not be escaped unescaped, when that
	// differs from pattern.
	plain string
}

// String is the rule as a robots.txt writes it.
func (r robotsRule) String() string {
	if r.allow {
		return "Allow: " + r.pattern
	}
	return "Disallow: " + r.pattern
}

// parseRobots reads a robots.txt for a product token. Any bytes give rules: what
// is no directive is passed over, as Google's parser does. A page of HTML in
// its place has no rules.
func parseRobots(content []byte, token string) *robotsRules {
	if len(content) >= maxRobots { // the last line may be cut
		content = content[:max(bytes.LastIndexAny(content[:maxRobots], "\r\n"), 0)]
	}
	if text, _, _, err := toUTF8(content, "text/plain"); err == nil && hasBOM(content) {
		content = text
	}
	content = bytes.TrimPrefix(content, utf8BOM)
	if bytes.HasPrefix(bytes.TrimLeft(content, " \t\r\n"), []byte("<")) {
		return &robotsRules{} // HTML
	}
	// Escapes are brought into form here: grobotstxt v1.0.3 spoils those with
	// a digit, "%c3", when it does so itself.
	p := &robotsParser{token: token}
	grobotstxt.Parse(upperEscapes(escapeBytes(string(content))), p)
	return p.rules()
}

// robotsParser gathers the groups of a robots.txt: ours if there is any, and
// the one for everybody. It implements grobotstxt.ParseHandler.
type robotsParser struct {
	token           string
	ours, everybody robotsGroup
	inOurs, inAll   bool // the group being read
	closed          bool // the group has rules, so the next name starts another
	sitemaps        []string
}

type robotsGroup struct {
	seen  bool
	rules []robotsRule
	delay time.Duration
}

// HandleRobotsStart implements grobotstxt.ParseHandler.
func (p *robotsParser) HandleRobotsStart() {}

// HandleRobotsEnd implements grobotstxt.ParseHandler.
func (p *robotsParser) HandleRobotsEnd() {}

// HandleUserAgent implements grobotstxt.ParseHandler. Groups of one name count
// as one group, and several names may head a group (RFC 9309 section 2.2.1).
func (p *robotsParser) HandleUserAgent(_ int, value string) {
	if p.closed {
		p.inOurs, p.inAll, p.closed = false, false, false
	}
	if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
		p.inAll, p.everybody.seen = true, true
		return
	}
	if p.token != "" && strings.EqualFold(robotsName(value), p.token) {
		p.inOurs, p.ours.seen = true, true
	}
}

// robotsName is the product in the value of a User-agent line: what stands
// before a version, a space or anything else that is no part of a name.
func robotsName(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return !isTokenRune(r) && r != '.' && (r < '0' || r > '9')
	})
	if end >= 0 {
		return value[:end]
	}
	return value
}

// HandleAllow implements grobotstxt.ParseHandler. "/index.html" allows the folder
// too, as Google's parser has it.
func (p *robotsParser) HandleAllow(line int, value string) {
	p.add(robotsRule{line: line, allow: true, pattern: value})
	if slash := strings.LastIndexByte(value, '/'); slash >= 0 && strings.HasPrefix(value[slash:], "/index.htm") {
		p.add(robotsRule{line: line, allow: true, pattern: value[:slash+1] + "$"})
	}
}

// HandleDisallow implements grobotstxt.ParseHandler. Where the readings of an
// escape differ, the stricter holds: a Disallow applies to both.
func (p *robotsParser) HandleDisallow(line int, value string) {
	rule := robotsRule{line: line, pattern: value}
	if plain := unescapeUnreserved(value); plain != value {
		rule.plain = plain
	}
	p.add(rule)
}

func (p *robotsParser) add(rule robotsRule) {
	if !p.inOurs && !p.inAll {
		return // before any User-agent line, or for other robots
	}
	p.closed = true
	if rule.pattern == "" {
		return // allows everything by saying nothing
	}
	rule.pattern = strings.Clone(rule.pattern) // do not keep the whole file
	rule.literal = literalPrefix(rule.pattern)
	if p.inOurs {
		p.ours.rules = append(p.ours.rules, rule)
	}
	if p.inAll {
		p.everybody.rules = append(p.everybody.rules, rule)
	}
}

// HandleSitemap implements grobotstxt.ParseHandler.
func (p *robotsParser) HandleSitemap(_ int, value string) {
	if len(p.sitemaps) < 1000 && !slices.Contains(p.sitemaps, value) {
		p.sitemaps = append(p.sitemaps, strings.Clone(value))
	}
}

// HandleUnknownAction implements grobotstxt.ParseHandler. Crawl-delay is in no
// standard; it counts seconds. Like any record that the standard does not know
// it ends no list of names (RFC 9309 section 2.2.4), so it holds for all of them.
func (p *robotsParser) HandleUnknownAction(_ int, action, value string) {
	if !strings.EqualFold(action, "crawl-delay") {
		return
	}
	number := strings.TrimRight(strings.TrimSpace(value), "sS ")
	seconds, err := strconv.ParseFloat(number, 64)
	if err != nil || seconds <= 0 || math.IsNaN(seconds) {
		return
	}
	delay := time.Duration(min(seconds, robotsTTL.Seconds()) * float64(time.Second))
	if p.inOurs {
		p.ours.delay = max(p.ours.delay, delay)
	}
	if p.inAll {
		p.everybody.delay = max(p.everybody.delay, delay)
	}
}

// rules chooses the group that applies and orders its rules so that the first
// match is the longest, and Allow goes before Disallow of the same length.
func (p *robotsParser) rules() *robotsRules {
	out := &robotsRules{sitemaps: p.sitemaps}
	group := &p.everybody
	switch {
	case p.ours.seen:
		out.group, group = p.token, &p.ours
	case p.everybody.seen:
		out.group = "*"
	}
	out.rules, out.crawlDelay = group.rules, group.delay
	slices.SortStableFunc(out.rules, func(a, b robotsRule) int {
		if c := cmp.Compare(len(b.pattern), len(a.pattern)); c != 0 {
			return c
		}
		if a.allow != b.allow && a.allow {
			return -1
		}
		if a.allow != b.allow {
			return 1
		}
		return 0
	})
	return out
}

// maxEffort bounds what one address may cost to compare, in octets of the path
// times octets of patterns with wildcards: some tenth of a second. Real files
// stay a thousand times below it; one that is made to be slow takes seconds.
const maxEffort = 100 << 20

// match returns the rule that decides about a path with its query, and whether
// it may be fetched. Without a rule it may; when the rules take too long to
// compare it may not.
func (r *robotsRules) match(path string) (robotsRule, bool) {
	if path == "/robots.txt" {
		return robotsRule{}, true
	}
	plain := unescapeUnreserved(path)
	effort := 0
	for i := range r.rules {
		if wild := len(r.rules[i].pattern) - r.rules[i].literal; wild > 0 {
			effort += wild * len(path)
		}
		if effort > maxEffort {
			return robotsRule{line: r.rules[i].line, pattern: "(rules made to take for ever; this is where we stopped to compare)"}, false
		}
		if r.rules[i].matches(path, plain) {
			return r.rules[i], r.rules[i].allow
		}
	}
	return robotsRule{}, true
}

// matches compares a path as it is sent and, for Disallow, as it reads without
// the escapes that need not be.
func (r *robotsRule) matches(path, plain string) bool {
	if strings.HasPrefix(path, r.pattern[:r.literal]) && (r.literal == len(r.pattern) || grobotstxt.Matches(path, r.pattern)) {
		return true
	}
	if r.allow || plain == path && r.plain == "" {
		return false
	}
	return grobotstxt.Matches(plain, cmp.Or(r.plain, r.pattern))
}

// literalPrefix is how much of a pattern has no special meaning.
func literalPrefix(pattern string) int {
	if star := strings.IndexByte(pattern, '*'); star >= 0 {
		return star
	}
	return len(strings.TrimSuffix(pattern, "$"))
}

// pathOf is the part of a URL that rules are about, in the form in which
// patterns are compared: as it is sent, with escapes in upper case.
func pathOf(u *url.URL) string {
	return upperEscapes(u.RequestURI())
}

func upperEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' && isHex(b[i+1]) && isHex(b[i+2]) {
			b[i+1], b[i+2] = upper(b[i+1]), upper(b[i+2])
		}
	}
	return string(b)
}

// unescapeUnreserved undoes escapes that need not be (RFC 9309 section 2.2.2,
// RFC 3986 section 2.3).
func unescapeUnreserved(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8) // both are hex
			if c := byte(n); isUnreserved(c) {
				out.WriteByte(c)
				i += 2
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
