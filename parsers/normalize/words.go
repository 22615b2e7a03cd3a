package normalize

import "strings"

// functionWords are the commonest short words of each language that is written
// in a script that several languages share. They make up a third to a half of
// running text, so that a sentence or two tells its language.
var functionWords = map[string]string{
	"en": "the of and to in is that for on with as was are by this be from at it have has not which their or an were been will its but they his her more can who we our you would also than these other such into about all may between through",
	"fr": "le la les de des du et en un une est que qui dans pour par sur pas au aux avec ce cette son sa ses il elle ils plus ne se sont ou mais nous vous leur leurs été être a ont comme entre aussi fait après contre d l qu n s",
	"es": "el la los las de del y en un una es que por para con se no su sus al lo como más pero este esta sobre entre también ha han fue son sin ser hay desde muy ya cuando donde todo todos según años uno nos o",
	"pt": "o a os as de do da dos das e em um uma no na nos nas que para por com não se é ao aos à às mais como mas foi são seu sua pelo pela também entre sobre ser tem já está muito até isso quando ou pelos pelas dias ele ela",
	"ca": "el la els les de del dels i en un una és que per amb no es al als ha han aquest aquesta més com però són seva seu també sobre entre pel pels ser des molt ja quan on tot tots segons anys li hi ho s d l fer dels fins",
	"gl": "o a os as de do da dos das e en un unha no na nos nas que para por con non se é ao aos á ás máis como pero foi son seu súa polo pola tamén entre sobre ser ten xa está moi ata cando onde ou pero polos anos cun cunha",
	"eu": "eta da ez bat dira du ere zuen hau izan dute zen egin baina izango ditu edo dela bere beste baino hori diren horrek oso gure batean behar arte gabe euskal artean honetan",
	"it": "il lo la i gli le di del della dei delle e in un una è che per con non si da dal dalla al alla ai nel nella sono come più ma anche ha hanno questo questa suo sua su tra fra essere stato ci se degli dopo anni sulla c l d",
	"ro": "și în de la a al ai ale cu pe un o este că care nu se din pentru mai au fost sunt ca sau dar lui prin după această acest fi are lor între despre unui unei cea cel ce să va fiind într",
	"de": "der die das und in den von zu mit ist des dem auf für nicht ein eine einen einer einem sich im als auch es an werden aus er hat dass sie nach wird bei sind noch am zum zur über wie so nur oder aber vor durch man haben wir ich war kann mehr um",
	"nl": "de het een van en in is dat op te voor met zijn die niet aan er om ook als bij door maar uit naar dan nog worden wordt heeft hebben deze ze was over tot of hun meer kan moet zich wel we werd geen onder wat hij",
	"af": "die van en in is dat op te vir met nie het aan om ook as by deur maar uit na dan nog word hulle was oor tot of meer kan moet sy hy wat ek ons sal hierdie daar baie haar moes wees een",
	"lb": "de d an vun ass den déi op mat fir net eng en ech hunn och dat bei nach wéi awer ginn gëtt sinn dem vum zum wat all dass hat huet kann mir hien si",
	"da": "og i at det er en til af på for med den der de som har ikke et om men var han sig fra kan vi jeg skal ud hvor blev også efter være eller når over siger mod nu vil havde blevet ved deres op mere bliver meget findes nogle noget hvad nu dog både uden siden ham hende gøre gør",
	"no": "og i det er en til av på for med at den som de har ikke et om men var han seg fra kan vi jeg skal ut hvor ble også etter være eller når over sier mot nå vil hadde blitt ved deres opp mer blir mye bare noe finnes noen hva både uten siden ham henne gjøre gjør",
	"sv": "och i att det är en till av på för med den som de har inte ett om men var han sig från kan vi jag ska ut där blev också efter vara eller när över säger mot nu vill hade blivit vid deras upp mer blir mycket bara något",
	"is": "og í að er á sem við til um af með það en ekki hann var fyrir eru þá hafa verið frá eða hún þeir þess sé því þar hefur eftir upp vera hafi þetta segir ég þeim sér",
	"fi": "ja on ei että oli se hän mutta ovat joka myös kun niin tai kuin mukaan ole jo olla vain sen ollut hänen tämä joka sekä mitä voi vielä jos tämän muun vuoden sitä jotka kanssa ne nyt olisi",
	"et": "ja on ei et see ta oli aga kui ka mis kes oma või selle ning pole saab nii veel olid siis välja nagu üle juba seda tema meie kuid selles pärast ära ainult poolt olema",
	"lv": "un ir ka no par ar uz kas ko bet to arī nav kā tas viņš lai pie bija vai šo gan tikai līdz pēc būs jau savu vēl kur tiek ja kuru tās viņa var",
	"lt": "ir kad yra į iš su tai kaip bet ne buvo jis apie po už nuo o taip dar gali būti jau savo tik prie ar jos pagal metų metais jų kuris kurie tačiau dėl bus per",
	"pl": "i w na z do że się jest nie o to za od po jak ale są przez dla przy czy tym oraz jego był było była który która które już tylko tak może ich więc bardzo można będzie także ze co ma jako roku",
	"cs": "a v na se je že s z do o to i pro ale za jako by po jsou jeho který která které nebo byl byla bylo už jen také není tak při podle může své ve však aby až k ze mezi roce další",
	"sk": "a v na sa je že s z do o to aj pre ale za ako by po sú jeho ktorý ktorá ktoré alebo bol bola bolo už len tiež nie tak pri podľa môže svoje vo však aby až k zo medzi roku ďalšie čo keď ktorí",
	"sl": "in v na je se da so za s z po ki pa ne tudi od bi do pri kot o iz je bil bila bilo ali ter še le kako ko tako lahko več njegov med če vse zaradi letu samo sta bodo ni",
	"hr": "i u na je se da su za od s što koji koja koje ne o kao iz po će do bi bio bila bilo ili te također samo kako već još sve prema zbog godine godina može ali nakon tijekom gdje tko nije uz dok",
	"sr": "i u na je se da su za od sa što koji koja koje ne o kao iz po će do bi bio bila bilo ili takođe samo kako već još sve prema zbog godine godina može ali nakon gde ko nije uz dok ovo и у на је се да су за од са што који која које не о као из по ће до би био била било или такође само како већ још све према због године може али након где ко није",
	"bs": "i u na je se da su za od sa što koji koja koje ne o kao iz po će do bi bio bila bilo ili također samo kako već još sve prema zbog godine godina može ali nakon gdje ko nije uz dok ovo",
	"sq": "dhe në të e i për me një që nuk është nga se si më ka u do janë ishte por ai kjo ky ajo edhe kanë ndaj pas prej duke sipas kur shumë çdo tij këtë deri mund vetëm",
	"hu": "a az és hogy nem is egy meg van volt de ez csak már azt el ha vagy mint még ki kell minden után szerint ezt lehet lesz úgy pedig sem között által amely nagyon mert akkor egyik",
	"tr": "ve bir bu da de için ile olarak çok daha ne kadar gibi olan en var sonra ancak o ise diye ya her ki değil mi göre olduğu tarafından oldu içinde ama kendi yeni dedi etti bunu iki",
	"az": "və bir bu da də üçün ilə olan kimi çox daha sonra ki o isə hər olub onun bütün var edib deyil belə etmək tərəfindən olaraq müəllif ölkə artıq yeni qədər görə",
	"uz": "va bu bir bilan uchun ham edi u da dan ning ga esa yoki lekin qilish haqida kerak boʻlgan bo'lgan bo'yicha mumkin deb emas kabi har ular o'z barcha",
	"vi": "và của là các có trong được cho với không một những này để đã khi người từ tại về đến năm theo như cũng ra vào thì trên nhiều đó sẽ phải hơn bị việc",
	"id": "yang dan di dengan untuk dari ini itu pada tidak dalam ke adalah akan oleh juga telah karena atau sebagai dapat mereka bisa kata ada lebih sudah kami saat tersebut kepada bahwa anak hanya secara namun orang sebuah para hingga serta",
	"ms": "yang dan di dengan untuk dari ini itu pada tidak dalam ke adalah akan oleh juga telah kerana atau sebagai boleh mereka kata ada lebih sudah kami ketika tersebut kepada bahawa hanya secara namun orang sebuah para hingga serta beliau iaitu ialah daripada",
	"tl": "ang ng sa na mga ay at para si hindi ni may ito kung niya pa din rin ko mo siya kanyang kay mula dahil lang ka isang natin aming nila pero nang upang kapag",
	"sw": "ya na wa kwa ni za katika la kuwa cha hii hiyo lakini pia kama huo hilo yake wake baada watu alisema nchi hayo hata sana au yao vya bila kutoka ambayo ambao mwaka",
	"so": "iyo in oo ka ku waa u ah ee la uu si ay soo ayaa kale lagu leh badan lahaa isku waxaa dalka sida wuxuu laga isaga kuwa marka",
	"ha": "da a na ya ta ba shi kuma wannan wani yana sun su don cewa amma ne ce daga wajen kamar cikin",
	"yo": "ti ni awọn ati si o fun ṣe naa wa lati pe kan bi ko jẹ wọn ninu yii",
	"cy": "y yr a i o yn ac ar mae ei eu wedi bod am gan fod hyn gyda oedd nid ond roedd hefyd sydd fel ni un",
	"ga": "an na a agus ar i go le ag is bhí sé leis seo do sin tá atá ach gur ní ó chun mar bhfuil nach féin",
	"mt": "li u ta il tal għal huwa ma fil minn kien dan din jew hija mhux biex ġew fuq dwar kull bħal iż",
	"eo": "la kaj de en al estas por kun ke ne li ĝi sur tiu kiu el oni ili estis pli sed ankaŭ pri kiel",

	"ru": "и в не на что с по как это он к но из у за то от о для его так же бы все была был было или они мы если при до год года том чтобы уже также после только их может более об во со который которые этом",
	"uk": "і в не на що з у та як це він до але за то від про для його так же б все була був було або вони ми якщо при року тому щоб вже також після тільки їх може більше який які цього є й із під час",
	"be": "і ў не на што з у та як гэта ён да але за ад пра для яго так усе была быў было або яны мы калі пры года таму каб ужо таксама пасля толькі іх можа больш які якія гэтага",
	"bg": "и в на не да се за от че по с е са при като той но си ще това до което който които или която беше бе във със след през само още има бъде както тази този може към година",
	"mk": "и во на не да се за од дека по со е се при како тој но ќе тоа до кое кој кои или која беше низ само уште има биде оваа овој може кон година што ги го",
	"kk": "және мен бұл да де бір үшін деп болып қазақстан ол осы бойынша туралы жылы бар еді деген керек өз емес кейін",
	"mn": "нь байна энэ нэг юм улсын болон тэр бол гэж монгол хийх болно байсан уу дээр гэсэн",

	"ar":  "في من على إلى أن التي الذي عن مع هذا هذه كان كما لا ما بين بعد قد لم أو كل ذلك و ثم حيث عند أي هو هي إن كانت خلال منذ وقد غير ان الى",
	"fa":  "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد می شده اند بود ها های کند اما باید دارد یا او ما شود هر دو پس",
	"ur":  "کے کی میں ہے اور کا سے کو نے کہ پر ہیں یہ اس ایک بھی تھا تو نہیں کر ہو گیا لیے کیا جو کرنے ان تھی ہوئے اپنے گے وہ",
	"ps":  "د په او چې له ته دا یو کې هم نه سره کړي دي ده شوي و وي پر لپاره څخه هغه خو يې کړ",
	"ckb": "لە و بە بۆ کە ئەم ئەو لەگەڵ بوو هەر یەک نییە دەکات کرد ئێمە سەر پێش دوای",

	"hi": "के में की है और का से को ने कि पर हैं यह इस एक भी था तो नहीं कर हो गया लिए किया जो करने उन थी हुए अपने वह या ही साथ थे रहे रहा",
	"ne": "को र मा छ भने पनि गर्ने लागि का यो भएको छन् गरेको हो गरी तथा एक अनुसार त्यो गर्न थियो तर यस भएका नै बाट लाई हुने जना वा नेपाल सहित",
	"mr": "आणि या आहे ते त्या हे की तर व होते मध्ये एक आहेत नाही म्हणून केली केले असे होता काही यांनी हा ही करण्यात त्यांच्या झाली असून",
	"sa": "च एव तु हि न इति अपि यथा तथा वा सः",
}

// wordTongues are the languages of functionWords, in alphabetical order; elsewhere
// a language is its place in this list.
var wordTongues = languagesOf(functionWords)

// wordLanguages tells for every function word the languages that have it.
var wordLanguages = indexWords()

func indexWords() map[string][]uint8 {
	if len(wordTongues) > maxTongues {
		panic("more languages of function words than maxTongues")
	}
	index := make(map[string][]uint8, 2500)
	for i, lang := range wordTongues {
		for w := range strings.FieldsSeq(functionWords[lang]) {
			langs := index[w]
			if len(langs) == 0 || langs[len(langs)-1] != uint8(i) {
				index[w] = append(langs, uint8(i))
			}
		}
	}
	return index
}

// longestFunctionWord is the length of the longest of them, in octets.
var longestFunctionWord = func() int {
	n := 0
	for w := range wordLanguages {
		n = max(n, len(w))
	}
	return n
}()
