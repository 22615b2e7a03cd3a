package wordpress

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// inLanguages are the parameters of a list once for each language of the source
// file. Polylang and WPML take the same parameter, in lower case.
func (d *Door) inLanguages(params url.Values) []url.Values {
	if len(d.wordpress.Languages) == 0 {
		return []url.Values{params}
	}
	var out []url.Values
	for _, tag := range d.wordpress.Languages {
		one := maps.Clone(params)
		one.Set("lang", strings.ToLower(tag))
		out = append(out, one)
	}
	return out
}

// inFirstLanguage reports whether the page is of the language on which the
// door stands or falls: a site may do without the others.
func (v *visit) inFirstLanguage() bool {
	all := v.wordpress.Languages
	return len(all) == 0 || strings.EqualFold(v.at.Query().Get("lang"), all[0])
}

// languageByPath takes the language that the address of a post names (/fr/…),
// when it is one of the source file and the post names none: a site without
// such a plugin answers ?lang= with all it has, so the question proves nothing.
func (d *Door) languageByPath(rec *harvest.Record) {
	u, err := url.Parse(rec.URL)
	if err != nil || rec.Language.Declared != "" {
		return
	}
	path := strings.TrimPrefix(strings.TrimPrefix(u.Path, strings.TrimSuffix(d.route.base.Path, "/")), "/")
	first, _, below := strings.Cut(path, "/")
	at := slices.IndexFunc(d.wordpress.Languages, func(tag string) bool { return strings.EqualFold(tag, first) })
	if at >= 0 && below {
		rec.Language.Declared = d.wordpress.Languages[at]
		rec.Provenance["language"] = harvest.Evidence{Basis: "url", Detail: "/" + first + "/", Page: rec.URL}
	}
}
