package sample

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// apiError is an error as the API words it.
type apiError struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Data    apiData `json:"data"`
}

type apiData struct {
	Status int               `json:"status"`
	Params map[string]string `json:"params,omitempty"`
}

func invalidParam(name, message string) *apiError {
	return &apiError{
		Code: "rest_invalid_param", Message: "Invalid parameter(s): " + name,
		Data: apiData{Status: http.StatusBadRequest, Params: map[string]string{name: message}},
	}
}

var (
	errNoRoute     = apiError{Code: "rest_no_route", Message: "No route was found matching the URL and request method.", Data: apiData{Status: http.StatusNotFound}}
	errInvalidID   = apiError{Code: "rest_post_invalid_id", Message: "Invalid post ID.", Data: apiData{Status: http.StatusNotFound}}
	errForbidden   = apiError{Code: "rest_forbidden", Message: "Sorry, you are not allowed to do that.", Data: apiData{Status: http.StatusUnauthorized}}
	errInvalidPage = apiError{
		Code: "rest_post_invalid_page_number", Message: "The page number requested is larger than the number of pages available.",
		Data: apiData{Status: http.StatusBadRequest},
	}
)

// collectionQuery is what a caller may ask of a collection
// (https://developer.wordpress.org/rest-api/reference/posts/#list-posts).
type collectionQuery struct {
	page, perPage, offset         int
	orderBy                       string
	ascending                     bool
	after, before                 time.Time
	modifiedAfter, modifiedBefore time.Time
	search                        string
	slugs                         []string
	include, exclude, categories  []int
}

// orders are the values of orderby that the sample knows.
var orders = []string{"author", "date", "id", "include", "modified", "relevance", "slug", "title"}

func readQuery(q url.Values) (collectionQuery, *apiError) {
	c := collectionQuery{page: 1, perPage: 10, orderBy: "date", search: strings.ToLower(q.Get("search"))}
	for _, number := range []struct {
		name        string
		to          *int
		least, most int
	}{{"page", &c.page, 1, 1 << 30}, {"per_page", &c.perPage, 1, 100}, {"offset", &c.offset, 0, 1 << 30}} {
		if !q.Has(number.name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(number.name))
		if err != nil || n < number.least || n > number.most {
			return c, invalidParam(number.name, fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", number.name, number.least, number.most))
		}
		*number.to = n
	}
	if q.Has("orderby") {
		c.orderBy = q.Get("orderby")
		if !slices.Contains(orders, c.orderBy) {
			return c, invalidParam("orderby", "orderby is not one of "+strings.Join(orders, ", ")+".")
		}
	}
	switch order := q.Get("order"); order {
	case "", "desc":
	case "asc":
		c.ascending = true
	default:
		return c, invalidParam("order", "order is not one of asc, desc.")
	}
	for name, to := range map[string]*time.Time{
		"after": &c.after, "before": &c.before, "modified_after": &c.modifiedAfter, "modified_before": &c.modifiedBefore,
	} {
		if !q.Has(name) {
			continue
		}
		t, err := readTime(q.Get(name))
		if err != nil {
			return c, invalidParam(name, "Invalid date.")
		}
		*to = t
	}
	if status := q.Get("status"); status != "" && status != "publish" {
		return c, invalidParam("status", "Status is forbidden.")
	}
	if q.Get("context") == "edit" {
		return c, &errForbidden
	}
	if q.Has("slug") {
		c.slugs = strings.Split(q.Get("slug"), ",")
	}
	c.include, c.exclude, c.categories = numbers(q, "include"), numbers(q, "exclude"), numbers(q, "categories")
	return c, nil
}

// readTime reads an ISO 8601 time; one without a zone is in the site's.
func readTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02T15:04:05", s, zone)
}

// numbers reads "1,2" and name[]=1&name[]=2.
func numbers(q url.Values, name string) []int {
	var out []int
	for _, text := range append(strings.Split(q.Get(name), ","), q[name+"[]"]...) {
		if n, err := strconv.Atoi(text); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// choose applies the query to a collection.
func (c *collectionQuery) choose(l *library, all []*item) []*item {
	var out []*item
	for _, i := range all {
		if c.wants(l, i) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b *item) int {
		n := c.compare(a, b)
		if !c.ascending {
			n = -n
		}
		return n
	})
	return out
}

func (c *collectionQuery) wants(l *library, i *item) bool {
	inCategory := func(id int) bool {
		return slices.ContainsFunc(labelsOf(i), func(s string) bool { return l.labelID(s) == id })
	}
	text := strings.ToLower(i.Title + " " + strings.Join(i.Paragraphs, " "))
	switch {
	case !c.after.IsZero() && !i.Posted.After(c.after),
		!c.before.IsZero() && !i.Posted.Before(c.before),
		!c.modifiedAfter.IsZero() && !i.Modified.After(c.modifiedAfter),
		!c.modifiedBefore.IsZero() && !i.Modified.Before(c.modifiedBefore),
		len(c.slugs) > 0 && !slices.Contains(c.slugs, i.Slug),
		len(c.include) > 0 && !slices.Contains(c.include, i.ID),
		slices.Contains(c.exclude, i.ID),
		len(c.categories) > 0 && !slices.ContainsFunc(c.categories, inCategory),
		c.search != "" && !strings.Contains(text, c.search):
		return false
	}
	return true
}

func (c *collectionQuery) compare(a, b *item) int {
	switch c.orderBy {
	case "id":
		return cmp.Compare(a.ID, b.ID)
	case "modified":
		return a.Modified.Compare(b.Modified)
	case "slug":
		return strings.Compare(a.Slug, b.Slug)
	case "title":
		return strings.Compare(a.Title, b.Title)
	case "author":
		return strings.Compare(a.Author, b.Author)
	case "include":
		return cmp.Compare(slices.Index(c.include, a.ID), slices.Index(c.include, b.ID))
	}
	return a.Posted.Compare(b.Posted.Time)
}
