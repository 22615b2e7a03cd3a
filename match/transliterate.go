package match

import "strings"

// latin are ligatures and letters that are written as two, and the letters of the Cyrillic and Greek scripts as libraries write
// them in Latin letters (ALA-LC romanization tables, without their marks), of
// texts whose accents stand apart (NFKD, so that й is и).
var latin = lettersOf(`
	œ oe æ ae ß ss đ d ð d þ th
	а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю iu я ia
	є ie і i ґ g ђ d ј j љ lj њ nj ћ c џ dz ѕ dz ѣ e ѳ f ѵ i ә a ғ g қ k ң n ө o ұ u ү u һ h
	α a β v γ g δ d ε e ζ z η e θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s τ t υ y φ ph χ ch ψ ps ω o
`)

func lettersOf(list string) map[rune]string {
	out := make(map[rune]string)
	words := strings.Fields(list)
	for i := 0; i+1 < len(words); i += 2 {
		out[[]rune(words[i])[0]] = strings.Trim(words[i+1], "-")
	}
	return out
}

// bonesOf folds what the ways of transliterating differ in: "Chekhov" and
// "Čehov", "Tolstoy", "Tolstoj" and "Tolstoi" have the same bones.
func bonesOf(word string) string { return bones.Replace(word) }

var bones = strings.NewReplacer(
	"shch", "s", "sch", "s", "sh", "s", "kh", "h", "ch", "c", "zh", "z", "ts", "c", "tz", "c", "ph", "f", "th", "t",
	"iia", "ia", "ija", "ia", "iya", "ia", "ii", "i", "iy", "i", "ij", "i", "yi", "i", "y", "i", "j", "i", "w", "v", "x", "ks",
)
