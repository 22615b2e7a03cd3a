package config

import (
	"encoding/json"
	"maps"

	"go.yaml.in/yaml/v3"
)

// SourceKeys documents every key of a source file, HarvestKeys every key of
// harvest.yaml, in the order in which they are best read. The slices belong to
// the caller.
func SourceKeys() []Key { return sourceKind().keys }

// HarvestKeys documents every key of harvest.yaml; see [SourceKeys].
func HarvestKeys() []Key { return harvestKind().keys }

// SelectorKeys documents the keys of a selector that is written as a group; see
// [SourceKeys].
func SelectorKeys() []Key { return longValueSelector().keys }

// Schema is the JSON Schema of a source file, draft 2020-12
// (https://json-schema.org/draft/2020-12/schema), for editors that complete
// and check YAML. It comes from the table that the loader reads by; the loader
// checks more than a schema can say.
func Schema() ([]byte, error) {
	v, err := LoadVocabulary()
	if err != nil {
		return nil, err
	}
	schema := sourceKind().schema()
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Source file of Harvest"
	one, value := oneSelector().schema, valueSelector().schema
	schema["$defs"] = map[string]any{
		"category":  map[string]any{"enum": v.DocTypeIDs()},
		"selectors": anyOf(one, array(one))(),
		"values":    anyOf(value, array(value))(),
	}
	return json.MarshalIndent(schema, "", "  ")
}

// jsonSchema makes a part of a schema, which then belongs to the caller. It is
// made on demand, for reading a file needs none.
type jsonSchema func() map[string]any

// fixed is a part that is always the same.
func fixed(schema map[string]any) jsonSchema {
	return func() map[string]any { return maps.Clone(schema) }
}

// anyOf is the schema of a value that may have several forms.
func anyOf(forms ...jsonSchema) jsonSchema {
	return func() map[string]any {
		out := make([]any, len(forms))
		for i, form := range forms {
			out[i] = form()
		}
		return map[string]any{"anyOf": out}
	}
}

// array is the schema of a list that is not empty.
func array(item jsonSchema) jsonSchema {
	return func() map[string]any { return map[string]any{"type": "array", "items": item(), "minItems": 1} }
}

// groupSchema is the schema of a mapping with these rows and no others.
func groupSchema[T any](rows []key[T]) jsonSchema {
	return func() map[string]any {
		properties, required := make(map[string]any), []string{}
		for _, row := range rows {
			properties[row.Name] = row.schema()
			if row.Required {
				required = append(required, row.Name)
			}
		}
		schema := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
		if len(required) > 0 {
			schema["required"] = required
		}
		return schema
	}
}

// described adds what the documentation of a key says to the schema of its value.
func described(value jsonSchema, doc Key) jsonSchema {
	return func() map[string]any {
		schema := value()
		schema["description"] = doc.Doc
		if v, ok := yamlValue(doc.Default); ok {
			schema["default"] = v
		}
		if v, ok := yamlValue(doc.Example); ok {
			schema["examples"] = []any{v}
		}
		return schema
	}
}

func yamlValue(text string) (any, bool) {
	var v any
	err := yaml.Unmarshal([]byte(text), &v)
	return v, err == nil && text != ""
}
