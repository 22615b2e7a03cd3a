package sample

import (
	"embed"
	"fmt"
	"strings"

	"github.com/harvest87/harvest"
)

//go:embed sources/*.yaml
var sourceFiles embed.FS

// The sources that harvest the sample site.
const (
	// LibrarySource comes in through the pages, with a listing door.
	LibrarySource harvest.SourceID = "sample-library"
	// APISource comes in through the API, with a wordpress door.
	APISource harvest.SourceID = "sample-api"
)

// Sources are the source files for a site that answers at base, such as
// "http://127.0.0.1:8870", by source. They are to be saved under the source's
// name with the extension .yaml.
func Sources(base string) map[harvest.SourceID]string {
	out := make(map[harvest.SourceID]string)
	for _, id := range []harvest.SourceID{LibrarySource, APISource} {
		text, err := sourceFiles.ReadFile("sources/" + string(id) + ".yaml")
		if err != nil {
			panic(fmt.Sprintf("sample: %v", err))
		}
		out[id] = strings.ReplaceAll(string(text), "{{base}}", strings.TrimSuffix(base, "/"))
	}
	return out
}
