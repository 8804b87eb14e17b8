#!/usr/bin/python3
"""clang-tidy finds nothing in any of our sources: tidy_test.py BUILD.

Without the path-sensitive checks of clang-analyzer-*, which take a hundred times as long; by hand,
`run-clang-tidy -p build-test` has them, too.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
BATCH = 16  # files to one call


def sources(build):
    commands = json.loads((build / "compile_commands.json").read_text())
    found = {Path(os.path.normpath(Path(c["directory"], c["file"]))) for c in commands}
    return sorted(f for f in found
                  if f.suffix == ".c" and f.is_relative_to(TOP) and not f.is_relative_to(build))


def check(build, files):
    """What clang-tidy says of them; nothing if all is well."""
    done = subprocess.run(["clang-tidy", "-p", build, "--quiet", "--checks=-clang-analyzer-*", *files],
                          cwd=TOP, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout or done.stderr or "it failed"


def main():
    build = Path(sys.argv[1]).resolve()
    files = sources(build)
    if len(files) < 100:
        sys.exit(f"only {len(files)} sources in {build}")
    # A check that cannot find anything would pass, too.
    if "bugprone" not in check(build, [TOP / "tests/lint/untidy.c"]):
        sys.exit("clang-tidy does not find what is wrong in tests/lint/untidy.c")
    batches = [files[i:i + BATCH] for i in range(0, len(files), BATCH)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = "".join(pool.map(lambda batch: check(build, batch), batches))
    print(findings)
    print(f"{len(files)} sources")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
