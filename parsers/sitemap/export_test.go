package sitemap

// SetPart makes the door take so many items at one reading.
func (d *Door) SetPart(n int) { d.part = n }
