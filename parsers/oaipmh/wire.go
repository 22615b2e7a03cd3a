package oaipmh

// answer is one reply of a repository; its parts are those of the schema
// (http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd). Elements are told by their
// local names: prefixes and namespaces are wrong often enough.
type answer struct {
	date     string // responseDate
	errors   []fault
	identify identify
	records  []record // of ListRecords and GetRecord, without metadata those of ListIdentifiers
	formats  []format
	sets     []set
	token    string
	size     string // completeListSize
	cursor   string // how many records the pages before had
	// listed is true when one of the lists has begun, even if it is empty.
	listed bool
}

// fault is an error of the protocol (section 3.6).
type fault struct{ code, text string }

// identify is the part of it that matters (section 4.2).
type identify struct {
	name, granularity, earliest, deleted string
}

type format struct{ prefix, schema, namespace string }

type set struct{ spec, name string }

// record is one record with its header (section 2.5).
type record struct {
	identifier, datestamp string
	deleted               bool
	sets                  []string
	dc                    map[string][]value // by local name, in the order of the record
	marc                  []field
	other                 string // local name of metadata in another format
}

// value is one element of Dublin Core.
type value struct{ text, language string }

// field is a field of MARC 21 (https://www.loc.gov/marc/bibliographic/): of a
// control field only the text, of a data field the subfields.
type field struct {
	tag, ind1, ind2 string
	text            string
	subfields       []subfield
}

type subfield struct{ code, text string }

// What is kept of one answer and of one record, in octets and in number.
const (
	maxSize    = 128 << 20 // decompressed
	maxText    = 64 << 10
	maxToken   = 8 << 10
	maxRecords = 20_000
	maxValues  = 2_000
	maxListed  = 50_000 // sets, formats
)
