package sinktest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/harvest87/harvest"
)

var memoTests = []contract{
	{"memos of a kind come in the order of their keys, with their versions", func(s *suite) {
		s.same("before", []harvest.Memo(nil), s.memos("pause"))
		for _, key := range []string{"b", "a", "ä \x01"} {
			s.must("put", s.PutMemo(s.Context(), harvest.Memo{Kind: "pause", Key: key, Value: []byte(`{"reason":"a"}`)}))
		}
		s.must("put", s.PutMemo(s.Context(), harvest.Memo{Kind: "pauses", Key: "a", Value: []byte(`1`)}))
		got := s.memos("pause")
		if len(got) != 3 || got[0].Key != "a" || got[1].Key != "b" || got[2].Key != "ä \x01" || got[0].Version != 1 || string(got[0].Value) != `{"reason":"a"}` {
			s.Errorf("memos %+v", got)
		}
		s.same("another kind", []harvest.Memo{{Kind: "pauses", Key: "a", Value: []byte(`1`), Version: 1}}, s.memos("pauses"))
		other := s.backend.Reopen(s.T, s.Catalogue)
		seen, err := other.Memos(s.Context(), "pause")
		s.must("memos", err)
		s.same("seen by another process", got, seen)
	}},
	{"a memo is replaced and dropped only as it was read", func(s *suite) {
		m := harvest.Memo{Kind: "pause", Key: "a", Value: []byte(`"one"`)}
		s.must("put", s.PutMemo(s.Context(), m))
		for what, err := range map[string]error{
			"put what is there as if it was not": s.PutMemo(s.Context(), m),
			"put by a version that is not yet":   s.PutMemo(s.Context(), harvest.Memo{Kind: "pause", Key: "a", Value: []byte(`2`), Version: 2}),
			"put what is not there":              s.PutMemo(s.Context(), harvest.Memo{Kind: "pause", Key: "b", Value: []byte(`2`), Version: 1}),
			"drop by another version":            s.DropMemo(s.Context(), harvest.Memo{Kind: "pause", Key: "a", Version: 2}),
			"drop what is not there":             s.DropMemo(s.Context(), harvest.Memo{Kind: "pause", Key: "b", Version: 1}),
		} {
			if !errors.Is(err, harvest.ErrConflict) {
				s.Errorf("%s: %v, want a conflict", what, err)
			}
		}
		m.Version, m.Value = 1, []byte(`"two"`)
		s.must("replace", s.PutMemo(s.Context(), m))
		s.same("replaced", []harvest.Memo{{Kind: "pause", Key: "a", Value: []byte(`"two"`), Version: 2}}, s.memos("pause"))
		m.Version = 2
		s.must("drop", s.DropMemo(s.Context(), m))
		s.same("dropped", []harvest.Memo(nil), s.memos("pause"))
	}},
	{"of those who change a memo at once one succeeds at a time", func(s *suite) {
		var wg sync.WaitGroup
		var won atomic.Int32
		for i := range s.backend.Writers {
			wg.Go(func() {
				err := s.PutMemo(s.Context(), harvest.Memo{Kind: "told", Key: "a", Value: fmt.Appendf(nil, "%d", i)})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, harvest.ErrConflict):
					s.Errorf("put: %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || len(s.memos("told")) != 1 {
			s.Errorf("%d writers won, %+v", won.Load(), s.memos("told"))
		}
	}},
	{"a memo without a name, in no JSON or too large is refused", func(s *suite) {
		for _, m := range []harvest.Memo{
			{Key: "a", Value: []byte(`1`)},
			{Kind: "pause", Value: []byte(`1`)},
			{Kind: "pause", Key: "a"},
			{Kind: "pause", Key: "a", Value: []byte(`{"a":`)},
			{Kind: "pause", Key: "a", Value: append(append([]byte{'"'}, make([]byte, harvest.MaxMemo)...), '"')},
		} {
			if s.PutMemo(s.Context(), m) == nil {
				s.Errorf("memo %q of %q with %d octets is taken", m.Kind, m.Key, len(m.Value))
			}
		}
		s.same("nothing is kept", []harvest.Memo(nil), s.memos("pause"))
	}},
}

func (s *suite) memos(kind string) []harvest.Memo {
	s.Helper()
	got, err := s.Memos(s.Context(), kind)
	s.must("memos", err)
	return got
}
