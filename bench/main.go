package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
)

// options are what the command line says.
type options struct {
	pages, rounds, connections int
	pending                    []int // sizes of the frontier
	seed                       uint64
	dir                        string
	profile                    string
	tenths                     int    // of the crawl that the table of memory goes through
	only                       string // contestants of the crawl, all when empty
	records, words, each       int    // of the search: records, words of a summary, questions of each kind
	index, catalogue           string // folders that keep the index of the search and the catalogue of the exports, for the next time
	settle                     bool   // the search waits until the index has merged its files
}

// tables are what can be asked for, in the order of printing.
var tables = []struct {
	name  string
	print func(context.Context, options, io.Writer) error
}{
	{"crawl", crawl},
	{"layers", layers},
	{"again", again},
	{"pending", pendings},
	{"search", searchAtScale},
	{"exports", exportsAtScale},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == childWord {
		if err := beChild(os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to release
	}
}

func run(ctx context.Context, words []string, out io.Writer) error {
	o := options{pending: []int{10_000, 100_000, 1_000_000}}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&o.pages, "pages", 10_000, "pages of the site")
	flags.IntVar(&o.rounds, "rounds", 5, "rounds of the crawl")
	flags.IntVar(&o.connections, "connections", 4, "requests at once, each at a host of its own")
	flags.Uint64Var(&o.seed, "seed", 87, "of the site's content")
	flags.StringVar(&o.profile, "profile", "", "layers: keep the CPU profiles of the last round in files that begin so; pending: heap profiles")
	flags.Func("pending", "pending: numbers of addresses, such as \"1000000\" (default 10000,100000,1000000)", func(s string) error {
		return json.Unmarshal([]byte("["+s+"]"), &o.pending)
	})
	flags.IntVar(&o.tenths, "tenths", 1, "pending: tenths of the crawl to go through when all is pending")
	flags.StringVar(&o.only, "only", "", "crawl, layers: these contestants, such as \"bare,links\"")
	flags.IntVar(&o.records, "records", 1_000_000, "search, exports: records in the catalogue")
	flags.IntVar(&o.words, "words", 130, "search, exports: words in a summary, on average")
	flags.IntVar(&o.each, "each", 40, "search: questions of each kind")
	flags.StringVar(&o.index, "index", "", "search: keep the index in this folder, and use the one that is there")
	flags.BoolVar(&o.settle, "settle", true, "search: ask when the index has merged its files")
	flags.StringVar(&o.catalogue, "catalogue", "", "exports: keep the catalogue in this folder, and use the one that is there")
	short := flags.Bool("short", false, "few pages and two rounds: shows that it works, measures little")
	if err := flags.Parse(words); err != nil {
		return err
	}
	if *short {
		o.pages, o.rounds, o.pending, o.records, o.each = 1000, 2, []int{10_000, 100_000}, 20_000, 5
	}
	dir, err := os.MkdirTemp("", "harvest-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.dir = dir
	fmt.Fprintf(out, "%s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return printTables(ctx, o, flags.Args(), out)
}

// printTables prints those that are named, all when none is.
func printTables(ctx context.Context, o options, names []string, out io.Writer) error {
	wanted := make(map[string]bool)
	for _, name := range names {
		wanted[name] = true
	}
	for _, t := range tables {
		if len(names) > 0 && !wanted[t.name] {
			continue
		}
		delete(wanted, t.name)
		if err := t.print(ctx, o, out); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	for name := range wanted {
		return fmt.Errorf("no table %q; there are crawl, layers, again, pending, search and exports", name)
	}
	return nil
}

// heapInto writes a profile of the heap to a file whose name begins and ends so;
// with no beginning it does nothing.
func heapInto(begin, end string) error {
	if begin == "" {
		return nil
	}
	f, err := os.Create(begin + "-" + end + ".heap")
	if err != nil {
		return err
	}
	runtime.GC() // what is dead is of no interest
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// profileInto writes a CPU profile of what follows to a file; with no name it
// does nothing.
func profileInto(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
