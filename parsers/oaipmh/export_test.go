package oaipmh

// What tests of other repositories compare.
type (
	Answer = answer
	Fault  = fault
)

// Read reads a body.
func Read(body []byte) (*Answer, error) { return read(body) }

// Facts of an answer, for a comparison by fields.
func (a *answer) Facts() (codes []string, identify map[string]string, formats []string, sets [][2]string, token, size string) {
	for _, f := range a.errors {
		codes = append(codes, f.code)
	}
	i := a.identify
	identify = map[string]string{"repositoryName": i.name, "granularity": i.granularity, "earliestDatestamp": i.earliest, "deletedRecord": i.deleted}
	for _, f := range a.formats {
		formats = append(formats, f.prefix)
	}
	for _, s := range a.sets {
		sets = append(sets, [2]string{s.spec, s.name})
	}
	return codes, identify, formats, sets, a.token, a.size
}

// Entry is a record as a comparison wants it.
type Entry struct {
	Identifier, Datestamp string
	Deleted               bool
	Sets                  []string
	DC                    map[string][]string
}

// Entries of an answer.
func (a *answer) Entries() (out []Entry) {
	for _, r := range a.records {
		e := Entry{Identifier: r.identifier, Datestamp: r.datestamp, Deleted: r.deleted, Sets: r.sets}
		for name, values := range r.dc {
			if e.DC == nil {
				e.DC = make(map[string][]string)
			}
			for _, v := range values {
				e.DC[name] = append(e.DC[name], v.text)
			}
		}
		out = append(out, e)
	}
	return out
}
