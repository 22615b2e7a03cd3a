//go:build linux || darwin

package main

import "golang.org/x/sys/unix"

// writable reports why this user may not write a file or folder; nil when it may.
func writable(name string) error { return unix.Access(name, unix.W_OK) }

// spaceLeft is how many octets and files a folder's disk has left for this user.
func spaceLeft(folder string) (free, inodes uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	if s.Files == 0 { // a file system that makes them as it goes
		return s.Bavail * uint64(s.Bsize), 1 << 62, nil
	}
	return s.Bavail * uint64(s.Bsize), s.Ffree, nil
}

// openFiles is how many files this process may have open.
func openFiles() (uint64, error) {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return 0, err
	}
	return l.Cur, nil
}
