#!/usr/bin/python3
"""Makes the documents of this folder anew. Debian: python3-reportlab qpdf
weasyprint pandoc pango1.0-tools fonts-dejavu-core. Run it inside this folder. What is in the
documents is made up; poppler-utils (pdfinfo, pdftotext) is the second opinion
on them."""
import os, subprocess, zipfile, zlib
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from PIL import Image, ImageDraw
import reportlab.rl_config
reportlab.rl_config.invariant = 1

SENTENCES = ("This guidance sets out how labour inspectors identify people held in forced labour and what they do next. "
    "It was prepared after a survey of forty districts in which officials described the difficulties of their work. "
    "Efficient offices confirm every finding in writing, and the affected workers are told their rights in a language that they speak. "
    "The final chapters collect model forms, a checklist for interviews and the addresses of organisations that offer shelter. ")

def run(*args): subprocess.run(args, check=True)

def report(name, title, heading="Identifying forced labour", pages=3, font="Helvetica", sentences=SENTENCES):
    c = canvas.Canvas(name, pagesize=A4, invariant=1)
    if title is not None: c.setTitle(title)
    for p in range(pages):
        y = 780
        c.setFont(font, 9); c.drawString(72, 810, "Labour Institute"); c.drawString(500, 30, "Page %d" % (p + 1))
        if p == 0:
            c.setFont(font, 24); c.drawString(72, y, heading); y -= 40
        c.setFont(font, 11)
        words, line = (("Part %d continues. " % p if p else "") + sentences * 3).split(), ""
        for w in words:
            if len(line) + len(w) > 85:
                c.drawString(72, y, line); y -= 15; line = ""
            line += (" " if line else "") + w
        c.drawString(72, y, line)
        c.showPage()
    c.save()

report("report.pdf", "Identifying forced labour: guidance for inspectors")
report("junk-title.pdf", "Microsoft Word - final_v3.docx")
report("untitled.pdf", "untitled")
report("utf16-title.pdf", "Rapport sur l’esclavage moderne – été 2024", heading="Rapport sur l'esclavage")
# a title page whose heading is the only large text, no /Title
report("no-title.pdf", "")
# password that everybody has, and one that nobody has
run("qpdf", "--static-id", "--static-aes-iv", "--encrypt", "", "owner", "128", "--use-aes=y", "--", "report.pdf", "empty-password.pdf")
run("qpdf", "--static-id", "--static-aes-iv", "--encrypt", "secret", "owner", "128", "--use-aes=y", "--", "report.pdf", "password.pdf")
run("qpdf", "--static-id", "--object-streams=generate", "--linearize", "report.pdf", "linearised.pdf")
data = open("report.pdf", "rb").read()
open("truncated.pdf", "wb").write(data[: len(data) * 2 // 3])
open("cut-head.pdf", "wb").write(data[:900])
open("junk-before.pdf", "wb").write(b"\xef\xbb\xbf\r\nX-Powered-By: mod_download\r\n\r\n" + data)
at = data.rindex(b"startxref")
open("wrong-xref.pdf", "wb").write(data[:at] + b"startxref\n12\n%%EOF\n")
open("empty.pdf", "wb").write(b"")
open("page.pdf", "wb").write(b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The file is not here.</p></body></html>")
# a scan: pictures of text, no text
img = Image.new("L", (600, 800), 255); d = ImageDraw.Draw(img)
for i in range(20): d.text((50, 50 + i * 30), "A scanned line of a report, number %d" % i, fill=0)
c = canvas.Canvas("scan.pdf", pagesize=A4, invariant=1)
for _ in range(2): c.drawImage(ImageReader(img), 0, 0, A4[0], A4[1]); c.showPage()
c.save()
# right to left, and a script of combined letters, with an embedded CID font
pdfmetrics.registerFont(TTFont("DejaVu", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
def weasy(name, html):
    open("in.html", "w").write(html)
    subprocess.run(["weasyprint", "in.html", name], check=True, env=dict(os.environ, SOURCE_DATE_EPOCH="1704067200"), stderr=subprocess.DEVNULL)
    os.remove("in.html")
AR = "يحدد هذا الدليل كيف يتعرف مفتشو العمل على ضحايا العمل القسري وما الذي يفعلونه بعد ذلك في كل مكتب من مكاتب البلاد (2024). "
open("in.txt", "w").write('<span size="24pt">دليل مكافحة العمل القسري</span>\n' + AR * 6)
run("pango-view", "--markup", "--no-display", "--backend=cairo", "--font=DejaVu Sans 11", "--width=480", "--output=arabic.pdf", "in.txt"); os.remove("in.txt")
weasy("ligatures.pdf", '<html lang="en"><meta charset=utf-8><title>Efficient offices confirm findings</title><style>@page{size:A5}body{font-family:DejaVu Serif;font-variant-ligatures:common-ligatures;hyphens:auto;text-align:justify}.c{columns:2}</style><h1>Efficient offices confirm findings</h1><div class=c><p>' + SENTENCES * 2 + "</p><p>" + SENTENCES + "</div>")
weasy("french.pdf", '<html lang="fr"><meta charset=utf-8><title>Lutter contre la traite</title><body style="font-family:DejaVu Sans"><h1>Lutter contre la traite des êtres humains</h1><p>' + "Ce guide décrit les obligations des entreprises et les voies de recours ouvertes aux victimes de la traite dans les États membres. " * 8)
# loops in the page tree, a bomb of deflate, a count that lies, thousands of pages
def raw(name, objects, root=1, trailer=b""):
    out, offsets = b"%PDF-1.5\n", []
    for i, o in enumerate(objects, 1):
        offsets.append(len(out)); out += b"%d 0 obj\n" % i + o + b"\nendobj\n"
    x = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, trailer, x)
    open(name, "wb").write(out)
raw("tree-loop.pdf", [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000 >>", b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 5 >>"])
z = zlib.compressobj(9); bomb = b"".join(z.compress(b" " * (1 << 20)) for _ in range(400)) + z.flush()
bomb = zlib.compress(bomb, 9)
raw("bomb.pdf", [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
    b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(bomb) + bomb + b"\nendstream"])
raw("lying-count.pdf", [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 2147483647 >>"])
n = 10000
raw("many-pages.pdf", [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [" + b" ".join(b"3 0 R" for _ in range(n)) + b"] /Count %d >>" % n, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])
# office documents
MD = "---\ntitle: %s\nlang: en\n---\n\n# Identifying forced labour\n\n" + SENTENCES + "\n\n" + SENTENCES
for name, title in (("report.docx", "Guidance for inspectors"), ("report.odt", "Guidance for inspectors"), ("junk-title.docx", "Document1")):
    open("in.md", "w").write(MD % title)
    subprocess.run(["pandoc", "-s", "in.md", "-o", name], check=True, env=dict(os.environ, SOURCE_DATE_EPOCH="1704067200"))
    os.remove("in.md")
