#!/usr/bin/python3
"""What fmt promises, over every schema of the tests: fmt_test.py TESSERA.

What is canonical comes back from whatever was done to its blanks; what is not becomes canonical
with every comment and word in place, says the same when it is checked, and stays as it is then; a
mistake of syntax leaves a file alone."""
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
GOOD = [TOP / "schema/ticketing.tess", TOP / "tests/library/library.tess",
        TOP / "tests/golden/everything/everything.tess"]
BAD = sorted((TOP / "tests/diagnostics").glob("*.tess"))
# Blanks, which hold nothing; comments and texts, in which blanks mean something.
PIECES = re.compile(r'(//[^\n]*|"(?:\\.|[^"\\\n])*"|[ \t]+)')


def tessera(*args, stdin=None, folder=None):
    done = subprocess.run([TESSERA, *args], input=stdin, capture_output=True, cwd=folder,
                          check=False)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def formatted(text):
    return tessera("fmt", "-", stdin=text)


def disturbed(text, rng):
    """Other blanks: at the start and the end of lines and wherever there are some already."""
    lines = []
    for line in text.split("\n"):
        pieces = [rng.choice((" ", "\t", "   ", " \t ")) if piece.strip() == "" and piece else piece
                  for piece in PIECES.split(line)]
        blank = rng.choice(("", " ", "\t")) if line.strip() else ""
        lines.append(blank + "".join(pieces) + rng.choice(("", " ", "\t")))
    return "\n".join(lines)


class Fmt(unittest.TestCase):
    maxDiff = None

    def test_blanks_do_not_matter(self):
        rng = random.Random(1)
        for path in GOOD:
            canonical = path.read_text(encoding="utf-8")
            for _ in range(20):
                messy = disturbed(canonical, rng)
                self.assertNotEqual(messy, canonical)
                status, out, said = formatted(messy.encode())
                self.assertEqual((status, said), (0, ""), path)
                self.assertEqual(out.decode(), canonical, path)

    def test_what_it_makes_is_canonical_and_means_the_same(self):
        count = 0
        for path in BAD:
            text = path.read_bytes()
            status, out, _ = formatted(text)
            if status != 0:
                continue
            count += 1
            self.assertEqual(formatted(out), (0, out, ""), path)
            self.assertEqual(out.removeprefix(b"\xef\xbb\xbf").split(),
                             text.removeprefix(b"\xef\xbb\xbf").split(), path)
            codes = [re.findall(r"\[(T\d+)\]", tessera("check", "-", stdin=t, folder=path.parent)[2])
                     for t in (text, out)]
            self.assertEqual(*codes, path)
        self.assertGreater(count, 100)

    def test_the_same_is_made_of_it(self):
        rng = random.Random(2)
        with tempfile.TemporaryDirectory() as scratch:
            for path in GOOD:
                made = []
                for text in (path.read_text(encoding="utf-8"),
                             disturbed(path.read_text(encoding="utf-8"), rng)):
                    source = pathlib.Path(scratch, str(len(made)), path.name)
                    source.parent.mkdir(exist_ok=True)
                    source.write_text(text, encoding="utf-8")
                    out = source.parent / path.stem
                    self.assertEqual(tessera("gen", str(source), "--out", str(out))[0], 0)
                    made.append({file.relative_to(out): file.read_bytes()
                                 for file in out.rglob("*")
                                 if file.is_file() and file.name != ".tessera-stamp"})
                self.assertEqual(*made, path)

    def test_a_mistake_of_syntax_leaves_a_file_alone(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch, "a.tess")
            path.write_text("schema   x\nservice {\n", encoding="utf-8")
            status, _, said = tessera("fmt", str(path))
            self.assertEqual(status, 1)
            self.assertIn("a.tess:2:", said)
            self.assertEqual(path.read_text(encoding="utf-8"), "schema   x\nservice {\n")
            path.write_text("schema   x\n", encoding="utf-8")
            self.assertEqual(tessera("fmt", "--check", str(path))[:2],
                             (1, f"stale {path}\n".encode()))
            self.assertEqual(path.read_text(encoding="utf-8"), "schema   x\n")
            self.assertEqual(tessera("fmt", str(path))[0], 0)
            self.assertEqual(path.read_text(encoding="utf-8"), "schema x\n")
            self.assertEqual(tessera("fmt", "--check", str(path))[0], 0)
            self.assertEqual(tessera("fmt", f"{scratch}/none.tess")[0], 3)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
