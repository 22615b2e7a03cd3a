package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// arguments are what a child is told.
type arguments struct {
	Role  string   // one of children
	Hosts []string // of the site; for its server as many as it is to have
	Pages int      // of the site
	Seed  uint64
	Dir   string // a folder of its own
	// Connections is how many requests may be under way at once.
	Connections int
	// Profile is where to write a CPU profile, empty for none.
	Profile string
	// Tenths of the crawl are gone through when all is pending.
	Tenths int
	// Cards gives each pending address what a listing says of it.
	Cards bool
}

// usage is what a child used for its work, without what came before it.
type usage struct {
	Wall, CPU time.Duration
	Peak      int64 // resident memory at its most, in octets
	Pages     int   // that the child says it fetched
	Records   int   // that it made
}

// childWord, as the first argument, makes this program a child.
const childWord = "child"

// children are what a process of its own can do. Each writes one line of JSON
// to out, or more in time.
var children = map[string]func(a arguments, in io.Reader, out io.Writer) error{
	"serve":       serve,
	"bare":        measured(bare),
	"colly sync":  measured(collySync),
	"colly async": measured(collyAsync),
	"links":       measured(linksAlone),
	"pipeline":    measured(pipeline),
	"works":       measured(works),
	"pending":     pending,
	"take up":     takeUp,
}

// beChild runs a role.
func beChild(words []string, in io.Reader, out io.Writer) error {
	var a arguments
	if len(words) != 1 {
		return fmt.Errorf("a child is told %d things", len(words))
	}
	if err := json.Unmarshal([]byte(words[0]), &a); err != nil {
		return err
	}
	role, ok := children[a.Role]
	if !ok {
		return fmt.Errorf("no role %q", a.Role)
	}
	return role(a, in, out)
}

// child is a process that was started in a role.
type child struct {
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func start(ctx context.Context, a arguments) (*child, error) {
	words, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, childWord, string(words))} //nolint:gosec // this very program
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReaderSize(out, 1<<20)
	return c, c.cmd.Start()
}

// say reads the next line into v.
func (c *child) say(v any) error {
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("a child said nothing more: %w", err)
	}
	return json.Unmarshal(line, v)
}

// end tells the child to end, and waits for it.
func (c *child) end() error {
	_ = c.in.Close()
	return c.cmd.Wait()
}

// perform lets a child do its work, and returns what it used.
func perform(ctx context.Context, a arguments) (usage, error) {
	var u usage
	err := ask(ctx, a, &u)
	return u, err
}

// ask starts a child, reads its answer, and waits for its end.
func ask(ctx context.Context, a arguments, answer any) error {
	c, err := start(ctx, a)
	if err != nil {
		return err
	}
	said := c.say(answer)
	if err := c.end(); err != nil {
		return fmt.Errorf("%s: %w", a.Role, err)
	}
	return said
}

// work is done by a contestant once it is set up.
type work func() (pages, records int, err error)

// measured makes a role of a contestant: what it sets up is not measured, and
// the work that it returns is.
func measured(prepare func(arguments) (work, func(), error)) func(arguments, io.Reader, io.Writer) error {
	return func(a arguments, _ io.Reader, out io.Writer) error {
		do, done, err := prepare(a)
		if err != nil {
			return err
		}
		defer done()
		stop, err := profileInto(a.Profile)
		if err != nil {
			return err
		}
		var u usage
		begin, spent := time.Now(), processorTime()
		u.Pages, u.Records, err = do()
		if err != nil {
			return err
		}
		u.Wall, u.CPU, u.Peak = time.Since(begin), processorTime()-spent, peakMemory()
		if err := stop(); err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(u)
	}
}
