//go:build !race

package main_test

// raced says that the race detector is in this program.
const raced = false
