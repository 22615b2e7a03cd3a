//go:build !race

package survey_test

const raced = false
