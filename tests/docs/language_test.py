#!/usr/bin/python3
"""docs/LANGUAGE.md against the compiler: language_test.py TESSERA.

Its examples compile, put together to one system (language.tess); its grammar has the words that
the compiler knows; and what `explain` gives as an example of a mistake is one."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
LANGUAGE = (TOP / "docs/LANGUAGE.md").read_text(encoding="utf-8")
UNITS = {"ms", "s", "min", "h", "d", "w"}


def sections():
    """(heading, text) of each."""
    parts = re.split(r"^## (.*)\n", LANGUAGE, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def examples():
    """(heading, text) of each example, in order."""
    return [(heading, example) for heading, text in sections()
            for example in re.findall(r"^```tess\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]


def check(folder, schema):
    (folder / "a.tess").write_text(schema, encoding="utf-8")
    (folder / "payments.tess").write_text("// What the example imports.\n", encoding="utf-8")
    done = subprocess.run([TESSERA, "check", "--error-format=short", "a.tess"], cwd=folder,
                          capture_output=True, text=True, check=False)
    return done.stderr


class Language(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_every_example_of_the_page_compiles(self):
        left = examples()
        self.assertGreaterEqual(len(left), 7)

        def fill(place):
            for example in left:
                if example[0] == place[1]:
                    left.remove(example)
                    return example[1]
            self.fail(f"no example is left in section {place[1]}")

        frame = (HERE / "language.tess").read_text(encoding="utf-8")
        schema = re.sub(r"^//\*\*\* (.*)\n", fill, frame, flags=re.MULTILINE)
        self.assertEqual(left, [], "examples that are in no place of language.tess")
        self.assertEqual(check(self.folder, schema), "")

    def test_words_are_those_of_the_compiler(self):
        """Each word that means something is in the grammar, or in the table of types, which it
        calls `builtin`; and the other way round."""
        table = (TOP / "codegen/text/symbol.h").read_text(encoding="utf-8")
        known = set(re.findall(r'X\([A-Z0-9]+, "(\w+)"\)', table))
        self.assertGreater(len(known), 50)
        of = dict(sections())
        grammar = re.search(r"^```\n(.*?)^```$", of["Grammar"], re.DOTALL | re.MULTILINE)[1]
        words = set(re.findall(r'"([A-Za-z]\w*)"', grammar))
        types = set()
        for row in re.findall(r"^\| (`.*?) \|", of["Types"], re.MULTILINE):
            types |= set(re.findall(r"`([a-z]\w*)", row))
        self.assertEqual(words - UNITS | types, known)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
