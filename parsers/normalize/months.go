package normalize

import (
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// monthNames are the names of the Gregorian months, by language: twelve
// groups separated by "|", the forms within a group by spaces (an underscore
// stands for a space within a form). Cases, abbreviations and regional forms
// stand beside each other. Forms are compared without case, without a final
// full stop and in NFC; what one language shares with another under
// another meaning counts only when the language is known.
var monthNames = map[string]string{
	"en": "january jan|february feb febr|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|november nov|december dec",
	"fr": "janvier janv jan|février fevrier févr fevr fév fev|mars mar|avril avr|mai|juin jun|juillet juil jul|août aout aoû|septembre sept sep|octobre oct|novembre nov|décembre decembre déc dec",
	"es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre setiembre sept sep set|octubre oct|noviembre nov|diciembre dic",
	"pt": "janeiro jan|fevereiro fev|março marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
	"ca": "gener gen|febrer febr|març|abril abr|maig|juny|juliol jul|agost ag|setembre set|octubre oct|novembre nov|desembre des",
	"gl": "xaneiro xan|febreiro feb|marzo mar|abril abr|maio mai|xuño xuñ|xullo xul|agosto ago|setembro set|outubro out|novembro nov|decembro dec",
	"eu": "urtarrila urtarrilaren urt|otsaila otsailaren ots|martxoa martxoaren mar|apirila apirilaren api|maiatza maiatzaren mai|ekaina ekainaren eka|uztaila uztailaren uzt|abuztua abuztuaren abu|iraila irailaren ira|urria urriaren urr|azaroa azaroaren aza|abendua abenduaren abe",
	"it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre sett set|ottobre ott|novembre nov|dicembre dic",
	"de": "januar jänner jan jän|februar feber feb|märz maerz mär mrz|april apr|mai|juni jun|juli jul|august aug|september sept sep|oktober okt|november nov|dezember dez",
	"nl": "januari jan|februari feb|maart mrt maa|april apr|mei|juni jun|juli jul|augustus aug|september sep sept|oktober okt|november nov|december dec",
	"af": "januarie jan|februarie feb|maart mrt|april apr|mei|junie jun|julie jul|augustus aug|september sep|oktober okt|november nov|desember des",
	"da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|september sep sept|oktober okt|november nov|december dec",
	"no": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|september sep sept|oktober okt|november nov|desember des",
	"sv": "januari jan|februari feb febr|mars mar|april apr|maj|juni jun|juli jul|augusti aug|september sep sept|oktober okt|november nov|december dec",
	"fi": "tammikuu tammikuuta tammikuun tammi|helmikuu helmikuuta helmikuun helmi|maaliskuu maaliskuuta maaliskuun maalis|huhtikuu huhtikuuta huhtikuun huhti|toukokuu toukokuuta toukokuun touko|kesäkuu kesäkuuta kesäkuun kesä|heinäkuu heinäkuuta heinäkuun heinä|elokuu elokuuta elokuun elo|syyskuu syyskuuta syyskuun syys|lokakuu lokakuuta lokakuun loka|marraskuu marraskuuta marraskuun marras|joulukuu joulukuuta joulukuun joulu",
	"et": "jaanuar jaan|veebruar veebr|märts|aprill apr|mai|juuni|juuli|august aug|september sept|oktoober okt|november nov|detsember dets",
	"is": "janúar jan|febrúar feb|mars mar|apríl apr|maí|júní jún|júlí júl|ágúst ágú|september sep|október okt|nóvember nóv|desember des",
	"lv": "janvāris janvārī janvāra janv|februāris februārī februāra febr|marts martā marta|aprīlis aprīlī aprīļa apr|maijs maijā maija|jūnijs jūnijā jūnija jūn|jūlijs jūlijā jūlija jūl|augusts augustā augusta aug|septembris septembrī septembra sept|oktobris oktobrī oktobra okt|novembris novembrī novembra nov|decembris decembrī decembra dec",
	"lt": "sausis sausio saus|vasaris vasario vas|kovas kovo|balandis balandžio bal|gegužė gegužės geg|birželis birželio birž|liepa liepos liep|rugpjūtis rugpjūčio rugp|rugsėjis rugsėjo rugs|spalis spalio spal|lapkritis lapkričio lapkr|gruodis gruodžio gruod",
	"pl": "styczeń stycznia sty|luty lutego lut|marzec marca mar|kwiecień kwietnia kwi|maj maja|czerwiec czerwca cze|lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|październik października paź|listopad listopada lis|grudzień grudnia gru",
	"cs": "leden ledna led|únor února úno|březen března bře|duben dubna dub|květen května kvě|červen června čvn|červenec července čvc|srpen srpna srp|září zář|říjen října říj|listopad listopadu lis|prosinec prosince pro",
	"sk": "január januára jan|február februára feb|marec marca mar|apríl apríla apr|máj mája|jún júna|júl júla|august augusta aug|september septembra sep|október októbra okt|november novembra nov|december decembra dec",
	"sl": "januar januarja jan|februar februarja feb|marec marca mar|april aprila apr|maj maja|junij junija jun|julij julija jul|avgust avgusta avg|september septembra sep|oktober oktobra okt|november novembra nov|december decembra dec",
	"hr": "siječanj siječnja sij|veljača veljače velj|ožujak ožujka ožu|travanj travnja tra|svibanj svibnja svi|lipanj lipnja lip|srpanj srpnja srp|kolovoz kolovoza kol|rujan rujna ruj|listopad listopada lis|studeni studenoga studenog stu|prosinac prosinca pro",
	"sr": "januar јануар januara јануара jan јан|februar фебруар februara фебруара feb феб|mart март marta марта mar мар|april април aprila априла apr апр|maj мај maja маја|jun јун juna јуна juni јуни|jul јул jula јула juli јули|avgust август avgusta августа avg авг|septembar септембар septembra септембра sep сеп|oktobar октобар oktobra октобра okt окт|novembar новембар novembra новембра nov нов|decembar децембар decembra децембра dec дец",
	"bs": "januar januara jan|februar februara feb|mart marta mar|april aprila apr|maj maja|juni juna jun|juli jula jul|august augusta avgust avgusta aug|septembar septembra sep|oktobar oktobra okt|novembar novembra nov|decembar decembra dec",
	"mk": "јануари јан|февруари фев|март мар|април апр|мај|јуни јун|јули јул|август авг|септември септ|октомври окт|ноември ноем|декември дек",
	"bg": "януари ян|февруари фев|март мар|април апр|май|юни|юли|август авг|септември сеп септ|октомври окт|ноември ное|декември дек",
	"ru": "январь января янв|февраль февраля фев февр|март марта мар|апрель апреля апр|май мая|июнь июня июн|июль июля июл|август августа авг|сентябрь сентября сен сент|октябрь октября окт|ноябрь ноября ноя нояб|декабрь декабря дек",
	"uk": "січень січня січ|лютий лютого лют|березень березня бер|квітень квітня квіт кві|травень травня трав тра|червень червня черв чер|липень липня лип|серпень серпня серп сер|вересень вересня вер|жовтень жовтня жовт жов|листопад листопада лист лис|грудень грудня груд гру",
	"be": "студзень студзеня студ|люты лютага лют|сакавік сакавіка сак|красавік красавіка крас|травень май мая траўня|чэрвень чэрвеня чэрв|ліпень ліпеня ліп|жнівень жніўня жн|верасень верасня вер|кастрычнік кастрычніка каст|лістапад лістапада ліст|снежань снежня снеж",
	"hu": "január jan januári januárban|február febr feb februári|március márc már márciusi|április ápr áprilisi|május máj májusi|június jún júniusi|július júl júliusi|augusztus aug augusztusi|szeptember szept szeptemberi|október okt októberi|november nov novemberi|december dec decemberi",
	"ro": "ianuarie ian|februarie feb|martie mar|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept sep|octombrie oct|noiembrie nov noi|decembrie dec",
	"el": "ιανουάριος ιανουαρίου ιαν γενάρης|φεβρουάριος φεβρουαρίου φεβ φλεβάρης|μάρτιος μαρτίου μάρ μαρ μάρτης|απρίλιος απριλίου απρ|μάιος μαΐου μαίου μαϊ μάι|ιούνιος ιουνίου ιούν ιουν|ιούλιος ιουλίου ιούλ ιουλ|αύγουστος αυγούστου αύγ αυγ|σεπτέμβριος σεπτεμβρίου σεπ σεπτ|οκτώβριος οκτωβρίου οκτ|νοέμβριος νοεμβρίου νοέ νοε|δεκέμβριος δεκεμβρίου δεκ",
	"sq": "janar jan|shkurt shk|mars mar|prill pri|maj|qershor qer|korrik korr|gusht gush|shtator sht|tetor tet|nëntor nën|dhjetor dhj",
	"tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|kasım kas|aralık ara",
	"az": "yanvar yan|fevral fev|mart mar|aprel apr|may|iyun iyn|iyul iyl|avqust avq|sentyabr sen|oktyabr okt|noyabr noy|dekabr dek",
	"uz": "yanvar yan|fevral fev|mart mar|aprel apr|may|iyun iyn|iyul iyl|avgust avg|sentabr sen|oktabr okt|noyabr noy|dekabr dek",
	"kk": "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан",
	"id": "januari jan|februari feb pebruari|maret mar|april apr|mei|juni jun|juli jul|agustus agu agt|september sep sept|oktober okt|november nov nopember|desember des",
	"ms": "januari jan|februari feb|mac|april apr|mei|jun|julai jul|ogos ogo|september sep sept|oktober okt|november nov|disember dis",
	"tl": "enero ene|pebrero peb|marso|abril abr|mayo|hunyo hun|hulyo hul|agosto ago|setyembre set|oktubre okt|nobyembre nob|disyembre dis",
	"sw": "januari jan|februari feb|machi mac|aprili apr|mei|juni jun|julai jul|agosti ago|septemba sep|oktoba okt|novemba nov|desemba des",
	"so": "janaayo jan|febraayo feb|maarso|abriil|maajo|juun|luuliyo|ogosto|sebteembar|oktoobar|nofeembar|diseembar",
	"ar": "يناير كانون_الثاني جانفي ينایر|فبراير شباط فيفري|مارس آذار اذار|أبريل ابريل إبريل نيسان أفريل|مايو أيار ايار ماي|يونيو حزيران جوان يونية|يوليو تموز جويلية يوليوز يولية|أغسطس اغسطس آب أوت غشت|سبتمبر أيلول ايلول شتنبر|أكتوبر اكتوبر تشرين_الأول تشرين_الاول|نوفمبر تشرين_الثاني نونبر|ديسمبر كانون_الأول كانون_الاول دجنبر",
	"fa": "ژانویه ژانویهٔ|فوریه فوریهٔ|مارس|آوریل آپریل|مه می|ژوئن ژوین|ژوئیه ژوئیهٔ جولای|اوت آگوست|سپتامبر|اکتبر|نوامبر|دسامبر",
	"ps": "جنوري|فبروري|مارچ|اپریل|مۍ|جون|جولای|اګست|سپتمبر سپټمبر|اکتوبر|نومبر|دسمبر ډسمبر",
	"ur": "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
	"he": "ינואר בינואר ינו|פברואר בפברואר פבר|מרץ במרץ מרס במרס|אפריל באפריל אפר|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט אוג|ספטמבר בספטמבר ספט|אוקטובר באוקטובר אוק|נובמבר בנובמבר נוב|דצמבר בדצמבר דצמ",
	"hi": "जनवरी जन|फ़रवरी फरवरी फ़र|मार्च|अप्रैल अप्रै|मई|जून|जुलाई जुल|अगस्त अग|सितंबर सितम्बर सित|अक्टूबर अक्तूबर अक्टू|नवंबर नवम्बर नव|दिसंबर दिसम्बर दिस",
	"ne": "जनवरी|फेब्रुअरी फेब्रुवरी फरवरी|मार्च|अप्रिल|मे मई|जुन जून|जुलाई जुलाइ|अगस्ट अगष्ट अगस्त|सेप्टेम्बर सेप्टेम्वर|अक्टोबर अक्टुबर|नोभेम्बर नोभेम्वर|डिसेम्बर डिसेम्वर",
	"mr": "जानेवारी जाने|फेब्रुवारी फेब्रु|मार्च|एप्रिल|मे|जून|जुलै|ऑगस्ट ऑग|सप्टेंबर सप्टें|ऑक्टोबर ऑक्टो|नोव्हेंबर नोव्हें|डिसेंबर डिसें",
	"bn": "জানুয়ারি জানুয়ারী জানু|ফেব্রুয়ারি ফেব্রুয়ারী ফেব|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট আগষ্ট|সেপ্টেম্বর সেপ্ট|অক্টোবর অক্টো|নভেম্বর নভে|ডিসেম্বর ডিসে",
	"ta": "ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட் ஆகஸ்டு|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்",
	"te": "జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జులై జూలై|ఆగస్టు|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్",
	"ml": "ജനുവരി|ഫെബ്രുവരി|മാർച്ച്|ഏപ്രിൽ|മേയ് മെയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ് ആഗസ്റ്റ്|സെപ്റ്റംബർ സെപ്തംബർ|ഒക്ടോബർ|നവംബർ|ഡിസംബർ",
	"kn": "ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್|ಸೆಪ್ಟೆಂಬರ್|ಅಕ್ಟೋಬರ್|ನವೆಂಬರ್|ಡಿಸೆಂಬರ್",
	"gu": "જાન્યુઆરી|ફેબ્રુઆરી|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઑગસ્ટ ઓગસ્ટ|સપ્ટેમ્બર|ઑક્ટોબર ઓક્ટોબર|નવેમ્બર|ડિસેમ્બર",
	"pa": "ਜਨਵਰੀ|ਫ਼ਰਵਰੀ ਫਰਵਰੀ|ਮਾਰਚ|ਅਪ੍ਰੈਲ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ|ਅਗਸਤ|ਸਤੰਬਰ|ਅਕਤੂਬਰ|ਨਵੰਬਰ|ਦਸੰਬਰ",
	"si": "ජනවාරි|පෙබරවාරි|මාර්තු|අප්\u200dරේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්",
	"th": "มกราคม ม.ค|กุมภาพันธ์ ก.พ|มีนาคม มี.ค|เมษายน เม.ย|พฤษภาคม พ.ค|มิถุนายน มิ.ย|กรกฎาคม ก.ค|สิงหาคม ส.ค|กันยายน ก.ย|ตุลาคม ต.ค|พฤศจิกายน พ.ย|ธันวาคม ธ.ค",
	"am": "ጃንዋሪ ጃንዩወሪ|ፌብሩዋሪ ፌብሩወሪ|ማርች|ኤፕሪል|ሜይ|ጁን|ጁላይ|ኦገስት|ሴፕቴምበር|ኦክቶበር|ኖቬምበር|ዲሴምበር",
	"hy": "հունվար հունվարի|փետրվար փետրվարի|մարտ մարտի|ապրիլ ապրիլի|մայիս մայիսի|հունիս հունիսի|հուլիս հուլիսի|օգոստոս օգոստոսի|սեպտեմբեր սեպտեմբերի|հոկտեմբեր հոկտեմբերի|նոյեմբեր նոյեմբերի|դեկտեմբեր դեկտեմբերի",
	"ka": "იანვარი იანვ|თებერვალი თებ|მარტი მარ|აპრილი აპრ|მაისი მაი|ივნისი ივნ|ივლისი ივლ|აგვისტო აგვ|სექტემბერი სექ|ოქტომბერი ოქტ|ნოემბერი ნოე|დეკემბერი დეკ",
}

// byLanguage and everywhere are built once from monthNames; everywhere holds
// only the forms that mean one month in all languages, others are 0.
var byLanguage, everywhere = indexMonths()

func indexMonths() (map[string]map[string]int, map[string]int) {
	byLanguage := make(map[string]map[string]int, len(monthNames))
	everywhere := make(map[string]int, 2500)
	for _, lang := range languagesOf(monthNames) {
		months := make(map[string]int, 40)
		for i, group := range strings.Split(monthNames[lang], "|") {
			for form := range strings.FieldsSeq(group) {
				form = monthForm(strings.ReplaceAll(form, "_", " "))
				months[form] = i + 1
				if had, ok := everywhere[form]; ok && had != i+1 {
					everywhere[form] = 0
				} else if !ok {
					everywhere[form] = i + 1
				}
			}
		}
		byLanguage[lang] = months
	}
	return byLanguage, everywhere
}

func languagesOf(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for lang := range m {
		out = append(out, lang)
	}
	sort.Strings(out)
	return out
}

// monthForm is a name in the form in which names are compared.
func monthForm(s string) string {
	s = strings.ToLower(strings.TrimRight(norm.NFC.String(s), "."))
	if !strings.Contains(s, "\u0307") { // İ in lower case
		return s
	}
	return strings.ReplaceAll(s, "\u0307", "")
}

// month finds a month by its name; lang, when known, is asked first.
func month(name, lang string) (int, bool) {
	form := monthForm(name)
	if form == "" {
		return 0, false
	}
	if m, ok := byLanguage[lang][form]; ok {
		return m, true
	}
	m := everywhere[form]
	return m, m > 0
}

// digits turns the decimal digits of every script into ASCII.
func digits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.Is(unicode.Nd, r) {
			return r
		}
		for n := range rune(10) {
			if isZero(r - n) {
				return '0' + n
			}
		}
		return r
	}, s)
}

// isZero: the digits that begin a run of ten.
func isZero(r rune) bool {
	switch r {
	case 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
		0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x19D0, 0x1A80, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
		0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xAA50, 0xABF0, 0xFF10:
		return true
	}
	return false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
