package gate

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/harvest87/harvest"
)

// maxNames bounds how many names a tally has in memory, keptNames how many of
// them are kept with a run.
const (
	maxNames  = 256
	keptNames = 24
)

// Sum adds up the readings of a run, in memory that is bounded whatever the
// site shows. The zero value is ready. A reading comes in two steps, so that
// what is added stands in a journal before: Pack makes octets of it, and Add
// adds octets up, those that have just been stored and those of an earlier
// process alike. It is not safe for concurrent use.
type Sum struct {
	words      words
	titles     titles
	f          harvest.Figures
	fields     map[string]*fieldSum
	categories tally
	languages  tally
	lengths    tally
	categoryTo tally
	languageTo tally
}

type fieldSum struct {
	harvest.FieldFigures
	by, was tally
}

// tally counts names.
type tally map[string]int

func (t *tally) add(name string) {
	if *t == nil {
		*t = make(tally)
	}
	if _, known := (*t)[name]; !known && len(*t) >= maxNames {
		name = otherWord
	}
	(*t)[name]++
}

// list gives the most frequent names, the rest as one.
func (t tally) list() []harvest.Tally {
	var out []harvest.Tally
	for name, n := range t {
		out = append(out, harvest.Tally{Name: name, Count: n})
	}
	harvest.SortTallies(out)
	if len(out) > keptNames {
		rest := 0
		for _, x := range out[keptNames-1:] {
			rest += x.Count
		}
		out = append(out[:keptNames-1], harvest.Tally{Name: otherWord, Count: rest})
	}
	return out
}

// The flags of a packed reading.
const (
	flagKnown = 1 << iota
	flagChanged
	flagTitle // the text of the title is there
)

// Pack makes octets of a reading. Words that are new go with the next call of
// Words, and must stand in the journal with these octets.
func (s *Sum) Pack(r *Reading) []byte {
	var flags byte
	if r.Known {
		flags |= flagKnown
	}
	if r.Changed {
		flags |= flagChanged
	}
	key := titleKey(r.Title)
	if s.titles.unread(key) {
		flags |= flagTitle
	}
	b := append(make([]byte, 0, 16+3*len(r.Fields)), flags)
	b = binary.BigEndian.AppendUint64(b, key)
	b = append(b, byte(bucket(r.Length)), s.words.number(r.Category), s.words.number(r.Language))
	if r.Known {
		b = append(b, s.words.number(r.WasCategory), s.words.number(r.WasLanguage))
	}
	b = append(b, byte(len(r.Fields)))
	for i := range r.Fields {
		f := &r.Fields[i]
		b = append(b, s.words.number(f.Name), s.words.number(f.Now))
		if r.Known {
			b = append(b, s.words.number(f.Was))
		}
	}
	if flags&flagTitle != 0 {
		b = append(b, byte(len(r.Title))) // it is cut to less than 256
		b = append(b, r.Title...)
	}
	return b
}

// Words are those that Pack has used for the first time since the last call.
func (s *Sum) Words() []string { return s.words.take() }

// Learn takes in the words of a journal entry, before its readings are added.
func (s *Sum) Learn(list []string) { s.words.learn(list) }

var errPacked = errors.New("readings in the journal cannot be read")

// Add adds packed readings up, one behind the other, and returns how many they
// are.
func (s *Sum) Add(packed []byte) (n int, err error) {
	for len(packed) > 0 {
		if packed, err = s.addOne(packed); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Sum) addOne(b []byte) ([]byte, error) {
	next := func(n int) []byte {
		if len(b) < n {
			b = nil
			return make([]byte, n)
		}
		head := b[:n]
		b = b[n:]
		return head
	}
	if len(b) < 13 {
		return nil, errPacked
	}
	flags := next(1)[0]
	key := binary.BigEndian.Uint64(next(8))
	head := next(3)
	length, category, language := head[0], s.words.word(head[1]), s.words.word(head[2])
	known := flags&flagKnown != 0
	if known {
		s.f.Again++
		was := next(2)
		moved(&s.categoryTo, s.words.word(was[0]), category)
		moved(&s.languageTo, s.words.word(was[1]), language)
		if flags&flagChanged != 0 {
			s.f.Changed++
		}
	} else {
		s.f.New++
		s.categories.add(orNone(category))
		s.languages.add(orNone(language))
		s.lengths.add(strconv.Itoa(1 << length))
	}
	if len(b) == 0 {
		return nil, errPacked
	}
	for range next(1)[0] {
		f := next(2)
		was := byte(0)
		if known {
			was = next(1)[0]
		}
		s.field(s.words.word(f[0])).add(known, s.words.word(f[1]), s.words.word(was))
	}
	title := ""
	if flags&flagTitle != 0 {
		title = string(next(int(next(1)[0])))
	}
	s.titles.add(key, title)
	if b == nil {
		return nil, errPacked
	}
	return b, nil
}

// moved counts a value that is another than it was. One that is gone is a lost
// field, and counted as such.
func moved(t *tally, was, now string) {
	if was != "" && now != "" && was != now {
		t.add(was + " → " + now)
	}
}

func orNone(word string) string {
	if word == "" {
		return "none"
	}
	return word
}

func (s *Sum) field(name string) *fieldSum {
	f := s.fields[name]
	if f == nil {
		if s.fields == nil {
			s.fields = make(map[string]*fieldSum)
		}
		f = &fieldSum{FieldFigures: harvest.FieldFigures{Name: name}}
		s.fields[name] = f
	}
	return f
}

func (f *fieldSum) add(known bool, now, was string) {
	if now != "" {
		f.by.add(now)
	}
	switch {
	case !known && now != "":
		f.New++
	case was != "" && now == "":
		f.Had++
		f.Lost++
		f.was.add(was)
	case was != "":
		f.Had++
	}
}

// WantsExample reports whether there is room for one more example of a field
// that was lost.
func (s *Sum) WantsExample(field string) bool {
	f := s.fields[field]
	return f == nil || len(f.Examples) < harvest.MaxExamples
}

// AddExample keeps an example of a field that was lost, if there is room.
func (s *Sum) AddExample(field string, e harvest.Example) {
	if s.WantsExample(field) {
		f := s.field(field)
		f.Examples = append(f.Examples, e)
	}
}

// Saw counts records that were seen without being read, and what was found and
// is no record.
func (s *Sum) Saw(unread, invalid int) {
	s.f.Unread += unread
	s.f.Invalid += invalid
}

// Page counts a page that was asked for, whether it was lost, and whether it
// repeated another.
func (s *Sum) Page(lost, repeats bool) {
	s.f.Asked++
	if lost {
		s.f.Lost++
	}
	if repeats {
		s.f.Repeats++
	}
}

// Seen is how many records were seen, read or not.
func (s *Sum) Seen() int { return s.f.Seen() }

// Figures are all that was added so far. They belong to the caller.
func (s *Sum) Figures() harvest.Figures {
	f := s.f
	f.Fields = nil
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		sum := s.fields[name]
		x := sum.FieldFigures
		x.Examples = slices.Clone(x.Examples)
		x.By, x.Was = sum.by.list(), sum.was.list()
		f.Fields = append(f.Fields, x)
	}
	f.Categories, f.Languages, f.Lengths = s.categories.list(), s.languages.list(), s.lengths.list()
	f.CategoryMoves, f.LanguageMoves = s.categoryTo.list(), s.languageTo.list()
	if top := s.titles.top(); top.count > 1 {
		f.TopTitle, f.TopCount = top.text, top.count
	}
	return f
}
