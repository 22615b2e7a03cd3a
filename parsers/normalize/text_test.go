package normalize_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest/parsers/normalize"
)

func TestText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Modern slavery", "Modern slavery"},
		{"white space of every kind", "  a\u00a0b\t\nc\u2003\u3000d\u2028e  ", "a b c d e"},
		{"entities", "Law &amp; policy &#8211; 2021&nbsp;edition", "Law & policy – 2021 edition"},
		{"entities twice", "Law &amp;amp; policy &amp;#8217;s", "Law & policy ’s"},
		{"entities three times", "&amp;amp;eacute;", "é"},
		{"numeric references in Windows-1252", "don&#146;t", "don’t"},
		{"an address is no entity", "see ?a=1&copy=2&amp=3", "see ?a=1&copy=2&amp=3"},
		{"references without semicolon", "R&amp D &nbsp x", "R& D x"},
		{"tags", "<b>Forced</b> labour<br/>in <i>Qatar</i>", "Forced labour in Qatar"},
		{"escaped tags", "&lt;em&gt;Forced&lt;/em&gt; labour", "Forced labour"},
		{"blocks keep words apart", "<p>One</p><p>Two</p>", "One Two"},
		{"what only looks like a tag", "1 < 2 and 3 > 2, <3, <NGO> and a<b", "1 < 2 and 3 > 2, <3, <NGO> and a<b"},
		{"comments", "a<!-- hidden -->b", "ab"},
		{"nested to deceive", "<<b>script>x", "x"},
		{"controls and zero width", "a\x00b\x07c\u200bd\ufeffe\u00adf\u2060g", "abcdefg"},
		{"C1 as Windows-1252", "\u0093quoted\u0094", "“quoted”"},
		{"quotes stay", `"a" 'b' «c» “d”`, `"a" 'b' «c» “d”`},
		{"homoglyphs stay", "раypal", "раypal"},
		{"NFC", "e\u0301le\u0300ve", "élève"},
		{"invalid UTF-8", "a\xffb", "a\ufffdb"},
		{"private use glyphs", "\uf0c1 Download", "Download"},
		{"ZWNJ in Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"ZWNJ at a word's end", "سلام\u200c دنیا", "سلام دنیا"},
		{"ZWJ in Nepali", "गर्\u200dयो", "गर्\u200dयो"},
		{"ZWJ in Latin text", "a\u200db", "ab"},
		{"ZWJ in emoji", "👩\u200d🔬 research", "👩\u200d🔬 research"},
		{"overrides always go", "\u202egpj.exe\u202c", "gpj.exe"},
		{"balanced isolate in Arabic", "كتاب \u2066ILO\u2069 جديد", "كتاب \u2066ILO\u2069 جديد"},
		{"unbalanced isolate in Arabic", "كتاب \u2066ILO جديد", "كتاب ILO جديد"},
		{"direction marks in Latin text", "abc\u200f def\u200e", "abc def"},
		{"direction mark in Hebrew", "שלום!\u200f", "שלום!\u200f"},
		{"empty", "", ""},
		{"only junk", "\u200b \ufeff\x01", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := normalize.Text(tt.in); got != tt.want {
				t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestTextIsIdempotentNFCAndValid(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"&", "amp;", "lt;", "<", ">", "b", "/", "p", "script", " ", "\n", "é", "e\u0301", "\u200d", "\u202e", "\u2066", "\u2069", "م", "\xff", "&#", "x26;", "38;", "<!--", "-->", "न", "\u094d", "\u0093", "\ufffc"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(pieces).Draw(t, "pieces"), "") + rapid.String().Draw(t, "tail")
		for name, clean := range map[string]func(string) string{"Text": normalize.Text, "Paragraphs": normalize.Paragraphs} {
			once := clean(s)
			if !utf8.ValidString(once) || !norm.NFC.IsNormalString(once) {
				t.Fatalf("%s(%q) = %q is not UTF-8 in NFC", name, s, once)
			}
			if twice := clean(once); twice != once {
				t.Fatalf("%s(%q) = %q, again: %q", name, s, once, twice)
			}
		}
	})
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Just words", "Just words"},
		{"paragraphs", "<p>One\n line</p>\n<p>Two</p>", "One line\n\nTwo"},
		{"break and breaks", "One<br>line<br><br>Two", "One line\n\nTwo"},
		{"inline", "A <strong>bold</strong><em>er</em> claim", "A bolder claim"},
		{"lists", "<ul><li>a</li><li>b</li></ul>", "a\n\nb"},
		{"table cells", "<tr><td>a</td><td>b</td></tr>", "a b"},
		{"script, style and template", "a<script>x()</script><style>p{}</style><template>t</template>b", "ab"},
		{"hidden", `a<span hidden>no</span><div style="display: none">no <div>no</div></div><b aria-hidden="true">no</b> z`, "a z"},
		{"hidden paragraph without end", "<p hidden>no<p>yes", "yes"},
		{"form controls", "<select><option>post</option></select><button>Go</button>text", "text"},
		{"entities", "Tom &amp; Jerry&hellip;", "Tom & Jerry…"},
		{"noscript", "<noscript><img src=x>enable it</noscript>kept", "kept"},
		{"unclosed script", "a<script>never ends", "a"},
		{"stray end tags", "</div></p>a</span>", "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := normalize.HTML(tt.in); got != tt.want {
				t.Errorf("HTML(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestHTMLOfDeepNestingEnds(t *testing.T) {
	deep := strings.Repeat("<div>", 200_000) + "core" + strings.Repeat("</div>", 200_000)
	if got := normalize.HTML(deep); got != "core" {
		t.Errorf("got %.40q", got)
	}
}

func TestTruncated(t *testing.T) {
	tests := []struct {
		in, want string
		cut      bool
	}{
		{"A whole sentence.", "A whole sentence.", false},
		{"heavily dependent on f...Read More", "heavily dependent on f", true},
		{"heavily dependent on f… Read more »", "heavily dependent on f", true},
		{"The text goes [&hellip;]", "The text goes", true},
		{"The text goes […]", "The text goes", true},
		{"The text goes [...]", "The text goes", true},
		{"The text goes ...", "The text goes", true},
		{"A sentence. Read More", "A sentence.", true},
		{"A sentence. Continue reading →", "A sentence.", true},
		{"Goes on … Continue reading \"The title of it\" →", "Goes on", true},
		{"Une phrase… Lire la suite", "Une phrase", true},
		{"Una frase... Leer más", "Una frase", true},
		{"نص طويل… اقرأ المزيد", "نص طويل", true},
		{"नेपाली पाठ... थप पढ्नुहोस्", "नेपाली पाठ", true},
		{"文章很长……更多", "文章很长", true},
		{"To learn about it you should read more.", "To learn about it you should read more.", false},
		{"They had nothing to read, and wanted to read more", "They had nothing to read, and wanted to read more", false},
		{"He stayed in the Suite", "He stayed in the Suite", false},
		{"Read more", "", true},
		{"", "", false},
	}
	for _, tt := range tests {
		got, cut := normalize.Truncated(tt.in)
		if got != tt.want || cut != tt.cut {
			t.Errorf("Truncated(%q) = %q, %v; want %q, %v", tt.in, got, cut, tt.want, tt.cut)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"&amp;amp;lt;b&gt;", "<!--", "\u2066\u202e", "<<b>b>", "&#x26;#38;lt;", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{normalize.Text(s), normalize.Paragraphs(s), normalize.HTML(s)} {
			if !utf8.ValidString(out) {
				t.Errorf("%q is not UTF-8", out)
			}
			if strings.TrimSpace(out) != out {
				t.Errorf("%q has white space at its ends", out)
			}
		}
	})
}
