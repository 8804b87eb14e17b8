#!/usr/bin/python3
"""Systems of several files: imports.py TESSERA. What an import may be, what is said when it is not
there, and that everything else works across files."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

MAIN = """schema shop
%s
service stock {
  model Item { id id @1  name Name @2  kind Kind @3 }
}
"""


class Imports(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.write("common.tess", 'enum Kind { small @1  large @2 }\n')
        self.write("parts/names.tess", 'import "../common.tess"\ntype Name = string(1..20)\n')

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_tessera(self, command, name="main.tess", *options, folder=None):
        done = subprocess.run([TESSERA, command, name, *options], cwd=folder or self.folder,
                              capture_output=True, text=True, timeout=20, check=False)
        return done.returncode, done.stderr

    def check(self, *imports, **more):
        """What is said about a system with these imports."""
        self.write("main.tess", MAIN % "".join(f'import "{name}"\n' for name in imports))
        return self.run_tessera("check", "--error-format=short", "main.tess", **more)

    def test_a_file_by_two_ways_is_read_once(self):
        self.assertEqual(self.check("common.tess", "parts/names.tess", "parts/../common.tess"),
                         (0, ""))
        os.symlink("common.tess", self.folder / "same.tess")
        self.assertEqual(self.check("parts/names.tess", "same.tess"), (0, ""))

    def test_files_may_import_each_other(self):
        self.write("parts/names.tess", 'import "../common.tess"\nimport "../main.tess"\n'
                                       'import "names.tess"\ntype Name = string(1..20)\n')
        self.assertEqual(self.check("parts/names.tess"), (0, ""))

    def test_paths_are_seen_from_the_file_that_imports(self):
        self.check("parts/names.tess")
        self.assertEqual(self.run_tessera("check", "../main.tess", folder=self.folder / "parts"),
                         (0, ""))
        self.assertEqual(self.check(str(self.folder / "parts/names.tess")), (0, ""))

    def test_a_missing_file_gets_the_nearest_name(self):
        status, said = self.check("parts/nmaes.tess")
        self.assertEqual(status, 1)
        self.assertIn("main.tess:2:8: error[T0902]: the file cannot be read", said)
        status, said = self.run_tessera("check", "main.tess")
        self.assertIn('parts/nmaes.tess: No such file or directory', said)
        self.assertIn('did you mean "parts/names.tess"?', said)
        self.check("nowhere/a.tess")
        self.assertNotIn("did you mean", self.run_tessera("check", "main.tess")[1])

    def test_what_is_no_file(self):
        os.mkfifo(self.folder / "pipe.tess")
        for name, why in (("parts", "Is a directory"), ("pipe.tess", "not a regular file"),
                          ("/dev/zero", "not a regular file"), ("", "No such file")):
            self.check(name)
            status, said = self.run_tessera("check", "main.tess")
            self.assertEqual(status, 1, name)
            self.assertIn("main.tess:2:8: error[T0902]: the file cannot be read", said)
            self.assertIn(why, said)

    def test_what_cannot_be_read_as_text(self):
        (self.folder / "latin.tess").write_bytes(b"// caf\xe9\nenum Kind { a @1 }\n")
        status, said = self.check("latin.tess")
        self.assertEqual(status, 1)
        self.assertIn("latin.tess:1:7: error[T0100]", said)
        status, said = self.check("a\x01.tess")
        self.assertEqual(status, 1)
        self.assertIn("T0101", said)
        self.assertNotIn("T0902", said)

    def test_a_missing_file_is_one_mistake_however_much_was_in_it(self):
        self.assertEqual(self.check("nowhere/a.tess"),
                         (1, "main.tess:2:8: error[T0902]: the file cannot be read\n"))

    def test_two_places_in_two_files(self):
        self.write("other.tess", "// Another line.\ntype Kind = string(1..5)\n")
        self.check("common.tess", "parts/names.tess", "other.tess")
        status, said = self.run_tessera("check", "main.tess")
        self.assertEqual(status, 1)
        self.assertIn("other.tess:2:6: error[T0304]: a second type named `Kind`", said)
        self.assertIn("-> common.tess:1:6\n", said)

    def test_too_many_files(self):
        for number in range(1001):
            self.write(f"many/{number}.tess", "")
        status, said = self.check(*(f"many/{number}.tess" for number in range(1001)))
        self.assertEqual(status, 1)
        self.assertIn("a system has at most 1000 files", said)

    def test_the_depfile_names_them_all(self):
        self.check("parts/names.tess")
        self.assertEqual(self.run_tessera("gen", "main.tess", "--out", "gen", "--depfile", "d")[0],
                         0)
        self.assertEqual((self.folder / "d").read_text(encoding="utf-8"),
                         "gen: main.tess parts/names.tess parts/../common.tess\n")

    def test_one_file_or_many_give_the_same(self):
        self.check("parts/names.tess")
        self.run_tessera("gen", "main.tess", "--out", "many/gen")
        self.write("one/main.tess", MAIN % "type Name = string(1..20)\n"
                                           "enum Kind { small @1  large @2 }\n")
        self.run_tessera("gen", "one/main.tess", "--out", "one/gen")
        files = {path.relative_to(self.folder / "many") for path in
                 self.folder.glob("many/gen/**/*") if path.is_file() and path.name[0] != "."}
        self.assertGreater(len(files), 5)
        for path in files:
            self.assertEqual((self.folder / "many" / path).read_bytes(),
                             (self.folder / "one" / path).read_bytes(), path)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
