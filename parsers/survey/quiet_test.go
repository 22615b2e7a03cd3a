package survey_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/harvest87/harvest/parsers/survey"
)

// TestInterfaceWithoutMarks: a homepage that shows nothing of its platform, or
// that is empty, still has an interface at its usual place or in its header.
func TestInterfaceWithoutMarks(t *testing.T) {
	for name, home := range map[string]reply{
		"no marks": page("<html><body><div id=app></div></body></html>"),
		"empty":    {status: 204, header: map[string]string{"Link": `<` + root + `/index.php?rest_route=/>; rel="https://api.w.org/"`}},
	} {
		s := site{answer: func(u *url.URL) reply {
			at := strings.TrimPrefix(u.Path, "/wp-json")
			if route := u.Query().Get("rest_route"); route != "" {
				at = route
			}
			switch at {
			case "/wp/v2/types":
				return jsonOf(wordpressTypes)
			case "/wp/v2/posts":
				return wordpressPosts(u, documents(), "post")
			case "/":
				return home
			}
			return reply{}
		}}
		count := 0
		got, err := survey.Survey(t.Context(), asked(s, &count), survey.Options{URL: root + "/", Now: now})
		if err != nil || got.Source.Doors[0].Kind != "wordpress" || len(got.Records) != 24 || got.Records[0].NativeID != "wp:101" {
			t.Errorf("%s: %v, %+v", name, err, got.Tried)
		}
	}
}
