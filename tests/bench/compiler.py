#!/usr/bin/env python3
"""The compiler beside protoc --c_out, in one run: compiler.py TESSERA [--models N].

Takes a schema of N models x 20 fields in one service and measures, as the least of several runs
(CPU time of the process, user and system):
  check, gen of everything into an empty directory, gen with nothing changed, and
  protoc --c_out on the .proto that gen made of it (without `optional`, which protoc-c 1.4
  refuses);
then check and gen with ten times the schema, time and memory (peak resident). Prints the ratios.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RUNS = 7


def measure(command, prepare=lambda: None, runs=RUNS):
    """The least CPU milliseconds and the peak memory in MiB of a command."""
    best, peak = float("inf"), 0
    for _ in range(runs):
        prepare()
        pid = os.posix_spawn(shutil.which(command[0]), command, os.environ,
                             file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
        _, status, usage = os.wait4(pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(command)} failed")
        best = min(best, (usage.ru_utime + usage.ru_stime) * 1000)
        peak = max(peak, usage.ru_maxrss / 1024)
    return best, peak


def write_schema(path, models):
    with open(path, "w", encoding="utf-8") as out:
        subprocess.run([sys.executable, HERE / "big_schema.py", str(models), "20"], stdout=out,
                       check=True)


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    models = int(sys.argv[3]) if sys.argv[2:3] == ["--models"] else 1000
    with tempfile.TemporaryDirectory() as scratch:
        one, ten, gen, pc = (f"{scratch}/{name}" for name in ("one.tess", "ten.tess", "gen", "pc"))
        write_schema(one, models)
        write_schema(ten, 10 * models)
        os.mkdir(pc)
        clean = lambda: shutil.rmtree(gen, ignore_errors=True)
        generate = [tessera, "gen", one, "--out", gen]
        check, check_mem = measure([tessera, "check", one])
        full, full_mem = measure(generate, clean)
        again, _ = measure(generate)
        proto = pathlib.Path(scratch, "big.proto")
        made = next(pathlib.Path(gen).rglob("*.proto")).read_text(encoding="utf-8")
        proto.write_text(made.replace("optional ", ""), encoding="utf-8")
        protoc, _ = measure(["protoc", f"-I{scratch}", f"--c_out={pc}", str(proto)])
        check10, check10_mem = measure([tessera, "check", ten])
        full10, full10_mem = measure([tessera, "gen", ten, "--out", gen], clean)
    print(f"{models} models x 20 fields, CPU ms: check {check:.1f}, gen {full:.1f}, "
          f"gen unchanged {again:.1f}, protoc --c_out {protoc:.1f}")
    least = (("protoc / check", protoc / check, 30), ("protoc / gen", protoc / full, 8))
    most = (("unchanged / gen", again / full, 0.2),
            ("ten times the schema, check, time", check10 / check, 11),
            ("ten times the schema, check, memory", check10_mem / check_mem, 11),
            ("ten times the schema, gen, time", full10 / full, 11),
            ("ten times the schema, gen, memory", full10_mem / full_mem, 11))
    for name, ratio, aim in least:
        print(f"{name:36}{ratio:7.2f}  at least {aim:<4} {'met' if ratio >= aim else 'missed'}")
    for name, ratio, aim in most:
        print(f"{name:36}{ratio:7.2f}  at most  {aim:<4} {'met' if ratio <= aim else 'missed'}")


if __name__ == "__main__":
    main()
