#!/usr/bin/env python3
"""What compiling the emitted C costs beside protoc-c's for the same messages, in one run:
compile_cpu.py TESSERA [--models N].

Compiles, for a schema of N models x 20 fields, what gen makes of its messages (their structs,
tables and with them validators and both serializers), then all that gen makes (also stores and
service), and what protoc --c_out makes of the emitted .proto; in turns, as CPU time (user and
system) of the C compiler, with and without optimisation. Prints medians and ratios.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from compiler import measure, write_schema

ROOT = pathlib.Path(__file__).resolve().parents[2]
TURNS = 3


def prepare(tessera, models, scratch):
    """The sources of both: ours by their name without folder, and protoc-c's."""
    write_schema(f"{scratch}/big.tess", models)
    subprocess.run([tessera, "gen", f"{scratch}/big.tess", "--out", f"{scratch}/gen"], check=True,
                   stdout=subprocess.DEVNULL)
    gen = pathlib.Path(scratch, "gen")
    made = next(gen.rglob("*.proto")).read_text(encoding="utf-8")
    pathlib.Path(scratch, "big.proto").write_text(made.replace("optional ", ""), encoding="utf-8")
    subprocess.run(["protoc", f"-I{scratch}", f"--c_out={scratch}", f"{scratch}/big.proto"],
                   check=True)
    return sorted(gen.rglob("*.c")), pathlib.Path(scratch, "big.pb-c.c")


def cpu(source, scratch, level):
    command = ["cc", "-std=gnu17", level, "-g", "-c", str(source), "-o", f"{scratch}/out.o",
               f"-I{scratch}", f"-I{ROOT}", "-I/usr/share/include/llhttp",
               "-DLLHTTP_STRICT_MODE=1"]
    return measure(command, runs=1)[0]


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    models = int(sys.argv[3]) if sys.argv[2:3] == ["--models"] else 1000
    os.environ["CCACHE_DISABLE"] = "1"
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = prepare(tessera, models, scratch)
        types = [path for path in ours if path.name.endswith(("_types.c", "_events.c"))]
        print(f"{models} models x 20 fields, CPU ms of cc, median of {TURNS} turns")
        for level in ("-O0", "-O2"):
            turns = [(sum(cpu(path, scratch, level) for path in types),
                      sum(cpu(path, scratch, level) for path in ours),
                      cpu(theirs, scratch, level)) for _ in range(TURNS)]
            messages, whole, reference = (statistics.median(turn) for turn in zip(*turns))
            print(f"{level}: messages {messages:.0f}, everything {whole:.0f}, "
                  f"protoc-c {reference:.0f}")
            print(f"    messages    {messages / reference:6.2f} of protoc-c's  less than 1  "
                  f"{'met' if messages < reference else 'missed'}\n"
                  f"    everything  {whole / reference:6.2f} of protoc-c's, which has no stores")


if __name__ == "__main__":
    main()
