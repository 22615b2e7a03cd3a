package harvest

import "errors"

// ErrConflict is wrapped by the error of a write that was based on something
// which somebody else has changed meanwhile. Reading again and deciding anew is
// the way out.
var ErrConflict = errors.New("changed by somebody else meanwhile")

// Memo is a small thing to keep beside records and runs, such as that a source
// is paused. All who share a catalogue see the same memos, and change one only
// when nobody else has since they read it.
type Memo struct {
	// Kind says what the memo is about, Key about which; together they name it.
	Kind, Key string
	// Value is JSON, at most [MaxMemo] octets.
	Value []byte
	// Version counts the writes of the memo. In a write it is that of the memo
	// as it was read, 0 for one that is not to be there yet.
	Version int
}

// MaxMemo bounds the value of a memo, in octets.
const MaxMemo = 1 << 20
