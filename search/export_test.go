package search

// Limit makes searches choose whom to score among fewer records than programs do.
func (ix *Index) Limit(scored, likely int) { ix.maxScored, ix.maxLikely = scored, likely }
