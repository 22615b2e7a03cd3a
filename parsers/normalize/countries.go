package normalize

// Countries finds the countries that a text names (ISO 3166-1 alpha-2).
func Countries(text, lang string) []Found {
	return nil
}
