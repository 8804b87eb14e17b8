#!/usr/bin/python3
"""The example of docs/HANDLERS.md: its schema has no mistake and is in the canonical form; its C
compiles without a warning against what the schema gives, and defines every function that is written
by hand: handlers_test.py TESSERA CC..."""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = (TOP / "docs/HANDLERS.md").read_text(encoding="utf-8")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False,
                          **more)


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        [schema] = blocks("tess")
        (cls.folder / "hotel.tess").write_text(schema, encoding="utf-8")
        cls.sources = []
        for text in blocks("c"):
            path = cls.folder / re.match(r"/\* (services/\S+\.c) \*/\n", text)[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            cls.sources.append(path)
        cls.gen = run(TESSERA, "gen", "hotel.tess", "--out", "gen", cwd=cls.folder)

    def test_the_schema_is_right_and_canonical(self):
        self.assertEqual((self.gen.returncode, self.gen.stderr), (0, ""))
        done = run(TESSERA, "fmt", "--check", "hotel.tess", cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_c_compiles_without_a_warning(self):
        self.assertEqual(len(self.sources), 4)
        done = run(*CC, "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", *WARNINGS, f"-I{self.folder}",
                   f"-I{TOP}", *self.sources)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_nothing_that_the_schema_asks_for_is_missing(self):
        wanted = set()
        for header in self.folder.glob("gen/*/*_*.h"):
            if header.stem.endswith(("_routes", "_listeners")):
                hand = re.findall(r'^#line \d+ "hotel\.tess"\n(.*?)^#line', header.read_text(),
                                  re.S | re.M)
                wanted |= {name for text in hand for name in re.findall(r"(\w+)\(struct rt_ctx", text)}
        self.assertGreaterEqual(len(wanted), 7)
        text = "".join(path.read_text(encoding="utf-8") for path in self.sources)
        defined = set(re.findall(r"^\S.*?(\w+)\(struct rt_ctx[^;{]*\)\n\{", text, re.M))
        self.assertEqual(wanted - defined, set())


if __name__ == "__main__":
    TESSERA, CC = Path(sys.argv[1]).resolve(), sys.argv[2:]
    unittest.main(argv=sys.argv[:1])
