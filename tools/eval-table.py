"""Runs `harvest extract` and prints its scores beside the baselines.

usage: eval-table.py EVAL_DIR WORK_DIR

WORK_DIR/pages holds the pages. The scores are those of EVAL_DIR/score/score.py, on pages that a person read
("gold"), as a whole, for each set, and for two halves of the domains: rules are
made by looking at the errors of the development half only, and must move the
validation half too. The baselines are read from the table in EVAL_DIR/README.md.
The environment may name one HALF, and a field whose ERRORS are listed, MAX of
them.
"""
import hashlib
import json
import os
import re
import resource
import subprocess
import sys

METRICS = ["title_em", "title_f1", "date_acc", "date_prec", "author_f1", "summary_f1", "lang_acc", "fp_date", "fp_authors"]


def half(domain):
    """The half of a domain: by the first octet of its SHA-256."""
    return "validation" if hashlib.sha256(domain.encode()).digest()[0] % 2 else "development"


def score(directory, prediction, truth, work, extra=()):
    out = os.path.join(work, "score.json")
    run = subprocess.run(
        [sys.executable, os.path.join(directory, "score", "score.py"), "--tier", "gold", "--by", "set", "--truth", truth, "--json", out, *extra, prediction],
        capture_output=True, text=True, check=True)
    with open(out, encoding="utf8") as f:
        return next(iter(json.load(f).values())), run.stdout


def row(name, pages, values):
    print("%-28s %5s " % (name, pages) + " ".join("%10s" % v for v in values))


def scores(name, group):
    row(name, group["n"], [("%.3f" % group["score"][m] if m in group["score"] else "-") for m in METRICS])


def baselines(directory):
    """The lines of the table of libraries: name, then title, title F1, date (precision), author, summary, language."""
    with open(os.path.join(directory, "README.md"), encoding="utf8") as f:
        for line in f:
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            if len(cells) < 7 or not re.match(r"^(-|\.\d+)$", cells[1]):
                continue
            date = re.match(r"(-|\.\d+)(?: \((\.\d+)\))?", cells[3])
            yield cells[0], [cells[1], cells[2], date[1] if date else "-", date[2] if date and date[2] else "-", *cells[4:7], "-", "-"]


def extract(directory, work):
    """Reads all pages, one at a time on one core; returns the answers and how much CPU time 100 KB took, in milliseconds."""
    pages, out = os.path.join(work, "pages"), os.path.join(work, "harvest.jsonl")
    command = ["./bin/harvest", "extract", "--list", os.path.join(directory, "extract", "list.dev.jsonl"), "--root", pages, "--jobs", "1"]
    with open(out, "wb") as f:
        subprocess.run(command, stdout=f, check=True, env={**os.environ, "GOMAXPROCS": "1"})
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out, encoding="utf8") as f:
        size = sum(os.path.getsize(os.path.join(pages, json.loads(line)["file"])) for line in f)
    return out, (spent.ru_utime + spent.ru_stime) * 1000 / (size / 102400)


def main():
    directory, work = sys.argv[1:3]
    prediction, cpu = extract(directory, work)
    with open(os.path.join(directory, "extract", "truth.dev.jsonl"), encoding="utf8") as f:
        truth = [json.loads(line) for line in f if line.strip()]
    files = {"all": os.path.join(work, "truth.all.jsonl")}
    for name in ("development", "validation"):
        files[name] = os.path.join(work, "truth.%s.jsonl" % name)
    for name, path in files.items():
        with open(path, "w", encoding="utf8") as f:
            for t in truth:
                if name in ("all", half(t["domain"])):
                    f.write(json.dumps(t, ensure_ascii=False) + "\n")
    chosen = os.environ.get("HALF") or "all"
    if chosen not in files:
        sys.exit("HALF is development or validation")
    row("gold pages", "n", METRICS)
    result, _ = score(directory, prediction, files[chosen], work)
    scores("harvest, " + chosen, result["ALL"])
    for name, group in sorted(result.items()):
        if isinstance(group, dict) and "score" in group and name not in ("ALL", "GOLD"):
            scores("  " + name, group)
    if chosen == "all":
        for name in ("development", "validation"):
            scores("harvest, %s half" % name, score(directory, prediction, files[name], work)[0]["ALL"])
        for name, values in baselines(directory):
            row(name[:28], "", values)
    ms = result.get("ms", {})
    print("\nmilliseconds a page: mean %(mean).1f, median %(median).1f, 95 %% below %(p95).1f by the clock" % ms)
    print("milliseconds of CPU time for 100 KB of page, the start of the program and reading files included: %.1f" % cpu)
    field = os.environ.get("ERRORS")
    if field:
        _, text = score(directory, prediction, files[chosen], work, ["--errors", field, "--max", os.environ.get("MAX") or "30"])
        print("\nERRORS of " + field)
        print(text[text.index("\n  ") + 1:] if "\n  " in text else "  none")


if __name__ == "__main__":
    main()
