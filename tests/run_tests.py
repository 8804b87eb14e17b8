#!/usr/bin/python3
"""Runs meson's tests in the plain and the sanitized builds and counts them.

Criterion runs each test in a child, and a sanitizer's report there is easily lost: so every
report goes to a file, and a file that exists is a failure, whatever the exit status was.
"""
import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path


# Which suites run in which build. Criterion needs addresses that the thread sanitizer keeps for
# itself, so threads are watched in whole programs only. The fuzzers are clang's.
BUILDS = {"build-test": None, "build-asan": None, "build-tsan": "system", "build-fuzz": "fuzz"}


def list_tests(build, suite, names):
    found = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    tests = [t["name"] for t in found if suite is None or f"tessera:{suite}" in t["suite"]]
    all_names = [t["name"] for t in found]
    twice = sorted({name for name in all_names if all_names.count(name) > 1})
    assert not twice, f"tests of one name, which meson runs for each other: {twice}"
    return [t for t in tests if not names or any(n in t for n in names)]


# How unittest and Criterion say that a part of a test is left out, and why.
LEFT_OUT = re.compile(r"^(?:.* \.\.\. skipped ['\"](.*)['\"]|skipped: (.*)|.*\[SKIP\] (.*))$", re.M)


def why_left_out(row):
    text = (row.get("stdout") or "") + (row.get("stderr") or "")
    return sorted({next(filter(None, groups)) for groups in LEFT_OUT.findall(text)})


def run_build(build, tests, env):
    """The names of the tests that passed and failed, by meson's own log; what was left out of
    which test, and why."""
    log = Path(build, "meson-logs", "testlog.json")
    log.unlink(missing_ok=True)
    subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", *tests],
                   env={**os.environ, **env}, check=False)
    passed, skipped, failed, left_out = set(), set(), set(tests), []
    if log.exists():
        for line in log.read_text().splitlines():
            row = json.loads(line)
            name = row["name"].split(" / ")[-1].removeprefix("tessera:")
            reasons = why_left_out(row)
            if row["result"] == "OK":
                passed.add(name)
            elif row["result"] == "SKIP":
                skipped.add(name)
                reasons = reasons or ["it does not say why"]
            left_out += [f"{name}: {reason}" for reason in reasons]
    return passed, failed - passed - skipped, sorted(left_out)


def run_fresh(passed, failed, skipped):
    """The pages' commands on a bare machine; the counts with it."""
    print("==> a bare machine", flush=True)
    status = subprocess.run(["/usr/bin/python3", "-B", "tests/fresh/fresh.py"], check=False).returncode
    if status == 77:
        return passed, failed, [*skipped, "fresh: see above for why"]
    return (passed + 1, failed, skipped) if status == 0 else (passed, [*failed, "fresh"], skipped)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports")
    which = parser.add_mutually_exclusive_group(required=True)
    for name in ("--quick", "--all", "--fresh"):
        which.add_argument(name, action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    if args.fresh:
        return report(*run_fresh(0, [], []))

    passed, failed, skipped = 0, [], []
    for build, suite in BUILDS.items():
        if args.quick and build != "build-test":
            continue
        tests = list_tests(build, suite, args.names)
        if not tests and suite is not None:
            continue
        if not tests:
            print(f"error: no test is called {' or '.join(args.names)}", file=sys.stderr)
            print("0 passed, 1 failed")
            return 1
        print(f"==> {build}: {len(tests)} tests", flush=True)
        reports = Path(args.reports)
        options = f"log_path={reports}/report:print_stacktrace=1"
        env = {"ASAN_OPTIONS": f"{options}:detect_leaks=1:abort_on_error=0",
               "UBSAN_OPTIONS": options,
               "TSAN_OPTIONS": f"{options}:suppressions={Path('tests/tsan.supp').resolve()}",
               "LSAN_OPTIONS": f"suppressions={Path('tests/lsan.supp').resolve()}:print_suppressions=0"}
        ok, bad, left_out = run_build(build, tests, env)
        passed += len(ok)
        failed += [f"{build}: {name}" for name in sorted(bad)]
        skipped += [f"{build}: {what}" for what in left_out]
    for path in sorted(Path(args.reports).glob("report*")):
        print(f"--- {path.name}\n{path.read_text(errors='replace')[:4000]}")
        failed.append(f"sanitizer report {path.name}")
    if args.all and not args.names:
        passed, failed, skipped = run_fresh(passed, failed, skipped)
    return report(passed, failed, skipped)


def report(passed, failed, skipped):
    for name in failed:
        print(f"failed: {name}")
    for name in skipped:
        print(f"skipped: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
