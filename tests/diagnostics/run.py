#!/usr/bin/env python3
"""Holds `tessera check` to the exact text it says about bad schemas.

run.py TESSERA [--update] checks every *.tess beside this file against its *.txt: the output, and
that the exit status is 1 when it has an error and 0 when it has warnings only. With --update the
*.txt are written instead. A file whose name starts with `part_` is only imported by others.
"""
import pathlib
import re
import subprocess
import sys

# Codes about two places of a system that do not fit each other: each diagnostic shows both.
TWO_PLACES = set("""T0202 T0303 T0304 T0307 T0308 T0310 T0408 T0410 T0502 T0503 T0508 T0509 T0510 T0512
T0513 T0602 T0607 T0609 T0611 T0613 T0701 T0702 T0703 T0704 T0705 T0706 T0709 T0710 T0712 T0713
T0715 T0716 T0717 T0801""".split())
# The other place is not in the schema, or the same.
ONE_PLACE = {"`not_found` is a built-in error", "so it cannot fail with 409",
             "a secret cannot be part of a URL", "the result OK of route"}

HERE = pathlib.Path(__file__).resolve().parent


def run(tessera, name):
    done = subprocess.run([tessera, "check", name], cwd=HERE, capture_output=True, timeout=20,
                          check=False)
    return done.returncode, done.stderr.decode()


def lacking_a_place(output):
    """The first lines of what is said without its second place."""
    for said in output.split("\n\n"):
        first = said.partition("\n")[0]
        code = re.search(r"\[(T\d{4})\]", first)
        if (code and code[1] in TWO_PLACES and not re.search("^ +-> ", said, re.MULTILINE)
                and not any(text in first for text in ONE_PLACE)):
            yield first


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    update = "--update" in sys.argv[2:]
    schemas = sorted(p for p in HERE.glob("*.tess") if not p.name.startswith("part_"))
    failures = []
    codes = set()
    for schema in schemas:
        status, output = run(tessera, schema.name)
        golden = schema.with_suffix(".txt")
        if update:
            golden.write_text(output)
        wanted = golden.read_text() if golden.exists() else ""
        has_error = ": error[" in output
        codes.update(re.findall(r"\[(T\d{4})\]", output))
        failures += [f"{first}: the other place is not shown" for first in lacking_a_place(output)]
        if not output:
            failures.append(f"{schema.name}: nothing was reported")
        elif output != wanted:
            failures.append(f"{schema.name}: expected\n{wanted}but got\n{output}")
        elif status != (1 if has_error else 0):
            failures.append(f"{schema.name}: exit status {status}")
    for path in HERE.glob("*.txt"):
        if not path.with_suffix(".tess").exists():
            failures.append(f"{path.name} has no schema")
    known = set(re.findall(r"TS_CODE\(\w+, (\d+)",
                           (HERE / "../../codegen/text/codes.def").read_text()))
    for number in sorted(known):
        if f"T{int(number):04d}" not in codes:
            failures.append(f"no bad schema shows T{int(number):04d}")
    print("\n".join(failures))
    print(f"{len(schemas)} bad schemas, {len(failures)} failures")
    return 1 if failures or not schemas else 0


if __name__ == "__main__":
    sys.exit(main())
