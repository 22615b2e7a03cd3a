package links_test

import (
	"fmt"
	"strings"
)

// labelled is a page, and whether it is an item.
type labelled struct {
	html string
	item bool
}

// imitated is a site as a kind of software, or a person, writes it.
type imitated struct {
	name  string
	pages map[string]labelled
}

// subjects are what the items are about.
var subjects = []string{
	"Recruitment fees in brick kilns", "Wages withheld at sea", "Child labour on cocoa farms", "Domestic workers and their passports", "Debt bondage among weavers",
	"Inspections of garment factories", "Remedy for trafficked persons", "Statements of companies compared", "Forced labour in supply chains", "A hotline and what it heard",
	"Fishing crews without contracts", "Seasonal workers and their visas",
}

func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }

// text is the body of an item: some paragraphs, in which a link stands.
func text(i int) string {
	s := subjects[i]
	return fmt.Sprintf("<p>%[1]s is the subject of this paper. Its authors spoke with workers in four districts, read the files of inspectors and compared what both had seen over three years.</p>"+
		"<p>They found that most workers had paid before they began, that few had a contract in a language they read, and that complaints were rarely followed up by anybody at all. See also <a href=\"https://other.example/law\">the law</a>.</p>"+
		"<p>The paper ends with what ministries, buyers and unions could do, in the order of what would help soonest, and lists the questions that remain open after number %[2]d.</p>", s, i+1)
}

func day(i int) string { return fmt.Sprintf("2023-%02d-%02d", i%12+1, i%27+1) }

// site gathers pages; frame puts what every page has around them.
func site(name string, frame func(title, head, class, body string) string) (*imitated, func(path, title, head, class, body string, item bool)) {
	s := &imitated{name: name, pages: make(map[string]labelled)}
	return s, func(path, title, head, class, body string, item bool) {
		s.pages[path] = labelled{frame(title, head, class, body), item}
	}
}

// about are the pages that every organisation has.
var about = map[string]string{
	"/about/":          "We are a library of papers about forced labour. It was founded by three unions in 1998 and is paid for by its members. Our staff reads what is published and keeps it for those who need it. We work in four languages and answer letters within a week, as we have done since the first day.",
	"/contact/":        "Write to us at the address below, or call in the morning. The reading room is open on three days of the week.",
	"/privacy-policy/": "We keep what you send us for as long as we need it to answer you, and then delete it. You may ask what we keep. We do not hand on what you tell us, and we set no cookies but one that remembers your language.",
}

func sites() []imitated {
	return []imitated{wordpress(), drupal(), wiki(), hugo(), byHand(), joomla()}
}

// wordpress has posts below dates, categories, and pages of lists.
func wordpress() imitated {
	s, put := site("WordPress", func(title, head, class, body string) string {
		return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>%s – Library</title>%s</head><body class="%s"><header><nav class="menu"><a href="/">Home</a><a href="/about/">About</a><a href="/category/reports/">Reports</a><a href="/privacy-policy/">Privacy</a></nav></header><main id="content">%s</main><footer><a href="/contact/">Contact</a><a href="/wp-login.php">Log in</a></footer></body></html>`, title, head, class, body)
	})
	cards := func(from, to int) (out string) {
		for i := from; i < to; i++ {
			out += fmt.Sprintf(`<article class="post card"><h2 class="entry-title"><a href="/2023/%02d/%s/">%s</a></h2><p class="excerpt">%s is the subject of this paper. Its authors spoke with workers. <a class="more" href="/2023/%02d/%s/">Read more</a></p></article>`, i%12+1, slug(subjects[i]), subjects[i], subjects[i], i%12+1, slug(subjects[i]))
		}
		return out
	}
	put("/", "Home", `<meta property="og:type" content="website">`, "home blog", cards(0, 6)+`<nav class="pagination"><a class="next" href="/page/2/">2</a></nav>`, false)
	put("/page/2/", "Page 2", `<meta property="og:type" content="website">`, "blog paged", cards(6, 12), false)
	put("/category/reports/", "Reports", `<meta property="og:type" content="website">`, "archive category", "<h1>Reports</h1>"+cards(0, 12), false)
	for i, subject := range subjects {
		put(fmt.Sprintf("/2023/%02d/%s/", i%12+1, slug(subject)), subject, `<meta property="og:type" content="article"><meta property="article:published_time" content="`+day(i)+`T10:00:00+00:00">`, "single single-post",
			fmt.Sprintf(`<article class="post"><h1>%s</h1><time datetime="%s">%s</time><div class="entry-content">%s</div></article><aside class="related">%s</aside>`, subject, day(i), day(i), text(i), cards(0, 3)), true)
	}
	for path, says := range about {
		put(path, strings.Trim(path, "/"), `<meta property="og:type" content="article">`, "page", "<h1>"+strings.Trim(path, "/")+"</h1><p>"+says+"</p>", false)
	}
	return *s
}

// drupal has nodes under words, teasers, and a pager.
func drupal() imitated {
	s, put := site("Drupal", func(title, head, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en" dir="ltr"><head><title>%s | Centre for Decent Work</title>%s</head><body class="%s"><div role="navigation"><a href="/">Home</a><a href="/publications">Publications</a><a href="/about-us">About us</a></div><main role="main">%s</main><div role="contentinfo"><a href="/contact">Contact</a></div></body></html>`, title, head, class, body)
	})
	rows := func(from, to int) (out string) {
		for i := from; i < to; i++ {
			out += fmt.Sprintf(`<div class="views-row"><span class="field-title"><a href="/publications/%s">%s</a></span> <span class="date">%s</span></div>`, slug(subjects[i]), subjects[i], day(i))
		}
		return out
	}
	put("/", "Home", "", "path-frontpage", "<h1>Welcome</h1><p>The centre works for decent work.</p>"+rows(0, 3)+`<a href="/publications">All publications</a>`, false)
	put("/publications", "Publications", "", "page-view", "<h1>Publications</h1>"+rows(0, 8)+`<nav class="pager"><a href="?page=1">2</a></nav>`, false)
	put("/publications?page=1", "Publications", "", "page-view", "<h1>Publications</h1>"+rows(8, 12)+`<nav class="pager"><a href="/publications">1</a></nav>`, false)
	for i, subject := range subjects {
		put("/publications/"+slug(subject), subject, "", "page-node-type-publication", fmt.Sprintf(`<article class="node"><h1>%s</h1><div class="field--name-field-date"><time datetime="%s">%s</time></div><div class="body">%s</div><a href="/files/%s.pdf">Download (PDF)</a></article>`, subject, day(i), day(i), text(i), slug(subject)), true)
	}
	put("/about-us", "About us", "", "page-node-type-page", "<h1>About us</h1><p>"+about["/about/"]+"</p>", false)
	put("/contact", "Contact", "", "path-contact", "<h1>Contact</h1><form><input name=a></form>", false)
	return *s
}

// wiki has articles and categories under one folder, and no dates.
func wiki() imitated {
	s, put := site("MediaWiki", func(title, _, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%s - Labour wiki</title><meta name="generator" content="MediaWiki 1.39"></head><body class="mediawiki %s"><div id="content" role="main"><h1 id="firstHeading">%s</h1><div id="mw-content-text">%s</div></div><div id="mw-navigation" role="navigation"><a href="/wiki/Main_Page">Main page</a><a href="/wiki/Special:RecentChanges">Recent changes</a><a href="/index.php?title=X&action=edit">Edit</a></div></body></html>`, title, class, title, body)
	})
	list := ""
	for i, subject := range subjects {
		path := "/wiki/" + strings.ReplaceAll(subject, " ", "_")
		list += fmt.Sprintf(`<li><a href="%s">%s</a></li>`, path, subject)
		put(path, subject, "", "ns-0 ns-subject", text(i)+text((i+1)%len(subjects))+`<div id="catlinks"><a href="/wiki/Category:Papers">Papers</a></div>`, true)
	}
	put("/", "Main Page", "", "ns-0", `<p>Welcome to the wiki.</p><a href="/wiki/Category:Papers">Papers</a>`, false)
	put("/wiki/Main_Page", "Main Page", "", "ns-0", `<p>Welcome to the wiki.</p><a href="/wiki/Category:Papers">Papers</a>`, false)
	put("/wiki/Category:Papers", "Category:Papers", "", "ns-14 ns-subject", `<p>The following pages are in this category.</p><ul>`+list+`</ul>`, false)
	return *s
}

// hugo has sections with short lists, and tags.
func hugo() imitated {
	s, put := site("Hugo", func(title, head, _, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%s</title><meta name="generator" content="Hugo 0.111.3">%s</head><body><header><a href="/">Home</a> <a href="/posts/">Posts</a> <a href="/tags/">Tags</a></header><main>%s</main><footer>© 2023</footer></body></html>`, title, head, body)
	})
	list := ""
	for i, subject := range subjects {
		path := "/posts/" + slug(subject) + "/"
		list += fmt.Sprintf(`<li><a href="%s">%s</a> <small>%s</small></li>`, path, subject, day(i))
		put(path, subject, fmt.Sprintf(`<meta property="og:type" content="article"><meta itemprop="datePublished" content="%sT00:00:00+00:00">`, day(i)), "", fmt.Sprintf(`<article><h1>%s</h1><time datetime="%s">%s</time>%s<p><a href="/tags/labour/">labour</a></p></article>`, subject, day(i), day(i), text(i)), true)
	}
	put("/", "Notes on labour", `<meta property="og:type" content="website">`, "", "<h1>Notes on labour</h1><p>By a reader of files.</p><ul>"+list[:strings.Index(list, "</li>")+5]+"</ul>", false)
	put("/posts/", "Posts", `<meta property="og:type" content="website">`, "", "<h1>Posts</h1><ul>"+list+"</ul>", false)
	put("/tags/", "Tags", `<meta property="og:type" content="website">`, "", `<h1>Tags</h1><ul><li><a href="/tags/labour/">labour</a></li></ul>`, false)
	put("/tags/labour/", "labour", `<meta property="og:type" content="website">`, "", "<h1>labour</h1><ul>"+list+"</ul>", false)
	return *s
}

// byHand is a site of tables, without classes, dates in words, and files that
// are linked from the list.
func byHand() imitated {
	s, put := site("by hand", func(title, _, _, body string) string {
		return fmt.Sprintf(`<HTML><HEAD><TITLE>%s</TITLE></HEAD><BODY BGCOLOR=white><TABLE><TR><TD><A HREF="/index.htm">Home</A><BR><A HREF="/papers.htm">Papers</A><BR><A HREF="/contact.htm">Contact</A></TD><TD>%s</TD></TR></TABLE></BODY></HTML>`, title, body)
	})
	rows := ""
	for i, subject := range subjects {
		if i%4 == 3 {
			rows += fmt.Sprintf(`<LI><A HREF="/files/paper%d.pdf">%s</A> (PDF)`, i, subject)
			continue
		}
		rows += fmt.Sprintf(`<LI><A HREF="/papers/paper%d.htm">%s</A>`, i, subject)
		put(fmt.Sprintf("/papers/paper%d.htm", i), subject, "", "", fmt.Sprintf("<H1>%s</H1><P>12 March 2004</P>%s%s", subject, text(i), text((i+3)%len(subjects))), true)
	}
	put("/", "Labour papers", "", "", `<H1>Labour papers</H1><P>Papers on labour since 1998. <A HREF="/papers.htm">See them all</A>.`, false)
	put("/index.htm", "Labour papers", "", "", `<H1>Labour papers</H1><P>Papers on labour since 1998. <A HREF="/papers.htm">See them all</A>.`, false)
	put("/papers.htm", "Papers", "", "", "<H1>Papers</H1><UL>"+rows+"</UL>", false)
	put("/contact.htm", "Contact", "", "", "<H1>Contact</H1><P>Write to the office.</P>", false)
	return *s
}

// joomla has numbers before its words, and a menu of sections.
func joomla() imitated {
	s, put := site("Joomla", func(title, _, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en-gb"><head><title>%s</title><meta name="generator" content="Joomla! - Open Source Content Management"></head><body class="%s"><nav class="menu"><a href="/index.php">Home</a><a href="/index.php/studies">Studies</a><a href="/index.php/about-us">About</a></nav><div class="content">%s</div></body></html>`, title, class, body)
	})
	rows := ""
	for i, subject := range subjects {
		path := fmt.Sprintf("/index.php/studies/%d-%s", 40+i, slug(subject))
		rows += fmt.Sprintf(`<tr><td class="list-title"><a href="%s">%s</a></td><td class="list-date">%s</td></tr>`, path, subject, day(i))
		put(path, subject, "", "com_content", fmt.Sprintf(`<div class="item-page"><h2>%s</h2><dl class="article-info"><dd class="published"><time datetime="%s">%s</time></dd><dd class="createdby">Written by Amina Diallo</dd></dl>%s</div>`, subject, day(i), day(i), text(i)), true)
	}
	put("/", "Home", "", "com_content", `<p>Welcome.</p><a href="/index.php/studies">Studies</a>`, false)
	put("/index.php", "Home", "", "com_content", `<p>Welcome.</p><a href="/index.php/studies">Studies</a>`, false)
	put("/index.php/studies", "Studies", "", "com_content", `<h1>Studies</h1><table class="category">`+rows+"</table>", false)
	put("/index.php/about-us", "About", "", "com_content", "<h1>About</h1><p>"+about["/about/"]+"</p>", false)
	return *s
}
