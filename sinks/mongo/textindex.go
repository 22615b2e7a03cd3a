package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// TextIndexName is the name of the index that [Options.TextIndex] asks for.
const TextIndexName = "words"

// textIndex is over what readers see of a record. It stems nothing, since one
// index stems one language and records have many. The server would take a field
// called language for the name of a stemmer, and refuse every record, as theirs
// is an object; so another name is given, which no record has
// (https://www.mongodb.com/docs/manual/tutorial/specify-language-for-text-index/).
func textIndex() mongo.IndexModel {
	fields := []struct {
		name   string
		weight int
	}{{"title", 10}, {"title_alt", 5}, {"authors", 3}, {"publisher", 2}, {"summary", 1}}
	var keys, weights bson.D
	for _, f := range fields {
		keys, weights = append(keys, bson.E{Key: f.name, Value: "text"}), append(weights, bson.E{Key: f.name, Value: f.weight})
	}
	return mongo.IndexModel{Keys: keys, Options: options.Index().SetName(TextIndexName).
		SetWeights(weights).SetDefaultLanguage("none").SetLanguageOverride("no_language")}
}

// indexWords makes sure of the text index. A server that refuses it, because it
// knows none, has another one or does not allow it to this user, is told once.
func (c *Catalogue) indexWords(ctx context.Context) error {
	existing, err := c.records.Indexes().ListSpecifications(ctx)
	if err != nil {
		return err
	}
	for _, ix := range existing {
		if ix.Name == TextIndexName {
			return nil
		}
	}
	_, err = c.records.Indexes().CreateOne(ctx, textIndex())
	var refused mongo.CommandError
	if errors.As(err, &refused) && !refused.HasErrorLabel("NetworkError") && !refused.HasErrorLabel("RetryableWriteError") {
		c.logger.Warn("the server makes no text index; store.mongodb.text_index has no effect", "err", refused.Message)
		return nil
	}
	return err
}
