package normalize_test

import (
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

func TestLanguage(t *testing.T) {
	tests := []struct{ want, text string }{
		{"en", "Forced labour is found in the supply chains of many goods that we buy, and workers have no way to leave."},
		{"fr", "Le travail forcé se trouve dans les chaînes d'approvisionnement de nombreux biens que nous achetons."},
		{"es", "El trabajo forzoso se encuentra en las cadenas de suministro de muchos bienes que compramos."},
		{"pt", "O trabalho forçado encontra-se nas cadeias de fornecimento de muitos bens que compramos, e não só."},
		{"ca", "El treball forçós es troba a les cadenes de subministrament de molts béns que comprem, i també aquí."},
		{"gl", "O traballo forzado atópase nas cadeas de subministración de moitos bens que mercamos, e tamén nas máis."},
		{"it", "Il lavoro forzato si trova nelle catene di fornitura di molti beni che compriamo, anche della nostra città."},
		{"ro", "Munca forțată se găsește în lanțurile de aprovizionare ale multor bunuri pe care le cumpărăm."},
		{"de", "Zwangsarbeit steckt in den Lieferketten vieler Waren, die wir kaufen, und die Menschen können nicht gehen."},
		{"nl", "Dwangarbeid zit in de toeleveringsketens van veel goederen die wij kopen, en de mensen kunnen niet weg."},
		{"af", "Dwangarbeid is in die voorsieningskettings van baie goedere wat ons koop, en hulle kan nie weggaan nie."},
		{"da", "Tvangsarbejde findes i forsyningskæderne for mange varer, som vi køber, og arbejderne kan ikke gå, når de vil."},
		{"no", "Tvangsarbeid finnes i forsyningskjedene til mange varer som vi kjøper, og arbeiderne kan ikke gå når de vil."},
		{"sv", "Tvångsarbete finns i leveranskedjorna för många varor som vi köper, och arbetarna kan inte gå när de vill."},
		{"is", "Nauðungarvinna er í aðfangakeðjum margra vara sem við kaupum og það er ekki auðvelt að sjá hana."},
		{"fi", "Pakkotyötä on monien ostamiemme tavaroiden toimitusketjuissa, ja se on vaikea nähdä, mutta ei mahdoton."},
		{"et", "Sunnitööd on paljude kaupade tarneahelates, mida me ostame, ja see ei ole kerge, kui seda otsida."},
		{"lv", "Piespiedu darbs ir daudzu preču piegādes ķēdēs, ko mēs pērkam, un tas nav viegli redzams."},
		{"lt", "Priverstinis darbas yra daugelio prekių, kurias perkame, tiekimo grandinėse, ir tai nėra lengva pamatyti."},
		{"pl", "Praca przymusowa jest obecna w łańcuchach dostaw wielu towarów, które kupujemy, i nie jest to łatwe."},
		{"cs", "Nucená práce je v dodavatelských řetězcích mnoha výrobků, které kupujeme, a není snadné ji najít, protože se skrývá."},
		{"sk", "Nútená práca je v dodávateľských reťazcoch mnohých tovarov, ktoré kupujeme, a nie je ľahké ju nájsť, pretože sa skrýva."},
		{"sl", "Prisilno delo je v dobavnih verigah številnih izdelkov, ki jih kupujemo, in ga ni lahko najti, ker se skriva."},
		{"hu", "A kényszermunka sok olyan áru ellátási láncában van jelen, amelyet megveszünk, és nem könnyű észrevenni."},
		{"sq", "Puna e detyruar gjendet në zinxhirët e furnizimit të shumë mallrave që blejmë, dhe nuk është e lehtë."},
		{"tr", "Zorla çalıştırma, satın aldığımız birçok malın tedarik zincirinde bulunuyor ve bunu görmek çok kolay değil."},
		{"vi", "Lao động cưỡng bức có trong chuỗi cung ứng của nhiều hàng hóa mà chúng ta mua, và không dễ nhận ra."},
		{"id", "Kerja paksa ada dalam rantai pasok banyak barang yang kita beli, dan hal itu tidak mudah untuk dilihat karena tersembunyi."},
		{"tl", "Ang sapilitang paggawa ay nasa mga kadena ng suplay ng maraming produkto na binibili natin, at hindi ito madaling makita."},
		{"sw", "Kazi ya kulazimishwa iko katika minyororo ya ugavi ya bidhaa nyingi ambazo tunanunua, na si rahisi kuiona."},
		{"ru", "Принудительный труд есть в цепочках поставок многих товаров, которые мы покупаем, и это не так легко увидеть."},
		{"uk", "Примусова праця є в ланцюгах постачання багатьох товарів, які ми купуємо, і це не так легко побачити."},
		{"bg", "Принудителният труд е във веригите за доставки на много стоки, които купуваме, и не е лесно да се види."},
		{"ar", "يوجد العمل القسري في سلاسل توريد كثير من السلع التي نشتريها، وليس من السهل أن نراه في كل مكان."},
		{"fa", "کار اجباری در زنجیره تأمین بسیاری از کالاهایی که می\u200cخریم وجود دارد و دیدن آن آسان نیست."},
		{"ur", "جبری مشقت بہت سی اشیاء کی سپلائی چین میں موجود ہے جو ہم خریدتے ہیں اور اسے دیکھنا آسان نہیں ہے۔"},
		{"he", "עבודת כפייה קיימת בשרשראות האספקה של מוצרים רבים שאנחנו קונים."},
		{"hi", "जबरन श्रम उन बहुत सी वस्तुओं की आपूर्ति श्रृंखला में है जिन्हें हम खरीदते हैं और इसे देखना आसान नहीं है।"},
		{"ne", "हामीले किन्ने धेरै वस्तुको आपूर्ति शृंखलामा जबर्जस्ती श्रम छ र यो देख्न सजिलो छैन भने पनि गर्ने काम भएको छ।"},
		{"mr", "आपण विकत घेत असलेल्या अनेक वस्तूंच्या पुरवठा साखळीत सक्तीचे श्रम आहेत आणि ते पाहणे सोपे नाही."},
		{"bn", "আমরা যে পণ্য কিনি তার সরবরাহ শৃঙ্খলে জোরপূর্বক শ্রম রয়েছে।"},
		{"th", "แรงงานบังคับอยู่ในห่วงโซ่อุปทานของสินค้าที่เราซื้อ"},
		{"zh", "我们购买的许多商品的供应链中存在强迫劳动。"},
		{"ja", "私たちが買う多くの商品のサプライチェーンには強制労働があります。"},
		{"ko", "우리가 사는 많은 상품의 공급망에 강제 노동이 있다."},
		{"el", "Η καταναγκαστική εργασία υπάρχει στις αλυσίδες εφοδιασμού πολλών αγαθών που αγοράζουμε."},
		{"am", "የግዳጅ ሥራ በምንገዛቸው ብዙ ዕቃዎች የአቅርቦት ሰንሰለት ውስጥ አለ።"},
	}
	for _, tt := range tests {
		if got := normalize.Language(tt.text, ""); got.Value != tt.want {
			t.Errorf("Language(%q) = %q, want %q", tt.text, got.Value, tt.want)
		}
		// A wrong declaration does not talk a plain text over.
		if got := normalize.Language(tt.text, "en-US"); got.Value != tt.want || got.Declared != "en-US" {
			t.Errorf("declared en-US: Language(%q) = %+v, want %q", tt.text, got, tt.want)
		}
	}
}

func TestLanguageOfShortText(t *testing.T) {
	tests := []struct {
		text, declared string
		want           harvest.Language
	}{
		{"2021", "", harvest.Language{}},
		{"", "fr", harvest.Language{Declared: "fr"}},
		{"Delta 8.7", "fr_CA", harvest.Language{Value: "fr", Declared: "fr-CA"}},
		{"Delta 8.7", "", harvest.Language{}},
		{"नेपाल", "ne", harvest.Language{Value: "ne", Declared: "ne"}},
		{"العمل القسري", "", harvest.Language{}},
		{"العمل القسري", "ar-SA", harvest.Language{Value: "ar", Declared: "ar-SA"}},
		{"العمل القسري", "en", harvest.Language{Declared: "en"}}, // not in this script
		{"强迫劳动", "", harvest.Language{Value: "zh"}},
		{"Title", "x-default", harvest.Language{}},
		{"Title", "nonsense!", harvest.Language{}},
	}
	for _, tt := range tests {
		if got := normalize.Language(tt.text, tt.declared); got != tt.want {
			t.Errorf("Language(%q, %q) = %+v, want %+v", tt.text, tt.declared, got, tt.want)
		}
	}
}

func TestTag(t *testing.T) {
	for in, want := range map[string]string{"en_us": "en-US", "EN": "en", "pt-br": "pt-BR", "zh-hans-cn": "zh-Hans-CN", "und": "", "x-default": "", "en, fr": "en", "english": "", "": "", "iw": "iw"} {
		if got := normalize.Tag(in); got != want && !(in == "iw" && got == "he") {
			t.Errorf("Tag(%q) = %q, want %q", in, got, want)
		}
	}
}
