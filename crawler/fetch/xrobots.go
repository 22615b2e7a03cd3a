package fetch

import (
	"net/http"
	"strings"
	"time"
)

// robotsTag reads X-Robots-Tag: directives for everybody, or after a name and a
// colon for that robot alone until the next name
// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag).
func robotsTag(h http.Header, token string, now time.Time) (noIndex, noFollow bool) {
	for _, value := range h.Values("X-Robots-Tag") {
		ours := true
		for word := range strings.SplitSeq(value, ",") {
			name, argument, hasColon := strings.Cut(word, ":")
			name = strings.ToLower(strings.TrimSpace(name))
			if hasColon && !directivesWithValue[name] {
				ours = strings.EqualFold(name, token) || name == "*"
				name, argument, _ = strings.Cut(argument, ":")
				name = strings.ToLower(strings.TrimSpace(name))
			}
			if !ours {
				continue
			}
			switch name {
			case "noindex":
				noIndex = true
			case "nofollow":
				noFollow = true
			case "none":
				noIndex, noFollow = true, true
			case "unavailable_after":
				noIndex = noIndex || past(value, argument, now)
			}
		}
	}
	return noIndex, noFollow
}

// directivesWithValue are the words before a colon that name no robot.
var directivesWithValue = map[string]bool{
	"unavailable_after": true, "max-snippet": true, "max-image-preview": true, "max-video-preview": true,
}

// availabilityForms are the date forms that unavailable_after is seen with.
var availabilityForms = []string{
	time.RFC3339, "2006-01-02", time.RFC1123, time.RFC1123Z, time.RFC850, "Monday, 02-Jan-06 15:04:05 MST",
	"2 Jan 2006 15:04:05 MST", "02 Jan 2006 15:04:05 MST", "2 Jan 2006", "02-Jan-2006 15:04:05 MST",
}

// past reports whether a page was available only until a moment that is over.
// The date may hold the comma that parts directives, so both readings are tried.
func past(value, argument string, now time.Time) bool {
	_, whole, _ := strings.Cut(value[max(strings.Index(strings.ToLower(value), "unavailable_after"), 0):], ":")
	for _, text := range []string{argument, whole} {
		for _, form := range availabilityForms {
			if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
				return t.Before(now)
			}
		}
	}
	return false
}
