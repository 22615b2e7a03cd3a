package page_test

import (
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

const paragraphs = `<p>The inspectors came in March and counted the people who slept in the sheds behind the mill, of whom nobody had been told.</p>
<p>They found forty, and they wrote down their names, their ages and what each of them had been promised when the season began.</p>`

// A summary is what the page sets apart as one, whole.
func TestSummaryIsWhatThePageSetsApart(t *testing.T) {
	const first = "Inspectors found forty people asleep in sheds behind a mill that nobody had on a list."
	const second = "None of them had been paid since the season began, says the report."
	for name, c := range map[string]struct{ head, body, want string }{
		"class in two words": {
			`<meta name=description content="What you should know about mills today, and why it matters to us.">`,
			`<h1>Forty in a shed</h1><p class="article-sub-title">` + first + `</p>` + paragraphs, first,
		},
		"class in camel case": {
			`<meta name=description content="What you should know about mills today, and why it matters to us.">`,
			`<h1>Forty in a shed</h1><p data-qa="leadText">` + first + `</p>` + paragraphs, first,
		},
		"a class that says large print": {
			`<meta name=description content="What you should know about mills today, and why it matters to us.">`,
			`<h1>Forty in a shed</h1><p class="mt-8 text-xl leading-relaxed">` + first + `</p>` + paragraphs, first,
		},
		"several paragraphs of one class": {
			"", `<h1>Forty in a shed</h1><p class=lead>` + first + `</p> <p class=lead>` + second + `</p>` + paragraphs, first + "\n\n" + second,
		},
		"the inner of two marked elements": {
			"", `<h1>Forty in a shed</h1><div class=intro><div class=summary><p>` + first + `</p></div><p>` + second + `</p></div>` + paragraphs, first,
		},
		"a subheading that repeats the title": {
			`<meta name=description content="` + first + `">`,
			`<h1>Forty people asleep in one shed</h1><h2><span>Mill towns:</span><span>Forty people asleep in one shed</span></h2>` + paragraphs, first,
		},
		"elements that a style sets apart": {
			"", `<h1>Forty in a shed</h1><h2><span>No list of the sheds.<span hidden>:</span></span>No pay since spring, says the report</h2>` + paragraphs,
			"No list of the sheds. No pay since spring, says the report",
		},
		"cut within a word that another line has": {
			`<meta name=description content="Inspectors came in March. They found forty, and they wrote down their names, their ages and what each of them had bee">`,
			`<h1>Forty in a shed</h1>` + paragraphs, "Inspectors came in March. They found forty, and they wrote down their names, their ages and what each of them had been promised when the season began.",
		},
		"lines of one heading": {
			"", `<h1>Forty in a shed</h1><h2 class=subtitle>No list of the sheds<br>No pay since spring<br>No word from the owner</h2>` + paragraphs,
			"No list of the sheds\nNo pay since spring\nNo word from the owner",
		},
		"no link to another item": {
			"", `<h1>Forty in a shed</h1><h2 class=subtitle>` + first + `</h2><h2 class=subtitle><a href=/other>Read how other people fare in the mills of the south</a></h2>` + paragraphs, first,
		},
		"bold line": {
			`<meta name=description content="What should you know about inspectors and mills today?">`,
			`<h1>Forty in a shed</h1><p><b>` + first + `</b></p>` + paragraphs, first,
		},
		"a quotation is none": {
			`<meta name=description content="` + first + `">`,
			`<h1>Forty in a shed</h1><p class=subtitle>“Nobody told us that anybody slept in there”</p><p>By Ada Moor</p>` + paragraphs, first,
		},
		"a note of the editors is none": {
			"", `<h1>Forty in a shed</h1><p class=intro>Editor’s note: this text was first published in the spring, and has been changed since.</p>` + paragraphs, plain(paragraphs),
		},
		"a date before it": {
			`<meta name=description content="12. März 2021, 10.15 Uhr: Inspektoren fanden vierzig Menschen in Schuppen hinter einer Mühle.">`,
			`<h1>Vierzig im Schuppen</h1>`, "Inspektoren fanden vierzig Menschen in Schuppen hinter einer Mühle.",
		},
		"a date that the sentence needs": {
			`<meta name=description content="12 March 2021 was the day on which inspectors found forty people.">`,
			`<h1>Forty in a shed</h1>`, "12 March 2021 was the day on which inspectors found forty people.",
		},
		"a title that is declared otherwise": {
			`<title>Mill inspected, forty found</title><meta property=og:title content="Mill inspected, forty found"><meta name=description content="What should you know about mills?">`,
			`<main><article><h2>Forty in a shed</h2><p class=standfirst>` + first + `</p>` + paragraphs + `</article></main>`, first,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := extract(t, `<html lang=en><head>`+c.head+`</head><body>`+c.body+`</body></html>`, config.PageRules{})
			if got := r.Record.Summary; got != c.want {
				t.Errorf("summary %q\nwant    %q", got, c.want)
			}
		})
	}
}

func plain(s string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.ReplaceAll(s, "<p>", ""), "</p>"), "</p>\n", "\n\n")
}

// A text that was cut ends with a sentence where the page has the rest.
func TestSummaryThatWasCut(t *testing.T) {
	const text = `The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty were found there, of whom nobody had been told. They wrote down names.`
	for name, c := range map[string]struct {
		declared, other, body, want string
		truncated                   bool
	}{
		"most of the sentence is there": {
			"The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty were found there, of…", "", text,
			"The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty were found there, of whom nobody had been told.", false,
		},
		"a word of the sentence is there": {
			"The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty…", "", text,
			"The inspectors came in March and counted the people who slept in the sheds behind the mill.", false,
		},
		"the rest is nowhere": {
			"The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty were…", "", "Another text stands on the page.",
			"The inspectors came in March and counted the people who slept in the sheds behind the mill. Forty were", true,
		},
		"another is whole": {
			"The inspectors came in March and counted the people who slept in the sheds…",
			"The inspectors came in March and counted the people who slept in the sheds. This is how they live.", text,
			"The inspectors came in March and counted the people who slept in the sheds. This is how they live.", false,
		},
		"short, and without a full stop": {"Inspectors counted people at a mill in March", "", text, "Inspectors counted people at a mill in March", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := extract(t, `<html lang=en><head><meta property=og:description content="`+c.declared+`"><meta name=twitter:description content="`+c.other+`"></head>
				<body><h1>Forty in a shed</h1><p>`+c.body+`</p></body></html>`, config.PageRules{})
			if r.Record.Summary != c.want || r.Record.SummaryBasis.Truncated != c.truncated {
				t.Errorf("summary %q, truncated %v\nwant    %q, %v", r.Record.Summary, r.Record.SummaryBasis.Truncated, c.want, c.truncated)
			}
		})
	}
}

// A selector that finds the whole text gives its beginning; an abstract stays
// whole however long it is.
func TestSummarySelectorOfTheWholeText(t *testing.T) {
	long := strings.Repeat("<p>The inspectors came back every month and wrote down what had changed. </p>", 60)
	rules := config.PageRules{FieldRules: config.FieldRules{Summary: config.Selectors{{CSS: ".x"}}}}

	r := extract(t, `<h1>Forty in a shed</h1><div class=x>`+long+`</div>`, rules)
	if n := len(r.Record.Summary); n > 600 || n < 400 || !strings.HasSuffix(r.Record.Summary, ".") || r.Record.SummaryBasis.Kind != harvest.SummaryLead {
		t.Errorf("the whole text gives %d characters of kind %s: %q", n, r.Record.SummaryBasis.Kind, r.Record.Summary)
	}
	r = extract(t, `<h1>Forty in a shed</h1><div class=x>`+long+`</div><div>`+strings.ReplaceAll(long, "inspectors", "owners")+`</div>`, rules)
	if n := len(r.Record.Summary); n < 4000 || r.Record.SummaryBasis.Kind != harvest.SummaryAbstract {
		t.Errorf("an abstract gives %d characters of kind %s", n, r.Record.SummaryBasis.Kind)
	}
}
