#!/usr/bin/python3
"""Benchmarks channeld as its log grows, in one run: channel_scale.py BUILD [--gigabytes 1,4,10].

  flat    publishing (depth 4,096, 128 bytes) and consuming a backlog beside ten million events in
          the log, against a channeld with an empty log, in alternating turns
  reopen  milliseconds from start to readiness by the size of the log (events of 1 KiB): after a
          clean stop, after kill -9, and after kill -9 with nothing of it in the page cache

Build first: ninja -C BUILD channeld channel
tests/bench/channel_bench. The log lies under --dir (default: here).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from channel_compare import Ours

EVENTS = 10_000_000
TURNS = 7
REOPENINGS = 3
GIGABYTE = 1 << 30


def note(text):
    print(text, file=sys.stderr, flush=True)


def bench(ours, *arguments):
    out = subprocess.check_output([ours.build / "tests/bench/channel_bench", *arguments, "--port",
                                   str(ours.port)], text=True)
    return json.loads(out)["per_s"]


def stored(ours):
    return json.loads(ours.ask("info"))["durable"]


def spread(values, form):
    return f"{form(statistics.median(values))} ({form(min(values))} to {form(max(values))})"


def flat(build, top):
    (top / "empty").mkdir()
    (top / "full").mkdir()
    # Both keep what the measurements add, for to let segments go and use them again is faster.
    empty, full = Ours(build, top / "empty"), Ours(build, top / "full")
    with empty.serve(), full.serve():
        while stored(full) < EVENTS:
            bench(full, "publish", "--depth", "4096", "--seconds", "2")
            note(f"flat: {stored(full):,} records are in the log")
        rows = {"publish": ["--depth", "4096", "--seconds", "0.5"],
                "backlog": ["--depth", "4096", "--backlog", "200000"]}
        for row, arguments in rows.items():
            ratios, rates = [], []
            for turn in range(TURNS):
                order = (empty, full) if turn % 2 == 0 else (full, empty)
                pair = [bench(one, row, *arguments) for one in order][::1 if turn % 2 == 0 else -1]
                note(f"{row} turn {turn + 1}: empty {pair[0]:,.0f}/s, full {pair[1]:,.0f}/s")
                ratios.append(pair[1] / pair[0])
                rates.append(pair[1])
            print(f"{row:8} with {stored(full):,} records in the log: {spread(rates, '{:,.0f}/s'.format)}, "
                  f"{spread(ratios, '{:.2f}'.format)} of an empty log's")


def start_ms(ours):
    """A channeld that was started, and how long it took to say that it is ready."""
    begun = time.monotonic()
    process = subprocess.Popen(ours.command, stdout=subprocess.PIPE)
    line = process.stdout.readline()
    took = (time.monotonic() - begun) * 1000
    assert line.startswith(b"channeld: ready"), line
    return process, took


def drop_cache(directory):
    for path in directory.iterdir():
        fd = os.open(path, os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def reopen(build, top, sizes):
    ours = Ours(build, top)

    def size():
        return sum(path.stat().st_size for path in ours.directory.iterdir())

    for wanted in sizes:
        with ours.serve():
            while size() < wanted * GIGABYTE:
                bench(ours, "publish", "--depth", "4096", "--bytes", "1024", "--seconds", "1")
            note(f"reopen: {size() / GIGABYTE:.1f} GB")
        took = {"a clean stop": [], "kill -9": [], "kill -9, not cached": []}
        for after, times in took.items():
            for _ in range(REOPENINGS):
                if after != "a clean stop":
                    process, _ = start_ms(ours)
                    bench(ours, "publish", "--depth", "64", "--seconds", "0.3")
                    process.kill()
                    process.wait()
                if "cached" in after:
                    drop_cache(ours.directory)
                process, ms = start_ms(ours)
                times.append(ms)
                process.terminate()
                process.wait()
        print(f"reopen   {size() / GIGABYTE:.1f} GB: " + ", ".join(
            f"after {after} {spread(times, '{:.0f}'.format)} ms" for after, times in took.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--rows", default="flat,reopen")
    parser.add_argument("--gigabytes", default="1,4,10")
    parser.add_argument("--dir", default=".")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-", dir=args.dir) as top:
        if "flat" in args.rows.split(","):
            (Path(top) / "flat").mkdir()
            flat(args.build.resolve(), Path(top).resolve() / "flat")
    with tempfile.TemporaryDirectory(prefix="scale-", dir=args.dir) as top:
        if "reopen" in args.rows.split(","):
            reopen(args.build.resolve(), Path(top).resolve(), map(float, args.gigabytes.split(",")))


if __name__ == "__main__":
    main()
