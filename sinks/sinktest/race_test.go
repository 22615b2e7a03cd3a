//go:build race

package sinktest_test

// raced says that the race detector is in this program.
const raced = true
