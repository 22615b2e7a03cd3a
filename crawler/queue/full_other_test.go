//go:build !linux

package queue_test

import "errors"

func fillDisk(string) error { return errors.New("needs Linux") }
