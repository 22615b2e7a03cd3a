package survey_test

import "fmt"

// unseenTongues imitate platforms in languages other than English.
func unseenTongues() []unseen {
	return []unseen{
		{
			name: "spip, french", lang: "fr", list: "/spip.php?rubrique3", at: func(w work) string { return fmt.Sprintf("/spip.php?article%d", w.n) }, size: 10, more: numbered("/spip.php?rubrique3", "debut_articles", 0, 10), shown: "date author",
			menu: `<div class="header"><strong class="spip_logo_site"><a rel="start home" href="/">Bibliothèque du travail</a></strong><div class="nav" id="nav"><ul class="menu-liste"><li class="menu-entree"><a href="/spip.php?rubrique1">Qui sommes-nous</a></li><li class="menu-entree on"><a href="/spip.php?rubrique3">Publications</a></li><li class="menu-entree"><a href="/spip.php?rubrique5">Nous contacter</a></li></ul></div></div>`,
			foot: `<div class="footer"><p>2010-2024 © Bibliothèque du travail - Tous droits réservés <a rel="contents" href="/spip.php?page=plan">Plan du site</a></p></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="item hentry"><article class="entry"><strong class="h3-like entry-title"><a href="/spip.php?article%d" rel="bookmark">%s</a></strong><p class="publication"><time pubdate="pubdate" datetime="%s"><i class="icon-calendar"></i> %s</time><span class="authors"><span class="sep">, </span><i class="icon-user"></i> par <span class="vcard author"><a class="url fn spip_in" href="/spip.php?auteur1">%s</a></span></span></p><div class="introduction entry-content"><p>%s</p></div></article></li>`, w.n, w.title, w.day.Format("2006-01-02T15:04:05Z"), w.on("2 January 2006"), w.by, w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="pagination"><ul class="pagination-items pagination_page"><li class="pagination-item on active"><span class="pagination-item-label on" title="page 1 (active)">1</span></li><li class="pagination-item"><a href="/spip.php?rubrique3&amp;debut_articles=10#pagination_articles" class="pagination-item-label lien_pagination" rel="nofollow" title="page 2">2</a></li><li class="pagination-item next"><a href="` + next + `" class="pagination-item-label lien_pagination" title="page suivante" rel="next nofollow"><span class="pagination-item-label">&gt;</span></a></li></ul></nav>`
				}
				return `<div class="main" id="main"><div class="wrapper"><div class="content" id="content"><h1>Publications</h1><div class="liste articles"><h2>Articles</h2><ul class="liste-items">` + cards + `</ul>` + next + `</div></div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div class="main"><article><h1 class="surlignable">%s</h1><p class="publication"><time pubdate="pubdate" datetime="%s">%s</time>, par <span class="vcard author"><a class="url fn" href="/spip.php?auteur1">%s</a></span></p><div class="chapo surlignable"><p>%s</p></div><div class="texte surlignable"><p>%s</p></div></article></div>`, w.title, w.day.Format("2006-01-02T15:04:05Z"), w.on("2 January 2006"), w.by, w.text, w.more)
			},
		},
		{
			name: "french ministry", lang: "fr", list: "/actualites-et-publications", at: folder("/", ""), size: 10, more: numbered("/actualites-et-publications", "page", 0, 1), shown: "date kind",
			menu: `<header role="banner" class="fr-header"><div class="fr-header__brand"><a href="/" title="Accueil"><p class="fr-header__service-title">Bibliothèque du travail</p></a></div><nav class="fr-nav"><ul class="fr-nav__list"><li class="fr-nav__item"><a class="fr-nav__link" href="/missions">Nos missions</a></li><li class="fr-nav__item"><a class="fr-nav__link" href="/actualites-et-publications">Publications</a></li></ul></nav></header>`,
			foot: `<footer class="fr-footer"><ul class="fr-footer__content-list"><li><a class="fr-footer__content-link" href="/mentions">Mentions légales</a></li></ul></footer>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="fr-col-12 fr-col-md-4"><div class="fr-card fr-enlarge-link"><div class="fr-card__body"><div class="fr-card__content"><h3 class="fr-card__title"><a href="/%s">%s</a></h3><p class="fr-card__desc">%s</p><div class="fr-card__start"><ul class="fr-tags-group"><li><p class="fr-tag">%s</p></li></ul><p class="fr-card__detail fr-icon-calendar-line">Publié le %s</p></div></div></div></div></div>`, w.slug, w.title, w.text, w.kind, w.on("2 January 2006"))
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav role="navigation" class="fr-pagination" aria-label="Pagination"><ul class="fr-pagination__list"><li><a class="fr-pagination__link" aria-current="page" title="Page 1">1</a></li><li><a class="fr-pagination__link" href="/actualites-et-publications?page=1" title="Page 2">2</a></li><li><a class="fr-pagination__link fr-pagination__link--next fr-pagination__link--lg-label" href="` + next + `">Page suivante</a></li><li><a class="fr-pagination__link fr-pagination__link--last" href="/actualites-et-publications?page=2">Dernière page</a></li></ul></nav>`
				}
				return `<main role="main"><div class="fr-container"><h1>Publications</h1><div class="fr-grid-row fr-grid-row--gutters">` + cards + `</div>` + next + `</div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main role="main"><div class="fr-container"><nav class="fr-breadcrumb"><ol><li><a class="fr-breadcrumb__link" href="/">Accueil</a></li></ol></nav><p class="fr-tag">%s</p><h1>%s</h1><p class="fr-text--xs">Publié le %s</p><p class="fr-text--lead">%s</p><div><p>%s</p></div></div></main>`, w.kind, w.title, w.on("2 January 2006"), w.text, w.more)
			},
		},
		{
			name: "liferay, spanish", lang: "es", list: "/web/guest/publicaciones", at: folder("/web/guest/-/", ""), size: 10, more: numbered("/web/guest/publicaciones", "cur", 1, 1), shown: "date",
			menu: `<header id="banner"><nav id="navigation"><ul class="navbar-blank"><li class="lfr-nav-item"><a href="/web/guest/inicio"><span>Inicio</span></a></li><li class="lfr-nav-item selected"><a href="/web/guest/publicaciones"><span>Publicaciones</span></a></li><li class="lfr-nav-item"><a href="/web/guest/contacto"><span>Contacto y horarios</span></a></li></ul></nav></header>`,
			foot: `<footer id="footer"><p>Ministerio de Trabajo</p></footer>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="asset-abstract default-asset-publisher"><div class="pull-right"></div><h4 class="asset-title"><a href="/web/guest/-/%s"><span class="asset-anchor lfr-asset-anchor" id="asset-%d"></span>%s</a></h4><div class="asset-content"><div class="asset-summary">%s <a href="/web/guest/-/%s">Leer más <span class="hide-accessible">sobre %s</span> »</a></div><div class="asset-metadata"><span class="metadata-entry metadata-publish-date">%s</span></div></div></div>`, w.slug, w.n, w.title, w.text, w.slug, w.title, w.on("2 de January de 2006"))
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="taglib-page-iterator"><div class="clearfix lfr-pagination"><small class="search-results">Mostrando el intervalo 1 - 10 de 24 resultados.</small><ul class="pager lfr-pagination-buttons"><li class="disabled first"><a>← Primero</a></li><li class="disabled"><a>Anterior</a></li><li><a href="` + next + `">Siguiente</a></li><li class="last"><a href="/web/guest/publicaciones?cur=3">Último →</a></li></ul></div></div>`
				}
				return `<section id="content"><div class="columns-1" id="main-content" role="main"><div class="portlet-layout"><section class="portlet" id="portlet_101"><header class="portlet-topper"><h1 class="portlet-title"><span>Publicaciones</span></h1></header><div class="portlet-content"><div class="subscribe-action"></div>` + cards + next + `</div></section></div></div></section>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<section id="content"><div class="asset-full-content default-asset-publisher"><h3 class="header-title"><span>%s</span></h3><div class="asset-content"><div class="journal-content-article"><p>%s</p><p>%s</p></div></div><div class="asset-metadata"><span class="metadata-entry metadata-publish-date">%s</span></div></div></section>`, w.title, w.text, w.more, w.on("2 de January de 2006"))
			},
		},
		{
			name: "spanish observatory", lang: "es", list: "/documentos/", at: folder("/documentos/", "/"), size: 10, more: func(n int) string {
				if n == 0 {
					return "/documentos/"
				}
				return fmt.Sprintf("/documentos/pagina/%d/", n+1)
			}, shown: "date kind file",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="documento"><div class="documento-fecha">%s</div><div class="documento-tipo">%s</div><h2><a href="/documentos/%s/">%s</a></h2><div class="documento-resumen"><p>%s</p></div><a class="descargar" href="%s"><i class="fa fa-download"></i> Descargar</a></div>`, w.on("02/01/2006"), w.kind, w.slug, w.title, w.text, w.file())
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="paginador"><span class="actual">1</span><a href="/documentos/pagina/2/">2</a><a class="sig" href="` + next + `">Siguiente »</a></div>`
				}
				return `<div id="contenido"><h1>Documentos</h1><div class="listado">` + cards + `</div>` + next + `</div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="contenido"><h1>%s</h1><div class="ficha"><p><strong>Fecha:</strong> %s</p><p><strong>Tipo:</strong> %s</p></div><div class="texto"><p>%s</p><p>%s</p></div><p><a href="%s">Descargar el documento (PDF)</a></p></div>`, w.title, w.on("02/01/2006"), w.kind, w.text, w.more, w.file())
			},
		},
		{
			name: "plone, portuguese", lang: "pt", list: "/pt-br/assuntos/noticias", at: folder("/pt-br/assuntos/noticias/", ""), size: 10, more: numbered("/pt-br/assuntos/noticias", "b_start:int", 0, 10), shown: "date kind",
			menu: `<div id="portal-header"><ul id="portal-menu"><li><a href="/pt-br">Página inicial</a></li><li><a href="/pt-br/assuntos/noticias">Notícias</a></li><li><a href="/pt-br/acesso">Acesso à informação</a></li></ul></div>`,
			foot: `<div id="portal-footer"><p>Todo o conteúdo deste site está publicado sob a licença Creative Commons.</p></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<article class="tileItem visualIEFloatFix tile-collective-nitf-content"><div class="tileContent"><span class="subtitle">%s</span><h2 class="tileHeadline"><a href="/pt-br/assuntos/noticias/%s" class="summary url">%s</a></h2><span class="tileBody"><span class="description">%s</span></span></div><div class="tileInfo"><ul><li class="hide"><i class="icon-fa-user"></i> por <a href="/author/x">equipe</a></li><li><i class="icon-day"></i> <span class="summary-view-icon">%s</span></li><li><i class="icon-hour"></i> <span class="summary-view-icon">%s</span></li></ul></div></article>`, w.kind, w.slug, w.title, w.text, w.on("02/01/2006"), w.day.Format("15h04"))
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="listingBar"><ul class="paginacao listingBar"><li><span>1</span></li><li><a href="` + next + `">2</a></li><li><a class="proximo" href="` + next + `">Próximo »</a></li></ul></div>`
				}
				return `<div id="main" role="main"><div id="content"><h1 class="documentFirstHeading">Notícias</h1><div id="content-core"><div class="tile-list">` + cards + `</div>` + next + `</div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="main" role="main"><div id="content"><p class="section">%s</p><h1 class="documentFirstHeading">%s</h1><div class="documentDescription">%s</div><div class="documentByLine"><span class="documentPublished"><span>publicado</span>: <span class="value">%s 09h30</span></span>, <span class="documentModified"><span>última modificação</span>: <span class="value">27/11/2024 10h00</span></span></div><div id="parent-fieldname-text"><p>%s</p></div></div></div>`, w.kind, w.title, w.text, w.on("02/01/2006"), w.more)
			},
		},
		{
			name: "arabic commission", lang: "ar", list: "/ar/publications", at: folder("/ar/publications/", ""), size: 10, more: numbered("/ar/publications", "page", 1, 1), shown: "date kind",
			menu: `<header><nav><ul><li><a href="/ar">الصفحة الرئيسية</a></li><li><a href="/ar/publications">المنشورات</a></li><li><a href="/ar/contact">اتصل بنا</a></li></ul></nav></header>`, foot: `<footer><p>جميع الحقوق محفوظة</p></footer>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="pub-item"><span class="pub-type">%s</span><h3 class="pub-title"><a href="/ar/publications/%s">%s</a></h3><div class="pub-date">%s</div><p class="pub-desc">%s</p><a class="more" href="/ar/publications/%s">اقرأ المزيد</a></div>`, w.kind, w.slug, w.title, w.on("2 January 2006"), w.text, w.slug)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<ul class="pagination"><li class="active"><span>1</span></li><li><a href="/ar/publications?page=2">2</a></li><li><a href="` + next + `">التالي</a></li></ul>`
				}
				return `<main><h1>المنشورات</h1><div class="pub-list">` + cards + `</div>` + next + `</main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><h1>%s</h1><div class="meta"><span class="pub-type">%s</span> <span class="pub-date">%s</span></div><div class="body"><p>%s</p><p>%s</p></div></main>`, w.title, w.kind, w.on("2 January 2006"), w.text, w.more)
			},
		},
		{
			name: "typo3, german", lang: "de", list: "/publikationen", at: folder("/publikationen/", ""), size: 10, more: numbered("/publikationen", "seite", 1, 1), shown: "date kind file",
			menu: `<header class="page-header"><nav class="main-nav"><ul><li><a href="/ueber-uns">Über uns</a></li><li class="active"><a href="/publikationen">Publikationen</a></li><li><a href="/kontakt">Kontakt und Anfahrt</a></li></ul></nav></header>`,
			foot: `<footer><ul><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul></footer>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="publication-list__item"><div class="publication-list__meta"><span class="publication-list__date">%s</span><span class="publication-list__type">%s</span></div><h3 class="publication-list__title"><a href="/publikationen/%s">%s</a></h3><p class="publication-list__teaser">%s</p><a class="link link--internal" href="/publikationen/%s">Weiterlesen</a><a class="link link--download" href="%s">Herunterladen (PDF, 1,2 MB)</a></div>`, w.on("2. January 2006"), w.kind, w.slug, w.title, w.text, w.slug, w.file())
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="pagination" aria-label="Seitennavigation"><ol><li><strong>1</strong></li><li><a href="/publikationen?seite=2">2</a></li><li><a href="` + next + `" title="Nächste Seite">weiter</a></li></ol></nav>`
				}
				return `<main><h1>Publikationen</h1><div class="publication-list">` + cards + `</div>` + next + `</main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><article><header><p class="meta"><time>%s</time> · <span class="type">%s</span></p><h1>%s</h1></header><p class="lead">%s</p><p>%s</p><p><a class="link link--download" href="%s">Herunterladen (PDF, 1,2 MB)</a></p></article></main>`, w.on("2. January 2006"), w.kind, w.title, w.text, w.more, w.file())
			},
		},
	}
}
