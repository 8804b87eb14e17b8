#!/usr/bin/python3
"""What is emitted compiles without a warning and is not long: emitted_test.py TESSERA CC.

Every C file that the two example systems, the golden schema and a large one give is compiled with
-Wall -Wextra -Wpedantic -Wconversion. Lines of C are counted for each field of a message, as the
.proto files have them: of everything in the large schema, of the messages' own files in the others,
where routes, stores and listeners outweigh the fields."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
MESSAGES = re.compile(r"_(types|events)\.[ch]$")
LINES_MAX = {"large": 10, "ticketing": 12, "library": 13, "everything": 12}


def schema_of(name, scratch):
    if name != "large":
        return {"ticketing": ROOT / "schema/ticketing.tess",
                "library": ROOT / "tests/library/library.tess",
                "everything": ROOT / "tests/golden/everything/everything.tess"}[name]
    path = pathlib.Path(scratch, "large.tess")
    with open(path, "w", encoding="utf-8") as out:
        subprocess.run([sys.executable, ROOT / "tests/bench/big_schema.py", "50", "20"], stdout=out,
                       check=True)
    return path


def count_fields(out):
    text = "\n".join(p.read_text(encoding="utf-8") for p in out.rglob("*.proto"))
    return len(re.findall(r"^  (?!reserved)[\w.<>, ]+ \w+ = \d+;", text, re.M))


def main():
    tessera, *cc = sys.argv[1:]
    failures = []
    for name, limit in LINES_MAX.items():
        with tempfile.TemporaryDirectory() as scratch:
            out = pathlib.Path(scratch, "gen")
            subprocess.run([tessera, "gen", schema_of(name, scratch), "--out", out], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            sources = sorted(out.rglob("*.c"))
            done = subprocess.run([*cc, "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", *WARNINGS,
                                   f"-I{scratch}", f"-I{ROOT}", *sources],
                                  stderr=subprocess.PIPE, encoding="utf-8", check=False)
            if done.returncode != 0:
                failures.append(f"{name}: {done.stderr[:2000]}")
            counted = [p for p in [*sources, *out.rglob("*.h")]
                       if name == "large" or MESSAGES.search(p.name)]
            lines = sum(len(p.read_text(encoding="utf-8").splitlines()) for p in counted)
            ratio = lines / count_fields(out)
            print(f"{name}: {lines} lines, {ratio:.1f} for each field (at most {limit})")
            if ratio > limit:
                failures.append(f"{name}: {ratio:.1f} lines for each field, more than {limit}")
    print("\n".join(failures))
    return 1 if failures else 0


sys.exit(main())
