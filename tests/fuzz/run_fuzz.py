#!/usr/bin/python3
"""Feeds a fuzzer: run_fuzz.py FUZZER RUNS|SECONDSs DICTIONARY|- CORPUS...

A number of runs begins with the same seed each time, at the same addresses, and so repeats itself:
it passes or fails for what is in the tree. Seconds (600s) are for the search: each begins anew.
A corpus is a folder or a file. Fails on a crash, a hang of ten seconds or 2 GiB of memory, and says
where the input that did it is kept; also when the fuzzer hardly ran. Prints how often it did.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RUNS_MIN = 1000


# The seed of repeatable runs; any would do.
SEED = 1


def extent(text):
    """What runs before the fuzzer, and its options, for a number of runs or of seconds."""
    if text.endswith("s"):
        return [], [f"-max_total_time={text[:-1]}"]
    fixed = ["setarch", "-R"]  # no random addresses; not allowed in every container
    if subprocess.run([*fixed, "true"], capture_output=True, check=False).returncode != 0:
        fixed = []
    return fixed, [f"-runs={text}", f"-seed={SEED}", "-reload=0"]


def main():
    fuzzer, length, dictionary, *corpora = sys.argv[1:]
    found = pathlib.Path(fuzzer).resolve().parent / "found"
    found.mkdir(exist_ok=True)
    # Reports go to the standard error here, whatever file the caller named for them.
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1"}
    with tempfile.TemporaryDirectory() as scratch:
        corpus, fresh = pathlib.Path(scratch, "corpus"), pathlib.Path(scratch, "fresh")
        corpus.mkdir()
        fresh.mkdir()
        for number, seed in enumerate(map(pathlib.Path, corpora)):
            for path in sorted(seed.iterdir()) if seed.is_dir() else [seed]:
                if path.is_file():
                    shutil.copy(path, corpus / f"{number}-{path.name}")
        before, options = extent(length)
        command = [*before, fuzzer, *options, "-timeout=10", "-rss_limit_mb=2048",
                   "-print_final_stats=1", f"-artifact_prefix={found}/"]
        if dictionary != "-":
            command.append(f"-dict={dictionary}")
        done = subprocess.run([*command, fresh, corpus], env=env, capture_output=True, text=True,
                              errors="replace", check=False)
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    if done.returncode != 0 or not runs:
        print(done.stderr[-8000:])
        print(f"failed with {done.returncode}; what did it is in {found}")
        return 1
    print(f"{runs[1]} runs")
    if int(runs[1]) < RUNS_MIN:
        print(f"that is fewer than {RUNS_MIN}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
