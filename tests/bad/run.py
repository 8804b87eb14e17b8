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

HERE = pathlib.Path(__file__).resolve().parent


def run(tessera, name):
    done = subprocess.run([tessera, "check", name], cwd=HERE, capture_output=True, timeout=20,
                          check=False)
    return done.returncode, done.stderr.decode()


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
                           (HERE / "../../codegen/codes.def").read_text()))
    for number in sorted(known):
        if f"T{int(number):04d}" not in codes:
            failures.append(f"no bad schema shows T{int(number):04d}")
    print("\n".join(failures))
    print(f"{len(schemas)} bad schemas, {len(failures)} failures")
    return 1 if failures or not schemas else 0


if __name__ == "__main__":
    sys.exit(main())
