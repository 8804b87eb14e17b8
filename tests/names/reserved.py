#!/usr/bin/python3
"""The names of the system's headers and libraries that an emitted name could be: reserved.py
SERVICE-PROGRAM prints codegen/text/reserved.def as it has to be on this machine at least, and
`reserved.py --test SERVICE-PROGRAM FILE` says what the file lacks.

An emitted name outside of a struct is a service's name, an underscore, and more, in small letters
or in capitals. Such a name is also a macro, type or function of a header that generated code
includes, or one that the libraries below a service export; to define it again would not compile, or
would put the service's function in place of the library's."""
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ["runtime/app/service.h", "runtime/store/txn.h", "runtime/wire/device.h",
           "runtime/wire/message.h", "runtime/wire/wire.h"]
COMPILERS = [["gcc", "-std=gnu17", "-D_GNU_SOURCE"], ["gcc", "-std=c17"],
             ["clang", "-std=gnu17", "-D_GNU_SOURCE"]]
SHAPE = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]*|[A-Z][A-Z0-9]*_[A-Z0-9_]*")
# Services with these names, or with one of them in front, are refused as a whole.
PREFIXES = re.compile(r"(rt|ts|uv|pb|pthread|protobuf_c|jwt|json|leveldb|pcre2|snappy)_", re.I)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def of_headers():
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch, "all.c")
        path.write_text("".join(f'#include "{name}"\n' for name in HEADERS), encoding="utf-8")
        for compiler in COMPILERS:
            command = [*compiler, f"-I{TOP}", "-E", str(path)]
            for line in run(*command, "-dM").splitlines():
                yield re.match(r"#define (\w+)", line).group(1)
            text = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"\{[^{}]*\}", "{}", run(*command, "-P")))
            for match in re.finditer(r"typedef[^;{]*?\b(\w+)(?:\[\w*\])?;|\b(\w+) ?\(", text):
                yield match.group(1) or match.group(2)


def of_libraries(program):
    for path in re.findall(r"=> (/\S+)", run("ldd", program)):
        for line in run("nm", "-D", "--defined-only", path).splitlines():
            yield line.split()[-1].partition("@")[0]


def names(program):
    found = {name for source in (of_headers(), of_libraries(program)) for name in source
             if SHAPE.fullmatch(name) and not PREFIXES.match(name)}
    return sorted(found)


def main():
    if sys.argv[1] == "--test":
        text = pathlib.Path(sys.argv[3]).read_text(encoding="utf-8")
        listed = re.findall(r'^"(\w+)",$', text, re.M)
        missing = sorted(set(names(sys.argv[2])) - set(listed))
        print(f"{len(listed)} names; missing: {' '.join(missing) or 'none'}")
        return 1 if missing or listed != sorted(listed) or len(listed) < 500 else 0
    print("".join(f'"{name}",\n' for name in names(sys.argv[1])), end="")
    return 0


sys.exit(main())
