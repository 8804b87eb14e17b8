#!/usr/bin/python3
"""What `check` accepts builds: names_test.py TESSERA [COUNT [SEED]].

COUNT schemas with hostile names (hostile.py), each after a seed of its own from SEED on. What is
refused is refused for its names (T0304, T0306, T0310) and nothing else; of what is accepted every C
file compiles with gcc and with clang, every header as C++17, after the headers of POSIX, every
.proto with protoc, and what nanopb makes of them compiles. At least half of them have to be
accepted: refusing everything is no answer. A failure prints the seed and the schema."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from hostile import Hostile

TOP = pathlib.Path(__file__).resolve().parents[2]
RUNTIME = ["runtime/app/service.h", "runtime/store/txn.h", "runtime/wire/device.h",
           "runtime/wire/message.h", "runtime/wire/wire.h"]
POSIX = ["arpa/inet.h", "dirent.h", "errno.h", "fcntl.h", "math.h", "netdb.h", "netinet/in.h",
         "poll.h", "pthread.h", "sched.h", "semaphore.h", "signal.h", "stdio.h", "stdlib.h",
         "sys/mman.h", "sys/socket.h", "sys/stat.h", "sys/time.h", "sys/un.h", "sys/wait.h",
         "time.h", "unistd.h", "wchar.h"]
OF_NAMES = {"T0304", "T0306", "T0310"}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-error=deprecated-declarations"]
BATCH = 40


def run(*command, stdin=None):
    return subprocess.run([str(part) for part in command], input=stdin, capture_output=True,
                          text=True, check=False, timeout=300)


def include(names):
    return "".join(f"#include \"{name}\"\n" for name in names)


class Schema:
    """One schema and what became of it."""

    def __init__(self, seed, scratch):
        self.seed = seed
        self.text = Hostile(seed).schema()
        self.folder = scratch / str(seed)
        self.errors = []
        self.accepted = False

    def blame(self, what, said):
        self.errors.append(f"{what}:\n{said[:1500]}")

    def generate(self):
        self.folder.mkdir()
        path = self.folder / "a.tess"
        path.write_text(self.text, encoding="utf-8")
        done = run(TESSERA, "gen", path, "--out", self.folder / "gen", "--error-format=short")
        codes = set(re.findall(r"error\[(T\d+)\]", done.stderr))
        self.accepted = done.returncode == 0
        if not self.accepted and (done.returncode != 1 or not codes or codes - OF_NAMES):
            self.blame("refused, not for a name", done.stderr)
        return self.accepted

    def compile(self, scratch):
        sources = sorted((self.folder / "gen").rglob("*.c"))
        common = ["-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", *WARNINGS, f"-I{self.folder}",
                  f"-I{TOP}"]
        for name, command in (("gcc", ["gcc"]),
                              ("clang", ["clang", "-include-pch", scratch / "runtime.pch"])):
            done = run(*command, *common, *sources)
            if done.returncode != 0:
                self.blame(name, done.stderr)

    def prefixes(self):
        """What names in C start with; no two of a batch may start alike."""
        return {path.name for path in (self.folder / "gen").iterdir() if path.is_dir()
                and path.name not in ("proto", "common")} | {self.name()}

    def name(self):
        return re.match(r"schema (\w+)", self.text).group(1)


def batches(schemas):
    """Groups of schemas whose names cannot meet."""
    groups = []
    for schema in schemas:
        own = schema.prefixes()
        for group, taken in groups:
            if len(group) < BATCH and not any(
                    a == b or a.startswith(b + "_") or b.startswith(a + "_")
                    for a in own for b in taken):
                group.append(schema)
                taken |= own
                break
        else:
            groups.append(([schema], set(own)))
    return [group for group, _ in groups]


def one_by_one(group, check, what):
    """Who of a group that failed is to blame."""
    for schema in group:
        said = check([schema])
        if said:
            schema.blame(what, said)
    if not any(schema.errors for schema in group):
        group[0].blame(f"{what}, together with others", check(group))


def headers(group):
    lines = include(POSIX)
    for schema in group:
        gen = schema.folder / "gen"
        # As `gen/...` is found by way of the including file, each schema has its own.
        lines += include(path for path in sorted(gen.rglob("*.h")))
    with tempfile.NamedTemporaryFile("w", suffix=".cpp", dir=group[0].folder) as source:
        source.write(lines)
        source.flush()
        folders = [f"-I{schema.folder}" for schema in group]
        return run("g++", "-std=c++17", "-D_GNU_SOURCE", "-fsyntax-only", *WARNINGS, *folders,
                   f"-I{TOP}", source.name).stderr


def protos(group):
    with tempfile.TemporaryDirectory(dir=group[0].folder) as out:
        folders, files = [], []
        for schema in group:
            root = schema.folder / "gen/proto"
            folders.append(f"-I{root}")
            files += [str(path.relative_to(root)) for path in sorted(root.rglob("*.proto"))]
        if not files:
            return ""
        done = run("protoc", *folders, f"--nanopb_out=-q:{out}", *files)
        if done.returncode != 0:
            return done.stderr or "failed"
        source = pathlib.Path(out, "all.c")
        source.write_text(include(sorted(path for path in pathlib.Path(out).rglob("*.pb.h"))),
                          encoding="utf-8")
        return run("gcc", "-std=c17", "-fsyntax-only", f"-I{out}", source).stderr


def work(schema, scratch):
    if schema.generate():
        schema.compile(scratch)


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    with tempfile.TemporaryDirectory(prefix="names-") as name:
        scratch = pathlib.Path(name)
        runtime = scratch / "runtime.h"
        runtime.write_text(include(RUNTIME), encoding="utf-8")
        done = run("clang", "-std=c17", "-D_GNU_SOURCE", f"-I{TOP}", "-xc-header", runtime, "-o",
                   scratch / "runtime.pch")
        if done.returncode != 0:
            sys.exit(done.stderr)
        schemas = [Schema(seed, scratch) for seed in range(first, first + count)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda schema: work(schema, scratch), schemas))
            accepted = [schema for schema in schemas if schema.accepted]
            groups = batches(accepted)
            for what, check in (("C++", headers), ("protoc and nanopb", protos)):
                for group, said in zip(groups, pool.map(check, groups)):
                    if said:
                        one_by_one(group, check, what)
        failed = [schema for schema in schemas if schema.errors]
        for schema in failed[:5]:
            print(f"seed {schema.seed}\n{schema.text}")
            print("\n".join(schema.errors))
    share = len(accepted) / count
    print(f"{count} schemas from seed {first} on, {share:.0%} accepted, {len(failed)} failed"
          f"{': ' + ' '.join(str(schema.seed) for schema in failed[:50]) if failed else ''}")
    return 1 if failed or share < 0.5 else 0


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv[1]).resolve())
    sys.exit(main())
