package listing

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// maxForm is the longest form that is sent, in octets. The hidden state of
// ASP.NET has some hundred thousand; each page's stands in the journal.
const maxForm = 512 << 10

// form is one that is sent, ready for use.
type form struct {
	config.Form
	tokens map[string]finder
}

// compileForm makes a form of that of a key, such as "next.form".
func compileForm(key string, from config.Form) (form, error) {
	f := form{Form: from, tokens: make(map[string]finder)}
	if f.Select != "" {
		if _, err := compile(key+".select", config.Selectors{{CSS: f.Select}}); err != nil {
			return f, err
		}
	}
	for name, selectors := range from.Tokens {
		found, err := compile(key+".tokens."+name, selectors)
		if err != nil {
			return f, err
		}
		f.tokens[name] = found
	}
	return f, nil
}

// needsPage reports whether something of the form stands on a page.
func (f *form) needsPage() bool { return f.Select != "" || len(f.tokens) > 0 }

// counts reports whether a field counts the pages.
func (f *form) counts() bool { return f.Has("{page}") || f.Has("{offset}") }

// blind is where the form is sent and what is, when nothing of it stands on a
// page.
func (f *form) blind(start string) (address, body string) {
	values := make(url.Values)
	for name, v := range f.Fields {
		values.Set(name, v)
	}
	return f.to(start, start), values.Encode()
}

// to is where the form is sent, when its page does not say so.
func (f *form) to(start, otherwise string) string {
	if f.Action == "" {
		return otherwise
	}
	u, err := normalize.URL(start, f.Action)
	if err != nil {
		return otherwise
	}
	return u
}

// again is a form that was sent before, for another page.
func (f *form) again(body string, number *strings.Replacer) string {
	values, _ := url.ParseQuery(body)
	for name, v := range f.Fields {
		values.Set(name, number.Replace(v))
	}
	return values.Encode()
}

// formPage reads a page for its form, and sends that.
func (v *visit) formPage() harvest.Parsed {
	switch v.page.Outcome {
	case harvest.Fetched:
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	default:
		return v.failed()
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(v.page.Body))
	if err != nil {
		return v.broken(err.Error())
	}
	address, body, why := v.fill(&v.form, doc, baseOf(doc, v.page), nil, strings.NewReplacer())
	if why != "" {
		return v.broken(why)
	}
	return harvest.Parsed{Requests: []harvest.Request{{
		URL: address, Form: body, Kind: harvest.KindDiscovery, Door: v.door, Page: 1, Depth: v.page.Request.Depth, Referrer: v.page.URL,
		Step: step{Name: StepListing, Start: v.step.Start}.String(),
	}}}
}

// byForm is what leads to the page of that number, from 2, and why there is no
// way to it.
func (v *visit) byForm(l *list, number int) (address, body, why string) {
	before, _ := url.ParseQuery(v.page.Request.Form) // what was sent by ourselves
	return v.fill(&v.nextForm, l.doc, l.base, before, v.value(number))
}

// fill puts together what is sent: the fields of the form on the page, where it
// is there, else those that were sent before; what the source file sets; and
// what stands elsewhere on the page. Where a token is not on this page, as in
// what scripts fetch, that of the page before still holds.
func (v *visit) fill(f *form, doc *goquery.Document, base string, before url.Values, number *strings.Replacer) (address, body, why string) {
	values, method := before, "post"
	if values == nil {
		values = make(url.Values)
	}
	address = f.to(v.start(), v.page.Request.URL)
	if f.Select != "" {
		found := doc.Find(f.Select).First()
		switch {
		case found.Length() == 0 && len(before) == 0:
			return "", "", fmt.Sprintf("no element matches the form %q", f.Select)
		case found.Length() > 0:
			if why := unsafe(found); why != "" {
				return "", "", why
			}
			values = fieldsOf(found)
			for name, searched := range v.form.Fields { // what is searched for, where results do not repeat it
				if values.Get(name) == "" {
					values.Set(name, searched)
				}
			}
			address, method = actionOf(f, found, base, v)
		}
	}
	for name, text := range f.Fields {
		values.Set(name, number.Replace(text))
	}
	for name, find := range f.tokens {
		token, _, ok := first(find, doc.Selection, selector.text)
		if !ok && !values.Has(name) {
			return "", "", fmt.Sprintf("nothing on the page is the token %q", name)
		}
		if ok {
			values.Set(name, token)
		}
	}
	return finished(address, method, values)
}

// finished is a form as it is sent: in the address, where it says so.
func finished(address, method string, values url.Values) (to, body, why string) {
	body = values.Encode()
	switch {
	case len(body) > maxForm:
		return "", "", fmt.Sprintf("its form has %d octets, more than the %d that are sent", len(body), maxForm)
	case method != "get":
		if body == "" {
			return "", "", "its form has no field"
		}
		return address, body, ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", "", "its form leads to no address"
	}
	u.RawQuery, u.Fragment = body, "" // a form replaces the query of its action (WHATWG HTML, section 4.10.22.3)
	return u.String(), "", ""
}

// actionOf is where a form on a page is sent, and how: "get" or "post".
func actionOf(f *form, found *goquery.Selection, base string, v *visit) (address, method string) {
	method = "get" // the default of forms
	if strings.EqualFold(found.AttrOr("method", ""), "post") {
		method = "post"
	}
	own := v.page.URL
	if u, ok := resolve(base, found.AttrOr("action", "")); ok {
		own = u
	}
	return f.to(v.start(), own), method
}

// unsafe says why a form is not sent, empty when it may be: whoever asks for a
// password or a file does not search.
func unsafe(found *goquery.Selection) string {
	if found.Find("input[type=password], input[type=file]").Length() > 0 {
		return "its form asks for a password or a file; only what searches is sent"
	}
	return ""
}

// fieldsOf are the fields that a browser would send (WHATWG HTML, section
// 4.10.22.4), without buttons.
func fieldsOf(found *goquery.Selection) url.Values {
	values := make(url.Values)
	found.Find("input[name], select[name], textarea[name]").Each(func(_ int, e *goquery.Selection) {
		name := e.AttrOr("name", "")
		if _, disabled := e.Attr("disabled"); disabled || name == "" {
			return
		}
		switch goquery.NodeName(e) {
		case "textarea":
			values.Add(name, e.Text())
		case "select":
			for _, v := range chosen(e) {
				values.Add(name, v)
			}
		default:
			kind := strings.ToLower(e.AttrOr("type", "text"))
			_, checked := e.Attr("checked")
			switch {
			case slices.Contains([]string{"submit", "button", "image", "reset", "file"}, kind):
			case kind == "checkbox" || kind == "radio":
				if checked {
					values.Add(name, e.AttrOr("value", "on"))
				}
			default:
				values.Add(name, e.AttrOr("value", ""))
			}
		}
	})
	return values
}

// chosen are the values of a menu: of one from which one thing is chosen, the
// first where nothing is.
func chosen(e *goquery.Selection) []string {
	options := e.Find("option")
	picked := options.Filter("[selected]")
	if _, several := e.Attr("multiple"); !several && picked.Length() == 0 {
		picked = options.First()
	}
	var out []string
	picked.Each(func(_ int, o *goquery.Selection) {
		out = append(out, o.AttrOr("value", normalize.Text(o.Text())))
	})
	return out
}
