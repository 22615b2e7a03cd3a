//go:build race

package survey_test

// raced says that the race detector is in this program.
const raced = true
