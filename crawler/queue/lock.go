package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// ErrLocked is wrapped by the error that [Open] returns while another process
// holds the folder. Two processes on one folder would corrupt it silently.
var ErrLocked = errors.New("queue folder is in use")

// lockName is the file whose advisory lock (flock(2)) belongs to the process
// that has the folder open. The kernel gives it back when the process ends, in
// whatever way.
const lockName = "lock"

// holder is what the lock file says of the process that holds it.
type holder struct {
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
	Command string    `json:"command"`
}

// lockedError is an [ErrLocked] that names the holder.
type lockedError struct {
	dir    string
	holder holder
}

func (e *lockedError) Unwrap() error { return ErrLocked }

func (e *lockedError) Error() string {
	return fmt.Sprintf("%s is in use by %s; stop it, or use another --data folder", e.dir, e.holder)
}

// String names the holder for people.
func (h holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	since, layout := h.Since.Local(), "15:04"
	if time.Since(since) > 12*time.Hour {
		layout = "2006-01-02 15:04"
	}
	return fmt.Sprintf("%s (pid %d, since %s)", h.Command, h.PID, since.Format(layout))
}

// Holder names the process that has the folder open, empty when none has, as
// far as [Held] can say.
func Holder(dir string) string {
	if !Held(dir) {
		return ""
	}
	return readHolder(filepath.Join(dir, lockName)).String()
}

// lookingTime is longer than Held needs.
const lookingTime = 50 * time.Millisecond

// acquire takes the lock of a folder, hardly waiting, and writes who holds it.
func acquire(dir string) (*flock.Flock, error) {
	name := filepath.Join(dir, lockName)
	lock := flock.New(name, flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err == nil && !ok { // it may be Held that is looking, for a moment
		<-time.After(lookingTime)
		ok, err = lock.TryLock()
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	if !ok {
		return nil, &lockedError{dir: dir, holder: readHolder(name)}
	}
	b, err := json.Marshal(holder{PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second), Command: command(os.Args)})
	if err == nil {
		err = os.WriteFile(name, append(b, '\n'), 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write %s: %w", name, err), lock.Close())
	}
	return lock, nil
}

// Held reports whether a process has the folder open. Of a folder that does
// not exist, or cannot be looked at, it says no. It changes nothing.
func Held(dir string) bool {
	name := filepath.Join(dir, lockName)
	if _, err := os.Stat(name); err != nil {
		return false
	}
	lock := flock.New(name, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	if err != nil {
		return false
	}
	_ = lock.Close() // a lock that was only tried
	return !ok
}

// release gives the lock back, and takes the name off it first.
func release(lock *flock.Flock) error {
	return errors.Join(os.Truncate(lock.Path(), 0), lock.Close())
}

// readHolder reads what the holder wrote; the zero value when it has not
// written it yet.
func readHolder(name string) holder {
	var h holder
	b, err := os.ReadFile(name)
	if err != nil || json.Unmarshal(b, &h) != nil {
		return holder{}
	}
	return h
}

// maxCommand is how many characters of a command line people want to read.
const maxCommand = 60

// command is a command line as people call it: the program without its path.
func command(args []string) string {
	if len(args) == 0 {
		return "a process"
	}
	words := append([]string{filepath.Base(args[0])}, args[1:]...)
	line := []rune(strings.Join(words, " "))
	if len(line) > maxCommand {
		line = append(line[:maxCommand-1], '…')
	}
	return string(line)
}
