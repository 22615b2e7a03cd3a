package main

// fieldRow says what one field of a record, or of another thing in the catalogue,
// is. The schema of a record, and
// docs/fields.md with the types that the field has in each place, are made of it.
type fieldRow struct {
	// Path is the name in JSON, dotted below an object and a list, with * for
	// any key of a map. It is empty for what only the stores have.
	Path string
	What string
	// Form is its form or unit and the source of the rule, in Markdown.
	Form string
	// Term is what Dublin Core (dc) and schema.org call it.
	Term string
	// SQL is the column of the table, or words about where else it
	// is, which begin with "in". Without it a field at the top has a column
	// of its name, and one below a list or a map is within that column.
	SQL string
	// Whole is true when what is below the field is described with it.
	Whole bool
	// BSON is the name in a document of the collection, when it is another.
	BSON string
}

// fieldRows are all fields of a record, in the order in which a record has them. A test
// holds the list complete in each place.
var fieldRows = []fieldRow{
	{Path: "id", What: "identity, the same for ever", Form: "source, colon, 16 characters of [Crockford's base 32](https://www.crockford.com/base32.html)", Term: "dc:identifier, schema:identifier", BSON: "_id"},
	{Path: "source", What: "the source that gives it", Form: "name of its file", Term: "dc:source"},
	{Path: "native_id", What: "the source's own identifier", Form: "with its scheme: `wp:123`"},
	{Path: "url", What: "where a reader finds it", Form: "http(s) URL, [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)", Term: "dc:identifier, schema:url"},
	{Path: "canonical_url", What: "the address that the page declares", Form: "URL, normalised", Term: "schema:sameAs"},
	{Path: "title", What: "title", Form: "text, [NFC](https://www.unicode.org/reports/tr15/)", Term: "dc:title, schema:name"},
	{Path: "title_alt", What: "further titles", Form: "list of texts", Term: "dcterms:alternative, schema:alternateName"},
	{Path: "category", What: "document type", Form: "identifier of the controlled list", Term: "dc:type, schema:genre"},
	{Path: "category_raw", What: "the source's label that decided the type", Form: "text, as the source has it"},
	{Path: "categories_raw", What: "all labels of the source", Form: "list of texts, in the source's order", Term: "dc:subject, schema:keywords"},
	{Path: "summary", What: "summary", Form: "text, paragraphs parted by an empty line", Term: "dc:description, schema:abstract"},
	{Path: "summary_basis", What: "what kind of text the summary is, and whether it is whole"},
	{Path: "summary_basis.kind", What: "what kind of text the summary is", Form: "best first: `abstract`, `description`, `lead`, `card`; `curated` when a person wrote it here", SQL: "summary_kind"},
	{Path: "summary_basis.truncated", What: "whether the source cut the text, and the whole could not be had", Form: "0 or 1 in SQLite; true, or no field", SQL: "summary_truncated"},
	{Path: "published", What: "date of publication, as far as it is known"},
	{Path: "published.value", What: "date of publication", Form: "`2021`, `2021-03` or `2021-03-15`, [ISO 8601-1](https://www.iso.org/standard/70907.html), reduced precision", Term: "dc:date, schema:datePublished", SQL: "published"},
	{Path: "published.precision", What: "how much of that date is known", Form: "`year`, `month` or `day`", SQL: "published_precision"},
	{What: "first day that the date can mean", Form: "`2021-03-01`; computed from `published`", SQL: "published_from"},
	{Path: "modified", What: "date of the last change, by the source"},
	{Path: "modified.value", What: "date of the last change, by the source", Form: "as for publication: `2021`, `2021-03` or `2021-03-15`", Term: "dcterms:modified, schema:dateModified", SQL: "modified"},
	{Path: "modified.precision", What: "how much of that date is known", Form: "`year`, `month` or `day`", SQL: "modified_precision"},
	{Path: "language", What: "language, twice, as both lie in practice"},
	{Path: "language.value", What: "language of the text", Form: "tag, [BCP 47](https://www.rfc-editor.org/info/bcp47)", Term: "dc:language, schema:inLanguage", SQL: "language"},
	{Path: "language.declared", What: "language that the page declares", Form: "tag, BCP 47", SQL: "language_declared"},
	{Path: "authors", What: "authors", Form: "list of names, as the source writes them", Term: "dc:creator, schema:author"},
	{Path: "publisher", What: "publisher", Form: "name", Term: "dc:publisher, schema:publisher"},
	{Path: "countries", What: "countries that it is about", Form: "list of codes, [ISO 3166-1](https://www.iso.org/iso-3166-country-codes.html) alpha-2", Term: "dc:coverage, schema:spatialCoverage"},
	{Path: "regions", What: "regions that it is about", Form: "list of codes, [UN M49](https://unstats.un.org/unsd/methodology/m49/), three digits", Term: "dc:coverage, schema:spatialCoverage"},
	{Path: "topics", What: "topics", Form: "list of identifiers of the controlled list", Term: "dc:subject, schema:keywords"},
	{Path: "identifiers", What: "names in public registries", Form: "each without resolver"},
	{Path: "identifiers.doi", What: "DOI", Form: "`10.1234/x`, without resolver, [ISO 26324](https://www.iso.org/standard/81599.html)", Term: "dc:identifier, schema:identifier", SQL: "doi"},
	{Path: "identifiers.isbn", What: "ISBN", Form: "13 digits, [ISO 2108](https://www.iso.org/standard/65483.html)", Term: "dc:identifier, schema:isbn", SQL: "isbn"},
	{Path: "identifiers.un_symbol", What: "United Nations document symbol", Form: "`A/HRC/51/26`", Term: "dc:identifier, schema:identifier", SQL: "un_symbol"},
	{Path: "identifiers.celex", What: "CELEX number of EU law", Form: "`32011L0036`", Term: "dc:identifier, schema:identifier", SQL: "celex"},
	{Path: "identifiers.eli", What: "European Legislation Identifier", Form: "`eli/dir/2011/36/oj`", Term: "dc:identifier, schema:identifier", SQL: "eli"},
	{Path: "identifiers.ecli", What: "European Case Law Identifier", Form: "`ECLI:…`", Term: "dc:identifier, schema:identifier", SQL: "ecli"},
	{Path: "identifiers.handle", What: "handle", Form: "`20.500.1/7`, without resolver", Term: "dc:identifier, schema:identifier", SQL: "handle"},
	{Path: "documents", What: "files that it offers", Form: "list of objects", Term: "dc:relation, schema:encoding"},
	{Path: "documents.url", What: "address of the file", Form: "URL", Term: "schema:contentUrl"},
	{Path: "documents.media_type", What: "media type", Form: "[RFC 6838](https://www.rfc-editor.org/rfc/rfc6838)", Term: "dc:format, schema:encodingFormat"},
	{Path: "documents.bytes", What: "size", Form: "octets", Term: "schema:contentSize"},
	{Path: "documents.sha256", What: "SHA-256 of the file", Form: "hex", Term: "schema:sha256"},
	{Path: "documents.title", What: "title of the file", Form: "text", Term: "schema:name"},
	{Path: "documents.pages", What: "number of pages", Form: "count"},
	{Path: "documents.language", What: "language of the file", Form: "tag, BCP 47", Term: "schema:inLanguage"},
	{Path: "licence", What: "licence", Form: "as the source states it", Term: "dc:rights, schema:license"},
	{Path: "translations", What: "the same item in other languages", Form: "list of objects", Term: "dc:relation, schema:workTranslation"},
	{Path: "translations.language", What: "language of the translation", Form: "tag, BCP 47", Term: "schema:inLanguage"},
	{Path: "translations.url", What: "address of the translation", Form: "URL", Term: "schema:url"},
	{Path: "provenance", What: "where each value came from", Form: "object by the name of the field"},
	{Path: "provenance.*.basis", What: "kind of evidence", Form: "`door`, `json-ld`, `meta`, `selector`, `citation`, `text`, `url`, `document`, `rule`, `default` or `curation`"},
	{Path: "provenance.*.detail", What: "the place within the page", Form: "text"},
	{Path: "provenance.*.page", What: "address of the page", Form: "URL"},
	{Path: "first_seen", What: "when it was first seen", Form: "UTC, to the millisecond: `2026-03-01T03:00:00.000Z`"},
	{Path: "last_seen", What: "when it was last seen", Form: "UTC, to the millisecond"},
	{Path: "last_changed", What: "when it last changed", Form: "UTC, to the millisecond"},
	{Path: "revision", What: "how many states it has had", Form: "count, from 1"},
	{Path: "state", What: "whether the source still offers it", Form: "`active`, `gone` or `withdrawn`"},
	{Path: "first_run", What: "the run that found it", Form: "source, `@`, scheduled time"},
	{Path: "run", What: "the run that last changed it", Form: "source, `@`, scheduled time; none when a person did"},
	{Path: "page_hash", What: "the page that made this revision", Form: "SHA-256 of its content, hex"},
	{Path: "overrides", What: "what people said of fields", Form: "object by the name of the field"},
	{Path: "overrides.*.value", What: "the value given", Form: "as text: none for an empty field, several for a list"},
	{Path: "overrides.*.harvested", What: "what the source says", Form: "in the same form"},
	{Path: "overrides.*.evidence", What: "where the source says so"},
	{Path: "overrides.*.evidence.basis", What: "kind of evidence", Form: "as in `provenance`"},
	{Path: "overrides.*.evidence.detail", What: "the place within the page", Form: "text"},
	{Path: "overrides.*.evidence.page", What: "address of the page", Form: "URL"},
	{Path: "overrides.*.author", What: "who said so", Form: "name"},
	{Path: "overrides.*.reason", What: "why", Form: "text"},
	{Path: "overrides.*.at", What: "when", Form: "UTC"},
	{Path: "work", What: "the work that it describes, if other records do too", Form: "`w:` and 16 characters", SQL: "in `work_members` and view `catalogue`"},
	{What: "fingerprint of what the source says", Form: "SHA-256, hex", SQL: "content_hash", BSON: "content_hash"},
	{What: "keys that matching compares", Form: "texts; those with `~` stand for parts of title and summary", SQL: "in `match_keys`", BSON: "match_keys"},
	{What: "whether it waits to be matched", Form: "true, or no field; in SQLite a table of its own", SQL: "in `match_pending`", BSON: "match_pending"},
	{What: "how often it has moved between works", Form: "count; in SQLite a table of its own", SQL: "in `work_moves`", BSON: "work_moves"},
	{What: "its present revision and the one before", Form: "list of objects, as in `revisions`", SQL: "in `revisions`", BSON: "trail"},
}
