package sitetest

import (
	"net/http"
	"strings"
)

// Wall is a page that stands before a site, or one that only looks so.
type Wall struct {
	Name   string
	Status int
	Header []string // name and value in turn
	HTML   string
}

// Handler shows the wall.
func (w Wall) Handler() http.Handler {
	return With(Answer(w.Status, "text/html; charset=utf-8", w.HTML), w.Header...)
}

// Challenges are pages by which services tell people from programs, in the
// forms that these services use, written for this package.
var Challenges = []Wall{
	{"Cloudflare, 403 with its header", 403, []string{"Server", "cloudflare", "Cf-Mitigated", "challenge"}, cloudflare},
	{"Cloudflare, 503 without its header", 503, []string{"Server", "cloudflare"}, cloudflare},
	{"Cloudflare with status 200", 200, nil, cloudflare},
	{"Imperva with status 200", 200, nil, `<html style="height:100%"><head><meta name="robots" content="noindex,nofollow">
<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e"></script></head><body style="margin:0">
<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=1">Request unsuccessful. Incapsula incident ID: 891000-12345</iframe></body></html>`},
	{"Sucuri with status 200", 200, nil, `<html><title>You are being redirected...</title><noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript>
<script>var s={},u,c,U,r,i;S='ab';eval(String.fromCharCode(1)); sucuri_cloudproxy_js='';</script></html>`},
	{"AWS WAF with status 202", 202, []string{"X-Amzn-Waf-Action", "challenge"}, `<!DOCTYPE html><html lang="en"><head><title></title>
<script>window.awsWafCookieDomainList = []; window.gokuProps = {"key":"a"};</script></head><body><div id="challenge-container"></div></body></html>`},
	{"AWS WAF without its header", 200, nil, `<!DOCTYPE html><html><head><title>Human Verification</title>
<script>window.awsWafCookieDomainList = [];</script></head><body><div id="captcha-container"></div></body></html>`},
	{"Akamai block", 403, []string{"Server", "AkamaiGHost"}, `<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>
You don't have permission to access "http&#58;&#47;&#47;site&#46;example&#47;" on this server.<P>Reference&#32;&#35;18&#46;1<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net</BODY></HTML>`},
	{"Akamai challenge with status 200", 200, nil, `<!DOCTYPE html><html><head><title></title><meta http-equiv="refresh" content="5; URL='/?bm-verify=AAQ'">
</head><body><noscript>Please enable JavaScript</noscript><script>triggerInterstitialChallenge()</script></body></html>`},
	{"DataDome", 403, []string{"X-Datadome", "protected"}, `<html lang="en"><head><title>site.example</title></head><body><p id="cmsg">Please enable JS and disable any ad blocker</p>
<script>var dd={'rt':'c','cid':'AHr','host':'geo.captcha-delivery.com'}</script><script src="https://ct.captcha-delivery.com/c.js"></script></body></html>`},
	{"HUMAN", 403, nil, `<html><head><title>Access to this page has been denied.</title></head><body><h1>Press &amp; Hold to confirm you are a human</h1><div id="px-captcha"></div></body></html>`},
	{"Anubis with status 200", 200, nil, `<!doctype html><html><head><title>Making sure you&#39;re not a bot!</title><link rel="stylesheet" href="/.within.website/x/xess/xess.min.css">
<script id="anubis_version" type="application/json">"v1.21"</script><script id="anubis_challenge" type="application/json">{"rules":{}}</script></head>
<body><h1>Making sure you&#39;re not a bot!</h1><p>Loading...</p><p>You are seeing this because the administrator has set up a proof of work.</p></body></html>`},
	{"a captcha by nobody in particular", 200, nil, `<html><head><title>Security Check | Example Institute</title><script src="https://www.google.com/recaptcha/api.js"></script></head>
<body><h1>Security check</h1><p>Please confirm that you are not a robot to go on.</p><form method="post"><div class="g-recaptcha" data-sitekey="x"></div><button>Go on</button></form></body></html>`},
	{"F5 with status 200", 200, nil, `<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890</body></html>`},
	{"DDoS-Guard with status 403", 403, []string{"Server", "ddos-guard"}, `<!DOCTYPE html><html><head><title>DDoS-Guard</title><link rel="stylesheet" href="/.well-known/ddos-guard/static/style.css"></head>
<body data-ddg-origin="true"><h1 id="title">Checking your browser before accessing site.example</h1><p>Please, wait a few seconds.</p><script src="/.well-known/ddos-guard/js-challenge/index.js"></script></body></html>`},
	{"DDoS-Guard with status 200 under the site's own title", 200, nil, `<html><head><title>Example Institute</title></head><body><div id="ddg-l10n-title"></div><script src="/.well-known/ddos-guard/js-challenge/index.js"></script></body></html>`},
	{"HUMAN with status 200", 200, nil, `<html><head><title>Example Institute</title></head><body><div id="px-captcha-wrapper"></div><script>window._pxUuid="a";var s=document.createElement("script");s.src="https://captcha.px-cdn.net/PXabc/captcha.js";</script></body></html>`},
	{"PerimeterX with status 403", 403, nil, `<html><head><title>Access to this page has been denied</title></head><body><p>Access to this page has been denied because we believe you are using automation tools to browse the website.</p>
<p>Javascript is disabled or blocked by an extension</p><div id="px-captcha"></div></body></html>`},
	{"DataDome with status 200", 200, nil, `<html><head><title>site.example</title></head><body style="margin:0"><p id="cmsg">Please enable JS and disable any ad blocker</p><script data-cfasync="false">var dd={'rt':'i','host':'geo.captcha-delivery.com'}</script></body></html>`},
	{"Imperva, the older one", 200, nil, `<html><head><title>Pardon Our Interruption</title></head><body><h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot.</p></body></html>`},
	{"Sucuri block", 403, []string{"X-Sucuri-Id", "11005"}, `<html><head><title>Sucuri WebSite Firewall - Access Denied</title></head><body><h1>Access Denied - Sucuri Website Firewall</h1><p>Block reason: Bad bot access attempt.</p></body></html>`},
	{"AWS WAF captcha with status 405", 405, []string{"X-Amzn-Waf-Action", "captcha"}, `<!DOCTYPE html><html><head><title>Human Verification</title></head><body><div id="captcha-container"></div></body></html>`},
	{"Akamai, a challenge by script", 428, nil, `<html><head><title>Challenge Validation</title></head><body><div id="sec-if-cpt-container"></div><script src="/_sec/cp_challenge/ak-challenge-4-3.js"></script></body></html>`},
	{"Anubis under another name", 200, nil, `<!doctype html><html><head><title>Oh noes!</title></head><body><script async type="module" src="/.within.website/x/cmd/anubis/static/js/main.mjs?v=1"></script></body></html>`},
	{"go-away", 200, nil, `<html><head><title>Checking you are not a bot</title></head><body><h1>Checking you are not a bot</h1><script src="/.well-known/.git.gammaspectra.live/git/go-away/cmd/go-away/assets/static/script.mjs"></script></body></html>`},
	{"an order by nobody in particular", 200, nil, `<html><head><title>site.example</title></head><body><noscript>Please enable JavaScript and cookies to continue.</noscript><script src="/x/y.js"></script></body></html>`},
	{"a check of the connection", 503, nil, `<html><head><title>site.example</title></head><body><p>Checking if the site connection is secure</p><p>site.example needs to review the security of your connection before proceeding.</p></body></html>`},
	{"a proof of work with a captcha of the newer kind", 200, nil, `<html><head><title>Verify you are human</title></head><body><altcha-widget challengeurl="/challenge"></altcha-widget></body></html>`},
	{"SiteGround", 202, []string{"Sg-Captcha", "challenge"}, `<html><head><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F"></head></html>`},
}

const cloudflare = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="360"></head>
<body><div class="main-wrapper"><h1>site.example</h1><noscript>Enable JavaScript and cookies to continue</noscript></div>
<script>(function(){window._cf_chl_opt = {cvId: '3',cType: 'managed'};var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1';})();</script></body></html>`

// Logins are pages whose main content is a login form.
var Logins = []Wall{
	{"a plain login form", 200, nil, `<html><head><title>Log in - Example Institute</title></head><body><h1>Log in</h1>
<form action="/session" method="post"><label>E-mail <input name="user"></label><label>Password <input type="password" name="p"></label><button>Log in</button></form></body></html>`},
	{"a login form in German with a menu", 200, nil, `<html><head><title>Anmeldung | Bibliothek</title></head><body><header><nav><a href="/">Start</a> <a href="/kontakt">Kontakt</a></nav></header>
<main><h1>Anmeldung</h1><p>Bitte melden Sie sich an.</p><form><input name=user><input type=password name=p><button>Anmelden</button></form></main><footer>Impressum</footer></body></html>`},
	{"a WordPress login", 200, nil, `<!DOCTYPE html><html><head><title>Log In &lsaquo; Archive &#8212; WordPress</title></head><body class="login"><div id="login"><h1>Powered by WordPress</h1>
<form name="loginform" id="loginform"><label>Username</label><input type="text" name="log"><label>Password</label><input type="password" name="pwd" id="user_pass"></form><p><a href="?action=lostpassword">Lost your password?</a></p></div></body></html>`},
}

// Innocent pages share words and widgets with walls and are what they seem:
// the documents that were asked for.
var Innocent = []Wall{
	{"an article about captchas", 200, nil, article("How CAPTCHAs keep workers out", `<p>A page may say "Just a moment..." or "verify you are human", and <code>_cf_chl_opt</code> stands in its source.
The captcha-delivery.com domain and Incapsula incident ID numbers are familiar to labour inspectors who collect recruitment pages.</p>`)},
	{"a short article whose title asks", 200, nil, `<html><head><title>Are you a robot? How captchas exclude migrants</title></head><body><article><h1>Are you a robot?</h1><p>A short note on access to complaint mechanisms.</p></article></body></html>`},
	{"an article with a login form in its header", 200, nil, `<html><head><title>Debt bondage in brick kilns</title></head><body><header><form action="/login"><input name=user><input type="password" name=p><button>Log in</button></form></header>
<main><h1>Debt bondage in brick kilns</h1><p>` + strings.Repeat("Workers borrow against wages that they never see. ", 12) + `</p></main></body></html>`},
	{"a very short item page with a login form in its header", 200, nil, `<html><head><title>Annual report 2020</title></head><body><header><form action="/login"><input name=user><input type="password" name=p><button>Log in</button></form></header>
<main><h1>Annual report 2020</h1><p>PDF, 2 MB.</p><a href="/report.pdf">Download</a></main></body></html>`},
	{"a contact page with a captcha", 200, nil, `<html><head><title>Contact us</title><script src="https://www.google.com/recaptcha/api.js"></script></head><body><h1>Contact us</h1><form><textarea></textarea><div class="g-recaptcha"></div></form></body></html>`},
	{"a page behind Cloudflare with its script", 200, []string{"Server", "cloudflare"}, article("Modern slavery statement 2021", `<p>Published by the company.</p><script>(function(){var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';})();</script>`)},
	{"a page behind Imperva with its script", 200, nil, `<html><head><title>Statement</title><script src="/_Incapsula_Resource?SWJIYLWA=719d"></script></head><body><h1>Statement</h1><p>We publish this statement under section 54.</p></body></html>`},
	{"a guide to signing in for survivors", 200, nil, article("How to log in to the survivor portal", `<p>Go to the portal and use your password. The login form asks for an e-mail address.</p>`)},
	{"an article about DDoS-Guard", 200, nil, article("DDoS-Guard and the sites of recruiters", `<p>Agencies hide behind DDoS protection by DDoS-Guard; visitors read "Checking your browser before accessing" first.</p>`)},
	{"a page on how to switch scripts on", 200, nil, article("How to enable JavaScript and cookies", `<p>Our portal works when you enable JavaScript and cookies to continue to the form.</p>`)},
	{"a short note on captchas with a heading to match", 200, nil, `<html><head><title>Verify you are human: a note</title></head><body><article><h1>Verify you are human</h1><p>What captchas mean for workers who file complaints by phone.</p></article></body></html>`},
	{"a page with a sensor of HUMAN", 200, nil, article("Audit of cotton farms", `<script>window._pxAppId='PXabc';(function(){var s=document.createElement('script');s.src='/abc/init.js';})();</script><p>Twelve farms were visited.</p>`)},
	{"a page with a sensor of DataDome", 200, nil, article("Wages in fishing", `<script>window.ddjskey='A';</script><script src="https://js.datadome.co/tags.js"></script><p>Forty crews were asked.</p>`)},
	{"an application with a word for those without scripts", 200, nil, `<!doctype html><html><head><title>Data explorer</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>`},
	{"a cookie banner on a short page", 200, nil, `<html><head><title>Guidance 12</title></head><body><main><h1>Guidance 12</h1><p>On recruitment fees. PDF, 1 MB.</p><a href="/g12.pdf">Download</a></main><div class="cookies">Please enable cookies to remember your choice.</div></body></html>`},
	{"an application that draws itself", 200, nil, `<!doctype html><html><head><title>Open data portal</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>`},
}

// article is a page with enough to read.
func article(title, body string) string {
	return `<html><head><title>` + title + `</title></head><body><header><nav><a href="/">Home</a><a href="/login">Log in</a></nav></header><main><h1>` + title + `</h1>` + body +
		strings.Repeat(`<p>The inspection found that recruitment fees were paid by workers, that passports were held, and that wages came late. Remedies followed.</p>`, 3) + `</main></body></html>`
}
