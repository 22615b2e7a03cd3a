//go:build !linux

package queue_test

import "errors"

var errLinux = errors.New("needs Linux")

func fillDisk(string) error { return errLinux }
func grow(string) error     { return errLinux }
func reread(string) error   { return errLinux }
