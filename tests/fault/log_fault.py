#!/usr/bin/python3
"""The log on a real file system, with system calls failing and the process killed.

Whatever happens: every record reported durable is there after a restart, nothing is wrong or
invented, and a failure is reported as one.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WRITER = sys.argv[1]
BATCHES = 30
SKIPPED = 77
# (call, error, how many of its calls to try, may the writer end as if nothing had happened?)
FAULTS = [
    ("fdatasync", "EIO", 14, False),
    ("fdatasync", "EINTR", 6, False),
    ("pwritev", "EIO", 10, False),
    ("pwritev", "ENOSPC", 8, True),  # while a segment is prepared, it is tried again
    ("pwritev", "EINTR", 4, True),
    ("fsync", "EIO", 6, False),
    ("rename", "EIO", 4, False),
    ("fallocate", "ENOSPC", 3, True),
    ("openat", "EMFILE", 12, True),  # the first ones are the loader's
]


def last_durable(output):
    found = re.findall(r"^durable (\d+)$", output, re.M)
    return int(found[-1]) if found else 0


def check(directory, durable, label):
    done = subprocess.run([WRITER, "check", directory], capture_output=True, text=True)
    assert done.returncode == 0, f"{label}: {done.returncode} {done.stderr}"
    last = int(re.search(r"^last (\d+)$", done.stdout, re.M).group(1))
    assert last >= durable, f"{label}: {last} records, but {durable} were durable"


def inject(call, error, nth, harmless):
    label = f"{call} {error} {nth}"
    with tempfile.TemporaryDirectory() as temp:
        directory = os.path.join(temp, "log")
        command = ["strace", "-f", "-qq", "-o", os.path.join(temp, "trace"), "-e", f"trace={call}",
                   "-e", f"inject={call}:error={error}:when={nth}", WRITER, "write", directory,
                   str(BATCHES)]
        # Leaks cannot be looked for under strace.
        options = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "ASAN_OPTIONS": options})
        injected = "(INJECTED)" in Path(temp, "trace").read_text()
        if call == "openat" and not Path(directory).exists():
            return injected  # the program did not even start
        # 3: it failed while running; 1: while opening.
        expected = {0, 1, 3} if harmless or not injected else {1, 3}
        assert done.returncode in expected, f"{label}: {done.returncode} {done.stderr}"
        if done.returncode != 0:
            assert done.stderr.strip(), f"{label}: no message"
        check(directory, last_durable(done.stdout), label)
        return injected


def kill_loop(rounds, seed):
    """One log, killed again and again."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as temp:
        directory = os.path.join(temp, "log")
        for i in range(rounds):
            writer = subprocess.Popen([WRITER, "write", directory, "100000"],
                                      stdout=subprocess.PIPE, text=True)
            lines = []
            for _ in range(chance.randrange(1, 60)):
                lines.append(writer.stdout.readline())
            writer.kill()
            rest = writer.communicate()[0]
            # What was printed in the last moment counts too, but for a line cut short.
            check(directory, last_durable("".join(lines) + rest.rpartition("\n")[0]), f"kill {i}")


def can_trace():
    return shutil.which("strace") is not None and \
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL,
                       check=False).returncode == 0


def main():
    kill_loop(rounds=12, seed=1)
    if not can_trace():
        print("skipped: strace is not there or may not trace")
        return SKIPPED
    for call, error, count, harmless in FAULTS:
        hit = sum(inject(call, error, nth, harmless) for nth in range(1, count + 1))
        assert hit > 0, f"{call} was never made"
    return 0


if __name__ == "__main__":
    sys.exit(main())
