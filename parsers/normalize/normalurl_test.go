package normalize

import "testing"

// FuzzNormalURL holds the short way against the long one.
func FuzzNormalURL(f *testing.F) {
	for _, s := range [][2]string{
		{"", "https://library.example/resources/2021/"},
		{"https://a.example/x/", "/y/z"},
		{"https://a.example/x/", "y"},
		{"", "http://127.0.0.1/a"},
		{"", "https://a-b.example/"},
		{"", "https://xn--bcher-kva.example/"},
		{"", "https://a..example/"},
		{"", "https://-a.example/"},
		{"", "https://a.example/./b"},
		{"", "https://a.example//b"},
		{"https://a.example/", "//b.example/c"},
		{"", "https://a.example/a.b/.c"},
		{"", "http://1.2.3/"},
		{"", "http://0x7f.1/"},
		{"", "https://a.example/%7e"},
		{"", "https://www.google.com/url"},
		{"", "https://a.0x1/"},
		{"", "https://a.e1/"},
		{"", "https://a/b~c_d-e"},
		{"https://b", "https://a.example/x"},
		{"http://a.example/b", "/../c"},
		{"", "https://t.umblr.com/redirect"},
		{"", "https://a.example./"},
		{"", "http://127.0.0.1:8080/x"},
		{"", "http://a.example:80/"},
		{"", "https://a.example:0443/"},
		{"", "https://a.example:0/"},
		{"", "https://a.example:70000/"},
		{"", "https://a.example:/"},
		{"", "http://1.2.3.04/"},
		{"", "http://1.2.3.4:99/"},
		{"http://1.2.3.4:99/", "/a"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, base, ref string) {
		got, ok := asItIs(base, ref)
		if !ok {
			return
		}
		want, err := parsed(base, ref)
		if err != nil || got != want {
			t.Errorf("URL(%q, %q) is %q the short way, %q, %v the long way", base, ref, got, want, err)
		}
	})
}

func TestUsualAddressesAreNormal(t *testing.T) {
	for _, s := range []string{"https://www.library.example/resources/2021/03/report-on-forced-labour/", "http://a.example/x.pdf", "http://127.0.0.1:8080/x"} {
		if !isNormalURL(s) {
			t.Errorf("%s is not known to be in its normal form", s)
		}
	}
}
