package wordpress_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// library is a site whose posts have files in its media library: every third
// post one that its text links, every other one that it does not.
type library struct {
	posts, loose int  // loose files belong to no post
	ignores      bool // does not heed parent
	closed       bool // the route of media
	asked        []string
}

func (l *library) fetch(req harvest.Request) *harvest.Page {
	u, _ := url.Parse(req.URL)
	q := u.Query()
	p := (&bare{}).fetch(harvest.Request{URL: home + "/wp-json/wp/v2/categories"})
	p.Request, p.URL = req, req.URL
	route := strings.TrimPrefix(u.Path, "/wp-json/wp/v2/")
	parents := strings.Split(q.Get("parent"), ",")
	number := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
	size, page := max(1, number("per_page")), max(1, number("page"))
	var all []string
	switch {
	case route == "posts":
		for i := 1; i <= l.posts; i++ {
			linked := ""
			if i%3 == 0 {
				linked = fmt.Sprintf(`<p><a href='%s/files/%d.pdf'>Report</a></p>`, home, i)
			}
			all = append(all, fmt.Sprintf(`{"id":%d,"status":"publish","link":"%s/item-%d/","title":{"rendered":"Item %d"},"content":{"rendered":"<p>What item %d says.</p>%s"},"_embedded":{}}`, i, home, i, i, i, linked))
		}
	case route == "media" && l.closed:
		p.Status, p.Outcome, p.Body = 401, harvest.AccessDenied, []byte(`{"code":"rest_forbidden","message":"No."}`)
		return p
	case route == "media":
		l.asked = append(l.asked, q.Get("parent"))
		for i := range l.loose {
			all = append(all, fmt.Sprintf(`{"id":%d,"post":null,"source_url":"%s/files/loose-%d.pdf","mime_type":"application/pdf"}`, 9000+i, home, i))
		}
		for i := 1; i <= l.posts; i++ {
			if q.Has("parent") && !l.ignores && !slices.Contains(parents, strconv.Itoa(i)) {
				continue
			}
			all = append(all, fmt.Sprintf(`{"id":%d,"post":%d,"source_url":"%s/files/%d.pdf","mime_type":"application/pdf","title":{"rendered":"File &amp; %d"},"media_details":{"filesize":%d}}`, 1000+i, i, home, i, i, 100+i))
		}
		if q.Has("parent") && !l.ignores {
			all = all[l.loose:]
		}
	}
	p.Header.Set("X-WP-Total", strconv.Itoa(len(all)))
	p.Header.Set("X-WP-TotalPages", strconv.Itoa((len(all)+size-1)/size))
	p.Body = []byte("[" + strings.Join(all[min(len(all), (page-1)*size):min(len(all), page*size)], ",") + "]")
	return p
}

// TestMediaLibrary: files that are attached to posts are found, with few
// requests, and every post is recorded once.
func TestMediaLibrary(t *testing.T) {
	for _, tt := range []struct {
		name  string
		site  library
		when  string
		most  int // requests
		files int // posts with a file
		asked int // of the media library
	}{
		{"a small library is asked for once", library{posts: 90}, "when-needed", 3, 90, 1},
		{"a large one by the posts of a page", library{posts: 250, loose: 300}, "when-needed", 3 + 1 + 3 + 3, 250, 4},
		{"a server that does not heed parent", library{posts: 40, loose: 30, ignores: true}, "when-needed", 3, 40, 1},
		{"posts that link theirs are not asked for", library{posts: 3}, "when-needed", 3, 3, 1},
		{"a closed route costs files, never posts", library{posts: 250, closed: true}, "when-needed", 5, 83, 0},
		{"nothing is asked", library{posts: 90}, "never", 1, 30, 0},
		{"all are asked for", library{posts: 3}, "always", 3, 3, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			door := open(t, source(config.WordPress{Pages: "never", Media: tt.when}))
			files, deep := make(map[string]int), false
			got := walk(t, door, func(req harvest.Request) *harvest.Page {
				p := tt.site.fetch(req)
				isMedia := strings.Contains(req.URL, "/media?")
				deep = deep || isMedia != (isMedia && req.Aside)
				for _, r := range door.Parse(p).Records {
					files[r.NativeID] = len(r.Documents)
					if n := strings.TrimPrefix(r.NativeID, "wp:"); len(r.Documents) == 1 && !strings.HasSuffix(r.Documents[0].URL, "/"+n+".pdf") {
						t.Errorf("%s has the file of another: %+v", r.NativeID, r.Documents)
					}
				}
				return p
			})
			with := 0
			for _, n := range files {
				if n == 1 {
					with++
				}
			}
			if len(files) != tt.site.posts || with != tt.files || len(tt.site.asked) != tt.asked || got.requests > tt.most || got.dead != "" || len(got.failing) > 0 || deep {
				t.Errorf("%d posts, %d with one file, %d requests, %d of the library (%q), dead %q, failing %v", len(files), with, got.requests, len(tt.site.asked), tt.site.asked, got.dead, got.failing)
			}
		})
	}
}

// TestAttachedFileInARecord has what is known of the file, and says from where.
func TestAttachedFileInARecord(t *testing.T) {
	l, door := &library{posts: 1}, open(t, source(config.WordPress{Pages: "never", Media: "when-needed"}))
	var record harvest.Record
	walk(t, door, func(req harvest.Request) *harvest.Page {
		p := l.fetch(req)
		for _, r := range door.Parse(p).Records {
			record = r
		}
		return p
	})
	want := []harvest.Document{{URL: home + "/files/1.pdf", MediaType: "application/pdf", Title: "File & 1", Bytes: 101}}
	if diff := cmp.Diff(want, record.Documents); diff != "" || record.Provenance["documents"].Detail != "media library: attached to the post" {
		t.Errorf("documents (-want +got):\n%s\n%+v", diff, record.Provenance["documents"])
	}
	if len(l.asked) != 1 || l.asked[0] != "1" {
		t.Errorf("asked for parents %q", l.asked)
	}
}
