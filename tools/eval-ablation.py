"""Takes one kind of evidence after the other out of real pages and prints what is still read.

usage: eval-ablation.py EVAL_DIR WORK_DIR

WORK_DIR/pages holds the pages; see eval-table.py, which scores them. HALF in the environment names one half of the domains.
Each line is `harvest extract` on pages without the evidence that it names: what the evidence is worth, and what a page
still tells that declares nothing.
"""
import importlib.util
import json
import os
import re
import sys
from urllib.parse import urlsplit

spec = importlib.util.spec_from_file_location("table", os.path.join(os.path.dirname(os.path.abspath(__file__)), "eval-table.py"))
table = importlib.util.module_from_spec(spec)
spec.loader.exec_module(table)

TAG = re.compile(rb"<[a-zA-Z][^<>]*>")
LD = re.compile(rb"<script[^>]*ld\+json[^>]*>.*?</script>", re.I | re.S)
SCRIPT = re.compile(rb"<script(?![^>]*ld\+json)[^>]*>.*?</script>", re.I | re.S)
META = re.compile(rb"<meta\b(?![^>]*(?:charset|http-equiv))[^>]*>", re.I)


def attributes(*names):
    """Takes attributes off all elements but <meta> and <link>."""
    pattern = re.compile(rb"\s(?:" + b"|".join(names) + rb")(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?(?=[\s/>])", re.I)
    return lambda body: TAG.sub(lambda m: m[0] if m[0][:5].lower() in (b"<meta", b"<link") else pattern.sub(b"", m[0]), body)


microdata = attributes(b"itemprop", b"itemscope", b"itemtype", b"property", b"typeof", b"vocab")
names = attributes(b"class", b"id", rb"data-[a-z-]+", b"role", b"rel")


def declared(body):
    return microdata(META.sub(b"", LD.sub(b"", body)))


STEPS = [
    ("nothing", lambda b: b),
    ("JSON-LD", lambda b: LD.sub(b"", b)),
    ("<meta>", lambda b: META.sub(b"", b)),
    ("microdata and RDFa", microdata),
    ("JSON-LD, <meta>, microdata", declared),
    ("class names", names),
    ("<time>", lambda b: re.sub(rb"<(/?)time\b", rb"<\1span", b, flags=re.I)),
    ("data of scripts", lambda b: SCRIPT.sub(b"", b)),
    ("the address", None),
]


def main():
    directory, work = sys.argv[1:3]
    with open(os.path.join(directory, "extract", "list.dev.jsonl"), encoding="utf8") as f:
        pages = [json.loads(line) for line in f if line.strip()]
    chosen = os.environ.get("HALF") or "all"
    truth = os.path.join(work, "truth.jsonl")
    with open(os.path.join(directory, "extract", "truth.dev.jsonl"), encoding="utf8") as f, open(truth, "w", encoding="utf8") as out:
        out.writelines(line for line in f if line.strip() and chosen in ("all", table.half(json.loads(line)["domain"])))
    table.row("without (%s)" % chosen, "n", table.METRICS)
    for number, (name, step) in enumerate(STEPS):
        mine = os.path.join(work, "step%d" % number)
        for page in pages:
            target = os.path.join(mine, "pages", page["file"])
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(os.path.join(work, "pages", page["file"]), "rb") as f, open(target, "wb") as out:
                out.write(f.read() if step is None else step(f.read()))
        folder = os.path.join(mine, "extract")
        os.makedirs(folder)
        with open(os.path.join(folder, "list.dev.jsonl"), "w", encoding="utf8") as out:
            for page in pages:
                at = urlsplit(page["url"])
                out.write(json.dumps(page if step else {**page, "url": "%s://%s/item" % (at.scheme, at.netloc)}) + "\n")
        prediction, _ = table.extract(mine, mine)
        result, _ = table.score(directory, prediction, truth, mine)
        table.scores(name, result["ALL"])


main()
