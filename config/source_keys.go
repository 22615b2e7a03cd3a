package config

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/harvest87/harvest"
)

// The least pause between two requests to a host that is not ours.
const leastDelay = 500 * time.Millisecond

// mostAtOnce is how many requests at the same time a site of somebody else can
// be asked to bear.
const mostAtOnce = 4

// sourceKind is a source file: the table from which it is read, checked,
// written and documented.
func sourceKind() kind[Source] {
	return group("source", []key[Source]{
		at("id", sourceID(), func(s *Source) *harvest.SourceID { return &s.ID }, Key{
			Required: true, Doc: "Names the source for ever; the same as the file's name without .yaml.", Example: "respect",
		}),
		at("name", line(200), func(s *Source) *string { return &s.Name }, Key{
			Required: true, Doc: "What people call the source.", Example: "RESPECT resource centre", Also: []string{"title", "organisation"},
		}),
		at("homepage", webAddress(), func(s *Source) *string { return &s.Homepage }, Key{
			Required: true, Doc: "The address of the site.", Example: "https://respect.international", Also: []string{"url", "site", "website"},
		}),
		at("publisher", line(200), func(s *Source) *string { return &s.Publisher }, Key{
			Otherwise: "none", Doc: "Publisher of records that name none themselves.", Example: "Walk Free",
		}),
		at("language", languageTag(), func(s *Source) *string { return &s.Language }, Key{
			Otherwise: "none", Doc: "Language of texts that are too short to tell.", Example: "en", Also: []string{"lang"},
		}),
		at("languages", listOf(languageTag()), func(s *Source) *[]string { return &s.Languages }, Key{
			Otherwise: "unknown", Doc: "Languages in which the source publishes, for people who choose sources.", Example: "[en, fr]", Also: []string{"langs"},
		}),
		at("licence", line(500), func(s *Source) *string { return &s.Licence }, Key{
			Otherwise: "unknown", Doc: "Licence of the documents or their descriptions, as the source states it.", Example: "CC BY 4.0", Also: []string{"license"},
		}),
		at("tier", integer(1, 4), func(s *Source) *int { return &s.Tier }, Key{
			Otherwise: "unknown", Doc: "How much the source matters, from 1, the core of the field, to 4.", Example: "1", Also: []string{"priority", "rank"},
		}),
		at("sensitivity", word(NotSensitive, OfCompanies, OfPersons), func(s *Source) *Sensitivity { return &s.Sensitivity }, Key{
			Default: "none", Doc: "Of whom the source tells. A table of persons becomes one record, without its rows.", Example: "persons", Also: []string{"sensitive", "privacy"},
		}),
		at("evidence", word(EvidenceSeen, EvidenceRecalled), func(s *Source) *Evidence { return &s.Evidence }, Key{
			Otherwise: "unknown", Doc: "How the first door is known as long as nobody has checked it: seen in a published page or public code, or recalled from what such sites usually have.",
			Example: "recalled", Also: []string{"status", "known"},
		}),
		at("notes", prose(5000), func(s *Source) *string { return &s.Notes }, Key{
			Doc: "Anything that whoever reads this file should know.", Example: "Older items are on another host.", Also: []string{"note", "description", "comment"},
		}),
		at("enabled", yesNo(), func(s *Source) *bool { return &s.Enabled }, Key{
			Default: "true", Doc: "Whether the source runs with the others; if not, it runs only when it is named.", Example: "false", Also: []string{"active"},
		}),
		at("disabled_because", line(500), func(s *Source) *string { return &s.DisabledBecause }, Key{
			Otherwise: "unknown", Doc: "Why the source is not enabled; one with a reason is not.", Example: "its lists need a browser", Also: []string{"reason", "disabled", "why"},
		}),
		at("requires", listOf(environmentName()), func(s *Source) *[]string { return &s.Requires }, Key{
			Otherwise: "nothing", Doc: "Environment variables that the source cannot do without, such as keys; ${NAME} stands for one in the query of an address of a json door.",
			Example: "[RELIEFWEB_APPNAME]", Also: []string{"require", "needs", "env"},
		}),
		at("schedule", scheduleKind(), func(s *Source) *Schedule { return &s.Schedule }, Key{
			Default: "{}", Doc: "When the source is harvested.", Example: `{cron: "0 3 * * 1"}`, Also: []string{"cron", "every", "interval"},
		}),
		at("doors", doorsKind(), func(s *Source) *[]Door { return &s.Doors }, Key{
			Required: true, Doc: "Ways into the source, tried in order; the first that works wins.", Example: "[{wordpress: {}}]",
			Also: []string{"endpoints", "door"},
		}),
		at("categories", categoryMap(), func(s *Source) *map[string]string { return &s.Categories }, Key{
			Doc: "The source's own labels and the category that each means. It wins over the common vocabulary.", Example: "{Guidance: guidance}",
		}),
		at("politeness", politenessKind(), func(s *Source) *Politeness { return &s.Politeness }, Key{
			Default: "{}", Doc: "How hard the source may be asked.", Example: "{delay: 5s}",
		}),
		at("network", networkKind(), func(s *Source) *Network { return &s.Network }, Key{
			Default: "{}", Doc: "Addresses and ports that are closed by default.", Example: "{allow: [127.0.0.1/32]}",
		}),
		at("scope", scopeKind(), func(s *Source) *Scope { return &s.Scope }, Key{
			Default: "{}", Doc: "Which addresses belong to the source.", Example: `{exclude: ["/tag/"]}`,
		}),
		at("limits", limitsKind(), func(s *Source) *Limits { return &s.Limits }, Key{
			Default: "{}", Doc: "Where a run stops at the latest.", Example: "{pages: 5000}",
		}),
		at("revisit", revisitKind(), func(s *Source) *Revisit { return &s.Revisit }, Key{
			Default: "{}", Doc: "How long pages that are known are left alone.", Example: "{max: 168h}", Also: []string{"recrawl", "refresh"},
		}),
		at("gates", gatesKind(), func(s *Source) *Gates { return &s.Gates }, Key{
			Default: "{}", Doc: "What a run must hold before it is published; what is not said here is learned from earlier runs.", Example: `{records: ">= 200"}`,
		}),
		at("gone", goneKind(), func(s *Source) *Gone { return &s.Gone }, Key{
			Default: "{}", Doc: "When a record that is not found any more counts as gone.", Example: "{runs: 2, after: 336h}",
		}),
		at("archive", sourceArchiveKind(), func(s *Source) *SourceArchive { return &s.Archive }, Key{
			Default: "{}", Doc: "What is kept of pages as they came, where that is not as in harvest.yaml.", Example: "{keep: false}", Also: []string{"warc"},
		}),
		at("documents", documentsKind(), func(s *Source) *Documents { return &s.Documents }, Key{
			Default: "{}", Doc: "Which files are read for their pages, language, title and the beginning of their text. No file is kept.",
			Example: "{read: linked}", Also: []string{"pdf", "pdfs", "files"},
		}),
		at("checked", checkedDate(), func(s *Source) *string { return &s.Checked }, Key{
			Default: "never", Doc: "Day of the last check against the live site.", Example: "2026-01-31",
		}),
	}, idIsFileName, politeEnough, addressesInReach, variablesNamed, personsStayAway, disabledForReason)
}

func sourceID() kind[harvest.SourceID] {
	const want = "an id such as respect or anti-slavery-2"
	return single("id", want, func(_ *walker, text string) (harvest.SourceID, fault) {
		const longest = 40
		if !harvest.SourceIDPattern.MatchString(text) {
			return "", notA(text, want, "use lower-case letters, digits and single hyphens, and begin with a letter")
		}
		if len(text) > longest {
			return "", fault{show(text) + " is too long", fmt.Sprintf("use at most %d characters", longest)}
		}
		return harvest.SourceID(text), fault{}
	}, func(id harvest.SourceID) string { return string(id) })
}

// DefaultPoliteness is that of a source whose file says nothing about it.
func DefaultPoliteness() Politeness {
	p, _ := fromText(&walker{}, politenessKind(), "{}") // the defaults are sound: TestDefaults
	return p
}

func politenessKind() kind[Politeness] {
	contact := oneOf("required", "optional")
	return group("politeness", []key[Politeness]{
		at("delay", duration(0, time.Hour), func(p *Politeness) *time.Duration { return &p.Delay }, Key{
			Default: "2s", Doc: "Pause between the starts of two requests to one host.", Example: "5s", Also: []string{"wait", "pause", "rate"},
		}),
		at("max_delay", duration(0, 24*time.Hour), func(p *Politeness) *time.Duration { return &p.MaxDelay }, Key{
			Default: "60s", Doc: "The longest pause that a robots.txt may ask for.", Example: "2m",
		}),
		at("concurrency", integer(1, mostAtOnce), func(p *Politeness) *int { return &p.Concurrency }, Key{
			Default: "1", Doc: "Requests to one host at the same time. More than one only helps where answers take longer than the delay.",
			Example: "2", Also: []string{"parallel", "threads", "workers", "connections", "concurrent_requests"},
		}),
		at("contact", kind[bool]{
			name: contact.name, schema: contact.schema,
			read: func(w *walker, v value) (bool, bool) {
				word, ok := contact.read(w, v)
				return word == "required", ok
			},
			write: func(required bool) *yaml.Node {
				if required {
					return scalar("required")
				}
				return scalar("optional")
			},
		}, func(p *Politeness) *bool { return &p.ContactRequired }, Key{
			Default: "required", Doc: "Whether a run needs the contact of harvest.yaml, so that the site can reach you.", Example: "optional",
		}),
	})
}

func networkKind() kind[Network] {
	return group("network", []key[Network]{
		at("allow", listOf(prefix()), func(n *Network) *[]netip.Prefix { return &n.Allow }, Key{
			Otherwise: "public addresses only", Doc: "Ranges of non-public addresses that may be asked.", Example: "[127.0.0.1/32]",
		}),
		at("ports", listOf(port()), func(n *Network) *[]uint16 { return &n.Ports }, Key{
			Otherwise: "80 and 443 only", Doc: "Further ports that may be asked.", Example: "[8080]", Also: []string{"port"},
		}),
	}, func(w *walker, v value, n *Network) {
		if n.allows(netip.MustParseAddr("169.254.169.254")) {
			w.warn(v.child("allow"), "lets a site reach the metadata service of cloud machines", "leave 169.254.0.0/16 out")
		}
	})
}

func scopeKind() kind[Scope] {
	return group("scope", []key[Scope]{
		at("hosts", listOf(hostName()), func(s *Scope) *[]string { return &s.Hosts }, Key{
			Otherwise: "the hosts of homepage and doors", Doc: "Further hosts that belong to the source.", Example: "[cdn.example.org, .example.net]",
			Also: []string{"domains", "host"},
		}),
		at("include", listOf(regex()), func(s *Scope) *[]*regexp.Regexp { return &s.Include }, Key{
			Otherwise: "every item", Doc: "Regular expressions; the address of an item must match one.", Example: `["/resources/"]`,
		}),
		at("exclude", listOf(regex()), func(s *Scope) *[]*regexp.Regexp { return &s.Exclude }, Key{
			Otherwise: "nothing", Doc: "Regular expressions; an address that matches one is left alone.", Example: `["/tag/", "\\?share="]`,
		}),
		at("depth", integer(1, 1000), func(s *Scope) *int { return &s.Depth }, Key{
			Otherwise: "any number", Doc: "How many links a page may be away from those at which a door begins; the pages of one list count as one.", Example: "3",
			Also: []string{"max_depth", "levels"},
		}),
	})
}

func limitsKind() kind[Limits] {
	return group("limits", append([]key[Limits]{
		at("pages", integer(1, 100_000_000), func(l *Limits) *int { return &l.Pages }, Key{
			Otherwise: "no limit", Doc: "Pages fetched in one run.", Example: "5000",
		}),
		at("per_day", group("budget", budgetKeys("all runs within 24 hours", func(b *Budget) *Budget { return b })), func(l *Limits) *Budget { return &l.PerDay }, Key{
			Default: "{}", Doc: "What all runs within 24 hours may ask for together.", Example: "{requests: 5000}", Also: []string{"day", "daily"},
		}),
	}, budgetKeys("one run", func(l *Limits) *Budget { return &l.Budget })...))
}

// budgetKeys are the keys of a budget that stands in a T.
func budgetKeys[T any](of string, in func(*T) *Budget) []key[T] {
	return []key[T]{
		at("requests", integer(1, 100_000_000), func(t *T) *int { return &in(t).Requests }, Key{
			Otherwise: "no limit", Doc: "Requests of every kind in " + of + ".", Example: "10000",
		}),
		at("bytes", size(1<<10, 1<<50), func(t *T) *int64 { return &in(t).Bytes }, Key{
			Otherwise: "no limit", Doc: "What may travel over the wire in " + of + ".", Example: "500MiB", Also: []string{"size", "traffic"},
		}),
		at("duration", duration(time.Second, 30*24*time.Hour), func(t *T) *time.Duration { return &in(t).Duration }, Key{
			Otherwise: "no limit", Doc: "Time that " + of + " may take.", Example: "6h", Also: []string{"time", "timeout"},
		}),
	}
}

func revisitKind() kind[Revisit] {
	return group("revisit", []key[Revisit]{
		at("min", duration(0, 365*24*time.Hour), func(r *Revisit) *time.Duration { return &r.Min }, Key{
			Default: "0s", Doc: "A page that is known is left alone for so long at least.", Example: "24h", Also: []string{"least", "every"},
		}),
		at("max", duration(0, 365*24*time.Hour), func(r *Revisit) *time.Duration { return &r.Max }, Key{
			Default: "720h", Doc: "And for so long at the most, however seldom it changes; with 0s every page is asked for in every run.", Example: "168h",
			Also: []string{"most"},
		}),
	}, func(w *walker, v value, r *Revisit) {
		if w.sound(v) && r.Max > 0 && r.Min > r.Max {
			w.add(v.child("min"), fmt.Sprintf("%s is longer than the longest, %s", printDuration(r.Min), printDuration(r.Max)), "set max to at least as much")
		}
	})
}

// idIsFileName keeps one name for one source. As no folder has two files of
// one name, no two sources have one id.
func idIsFileName(w *walker, v value, s *Source) {
	name := strings.TrimSuffix(filepath.Base(w.file), ".yaml")
	if s.ID != "" && string(s.ID) != name {
		w.add(v.child("id"), show(string(s.ID))+" is not the name of the file",
			fmt.Sprintf("rename the file to %s.yaml, or write id: %s", s.ID, name))
	}
}

// personsStayAway keeps the rows of a register of persons out of the catalogue.
func personsStayAway(w *walker, v value, s *Source) {
	if s.Sensitivity != OfPersons {
		return
	}
	for i, at := range doorValues(v.child("doors")) {
		if i >= len(s.Doors) {
			break
		}
		for kind, table := range map[string]*Register{"csv": s.Doors[i].CSV, "xlsx": s.Doors[i].XLSX} {
			if table != nil && !table.WholeFile {
				w.add(at.child(kind), "would record every row of a source of persons",
					"add whole_file: true, or write sensitivity: companies if no row tells of a person")
			}
		}
	}
}

// disabledForReason makes a source with a reason a disabled one, and wants no
// reason for what is enabled.
func disabledForReason(w *walker, v value, s *Source) {
	reason, given := v.lookup("disabled_because")
	if _, said := v.lookup("enabled"); given && s.Enabled && w.sound(v) {
		if said {
			w.addAt(reason.key, reason.path, "is said of a source that is enabled", "take it away, or write enabled: false")
			return
		}
		s.Enabled = false
	}
}

// politeEnough keeps the pauses sane. Only a site on this very machine may be
// asked faster.
func politeEnough(w *walker, v value, s *Source) {
	v = v.child("politeness")
	p := s.Politeness
	if !w.sound(v) {
		return
	}
	if p.Delay < leastDelay && !s.Network.coversLoopback() {
		w.add(v.child("delay"), printDuration(p.Delay)+" is too short a pause for a site of somebody else",
			"use at least "+printDuration(leastDelay)+"; less is only for sites on this machine, with network: {allow: [127.0.0.1/32]}")
	}
	if _, given := v.lookup("delay"); given && p.MaxDelay < p.Delay {
		w.add(v.child("delay"), fmt.Sprintf("%s is longer than the longest pause, %s", printDuration(p.Delay), printDuration(p.MaxDelay)),
			"set max_delay to at least as much")
	} else if p.MaxDelay < p.Delay {
		w.add(v.child("max_delay"), fmt.Sprintf("%s is shorter than the delay, %s", printDuration(p.MaxDelay), printDuration(p.Delay)),
			"set it to at least as much")
	}
}

// addressesInReach fills the bases of wordpress doors and checks every address
// against the network rules of the file.
func addressesInReach(w *walker, v value, s *Source) {
	if n, ok := v.lookup("network"); ok && !w.sound(n) {
		return
	}
	if homepage, ok := v.lookup("homepage"); ok && w.sound(homepage) {
		w.reachable(homepage, s.Homepage, s.Network)
	}
	for i, at := range doorValues(v.child("doors")) {
		if i >= len(s.Doors) {
			break
		}
		switch d := &s.Doors[i]; {
		case d.WordPress != nil && d.WordPress.Base == "":
			d.WordPress.Base = s.Homepage
		case d.WordPress != nil:
			w.reachable(at.child("wordpress").child("base"), d.WordPress.Base, s.Network)
		case d.Listing != nil:
			w.startsReachable(at.child("listing"), s.Network)
			w.reachable(at.child("listing").child("next"), d.Listing.Next.Pattern, s.Network)
			w.reachable(at.child("listing").child("form").child("action"), d.Listing.Form.Action, s.Network)
			w.reachable(at.child("listing").child("next").child("form").child("action"), d.Listing.Next.Form.Action, s.Network)
		case d.Sitemap != nil:
			w.startsReachable(at.child("sitemap"), s.Network)
		case d.CSV != nil:
			w.startsReachable(at.child("csv"), s.Network)
		case d.XLSX != nil:
			w.startsReachable(at.child("xlsx"), s.Network)
		case d.Links != nil:
			w.startsReachable(at.child("links"), s.Network)
		case d.JSON != nil:
			w.startsReachable(at.child("json"), s.Network)
		case d.Feed != nil:
			w.startsReachable(at.child("feed"), s.Network)
		case d.OAIPMH != nil:
			w.reachable(at.child("oai-pmh").child("base"), d.OAIPMH.Base, s.Network)
		}
	}
}

// startsReachable checks the addresses at which a door begins.
func (w *walker) startsReachable(door value, n Network) {
	starts := door.child("start")
	for _, start := range append(starts.items(), starts) {
		w.reachable(start, start.node.Value, n)
	}
}
