package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a query. They bound what one reader can make the index do.
const (
	maxQueryRunes = 1000
	maxTerms      = 64
	maxDepth      = 8
	// minPrefixRunes and minFuzzyRunes keep short words from standing for a
	// large part of the dictionary.
	minPrefixRunes = 2
	minFuzzyRunes  = 4
)

// SyntaxError says what is wrong with a query, for the reader who typed it.
type SyntaxError struct {
	// Column counts characters from 1.
	Column int
	// Problem says what is wrong, Hint what would be right.
	Problem, Hint string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, column %d: %s; %s", e.Column, e.Problem, e.Hint)
}

// searchFields are the fields that a reader may name, and where their words stand.
var searchFields = map[string]string{
	"title":     fieldTitle,
	"author":    fieldAuthor,
	"publisher": fieldPublisher,
}

type nodeKind int

const (
	nodeAnd nodeKind = iota
	nodeOr
	nodeNot    // one child
	nodeWords  // one typed word; several words when it has hyphens or is Chinese
	nodePhrase // the words as they stand, in order
	nodePrefix // the last word is a beginning
	nodeFuzzy  // one word with up to distance typing errors
)

// node is one part of a parsed query.
type node struct {
	kind     nodeKind
	children []node
	field    string // empty: title and text
	words    []word
	distance int
	column   int
}

// Syntax explains the query language to readers, for help texts.
const Syntax = `word word        both words, in any of their forms
"two words"      this phrase, as it stands
traf*            words that begin so
slavry~          words with one letter wrong (~2: two letters)
-word, NOT word  without this word
a OR b           either
( … )            grouping
title:word       in the title; also author: and publisher:`

// parse reads a query in the language that [Syntax] explains. An empty query
// gives an empty nodeAnd, which finds everything. The error is a *SyntaxError.
func parse(text string) (node, error) {
	if n := utf8.RuneCountInString(text); n > maxQueryRunes {
		return node{}, &SyntaxError{maxQueryRunes + 1, fmt.Sprintf("the query has %d characters", n), fmt.Sprintf("at most %d are searched for", maxQueryRunes)}
	}
	p := parser{in: []rune(strings.ToValidUTF8(text, " "))}
	n, err := p.either(0, "")
	if err != nil {
		return node{}, err
	}
	if p.at < len(p.in) { // only a closing parenthesis stops either early
		return node{}, p.problem(p.at, "this parenthesis closes nothing", "remove it")
	}
	if n.empty() && strings.TrimSpace(text) != "" {
		return node{}, p.problem(0, "there is no word in it", "type letters or digits")
	}
	return n, nil
}

func (n node) empty() bool {
	return n.kind == nodeAnd && len(n.children) == 0
}

type parser struct {
	in    []rune
	at    int
	terms int
}

func (p *parser) problem(at int, problem, hint string) error {
	return &SyntaxError{at + 1, problem, hint}
}

func (p *parser) skipSpace() {
	for p.at < len(p.in) && unicode.IsSpace(p.in[p.at]) {
		p.at++
	}
}

// keyword consumes the word if it comes next, in capitals and alone.
func (p *parser) keyword(word string) bool {
	p.skipSpace()
	end := p.at + len(word)
	if end > len(p.in) || string(p.in[p.at:end]) != word {
		return false
	}
	if end < len(p.in) && !unicode.IsSpace(p.in[end]) && p.in[end] != '(' && p.in[end] != ')' && !isQuote(p.in[end]) {
		return false
	}
	p.at = end
	return true
}

// either parses parts joined by OR, up to the end or a closing parenthesis.
func (p *parser) either(depth int, field string) (node, error) {
	out := node{kind: nodeOr}
	for {
		start := p.at
		n, err := p.all(depth, field)
		if err != nil {
			return node{}, err
		}
		more := p.keyword("OR")
		if n.empty() && (more || len(out.children) > 0) {
			return node{}, p.problem(start, "OR needs a word on both sides", `write it in lower case or in quotes to search for the word "or"`)
		}
		if !n.empty() {
			out.children = append(out.children, n)
		}
		if !more {
			break
		}
	}
	switch len(out.children) {
	case 0:
		return node{kind: nodeAnd}, nil
	case 1:
		return out.children[0], nil
	}
	return out, nil
}

// all parses parts that must all be found, up to OR, the end or a closing parenthesis.
func (p *parser) all(depth int, field string) (node, error) {
	out := node{kind: nodeAnd, column: p.at}
	for {
		p.skipSpace()
		if p.at >= len(p.in) || p.in[p.at] == ')' {
			return out, nil
		}
		mark := p.at
		if p.keyword("OR") {
			p.at = mark
			return out, nil
		}
		if p.keyword("AND") {
			continue
		}
		n, ok, err := p.unit(depth, field)
		if err != nil {
			return node{}, err
		}
		if ok {
			out.children = append(out.children, n)
		}
	}
}

// unit parses one part with what stands before it. It reports false for
// punctuation that holds no word.
func (p *parser) unit(depth int, field string) (node, bool, error) {
	start := p.at
	if p.keyword("NOT") || p.minus() {
		p.skipSpace()
		if p.at >= len(p.in) || p.in[p.at] == ')' {
			return node{}, false, p.problem(start, "NOT needs a word after it", "name what to leave out, or write it in lower case")
		}
		n, ok, err := p.unit(depth, field)
		if err != nil || !ok {
			return node{}, false, err
		}
		return node{kind: nodeNot, children: []node{n}, column: start}, true, nil
	}
	if p.in[p.at] == '+' {
		p.at++
		if p.at >= len(p.in) || unicode.IsSpace(p.in[p.at]) {
			return node{}, false, nil
		}
		return p.unit(depth, field)
	}
	switch c := p.in[p.at]; {
	case c == '(':
		return p.group(depth, field)
	case c == ')':
		return node{}, false, p.problem(start, "there is nothing before this parenthesis", "put words between the parentheses")
	case isQuote(c):
		return p.phrase(field)
	}
	if name, ok := p.fieldName(); ok {
		known, ok := searchFields[strings.ToLower(name)]
		if !ok {
			return node{}, false, p.problem(start, fmt.Sprintf("there is no field %q", name), "known are author:, publisher: and title:; put the words in quotes to search for them as they stand")
		}
		p.at += len([]rune(name)) + 1
		return p.unit(depth, known)
	}
	return p.word(field)
}

// minus consumes a minus sign that excludes what follows it directly.
func (p *parser) minus() bool {
	if p.at+1 < len(p.in) && (p.in[p.at] == '-' || p.in[p.at] == '−') {
		next := p.in[p.at+1]
		if next == '(' || isQuote(next) || unicode.IsLetter(next) || unicode.IsDigit(next) {
			p.at++
			return true
		}
	}
	return false
}

func (p *parser) group(depth int, field string) (node, bool, error) {
	start := p.at
	if depth >= maxDepth {
		return node{}, false, p.problem(start, "too many parentheses within each other", fmt.Sprintf("at most %d levels", maxDepth))
	}
	p.at++
	n, err := p.either(depth+1, field)
	if err != nil {
		return node{}, false, err
	}
	p.skipSpace()
	if p.at >= len(p.in) {
		return node{}, false, p.problem(start, "this parenthesis is not closed", "add )")
	}
	p.at++
	return n, !n.empty(), nil
}

func (p *parser) phrase(field string) (node, bool, error) {
	start := p.at
	end := start + 1
	for end < len(p.in) && !isQuote(p.in[end]) {
		end++
	}
	if end == len(p.in) {
		return node{}, false, p.problem(start, "this quotation mark is not closed", "add another one after the phrase")
	}
	p.at = end + 1
	words := queryWords(string(p.in[start+1 : end]))
	if len(words) == 0 {
		return node{}, false, nil
	}
	return node{kind: nodePhrase, field: field, words: words, column: start}, true, p.count(start)
}

// fieldName reports the name before a colon that is followed by what to search
// for. "labour: a report" names no field.
func (p *parser) fieldName() (string, bool) {
	end := p.at
	for end < len(p.in) && (unicode.IsLetter(p.in[end]) || p.in[end] == '_') {
		end++
	}
	if end == p.at || end+1 >= len(p.in) || p.in[end] != ':' || unicode.IsSpace(p.in[end+1]) {
		return "", false
	}
	return string(p.in[p.at:end]), true
}

// word parses what stands up to the next space, quotation mark or parenthesis.
func (p *parser) word(field string) (node, bool, error) {
	start := p.at
	for p.at < len(p.in) && !unicode.IsSpace(p.in[p.at]) && !isQuote(p.in[p.at]) && p.in[p.at] != '(' && p.in[p.at] != ')' {
		p.at++
	}
	n := node{kind: nodeWords, field: field, column: start}
	text := string(p.in[start:p.at])
	if base, found := strings.CutSuffix(text, "*"); found {
		n.kind, text = nodePrefix, base
	} else if base, distance, found := cutFuzzy(text); found {
		n.kind, n.distance, text = nodeFuzzy, distance, base
	}
	if star := strings.IndexByte(text, '*'); star >= 0 {
		return node{}, false, p.problem(start+utf8.RuneCountInString(text[:star]), "a * may only stand at the end of a word", "write the beginning of the word, as in traffick*")
	}
	n.words = queryWords(text)
	if len(n.words) == 0 {
		if n.kind == nodePrefix {
			return node{}, false, p.problem(start, "a * needs the beginning of a word before it", "as in traffick*")
		}
		return node{}, false, nil
	}
	last := n.words[len(n.words)-1]
	length := utf8.RuneCountInString(last.term)
	switch {
	case n.kind == nodePrefix && length < minPrefixRunes && !last.dense:
		return node{}, false, p.problem(start, fmt.Sprintf("%q begins too many words", last.term+"*"), fmt.Sprintf("write at least %d letters before the *", minPrefixRunes))
	case n.kind == nodeFuzzy && (length < minFuzzyRunes || len(n.words) > 1):
		n.kind = nodeWords // too short to be wrong in
	case n.kind == nodeWords && len(n.words) == 1 && last.dense && length == 1:
		n.kind = nodePrefix // one character: any pair that begins with it
	}
	return n, true, p.count(start)
}

// cutFuzzy splits "word~" and "word~2".
func cutFuzzy(text string) (base string, distance int, found bool) {
	for _, suffix := range []struct {
		text     string
		distance int
	}{{"~", 1}, {"~1", 1}, {"~2", 2}} {
		if base, found := strings.CutSuffix(text, suffix.text); found {
			return base, suffix.distance, true
		}
	}
	return text, 0, false
}

func (p *parser) count(at int) error {
	p.terms++
	if p.terms > maxTerms {
		return p.problem(at, "too many words", fmt.Sprintf("at most %d words and phrases are searched for", maxTerms))
	}
	return nil
}

// queryWords are the words of a text as a query looks for them: the single
// character that ends a run of Chinese says no more than the pair before it.
func queryWords(text string) []word {
	var words []word
	eachWord(text, func(w word) { words = append(words, w) })
	return slices.DeleteFunc(words, func(w word) bool { return w.tail })
}

func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»', '＂':
		return true
	}
	return false
}
