#!/usr/bin/env python3
"""What the compiler says of files that are no schema, and how it exits: files.py TESSERA."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FINE, ERRORS, USAGE, SYSTEM = range(4)
SCHEMA = "schema s\nservice a {\nmodel M { id id @1 }\n}\n"
CANONICAL = "schema s\nservice a {\n  model M { id id @1 }\n}\n"


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    failures = []

    def expect(status, text, *args, given=b""):
        done = subprocess.run([tessera, *args], cwd=scratch, input=given, capture_output=True,
                              timeout=20, check=False)
        said = (done.stdout + done.stderr).decode()
        if done.returncode != status or text not in said:
            failures.append(f"{args}: expected {status} and {text!r}, got {done.returncode}: "
                            f"{said[:300]}")
        return said

    with tempfile.TemporaryDirectory() as scratch:
        here = pathlib.Path(scratch)
        (here / "dir").mkdir()
        (here / "good.tess").write_text(SCHEMA)
        (here / "bom.tess").write_bytes(b"\xef\xbb\xbf" + SCHEMA.encode())
        (here / "nul.tess").write_bytes(b"schema s\n\0")
        (here / "latin.tess").write_bytes(b"schema s // caf\xe9\n")
        (here / "many.tess").write_text("schema s\n" + "type x = y\n" * 2000)
        (here / "deep.tess").write_text("schema s\nservice a {\nview V of M " + "{ a " * 100000)
        with open(here / "big.tess", "wb") as big:
            big.truncate(100 << 20)
        (here / "line.tess").write_text("schema s\n" + "x" * (10 << 20))
        (here / "fields.tess").write_text(
            "schema s\nservice a { message M {\n" +
            "".join(f"f{i} i32 @{i}\n" for i in range(1, 500000)) + "}}\n")
        expect(FINE, "", "check", "good.tess")
        expect(FINE, "", "check", "bom.tess")
        expect(FINE, "", "check", "-", given=SCHEMA.encode())
        expect(FINE, CANONICAL, "fmt", "-", given=SCHEMA.encode())
        expect(ERRORS, "stale", "fmt", "--check", "good.tess")
        expect(ERRORS, "the first 100 are shown, ", "check", "many.tess")
        expect(ERRORS, "T0101", "check", "nul.tess")
        expect(ERRORS, "T0100", "check", "latin.tess")
        expect(ERRORS, "T0409", "check", "deep.tess")
        expect(ERRORS, "T0901", "check", "fields.tess")
        expect(ERRORS, "T0105", "check", "line.tess")
        expect(SYSTEM, "more than 16 MiB", "check", "big.tess")
        expect(SYSTEM, "Is a directory", "check", "dir")
        expect(SYSTEM, "No such file", "check", "none.tess")
        expect(SYSTEM, "good.tess/out", "gen", "good.tess", "--out", "good.tess/out")
        expect(USAGE, "--out", "gen", "good.tess")
        expect(USAGE, "unknown command", "chekc", "good.tess")
        expect(USAGE, "no such code", "explain", "T9999")
        for command in ("check", "gen", "fmt", "explain", "complete"):
            expect(FINE, f"usage: tessera {command}", command, "--help")
        for line in expect(ERRORS, "", "check", "--error-format=json", "many.tess").splitlines():
            json.loads(line)
        if os.geteuid() != 0:
            (here / "good.tess").chmod(0)
            expect(SYSTEM, "Permission denied", "check", "good.tess")
    print("\n".join(failures))
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
