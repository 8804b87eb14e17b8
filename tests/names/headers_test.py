#!/usr/bin/python3
"""What a project may include: headers_test.py.

Every emitted header, and every header of the runtime that one of them includes, compiles alone as
strict C17 without a feature macro and as strict C++17, with gcc and clang; and C++ links with
functions of C."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
GENERATED = {"ticketing": TOP / "gen", "everything": TOP / "tests/golden/everything/gen",
             "library": TOP / "tests/library/gen"}
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-pedantic-errors", "-Werror"]
COMPILERS = {"gcc": ["gcc", "-xc", "-std=c17"], "clang": ["clang", "-xc", "-std=c17"],
             "g++": ["g++", "-xc++", "-std=c++17"], "clang++": ["clang++", "-xc++", "-std=c++17"]}
INCLUDE = re.compile(r'^#include "(runtime/[^"]+)"', re.M)


def reached(path, seen):
    """The headers of the runtime that a file includes."""
    for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if name not in seen:
            seen.add(name)
            reached(TOP / name, seen)
    return seen


def names_of_headers(gen):
    own = [f"gen/{path.relative_to(gen)}" for path in sorted(gen.rglob("*.h"))]
    runtime = set()
    for path in gen.rglob("*.h"):
        reached(path, runtime)
    return own + sorted(runtime)


class Headers(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="headers-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def compile(self, command, *args):
        done = subprocess.run([*command, f"-I{self.folder}", f"-I{TOP}", *args],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr[:3000]), (0, ""), args)

    def sources(self, gen, suffix):
        """One source a header."""
        (self.folder / "gen").unlink(missing_ok=True)
        (self.folder / "gen").symlink_to(gen)
        for i, name in enumerate(names_of_headers(gen)):
            path = self.folder / f"{i}{suffix}"
            path.write_text(f'#include "{name}"\n#include "{name}"\n', encoding="utf-8")
            yield str(path)

    def test_each_header_compiles_alone(self):
        for name, gen in GENERATED.items():
            for compiler, command in COMPILERS.items():
                with self.subTest(schema=name, compiler=compiler):
                    paths = list(self.sources(gen, ".h"))
                    self.assertGreater(len(paths), 10)
                    self.compile([*command, *STRICT, "-fsyntax-only"], *paths)

    def test_generated_c_links_with_cpp(self):
        """A function of a handler's header, defined in C and called from C++."""
        (self.folder / "gen").symlink_to(GENERATED["everything"])
        header = "gen/things/things_listeners.h"
        text = (self.folder / header).read_text(encoding="utf-8")
        name, event = re.search(r"enum rt_listened (\w+)\(struct rt_ctx \*ctx, const struct (\w+)",
                                text).groups()
        (self.folder / "a.c").write_text(
            f'#include "{header}"\nenum rt_listened {name}(struct rt_ctx *ctx, '
            f"const struct {event} *event)\n{{ (void)ctx; (void)event; return RT_RETRY; }}\n",
            encoding="utf-8")
        (self.folder / "b.cpp").write_text(
            f'#include "{header}"\nint main() {{ return {name}(nullptr, nullptr) == RT_RETRY'
            " ? 0 : 1; }\n", encoding="utf-8")
        self.compile(["gcc", "-std=c17", "-c"], str(self.folder / "a.c"), "-o",
                     str(self.folder / "a.o"))
        self.compile(["g++", "-std=c++17"], str(self.folder / "b.cpp"), str(self.folder / "a.o"),
                     "-o", str(self.folder / "b"))
        self.assertEqual(subprocess.run([self.folder / "b"], check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
