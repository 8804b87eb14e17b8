"""What a second run of gen does: unchanged_test.py TESSERA. Nothing when nothing changed, and
everything that is needed as soon as a source, an imported source or a file it made did; warnings
are printed again."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

MAIN = """schema shop

import "types.tess"

service stock {
  model Item {
    id       id       @1
    name     Name     @2
    version  version  @3
    %s
  }
  %s
  message ItemInput = Item { name }
  routes "/items" { POST make "/" (ItemInput) -> 201 Item public auto %s }
}
"""
TYPES = "type Name = string(1..%d)\n"
EVENT = 'event ItemMade "item:made" of Item { id name version }'


class Unchanged(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.write()
        self.assertIn("wrote stock/stock_types.c", self.gen())

    def write(self, longest=20, field="", event="", emits=""):
        (self.folder / "types.tess").write_text(TYPES % longest, encoding="utf-8")
        (self.folder / "main.tess").write_text(MAIN % (field, event, emits), encoding="utf-8")

    def gen(self, *options):
        run = subprocess.run([TESSERA, "gen", "main.tess", "--out", "gen", *options], check=True,
                             cwd=self.folder, capture_output=True, text=True)
        self.warnings = run.stderr
        return run.stdout

    def states(self):
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino)
                for path in self.folder.joinpath("gen").rglob("*") if path.is_file()}

    def test_nothing_is_written_when_nothing_changed(self):
        before = self.states()
        self.assertEqual(self.gen(), "")
        self.assertEqual(self.states(), before)

    def test_a_changed_import_is_noticed(self):
        self.write(longest=21)
        self.assertIn("wrote stock/stock_types.c", self.gen())
        self.assertEqual(self.gen(), "")

    def test_an_edited_or_lost_output_is_made_again(self):
        made = self.folder / "gen/stock/stock_types.c"
        whole = made.read_text(encoding="utf-8")
        made.write_text("int edited;\n", encoding="utf-8")
        self.assertEqual(self.gen(), "wrote stock/stock_types.c\n")
        self.assertEqual(made.read_text(encoding="utf-8"), whole)
        made.unlink()
        self.assertEqual(self.gen(), "wrote stock/stock_types.c\n")

    def test_a_mistake_and_its_repair(self):
        self.write(field="size Missing @4")
        with self.assertRaises(subprocess.CalledProcessError):
            self.gen()
        self.write()
        self.assertEqual(self.gen(), "")

    def test_warnings_are_told_each_time(self):
        self.write(event=EVENT, emits="emits ItemMade")
        self.gen()
        first = self.warnings
        self.assertIn("warning", first)
        self.assertEqual(self.gen(), "")
        self.assertEqual(self.warnings, first)

    def test_the_depfile_is_written_each_time(self):
        self.gen("--depfile", "gen.d")
        first = (self.folder / "gen.d").read_text(encoding="utf-8")
        self.assertIn("types.tess", first)
        (self.folder / "gen.d").unlink()
        self.gen("--depfile", "gen.d")
        self.assertEqual((self.folder / "gen.d").read_text(encoding="utf-8"), first)

    def test_another_part_is_asked_for(self):
        self.assertEqual(self.gen("--only", "proto/"), "")
        (self.folder / "gen/subjects.txt").unlink()
        self.assertEqual(self.gen("--only", "proto/"), "")
        self.assertEqual(self.gen(), "wrote subjects.txt\n")


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
