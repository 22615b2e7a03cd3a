package normalize_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/harvest87/harvest/parsers/normalize"
)

func TestURL(t *testing.T) {
	const base = "https://example.org/resources/list.html?page=2"
	tests := []struct{ name, base, ref, want string }{
		{"absolute", "", "HTTPS://Example.ORG/A", "https://example.org/A"},
		{"relative", base, "item-1.html", "https://example.org/resources/item-1.html"},
		{"query alone", base, "?page=3", "https://example.org/resources/list.html?page=3"},
		{"other host", base, "//cdn.example.net/a.pdf", "https://cdn.example.net/a.pdf"},
		{"white space and line breaks within", base, "  /a\n/b ", "https://example.org/a/b"},
		{"backslashes", "", `https:\\example.org\a`, "https://example.org/a"},
		{"default port, fragment, empty query", "", "https://example.org:443/a?#top", "https://example.org/a"},
		{"other port", "", "http://example.org:8080/", "http://example.org:8080/"},
		{"no path", "", "https://example.org", "https://example.org/"},
		{"dot segments, also encoded", "", "https://example.org/a/%2e%2E/b/./c", "https://example.org/b/c"},
		{"user and password", "", "https://u:p@example.org/", "https://example.org/"},
		{"international host", "", "https://bücher.example/", "https://xn--bcher-kva.example/"},
		{"path in UTF-8", "", "https://example.org/ü ber", "https://example.org/%C3%BC%20ber"},
		{"needless and lower-case encoding", "", "https://example.org/%7euser/%c3%bc%2fx", "https://example.org/~user/%C3%BC%2Fx"},
		{"a percent sign alone", "", "https://example.org/100%", "https://example.org/100%25"},
		{"brackets in a query", "", "https://example.org/?types[]=a", "https://example.org/?types%5B%5D=a"},
		{"trackers", "", "https://example.org/a?utm_source=x&id=7&fbclid=y&gclid=z&mc_cid=1", "https://example.org/a?id=7"},
		{"only trackers", "", "https://example.org/a?utm_campaign=x", "https://example.org/a"},
		{"sessions", "", "https://example.org/a;jsessionid=AB12?PHPSESSID=1&b=2", "https://example.org/a?b=2"},
		{"encoded ampersands", "", "https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&c=2"},
		{"order and repetition stay", "", "https://example.org/?b=2&a=1&b=3", "https://example.org/?b=2&a=1&b=3"},
		{"trailing slash stays", "", "https://example.org/a/", "https://example.org/a/"},
		{"safelinks", "", "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa%3Futm_source%3Dx&data=05", "https://example.org/a"},
		{"google", "", "https://www.google.co.uk/url?q=https://example.org/a&sa=D", "https://example.org/a"},
		{"facebook", "", "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=AT", "https://example.org/a"},
		{"wrapped twice", "", "https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fexample.org%252Fa", "https://example.org/a"},
		{"a wrapper of something else", "", "https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := normalize.URL(tt.base, tt.ref)
			if err != nil || got != tt.want {
				t.Fatalf("URL(%q, %q) = %q, %v; want %q", tt.base, tt.ref, got, err, tt.want)
			}
			if again, err := normalize.URL("", got); err != nil || again != got {
				t.Errorf("again: %q, %v", again, err)
			}
		})
	}
}

func TestURLRefuses(t *testing.T) {
	for _, ref := range []string{"", "mailto:a@example.org", "javascript:void(0)", "ftp://example.org/", "data:text/html,x", "https://", "not an address", "https://exa mple.org/", "http://[::1", "https://example.org/" + strings.Repeat("a", 9000)} {
		if got, err := normalize.URL("", ref); err == nil {
			t.Errorf("URL(%.40q) = %.40q, want an error", ref, got)
		}
	}
}

func TestURLKey(t *testing.T) {
	same := [][]string{
		{"https://example.org/a/", "http://www.example.org/a", "https://example.org/a/index.html", "https://example.org/a?utm_source=x#y"},
		{"https://example.org/?b=1&a=2", "https://example.org?a=2&b=1"},
		{"not an address", "not an address"},
	}
	keys := make(map[string]bool)
	for _, group := range same {
		for _, u := range group {
			if got, want := normalize.URLKey(u), normalize.URLKey(group[0]); got != want {
				t.Errorf("URLKey(%q) = %q, but URLKey(%q) = %q", u, got, group[0], want)
			}
		}
		keys[normalize.URLKey(group[0])] = true
	}
	if len(keys) != len(same) {
		t.Errorf("different addresses share a key: %v", keys)
	}
}

func FuzzURL(f *testing.F) {
	f.Add("https://example.org/a/", "../b?c=%zz")
	f.Add("", "http://1.2.3.4:99999/")
	f.Add("https://example.org", "https://www.google.com/url?q=https%3A%2F%2Fexample.org")
	f.Fuzz(func(t *testing.T, base, ref string) {
		got, err := normalize.URL(base, ref)
		if err != nil {
			return
		}
		if u, err := url.Parse(got); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("URL(%q, %q) = %q: %v", base, ref, got, err)
		}
		again, err := normalize.URL("", got)
		if err != nil || again != got {
			t.Fatalf("URL(%q, %q) = %q, again %q, %v", base, ref, got, again, err)
		}
	})
}

// What is recognised as plain has the same form as what is read in full.
func FuzzURLForm(f *testing.F) {
	for _, u := range []string{
		"https://www.example.org/a/index.html?b=1&a=2", "http://example.org/x/?utm_source=y&p=3", "https://example.org//a/./b",
		"https://www.google.com/url?q=https://example.org/", "http://1.2.3.4/a", "http://0x7f.1/", "https://a.b./c", "https://example.org/a;jsessionid=1", "http:0..", "http://a.1x/",
	} {
		f.Add(u)
	}
	f.Fuzz(func(t *testing.T, u string) {
		key, slash := normalize.URLForm(u)
		normal, err := normalize.URL("", u)
		if err != nil {
			if key != u || slash {
				t.Fatalf("URLForm(%q) = %q, %v, want itself", u, key, slash)
			}
			return
		}
		if len(normal) == 8<<10 {
			return // no room for a fragment
		}
		// A fragment is never plain, and means nothing.
		if wantKey, wantSlash := normalize.URLForm(normal + "#"); key != wantKey || slash != wantSlash {
			t.Fatalf("URLForm(%q) = %q, %v, want %q, %v", u, key, slash, wantKey, wantSlash)
		}
	})
}

func BenchmarkURLForm(b *testing.B) {
	for b.Loop() {
		normalize.URLForm("https://www.example.org/resources/2021/report-on-forced-labour/")
	}
}
