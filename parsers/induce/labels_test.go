package induce_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/induce"
)

// TestLabelsWithoutNames: labels and authors that no class names are found by
// what stands before or above them, or by what they say again and again.
func TestLabelsWithoutNames(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{"Report", "Guidance", "Report", "News", "Report", "Guidance", "News", "Report"}
	people := []string{"Ada Okafor", "Bruno Lima", "Carmen Ortiz", "Dilip Rao", "Ada Okafor", "Bruno Lima", "Carmen Ortiz", "Dilip Rao"}
	list := func(frame, one string) string {
		var b strings.Builder
		for i, kind := range kinds {
			fmt.Fprintf(&b, one, i, "Wages withheld in workshop number "+string(rune('A'+i)), kind, people[i])
		}
		return "<html lang=en><body><main><h1>Papers</h1>" + fmt.Sprintf(frame, b.String()) + "</main>"
	}
	for _, tt := range []struct{ name, page, category, author string }{
		{
			"columns of a table", list("<table><tr><td>Title</td><td>Kind</td><td>Author(s)</td></tr>%s</table>", `<tr><td><a href="/p/%d">%s</a></td><td>%s</td><td>%s</td></tr>`),
			"td:nth-of-type(2)", "td:nth-of-type(3)",
		},
		{
			"names in bold, values in none", list("<div>%s</div>", `<div class="hit"><a href="/p/%d">%s</a><br><b>Type:</b> %s<br><b>Author:</b> %s<br></div>`),
			`div.hit /Type:\s*(.+?)\s*Author:/`, `div.hit /Author:\s*(.+?)\s*$/`,
		},
		{
			"what is said again and again", list("<ul>%s</ul>", `<li class="hit"><h3><a href="/p/%d">%s</a></h3><div><span>%s</span><i>by %s</i></div></li>`),
			"span", "i",
		},
		{
			"persons, again and again", list("<ul>%s</ul>", `<li class="hit"><h3><a href="/p/%d">%s</a></h3><!-- %s --><div><span>%s</span></div></li>`),
			"", "",
		},
	} {
		lists := induce.Lists(pageOf(tt.page), vocabulary)
		if len(lists) == 0 {
			t.Errorf("%s: no list", tt.name)
			continue
		}
		text := func(s config.Selectors) string {
			if len(s) == 0 {
				return ""
			}
			if s[0].Regex != nil {
				return s[0].CSS + " /" + s[0].Regex.String() + "/"
			}
			return s[0].String()
		}
		item := lists[0].Rules.Item
		if text(item.Category) != tt.category || text(item.Author) != tt.author {
			t.Errorf("%s: category %q, author %q; want %q, %q", tt.name, text(item.Category), text(item.Author), tt.category, tt.author)
		}
	}
}

// TestGroupsOfItemsAreNoItems: a list by letters has its items within the
// letters, as categories of MediaWiki.
func TestGroupsOfItemsAreNoItems(t *testing.T) {
	var b strings.Builder
	for _, letter := range "CGIRW" {
		fmt.Fprintf(&b, `<div class="mw-category-group"><h3>%c</h3><ul>`, letter)
		for i := range 4 {
			fmt.Fprintf(&b, `<li><a href="/wiki/%c%d" title="x">%c paper %d on wages withheld</a></li>`, letter, i, letter, i)
		}
		b.WriteString("</ul></div>")
	}
	lists := induce.Lists(pageOf(`<html lang=en><body><div id="content" role="main"><h1>Category:Papers</h1><div class="mw-category">`+b.String()+`</div></div>`), nil)
	if len(lists) == 0 || lists[0].Cards != 20 {
		t.Errorf("lists %+v, want one of 20 items", lists)
	}
}

// TestDatesInFigures: whether day or month comes first is seen from the list,
// where the language does not say it.
func TestDatesInFigures(t *testing.T) {
	list := func(form string, month func(i int) int) string {
		var b strings.Builder
		for i := range 8 {
			fmt.Fprintf(&b, `<article><h3><a href="/p/%d">Wages withheld in workshop %d</a></h3><p class="date">`+form+`</p></article>`, i, i, 9+i, month(i))
		}
		return b.String()
	}
	month := func(i int) int { return i + 1 }
	for _, tt := range []struct {
		name, language, body, order string
		dated                       bool
	}{
		{"month first", "en", list("%[4]d/%[3]d/2024", month), "en-US", true},
		{"day first", "en", list("%[3]d/%[4]d/2024", month), "en-GB", true},
		{"the language says it", "fr", list("%[3]d/%[4]d/2024", month), "", true},
		{"nothing says it", "en", strings.NewReplacer("13/", "3/", "14/", "4/", "15/", "5/", "16/", "6/").Replace(list("%[3]d/%[4]d/2024", month)), "", false},
	} {
		lists := induce.Lists(pageOf("<html lang="+tt.language+"><body><main>"+tt.body+"</main>"), nil)
		if len(lists) == 0 || lists[0].Order != tt.order || (len(lists[0].Rules.Item.Date) > 0) != tt.dated || !tt.dated && !strings.Contains(strings.Join(lists[0].Doubts, ""), "en-GB or en-US") {
			t.Errorf("%s: %+v", tt.name, lists)
		}
	}
}
