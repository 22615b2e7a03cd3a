"""Asks whether weights for summaries that are fitted to pages would choose better than those set by hand.

usage: eval-weights.py EVAL_DIR WORK_DIR

WORK_DIR/pages holds the pages; see eval-table.py. `harvest extract --explain` gives all candidates for the summary of each
page with their signs and their score by hand. A linear model over these signs, alone and with what can be counted in the text
(length, sentences, agreement with title, lead and other candidates), is fitted to raise the expected token F1 of its choice, by
gradient ascent with a penalty on the size of the weights. Each line is the mean F1 of what is chosen: on all pages, on
the two halves of the domains, and on that part of the validation half that nobody has looked at. "left out" fits the model
eight times, each time without an eighth of the sites, and asks it about these: that is what it would do on other sites.
"""
import collections
import hashlib
import importlib.util
import json
import math
import os
import random
import re
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


table = load("table", os.path.join(here, "eval-table.py"))
DECLARED = {"og:description", "description", "dc.description", "twitter:description", "other description", "json-ld", "microdata", "rdfa"}
UNIT = 5.0  # points of a score by hand that make one of the model


def counted(c, others, title, lead, words):
    """What can be counted in the text of a candidate, once for all and once for its kind."""
    kind = (c.get("signs") or [c["basis"]])[0]
    group = "declared " if kind in DECLARED else "lead " if kind == "first paragraphs" else "printed "
    text, long = c["value"].strip(), [w for w in words if len(w) > 4]
    x = {
        "length": math.log(max(len(text), 10) / 150), "sentence": float(bool(re.search(r'[.!?。！？؟।]["”’»)\]“]*$', text))),
        "title": len(set(words) & title) / max(1, len(title)), "of the lead": sum(w in lead for w in long) / max(1, len(long)),
        "agreement": max(others, default=0.0), "question": float("?" in text), "sentences": min(5, len(re.findall(r"[.!?。！？]\s", text + " "))) / 3,
        "as long as descriptions are cut": float(150 <= len(text) <= 165), "lines": float("\n" in text),
    }
    x["length squared"] = x["length"] ** 2
    return {**x, **{group + name: value for name, value in x.items()}}


def read(directory, work):
    """The pages with a summary: domain, the F1 of each candidate, and their features."""
    score = load("score", os.path.join(directory, "score", "score.py"))
    command = ["./bin/harvest", "extract", "--list", os.path.join(directory, "extract", "list.dev.jsonl"), "--root", os.path.join(work, "pages"), "--explain"]
    answers = {a["file"]: a for a in map(json.loads, subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines())}
    pages = []
    with open(os.path.join(directory, "extract", "truth.dev.jsonl"), encoding="utf8") as f:
        for t in map(json.loads, f):
            if t["tier"] != "gold" or not t.get("summary"):
                continue
            a = answers[t["file"]]
            list_ = [c for c in a["candidates"].get("summary", []) if c.get("rejected", "") in ("", "outranked")]
            words = [score.toks(c["value"]) for c in list_]
            want, title = score.toks(t["summary"]), {w for w in score.toks(a.get("title")) if len(w) > 3}
            lead = {w for c, ws in zip(list_, words) if c["basis"] == "text" for w in ws}
            features = []
            for i, c in enumerate(list_):
                others = [score.f1(words[i], words[j]) for j in range(len(list_)) if j != i and list_[j]["basis"] != c["basis"]]
                features.append(({s: 1.0 for s in c.get("signs", [])}, counted(c, others, title, lead, words[i]), c.get("score", 0) / UNIT))
            pages.append((t["domain"], [score.f1(want, ws) for ws in words], features))
    return pages


def view(pages, rich, start):
    """The pages with the features of one model: (domain, gains, [(features, score to start from)])."""
    return [(d, g, [({**s, **x} if rich else s, by_hand if start else 0.0) for s, x, by_hand in fs]) for d, g, fs in pages]


def scores(w, candidates):
    return [base + sum(w.get(n, 0.0) * v for n, v in f.items()) for f, base in candidates]


def fit(pages, penalty, rounds=100):
    w, past = collections.defaultdict(float), collections.defaultdict(lambda: 1e-6)
    for _ in range(rounds):
        slope = collections.defaultdict(float)
        for _, gains, candidates in pages:
            if len(candidates) < 2:
                continue
            s = scores(w, candidates)
            e = [math.exp(v - max(s)) for v in s]
            p = [v / sum(e) for v in e]
            mean = sum(a * b for a, b in zip(p, gains))
            for (f, _), a, b in zip(candidates, p, gains):
                if abs(a * (b - mean)) > 1e-4:
                    for n, v in f.items():
                        slope[n] += a * (b - mean) * v
        for n, v in slope.items():
            v -= penalty * w[n]
            past[n] += v * v
            w[n] += 0.5 * v / math.sqrt(past[n])
    return w


def choose(w, pages):
    out = []
    for domain, gains, candidates in pages:
        s = scores(w, candidates)
        best = max(range(len(s)), key=lambda i: (round(s[i], 9), -i), default=None)
        out.append((domain, gains[best] if best is not None else 0.0))
    return out


def left_out(pages, penalty, folds=8):
    domains = sorted({p[0] for p in pages})
    random.Random(1).shuffle(domains)
    fold = {d: i % folds for i, d in enumerate(domains)}
    out = []
    for k in range(folds):
        out += choose(fit([p for p in pages if fold[p[0]] != k], penalty), [p for p in pages if fold[p[0]] == k])
    return out


def tell(name, chosen):
    def mean(of):
        of = [v for d, v in chosen if of(d)]
        return "%.3f" % (sum(of) / len(of))

    def unseen(d):
        return table.half(d) == "validation" and hashlib.sha256(d.encode()).digest()[1] % 2 == 1

    print("%-58s %s" % (name, "  ".join(mean(of) for of in (lambda d: True, lambda d: table.half(d) == "development", lambda d: table.half(d) == "validation", unseen))), flush=True)


def main():
    directory, work = sys.argv[1:3]
    pages = read(directory, work)
    print("%-58s %s" % ("%d pages, %d sites" % (len(pages), len({p[0] for p in pages})), "all    dev.   val.   unseen"))
    tell("weights set by hand", choose({}, view(pages, False, True)))
    tell("the best candidate of each page", [(d, max(g, default=0.0)) for d, g, _ in pages])
    for rich, start in ((False, True), (False, False), (True, True), (True, False)):
        name = "signs%s, %s" % (" and counts" if rich else "", "from the weights by hand" if start else "from nothing")
        seen = view(pages, rich, start)
        tell(name + ", fitted and asked alike", choose(fit(seen, 0.5), seen))
        for penalty in (0.1, 0.5, 2):
            tell("%s, left out, penalty %g" % (name, penalty), left_out(seen, penalty))


main()
