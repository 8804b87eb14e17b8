#!/usr/bin/python3
"""What `gen --emit` chooses: emitters_test.py TESSERA."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = TOP / "tests/golden/everything/everything.tess"
GEN = TOP / "tests/golden/everything/gen"


def run(*args):
    return subprocess.run([TESSERA, *args], capture_output=True, text=True, timeout=30, check=False)


def emitters():
    table = run("gen", "--help").stdout.partition("Emitters:\n")[2]
    return re.findall(r"^  (\w+) ", table, re.M)


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}


class Emitters(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="emitters-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def gen(self, out, *options):
        done = run("gen", str(SCHEMA), "--out", str(self.folder / out), *options)
        return done.returncode, done.stderr

    def test_each_file_is_made_by_one_emitter(self):
        whole = {name: data for name, data in tree(GEN).items()}
        seen = {}
        self.assertGreater(len(emitters()), 4)
        for name in emitters():
            self.assertEqual(self.gen(name, "--emit", name)[0], 0)
            made = tree(self.folder / name)
            self.assertTrue(made, name)
            self.assertFalse(made.keys() & seen.keys(), name)
            seen.update(made)
        self.assertEqual(seen, whole)

    def test_several_emitters_write_their_files_only(self):
        self.assertEqual(self.gen("two", "--emit", "proto,nginx")[0], 0)
        self.assertEqual({name.partition("/")[0] for name in tree(self.folder / "two")},
                         {"proto", "nginx.conf"})

    def test_files_of_others_stay_as_they_are(self):
        self.assertEqual(self.gen("all")[0], 0)
        services = self.folder / "all/services.txt"
        nginx = self.folder / "all/nginx.conf"
        services.write_text("changed", encoding="utf-8")
        nginx.write_text("changed", encoding="utf-8")
        self.assertEqual(self.gen("all", "--emit", "nginx", "--check")[0], 1)
        self.assertEqual(self.gen("all", "--emit", "nginx")[0], 0)
        self.assertEqual(self.gen("all", "--emit", "nginx", "--check")[0], 0)
        self.assertEqual(services.read_text(encoding="utf-8"), "changed")
        self.assertNotEqual(nginx.read_text(encoding="utf-8"), "changed")
        self.assertEqual(self.gen("all")[0], 0)
        self.assertEqual(tree(self.folder / "all"), tree(GEN))

    def test_unknown_emitters_are_refused(self):
        for given, says in (("ngnix", "did you mean `nginx`?"), ("", "there is no emitter ``"),
                            ("c,", "there is no emitter ``"), ("c,proto,c", "named twice"),
                            ("x" * 300, "there are c, meson, proto")):
            status, said = self.gen("none", "--emit", given)
            self.assertEqual(status, 2, given)
            self.assertIn(says, said)
        self.assertFalse((self.folder / "none").exists())


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
