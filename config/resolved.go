package config

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Resolved is the source in YAML with every default filled in, as the program
// understands it. It is a source file again: reading it gives an equal source.
func (s *Source) Resolved() ([]byte, error) {
	return encode(sourceKind().write(*s), "source "+string(s.ID))
}

// Resolved is harvest.yaml with every default and environment variable filled
// in and with its secrets masked. Sources are not part of it.
func (c *Config) Resolved() ([]byte, error) {
	return encode(harvestKind().write(*c), c.File)
}

func encode(n *yaml.Node, what string) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return nil, fmt.Errorf("write %s as YAML: %w", what, err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("write %s as YAML: %w", what, err)
	}
	return b.Bytes(), nil
}

// What follows keeps passwords out of logs and dumps, however a value is
// printed.

// maskedMongoDB has no methods, and so is printed field by field.
type maskedMongoDB MongoDB

func (m MongoDB) masked() maskedMongoDB {
	m.URI = MaskURL(m.URI)
	return maskedMongoDB(m)
}

// String is all fields, the address with its password masked.
func (m MongoDB) String() string { return fmt.Sprintf("%+v", m.masked()) }

// GoString is the same as String, for %#v.
func (m MongoDB) GoString() string { return "config.MongoDB" + m.String() }

// MarshalJSON writes the same as String, as an object.
func (m MongoDB) MarshalJSON() ([]byte, error) {
	return json.Marshal(m.masked())
}

// String is the address with its password masked.
func (q Queue) String() string { return "{url: " + MaskURL(q.URL) + "}" }

// GoString is the same as String, for %#v.
func (q Queue) GoString() string { return "config.Queue" + q.String() }

// MarshalJSON writes the same as String, as an object.
func (q Queue) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"url": MaskURL(q.URL)})
}
