package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
)

func (m Main) worksReviewCommand(f *flags) *cobra.Command {
	var s signature
	limit := 0
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Go through the pairs that the rules could not decide",
		Long: `Review shows one pair of records after the other, side by side, with what
speaks for and against one document, and asks:

  y  they are one document          s  skip, ask again another time
  n  they are different documents   u  undo the last answer
  q  stop

Every answer is written at once, with author and date, and holds from then on.
With --json, or when standard input is not given, the pairs are printed.`,
		Example: `  harvest works review
  harvest works review --author ana@example.org --limit 20
  harvest works review --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usageError{fmt.Errorf("--limit %d is below 0", limit)}
			}
			if f.json {
				return m.listDoubts(cmd.Context(), f, limit)
			}
			return m.review(cmd.Context(), f, cmd.InOrStdin(), &s, limit)
		},
	}
	s.bind(cmd)
	cmd.Flags().IntVar(&limit, "limit", 0, "at most that many pairs, 0 for all")
	return cmd
}

func (m Main) listDoubts(ctx context.Context, f *flags, limit int) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	doubts, err := r.store.Doubts(ctx, limit)
	if err != nil {
		return err
	}
	return printJSON(m.Stdout, append([]harvest.Doubt{}, doubts...))
}

// reviewing is one session.
type reviewing struct {
	Main
	room                     *room
	sign                     *signature
	answers                  *bufio.Reader
	doubts                   []harvest.Doubt
	at                       int
	history                  []harvest.Decision // in the order in which they were taken, for undo
	historyAt                []int
	same, different, skipped int
}

func (m Main) review(ctx context.Context, f *flags, in io.Reader, s *signature, limit int) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	doubts, err := r.store.Doubts(ctx, limit)
	if err != nil {
		return err
	}
	v := reviewing{Main: m, room: r, sign: s, answers: bufio.NewReader(in), doubts: doubts}
	if len(doubts) == 0 {
		fmt.Fprintln(m.Stdout, "Nothing waits for review.")
		return nil
	}
	for {
		goOn, err := v.step(ctx)
		if err != nil {
			return err
		}
		if !goOn {
			break
		}
	}
	fmt.Fprintf(m.Stdout, "\n%s the same, %d different, %d skipped; %s left.\n", number(v.same, "pair", "pairs"), v.different, v.skipped,
		number(len(v.doubts)-v.at+v.skipped, "pair is", "pairs are"))
	return nil
}

// step asks about the next pair, or, behind the last one, whether the last
// answer stands.
func (v *reviewing) step(ctx context.Context) (goOn bool, err error) {
	if v.at < len(v.doubts) {
		return v.ask(ctx)
	}
	if len(v.history) == 0 {
		return false, nil
	}
	fmt.Fprint(v.Stdout, "\nThat was the last pair. [u]ndo the last answer, anything else ends ")
	line, _ := v.answers.ReadString('\n') // the end of the input ends too
	fmt.Fprintln(v.Stdout)
	if answer := strings.ToLower(strings.TrimSpace(line)); answer != "u" && answer != "undo" {
		return false, nil
	}
	return true, v.undo(ctx)
}

// ask shows a pair and does what is answered; goOn is false at the end.
func (v *reviewing) ask(ctx context.Context) (goOn bool, err error) {
	d := v.doubts[v.at]
	w, records, err := v.room.why(ctx, d.A, d.B)
	if err != nil {
		return false, err
	}
	if w.Joined || w.Decision != nil { // an answer before this one has settled it
		v.at++
		return true, nil
	}
	fmt.Fprintf(v.Stdout, "\n%d of %d, score %.2f\n\n", v.at+1, len(v.doubts), d.Score)
	v.sideBySide(records)
	fmt.Fprintln(v.Stdout)
	printReasons(v.Stdout, w.Reasons)
	for {
		fmt.Fprint(v.Stdout, "\nOne document? [y]es [n]o [s]kip [u]ndo [q]uit ")
		line, err := v.answers.ReadString('\n')
		if err != nil && line == "" {
			fmt.Fprintln(v.Stdout)
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			return false, fmt.Errorf("read the answer: %w", err)
		}
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes":
			return true, v.decide(ctx, d, true)
		case "n", "no":
			return true, v.decide(ctx, d, false)
		case "s", "skip":
			v.skipped++
			v.at++
			return true, nil
		case "u", "undo":
			return true, v.undo(ctx)
		case "q", "quit":
			return false, nil
		}
	}
}

func (v *reviewing) decide(ctx context.Context, d harvest.Doubt, same bool) error {
	decision, err := v.sign.sign(d.A, d.B, same)
	if err != nil {
		return err
	}
	if err := v.room.decide(ctx, decision); err != nil {
		return err
	}
	v.history, v.historyAt = append(v.history, decision), append(v.historyAt, v.at)
	v.count(decision, 1)
	v.at++
	return nil
}

func (v *reviewing) count(d harvest.Decision, n int) {
	if d.Same {
		v.same += n
	} else {
		v.different += n
	}
}

// undo takes the last answer back and asks again.
func (v *reviewing) undo(ctx context.Context) error {
	last := len(v.history) - 1
	if last < 0 {
		fmt.Fprintln(v.Stdout, "There is no answer to undo.")
		return nil
	}
	d := v.history[last]
	if err := v.room.store.DropDecision(ctx, d.A, d.B); err != nil {
		return err
	}
	if err := v.room.rematch(ctx, []harvest.RecordID{d.A, d.B}); err != nil {
		return err
	}
	v.at = v.historyAt[last]
	v.history, v.historyAt = v.history[:last], v.historyAt[:last]
	v.count(d, -1)
	fmt.Fprintln(v.Stdout, "Taken back.")
	return nil
}

// sideBySide prints two records in two columns, field by field.
func (v *reviewing) sideBySide(records [2]harvest.Record) {
	const label = 11
	column := (width(v.Stdout) - label - 2) / 2
	print2 := func(name string, of func(*harvest.Record) string) {
		a, b := wrapped(of(&records[0]), column), wrapped(of(&records[1]), column)
		if len(a)+len(b) == 0 {
			return
		}
		for i := range max(len(a), len(b)) {
			left, right := "", ""
			if i < len(a) {
				left = a[i]
			}
			if i < len(b) {
				right = b[i]
			}
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(v.Stdout, "%-*s%s  %s\n", label, name, text.Pad(left, column, ' '), right)
		}
	}
	print2("record", func(r *harvest.Record) string { return string(r.ID) })
	print2("title", func(r *harvest.Record) string { return r.Title })
	print2("authors", func(r *harvest.Record) string { return strings.Join(r.Authors, "; ") })
	print2("publisher", func(r *harvest.Record) string { return r.Publisher })
	print2("published", func(r *harvest.Record) string { return r.Published.Value })
	print2("language", func(r *harvest.Record) string { return r.Language.Value })
	print2("category", func(r *harvest.Record) string { return r.Category })
	print2("url", func(r *harvest.Record) string { return r.URL })
	print2("document", func(r *harvest.Record) string {
		if len(r.Documents) == 0 {
			return ""
		}
		return r.Documents[0].URL
	})
	print2("summary", func(r *harvest.Record) string { return fit(r.Summary, 4*column) })
}

// wrapped breaks a text into lines of n columns.
func wrapped(s string, n int) []string {
	s = safeLine(s)
	if s == "" {
		return nil
	}
	return strings.Split(text.WrapText(text.WrapSoft(s, n), n), "\n")
}
