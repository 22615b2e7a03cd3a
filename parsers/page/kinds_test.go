package page_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// Texts that stand below what a case is about: long enough to be an item's.
const (
	english = `<p>Inspectors found that wages had been withheld for eleven months in all three of the plants that they visited, and that passports were kept in the office of the agency.</p><p>The report asks buyers to pay back what recruitment cost, and the ministry to license agencies anew before the season begins.</p>`
	german  = `<p>In allen drei Werken, die von der Aufsicht besucht wurden, waren Löhne elf Monate lang einbehalten worden, und die Pässe lagen im Büro der Agentur.</p><p>Der Bericht verlangt von den Abnehmern, die Kosten der Anwerbung zu erstatten.</p>`
	french  = `<p>Dans les trois usines visitées, les salaires étaient retenus depuis onze mois et les passeports gardés dans le bureau de l'agence, constatent les inspecteurs.</p><p>Le rapport demande aux acheteurs de rembourser les frais de recrutement.</p>`
	spanish = `<p>En las tres plantas visitadas los salarios se retuvieron durante once meses y los pasaportes estaban en la oficina de la agencia, según los inspectores.</p><p>El informe pide a los compradores que devuelvan los gastos de contratación.</p>`
	brazil  = `<p>Nas três fábricas visitadas os salários foram retidos durante onze meses e os passaportes ficavam no escritório da agência, segundo os inspetores.</p><p>O relatório pede aos compradores que devolvam os custos de recrutamento.</p>`
	arabic  = `<p>حُجزت الأجور لأحد عشر شهرا في المصانع الثلاثة التي زارها المفتشون وكانت جوازات السفر محفوظة في مكتب وكالة التوظيف.</p><p>ويطلب التقرير من المشترين رد تكاليف التوظيف إلى العمال.</p>`
	nepali  = `<p>निरीक्षकहरूले भ्रमण गरेका तीनवटै कारखानामा एघार महिनासम्म ज्याला रोकिएको थियो र राहदानी एजेन्सीको कार्यालयमा राखिएको थियो।</p><p>प्रतिवेदनले खरिदकर्तालाई भर्ना खर्च फिर्ता गर्न भनेको छ।</p>`
)

// How bodies and magazines, ministries and repositories print who wrote an item
// and when, in their languages. No page is of a site; each is written for its
// kind.
func TestKindsOfBylines(t *testing.T) {
	for _, tt := range []struct{ name, lang, text, html, authors, date string }{
		{"name and role behind a bar", "en", english, `<p class="byline">Ann Roe | Senior Legal Adviser</p>`, "Ann Roe", ""},
		{"two lines of name and role", "en", english, `<div class="authors"><p>Ann Roe | Senior Legal Adviser</p><p>Jo Doe | Policy Officer</p></div>`, "Ann Roe; Jo Doe", ""},
		{"names and roles behind commas", "en", english, `<p>By Ann Roe, Programme Manager, and Jo Doe, Researcher</p>`, "Ann Roe; Jo Doe", ""},
		{"name, role and body", "en", english, `<p class="author">Ann Roe, Research Fellow, Centre for Migration Studies</p>`, "Ann Roe", ""},
		{"academic titles", "en", english, `<p>By Dr. Ann Roe and Prof. Jo Doe</p>`, "Dr. Ann Roe; Prof. Jo Doe", ""},
		{"degrees behind the name", "en", english, `<p class="byline">Ann Roe, PhD</p>`, "Ann Roe", ""},
		{"written by and photographs by", "en", english, `<p>Words by Ann Roe</p><p>Photographs by Jo Doe</p>`, "Ann Roe", ""},
		{"a body", "en", english, `<p class="author">Anti-Trafficking Working Group</p>`, "Anti-Trafficking Working Group", ""},
		{"a body and a person", "en", english, `<p>Author: Ann Roe, Institute for Labour Rights</p>`, "Ann Roe", ""},
		{"bodies with and in their names", "en", english, `<p class="author">Ministry of Labour and Social Affairs</p>`, "Ministry of Labour and Social Affairs", ""},
		{"authors in a list of facts", "en", english, `<dl><dt>Authors</dt><dd>Roe, Ann; Doe, Jo</dd><dt>Published</dt><dd>4 March 2021</dd></dl>`, "Ann Roe; Jo Doe", "2021-03-04"},
		{"authors in a table of facts", "en", english, `<table><tr><th>Author(s)</th><td>Ann Roe<br>Jo Doe</td></tr><tr><th>Publication date</th><td>March 2021</td></tr></table>`, "Ann Roe; Jo Doe", "2021-03"},
		{"an e-mail address", "en", english, `<p class="author">ann.roe@example.org</p>`, "", ""},
		{"a handle", "en", english, `<p class="author">@annroe</p>`, "", ""},
		{"webmaster", "en", english, `<p class="author">webmaster</p>`, "", ""},
		{"staff", "en", english, `<p class="byline">By Staff Writer</p>`, "Staff Writer", ""},
		{"posted by with date", "en", english, `<p>Posted by Ann Roe on March 4, 2021 in News</p>`, "Ann Roe", "2021-03-04"},
		{"date, bar, name", "en", english, `<p>4 March 2021 | Ann Roe</p>`, "Ann Roe", "2021-03-04"},
		{"reading time", "en", english, `<p>By Ann Roe · 4 March 2021 · 6 min read</p>`, "Ann Roe", "2021-03-04"},
		{"capitals", "en", english, `<p>BY ANN ROE</p>`, "Ann Roe", ""},
		{"von", "de", german, `<p>Von Änne Röhl und Jörg Dörr</p><p>Stand: 4. März 2021</p>`, "Änne Röhl; Jörg Dörr", ""},
		{"German date", "de", german, `<p class="author">Autorin: Änne Röhl</p><p>Veröffentlicht am 4. März 2021</p>`, "Änne Röhl", "2021-03-04"},
		{"day and month in numbers", "de", german, `<p>04.03.2021 – Änne Röhl</p>`, "Änne Röhl", "2021-03-04"},
		{"par", "fr", french, `<p>Par Hélène Roy et Jean-Luc Dô</p><p>Publié le 1er mars 2021 à 10h30, mis à jour le 5 mai 2021</p>`, "Hélène Roy; Jean-Luc Dô", "2021-03-01"},
		{"propos recueillis", "fr", french, `<p>Propos recueillis par Hélène Roy</p>`, "Hélène Roy", ""},
		{"por", "es", spanish, `<p>Por: María de la Luz Roa</p><p>4 de marzo de 2021</p>`, "María de la Luz Roa", "2021-03-04"},
		{"Spanish weekday", "es", spanish, `<p>jueves, 4 de marzo del 2021</p>`, "", "2021-03-04"},
		{"Portuguese", "pt", brazil, `<p>Por João da Silva e Ana Souza — São Paulo</p><p>04/03/2021 às 10h30</p>`, "João da Silva; Ana Souza", "2021-03-04"},
		{"published in Portuguese", "pt", brazil, `<p>Publicado em 4 de março de 2021 | Atualizado em 5 de maio de 2021</p>`, "", "2021-03-04"},
		{"Arabic byline", "ar", arabic, `<p>بقلم: ليلى حداد</p><p>نشر في: 4 آذار 2021</p>`, "ليلى حداد", "2021-03-04"},
		{"Arabic numbers of day and month", "ar", arabic, `<p>تاريخ النشر: ٠٤/٠٣/٢٠٢١</p>`, "", "2021-03-04"},
		{"Maghrebi month", "ar", arabic, `<p>4 جويلية 2021</p>`, "", "2021-07-04"},
		{"Nepali date", "ne", nepali, `<p>२० फागुन २०७७, बिहीबार</p>`, "", "2021-03-04"},
		{"Nepali with Gregorian month", "ne", nepali, `<p>प्रकाशित मिति: ४ मार्च २०२१</p>`, "", "2021-03-04"},
		{"Russian", "ru", `<p>На всех трёх заводах, которые посетили инспекторы, заработная плата удерживалась одиннадцать месяцев, а паспорта хранились в офисе агентства.</p>`, `<p>Автор: Анна Рощина</p><p>4 марта 2021 года</p>`, "Анна Рощина", "2021-03-04"},
		{"Turkish", "tr", `<p>Müfettişlerin ziyaret ettiği üç fabrikada ücretler on bir ay boyunca ödenmemiş, pasaportlar ise ajansın ofisinde tutulmuştu.</p>`, `<p>Yazan: Ayşe Öz</p><p>4 Mart 2021 Perşembe</p>`, "Ayşe Öz", "2021-03-04"},
		{"Indonesian", "id", `<p>Di ketiga pabrik yang dikunjungi pengawas, upah ditahan selama sebelas bulan dan paspor disimpan di kantor agen perekrutan.</p>`, `<p>Oleh: Sri Wahyuni</p><p>Kamis, 4 Maret 2021</p>`, "Sri Wahyuni", "2021-03-04"},
		{"Thai, Buddhist year", "th", `<p>ผู้ตรวจสอบพบว่าค่าจ้างถูกยึดไว้เป็นเวลาสิบเอ็ดเดือนในโรงงานทั้งสามแห่งที่ไปเยี่ยมชม และหนังสือเดินทางถูกเก็บไว้ในสำนักงานของนายหน้า</p>`, `<p>4 มีนาคม 2564</p>`, "", "2021-03-04"},
		{"Vietnamese", "vi", `<p>Các thanh tra viên phát hiện tiền lương bị giữ lại trong mười một tháng tại cả ba nhà máy mà họ đến thăm, và hộ chiếu bị giữ tại văn phòng.</p>`, `<p>Thứ Năm, ngày 4 tháng 3 năm 2021</p>`, "", "2021-03-04"},
		{"Japanese", "ja", `<p>監督官が訪れた三つの工場すべてで、賃金は十一か月にわたって支払われず、旅券は仲介業者の事務所に保管されていた。報告書は買い手に費用の返還を求めている。</p>`, `<p>2021年3月4日（木）</p>`, "", "2021-03-04"},
		{"Japanese era", "ja", `<p>監督官が訪れた三つの工場すべてで、賃金は十一か月にわたって支払われず、旅券は仲介業者の事務所に保管されていた。報告書は買い手に費用の返還を求めている。</p>`, `<p>令和3年3月4日</p>`, "", "2021-03-04"},
		{"Korean", "ko", `<p>감독관이 방문한 세 공장 모두에서 임금이 열한 달 동안 체불되었고 여권은 중개업체 사무실에 보관되어 있었다. 보고서는 구매자에게 비용 반환을 요구한다.</p>`, `<p>2021년 3월 4일</p>`, "", "2021-03-04"},
		{"Persian year", "fa", `<p>بازرسان دریافتند که دستمزدها در هر سه کارخانه که بازدید کردند یازده ماه پرداخت نشده و گذرنامه` + "\u200c" + `ها در دفتر شرکت نگهداری شد.</p>`, `<p>۱۴ اسفند ۱۳۹۹</p>`, "", "2021-03-04"},
		{"Dutch", "nl", `<p>In alle drie de fabrieken die de inspecteurs bezochten werden lonen elf maanden lang ingehouden en lagen de paspoorten op het kantoor van het bureau.</p>`, `<p>Door Anneke Roos</p><p>donderdag 4 maart 2021</p>`, "Anneke Roos", "2021-03-04"},
		{"Italian", "it", `<p>In tutti e tre gli stabilimenti visitati dagli ispettori i salari erano stati trattenuti per undici mesi e i passaporti erano custoditi nell'ufficio dell'agenzia.</p>`, `<p>di Anna Rossi</p><p>Giovedì 4 marzo 2021</p>`, "Anna Rossi", "2021-03-04"},
		{"Polish", "pl", `<p>We wszystkich trzech zakładach odwiedzonych przez inspektorów wypłaty wstrzymywano przez jedenaście miesięcy, a paszporty leżały w biurze agencji.</p>`, `<p>Autor: Anna Różycka</p><p>4 marca 2021 r.</p>`, "Anna Różycka", "2021-03-04"},
		{"a deadline below", "en", english, `<p>Closing date: 4 March 2021</p>`, "", ""},
		{"a conference ahead", "en", english, `<p>The conference takes place in Geneva on 4 March 2021.</p>`, "", ""},
		{"adopted and published", "en", english, `<p>Adopted: 5 May 2020</p><p>Published: 4 March 2021</p>`, "", "2021-03-04"},
		{"issued", "en", english, `<p>Date of issue: 04-Mar-2021</p>`, "", "2021-03-04"},
		{"a season is no day", "en", english, `<p class="date">Spring 2021</p>`, "", "2021"},
		{"a quarter is no day", "en", english, `<p class="date">Q1 2021</p>`, "", "2021"},
		{"Month and year", "en", english, `<p class="date">March 2021</p>`, "", "2021-03"},
		{"ordinal", "en", english, `<p>Thursday 4th March, 2021</p>`, "", "2021-03-04"},
		{"a range of days is when something takes place", "en", english, `<p class="date">4–6 March 2021</p>`, "", "2021"},
		{"last reviewed only", "en", english, `<p>Last reviewed: 4 March 2021</p>`, "", ""},
		{"retrieved", "en", english, `<p>Retrieved 4 March 2021 from the archive.</p>`, "", ""},
		{"born", "en", english, `<p>Ann Roe, born 4 March 1971, was held for eleven years.</p>`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			html := `<html lang="` + tt.lang + `"><title>Wages withheld</title><body><nav><a href="/">Home</a> <a href="/about">About</a></nav><main><h1>Wages withheld</h1>` + tt.html + tt.text + `</main></body></html>`
			p := &harvest.Page{URL: "https://example.org/wages", Body: []byte(html), FetchedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			r := page.Extract(p, config.PageRules{})
			if got := strings.Join(r.Record.Authors, "; "); !strings.EqualFold(got, tt.authors) {
				t.Errorf("authors %q, want %q; candidates %+v", got, tt.authors, r.Candidates["authors"])
			}
			if got := r.Record.Published.Value; got != tt.date {
				t.Errorf("date %q, want %q; candidates %+v", got, tt.date, r.Candidates["published"])
			}
		})
	}
}
