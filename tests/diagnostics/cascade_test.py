#!/usr/bin/env python3
"""One mistake is one error.

cascade_test.py TESSERA ROOT breaks each place of the example schemas once, in each of the ways below,
and demands that `check` says exactly one thing that is wrong: what follows from a mistake is not
said again.
"""
import json
import pathlib
import re
import subprocess
import sys

SCHEMAS = ["schema/ticketing.tess", "tests/library/library.tess",
           "tests/golden/everything/everything.tess"]

# What is looked for, and what is there instead. Group 1 is kept, group 2 is replaced.
WAYS = [
    ("an unknown type of a field", r"(?m)(^ +(?!model|message|enum|view|event|type)[a-z_0-9]+ +)([A-Z]\w+)(?=[^(\n]*@\d)", "Nowhere"),
    ("an unknown model behind ref", r"(\bref (?:[a-z_]+\.)?)([A-Z]\w*)", "Nowhere"),
    ("an unknown model behind of", r"(\bof (?:[a-z_]+\.)?)([A-Z]\w*)(?= (?:\{|keyed))", "Nowhere"),
    ("an unknown model behind =", r"(\bmessage \w+ += )([A-Z]\w*)", "Nowhere"),
    ("an unknown event behind emits", r"(\bemits )([A-Z]\w*)", "Nowhere"),
    ("an unknown event behind on", r"(?m)(^ +on (?:[a-z_]+\.)?)([A-Z]\w*)", "Nowhere"),
    ("an unknown service", r"(\bref )([a-z_]+)(?=\.)", "nowhere"),
    ("an unknown reply", r"(-> (?:page of |\d+ ))([A-Z]\w*)", "Nowhere"),
    ("an unknown body", r'(?m)(^ +(?:POST|PUT|PATCH) [^(\n]*\()([A-Z]\w*)(?=\))', "Nowhere"),
    ("an unknown error", r"(! )([a-z_]+)", "nowhere"),
    ("an unknown owner", r"(\bowner )([a-z_]+)", "nowhere"),
    ("an unknown index", r"(\b(?:mine by|sort|by) )([a-z_]+)(?=[ ,)\n])", "nowhere"),
    ("an unknown field of an index", r"(\b(?:index|unique) \w+ \()([a-z_]+)", "nowhere"),
    ("an unknown field of a rule", r"(\brule \w+: )([a-z_]+)", "nowhere"),
    ("an unknown field of a condition", r"(\bwhile )([a-z_]+)", "nowhere"),
    ("an unknown pick", r"(\bof (?:[a-z_]+\.)?[A-Z]\w* \{ )([a-z_]+)", "nowhere"),
    ("no path", r'((?:GET|POST|PUT|PATCH|DELETE) +\w+ +")(/)', "x/"),
    ("no prefix", r'(routes ")(/)', "x/"),
    ("no status", r"(-> )(2\d\d)", "999"),
    ("no number of a field", r"(?m)(^ +[a-z_0-9]+ +[^@\n/]*)(@\d+)", ""),
    ("no number behind @", r"(@)(\d+)", "x"),
    ("a number twice", r"(@)(\d+)(?= *\n +\w+ +[^@\n]*@(\d+))", r"\3"),
    ("a default of another kind", r"(@\d+ += )([\w.\"]+)", "]"),
    ("an impossible length", r"(string\()(\d*\.\.\d+)", "5..2"),
    ("an unknown constraint", r"(\) )(trim|lower)(?= )", "uppercase"),
    ("no arrow", r"(GET [^\n]*)(->)", "=>"),
]


def errors(tessera, text, folder):
    done = subprocess.run([tessera, "check", "--error-format=json", "-"], input=text, cwd=folder,
                          capture_output=True, text=True, timeout=60, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("severity") == "error"]


def broken(text, match, instead):
    replaced = match.expand(instead) if "\\" in instead else instead
    return text[:match.start(2)] + replaced + text[match.end(2):]


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    root = pathlib.Path(sys.argv[2])
    tried, failures, used = 0, [], set()
    for name in SCHEMAS:
        path = root / name
        text = path.read_text()
        for way, pattern, instead in WAYS:
            matches = [match for match in re.finditer(pattern, text)
                       if "//" not in text[text.rfind("\n", 0, match.start(2)):match.start(2)]]
            # Every place is the same kind of place: a few of each suffice.
            for match in matches[::max(1, len(matches) // 12)]:
                said = errors(tessera, broken(text, match, instead), path.parent)
                tried += 1
                used.add(way)
                if len(said) != 1:
                    line = text.count("\n", 0, match.start(2)) + 1
                    failures.append(f"{name}:{line}: {way}: {len(said)} errors\n" + "\n".join(
                        f"    {one['span']['line']}: {one.get('code')}: {one.get('message')}"
                        for one in said))
    failures += [f"nowhere: {way}" for way, _, _ in WAYS if way not in used]
    print("\n".join(failures))
    print(f"{tried} mistakes, {len(failures)} that say not exactly one thing")
    sys.exit(1 if failures or tried < 100 else 0)


main()
