package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/sinks"
)

// verdict is how a check of the doctor went.
type verdict string

const (
	good    verdict = "ok"
	warning verdict = "warn"
	bad     verdict = "fail"
)

// finding is what one check found.
type finding struct {
	Check  string  `json:"check"`
	Status verdict `json:"status"`
	Found  string  `json:"found"`
	WayOut string  `json:"way_out,omitempty"`
}

// diagnosis is what all of them found.
type diagnosis struct {
	Status  verdict   `json:"status"` // the worst
	Version string    `json:"version"`
	Checks  []finding `json:"checks"`
}

func (m Main) doctorCommand(f *flags) *cobra.Command {
	var network bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check whether everything is there that harvesting needs",
		Long: `Doctor looks at the configuration, the store, the queue, the search index, the
clock, the disk and the surroundings, and says what is wrong and what to do. It
changes nothing and works beside a running 'harvest serve'. The network is left
alone, but for a store or queue elsewhere, unless --network asks for it.

The exit code is 1 when a check failed, 0 when there are warnings at most.`,
		Example: `  harvest doctor
  harvest doctor --network        look up the hosts of the sources as well
  harvest doctor --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.doctor(cmd.Context(), f, network) },
	}
	cmd.Flags().BoolVar(&network, "network", false, "look up the hosts of the enabled sources in the DNS")
	return cmd
}

func (m Main) doctor(ctx context.Context, f *flags, network bool) error {
	d := &doctor{flags: f, now: time.Now()}
	d.examine(ctx, network)
	out := diagnosis{Status: good, Version: version, Checks: d.findings}
	for _, x := range d.findings {
		if rank(x.Status) > rank(out.Status) {
			out.Status = x.Status
		}
	}
	if f.json {
		if err := printJSON(m.Stdout, out); err != nil {
			return err
		}
	} else {
		m.printDiagnosis(&out)
	}
	if out.Status == bad {
		return errSilent
	}
	return nil
}

func rank(v verdict) int {
	switch v {
	case bad:
		return 2
	case warning:
		return 1
	case good:
	}
	return 0
}

func (m Main) printDiagnosis(d *diagnosis) {
	columns := width(m.Stdout)
	t := newTable(m.Stdout, "", "CHECK", "FOUND")
	for _, x := range d.Checks {
		t.AppendRow([]any{string(x.Status), x.Check, fit(x.Found, max(40, columns-28))})
	}
	t.Render()
	said := false
	for _, x := range d.Checks {
		if x.Status == good {
			continue
		}
		if !said {
			fmt.Fprintln(m.Stdout)
			said = true
		}
		fmt.Fprintf(m.Stdout, "%s  %s: %s\n", x.Status, x.Check, safeLine(x.Found))
		if x.WayOut != "" {
			fmt.Fprintf(m.Stdout, "      %s\n", safeLine(x.WayOut))
		}
	}
}

// doctor gathers what checks find.
type doctor struct {
	*flags
	now      time.Time
	cfg      *config.Config
	store    sinks.Catalogue // nil when it cannot be read
	findings []finding
}

func (d *doctor) notef(check string, status verdict, wayOut, format string, args ...any) {
	d.findings = append(d.findings, finding{Check: check, Status: status, Found: fmt.Sprintf(format, args...), WayOut: wayOut})
}

// examine makes all checks. Those that need a configuration go by the defaults
// when there is none that can be read.
func (d *doctor) examine(ctx context.Context, network bool) {
	d.checkConfig()
	d.checkContact()
	d.checkFolder()
	d.checkServer(ctx)
	d.checkStore(ctx)
	if d.store != nil {
		defer d.store.Close()
	}
	d.checkQueue(ctx)
	d.checkRuns(ctx)
	d.checkIndex()
	d.checkClock(ctx)
	d.checkZones()
	d.checkDisk()
	d.checkFiles()
	d.checkBrowser()
	if network {
		d.checkNames(ctx)
	}
}

// checkConfig reads the files. Each problem is a finding of its own.
func (d *doctor) checkConfig() {
	cfg, problems := config.Load(d.config)
	for _, p := range problems {
		status := bad
		if p.Warning {
			status = warning
		}
		wayOut := cmp.Or(p.Hint, "'harvest sources lint' shows the same while you mend it")
		p.Hint = ""
		d.notef("config", status, wayOut, "%s", p.String())
	}
	if cfg == nil {
		d.cfg = &config.Config{}
		return
	}
	d.cfg = cfg
	enabled := 0
	for i := range cfg.Sources {
		enabled += boolInt(cfg.Sources[i].Enabled)
	}
	if enabled == 0 {
		d.notef("config", warning, "enable a source in its file, or add one: docs/adding-a-source.md", "%s: no source is enabled", d.config)
		return
	}
	if len(problems.Errors()) == 0 {
		d.notef("config", good, "", "%s, %s enabled of %d", d.config, number(enabled, "source", "sources"), len(cfg.Sources))
	}
}

func (d *doctor) checkContact() {
	need := 0
	for i := range d.cfg.Sources {
		need += boolInt(d.cfg.Sources[i].Enabled && d.cfg.Sources[i].Politeness.ContactRequired)
	}
	switch {
	case d.cfg.Contact != "":
		d.notef("contact", good, "", "%s", d.cfg.Contact)
	case need > 0:
		d.notef("contact", bad, "set contact: in the configuration file, or HARVEST_CONTACT=you@example.org",
			"none is set, and %s will not be harvested without one", number(need, "source", "sources"))
	default:
		d.notef("contact", warning, "set contact: in the configuration file, or HARVEST_CONTACT=you@example.org",
			"none is set; site owners cannot reach you")
	}
}
