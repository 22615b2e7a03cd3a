package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// said is what a person says of one field, checked.
type said struct {
	field  string
	values []string
}

// readSaid reads arguments of the form field=value. Several values of a list
// are several arguments; an empty value empties the field.
func readSaid(args []string, vocab *config.Vocabulary) ([]said, error) {
	var out []said
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("%q is not of the form field=value", arg)}
		}
		field, err := curatedField(strings.TrimSpace(name))
		if err != nil {
			return nil, usageError{err}
		}
		at := slices.IndexFunc(out, func(s said) bool { return s.field == field })
		if at < 0 {
			out = append(out, said{field: field})
			at = len(out) - 1
		}
		if strings.TrimSpace(value) == "" {
			continue
		}
		checked, err := checkValue(field, strings.TrimSpace(value), vocab)
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", name, err)}
		}
		out[at].values = append(out[at].values, checked)
	}
	return out, nil
}

// curatedField is the field that a person names, in full or without what it
// stands below.
func curatedField(name string) (string, error) {
	known := harvest.CuratedFields()
	short := make([]string, len(known))
	for i, field := range known {
		short[i] = shortField(field)
		if name == field || name == short[i] {
			return field, nil
		}
	}
	return "", fmt.Errorf("%q is no field that can be annotated; %s", name, config.DidYouMean(name, short))
}

// shortField is the name of a field for people: doi, language.
func shortField(field string) string {
	return strings.TrimSuffix(strings.TrimPrefix(field, "identifiers."), ".value")
}

// checkValue gives a value its normal form, or says what is wrong with it.
func checkValue(field, value string, vocab *config.Vocabulary) (string, error) {
	switch field {
	case "category":
		return oneOf(value, vocab.DocTypeIDs(), func(id string) string {
			t, _ := vocab.DocType(id)
			return t.Labels["en"]
		})
	case "topics":
		var ids []string
		for _, t := range vocab.Topics {
			ids = append(ids, t.ID)
		}
		return oneOf(value, ids, func(id string) string {
			t, _ := vocab.Topic(id)
			return t.Labels["en"]
		})
	case "countries":
		return country(value)
	case "regions":
		return region(value)
	case "language.value":
		return languageTag(value)
	case "published", "modified":
		return date(value)
	case "summary":
		return normalize.Paragraphs(value), nil
	}
	if name, ok := strings.CutPrefix(field, "identifiers."); ok {
		return identifier(name, value)
	}
	return normalize.Text(value), nil
}

// oneOf finds a term of a controlled list by its identifier. Its label is a
// good guess, and no more.
func oneOf(value string, ids []string, label func(id string) string) (string, error) {
	if slices.Contains(ids, value) {
		return value, nil
	}
	for _, id := range ids {
		if strings.EqualFold(label(id), value) || strings.EqualFold(id, strings.ReplaceAll(value, " ", "-")) {
			return "", fmt.Errorf("%q is not in the controlled list; did you mean %q?", value, id)
		}
	}
	return "", fmt.Errorf("%q is not in the controlled list; %s", value, config.DidYouMean(value, ids))
}

var alpha2 = regexp.MustCompile(`^[A-Z]{2}$`)

func country(value string) (string, error) {
	if r, err := language.ParseRegion(value); err == nil && alpha2.MatchString(value) && r.IsCountry() && r.String() == value {
		return value, nil
	}
	hint := "use the two letters of ISO 3166-1, such as NP"
	if r, err := language.ParseRegion(strings.ToUpper(value)); err == nil && r.IsCountry() {
		hint = fmt.Sprintf("did you mean %q?", r.String())
	} else if found := normalize.Countries(value, "en"); len(found) > 0 {
		hint = fmt.Sprintf("did you mean %q?", found[0].ID)
	}
	return "", fmt.Errorf("%q is no country; %s", value, hint)
}

var m49 = regexp.MustCompile(`^\d{3}$`)

func region(value string) (string, error) {
	if r, err := language.ParseRegion(value); err == nil && m49.MatchString(value) && r.IsGroup() {
		return value, nil
	}
	return "", fmt.Errorf("%q is no region; use the three digits of UN M49, such as 150 for Europe (https://unstats.un.org/unsd/methodology/m49/)", value)
}

func languageTag(value string) (string, error) {
	tag, err := language.Parse(value)
	if err == nil {
		return tag.String(), nil
	}
	if near := normalize.Tag(value); near != "" {
		return "", fmt.Errorf("%q is no language tag; did you mean %q?", value, near)
	}
	return "", fmt.Errorf("%q is no language tag such as en, fr or pt-BR", value)
}

func date(value string) (string, error) {
	_, err := harvest.ParseDate(value)
	if err == nil {
		return value, nil
	}
	if near, ok := normalize.Date(value, "en"); ok {
		return "", fmt.Errorf("%w; did you mean %q?", err, near.Value)
	}
	return "", err
}

// identifier finds the identifier of that kind in what a person wrote, with or
// without a resolver before it.
func identifier(kind, value string) (string, error) {
	var ids harvest.Identifiers
	found := ""
	switch kind {
	case "doi":
		ids = normalize.Identifiers(value, "https://doi.org/"+strings.TrimPrefix(value, "https://doi.org/"))
		found = ids.DOI
	case "isbn":
		found, _ = normalize.ISBN(value)
	case "un_symbol":
		found = normalize.Identifiers(value).UNSymbol
	case "celex":
		found = normalize.Identifiers("CELEX:" + value).CELEX
	case "eli":
		found = normalize.Identifiers("http://data.europa.eu/" + strings.TrimPrefix(value, "http://data.europa.eu/")).ELI
	case "ecli":
		found = normalize.Identifiers(value).ECLI
	case "handle":
		found = normalize.Identifiers("", "https://hdl.handle.net/"+strings.TrimPrefix(value, "https://hdl.handle.net/")).Handle
	}
	if found == "" {
		return "", fmt.Errorf("%q is not of the form of this identifier", value)
	}
	return found, nil
}

// errNoReason asks for the reason of a change by hand.
var errNoReason = usageError{errors.New("say why with --reason; it stands beside the change for all who read it")}
