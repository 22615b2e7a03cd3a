// Package gate decides whether what a run found may be published. It is pure.
//
// What enters: the figures of a source's earlier runs that passed, and those
// of the present run as far as it has come. What leaves: of each gate a
// [harvest.GateResult], with what was expected, what was seen and, in words,
// why. What it refuses: to judge by fixed thresholds what the source's own
// history can say, and to raise an alarm over what is too little to matter,
// for an alarm every week is read by nobody.
//
// Shares are judged by a Beta-Binomial distribution. Its mean and its spread
// between runs are learned from history and drawn towards a cautious prior, so
// that one good run gives a wide tolerance and twenty a narrow one. Counts are
// judged on a logarithmic scale by a median and a spread that is drawn towards
// a prior in the same way. Distributions are judged by the G statistic of
// homogeneity (https://en.wikipedia.org/wiki/G-test), divided by a spread
// between runs that is learned too, and by the Jensen-Shannon divergence as the
// measure of whether the difference matters.
//
//	judge.go      the list of gates
//	shares.go     gates on shares: lost fields, missed records, bad pages …
//	counts.go     gates on numbers of records
//	mix.go        gates on distributions
//	statistic.go  the three tests
//	history.go    which earlier runs count
//	figures.go    how figures are gathered in bounded memory
package gate
