package register

// SetPart makes the door take so many rows at one reading.
func (d *Door) SetPart(n int) { d.part = n }
