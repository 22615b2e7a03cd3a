package archive

import "fmt"

// Numbered makes record IDs that are the same in every run of a test.
func (o Options) Numbered() Options {
	n := 0
	o.newID = func() (string, error) {
		n++
		return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n), nil
	}
	return o
}

// Small begins a new file after that many captures.
func (o Options) Small(captures int) Options {
	o.maxEntries = captures
	return o
}

// Failing has the n-th write fail, after half of it.
func (o Options) Failing(n int, err error) Options {
	o = o.withDefaults()
	create := o.create
	o.create = func(name string) (archiveFile, error) {
		f, err2 := create(name)
		return &fullDisk{f, n, err}, err2
	}
	return o
}

type fullDisk struct {
	archiveFile
	left int
	err  error
}

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.left--; f.left > 0 {
		return f.archiveFile.Write(p)
	}
	n, _ := f.archiveFile.Write(p[:len(p)/2])
	return n, f.err
}

// KeyOf is keyOf.
func KeyOf(url string) string { return keyOf(url) }

// MaxMerged is maxMerged.
const MaxMerged = maxMerged
