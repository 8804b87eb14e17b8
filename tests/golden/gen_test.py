#!/usr/bin/python3
"""gen when the place it writes to is not what it hoped for: gen_test.py TESSERA. Whatever happens,
a file is there whole or not at all, the next run makes good what is missing, and what was wrong is
said with the name of the file."""
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = TOP / "schema/ticketing.tess"
sys.path.append(str(TOP / "tests/support"))
from small_disk import fill, mount, own_mounts, unmount  # noqa: E402

HELPERS = (".tessera-stamp", ".tessera-files")


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in HELPERS}


class Gen(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gen-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = self.folder / "out"

    def gen(self, out=None, schema=SCHEMA):
        done = subprocess.run([TESSERA, "gen", str(schema), "--out", str(out or self.out)],
                              capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stderr

    def whole(self):
        """What it makes where nothing is in the way."""
        self.assertEqual(self.gen(self.folder / "whole"), (0, ""))
        return tree(self.folder / "whole")

    def test_a_file_in_place_of_the_folder_is_an_error(self):
        self.out.write_text("mine", encoding="utf-8")
        os.mkfifo(self.folder / "pipe")
        for out in (self.out, self.folder / "pipe", pathlib.Path("/dev/full")):
            status, said = self.gen(out)
            self.assertEqual(status, 3, out)
            self.assertIn(str(out), said)
            self.assertIn("Not a directory", said)
        self.assertEqual(self.out.read_text(encoding="utf-8"), "mine")

    def test_links_to_folders_and_files_are_followed(self):
        (self.folder / "real").mkdir()
        self.out.symlink_to("real")
        mine = self.folder / "mine"
        mine.write_text("mine", encoding="utf-8")
        (self.folder / "real/services.txt").symlink_to(mine)
        self.assertEqual(self.gen(), (0, ""))
        self.assertEqual(tree(self.folder / "real"), self.whole())
        self.assertFalse((self.out / "services.txt").is_symlink())
        self.assertEqual(mine.read_text(encoding="utf-8"), "mine")

    def gen_with_prefix(self, prefix, out):
        return subprocess.run([TESSERA, "gen", SCHEMA, "--out", out, "--include-prefix", prefix],
                              capture_output=True, text=True, timeout=30, check=False)

    def test_files_include_each_other_by_the_prefix_that_is_asked_for(self):
        for prefix, top in (("gen", ".."), ("generated", ".."), ("src/my-gen", "../.."), ("", ".")):
            out = self.folder / "by" / prefix
            done = self.gen_with_prefix(prefix, out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"include_directories('{top}')", (out / "meson.build").read_text())
            sources = [*out.glob("*/*.[ch]")]
            self.assertGreater(len(sources), 10)
            for path in sources:
                for name in re.findall(r'#include "(.*)"', path.read_text()):
                    self.assertTrue(name.startswith("runtime/") or (self.folder / "by" / name).exists(),
                                    f"{path}: {name}")
            shutil.rmtree(self.folder / "by")

    def test_another_prefix_makes_them_anew(self):
        self.assertEqual(self.gen(), (0, ""))
        before = tree(self.out)
        self.assertEqual(self.gen_with_prefix("generated", self.out).returncode, 0)
        self.assertNotEqual(tree(self.out), before)
        self.assertEqual(self.gen_with_prefix("gen", self.out).returncode, 0)
        self.assertEqual(tree(self.out), before)

    def test_a_prefix_that_leads_elsewhere_is_refused(self):
        for prefix in ("/gen", "gen/", "a//b", "..", "a/../b", ".", "a b", 'a"b', "\n"):
            done = self.gen_with_prefix(prefix, self.out)
            self.assertEqual(done.returncode, 2, prefix)
            self.assertIn("--include-prefix", done.stderr)
            self.assertFalse(self.out.exists())

    def test_something_else_in_place_of_a_file_is_an_error(self):
        (self.out / "services.txt/inside").mkdir(parents=True)
        status, said = self.gen()
        self.assertEqual(status, 3)
        self.assertIn(f"{self.out}/services.txt: Is a directory", said)
        shutil.rmtree(self.out / "services.txt")
        os.mkfifo(self.out / "services.txt")
        self.assertEqual(self.gen(), (0, ""))
        self.assertEqual(tree(self.out), self.whole())

    def test_a_full_disk_is_an_error_and_leaves_whole_files(self):
        if not MOUNTS:
            self.skipTest("this system does not permit to mount a small file system")
        whole = self.whole()
        self.out.mkdir()
        mount(self.out, sum(map(len, whole.values())) // 2)
        self.addCleanup(unmount, self.out)
        status, said = self.gen()
        self.assertEqual(status, 3)
        self.assertIn("No space left on device", said)
        for name, content in tree(self.out).items():
            self.assertEqual(content, whole[name], name)
        unmount(self.out)
        mount(self.out, 64 << 20)
        self.assertEqual(self.gen(), (0, ""))
        fill(self.out / "foreign")
        self.assertEqual(self.gen(), (0, ""), "nothing changed, so nothing is to be written")
        made = tree(self.out)
        del made["foreign"]
        self.assertEqual(made, whole)

    def test_a_killed_run_leaves_whole_files(self):
        whole = self.whole()
        rng = random.Random(1)
        start = time.monotonic()
        self.gen(self.folder / "timed")
        took = time.monotonic() - start
        cut = 0
        for _ in range(40):
            shutil.rmtree(self.out, ignore_errors=True)
            with subprocess.Popen([TESSERA, "gen", str(SCHEMA), "--out", str(self.out)],
                                  stdout=subprocess.DEVNULL) as process:
                time.sleep(rng.uniform(0, took))
                process.kill()
            made = tree(self.out) if self.out.exists() else {}
            for name, content in made.items():
                if name in whole:
                    self.assertEqual(content, whole[name], name)
            cut += 0 < len(made) < len(whole)
            self.assertEqual(self.gen(), (0, ""))
            self.assertEqual(tree(self.out), whole, "what a killed run left behind")
        self.assertGreater(cut, 0, "no run was cut short")

    def test_runs_at_once_leave_what_one_would(self):
        whole = self.whole()
        other = self.folder / "other.tess"
        other.write_text(SCHEMA.read_text(encoding="utf-8") + "\n// Another stamp.\n",
                         encoding="utf-8")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for _ in range(10):
                for status, said in pool.map(lambda n: self.gen(schema=(SCHEMA, other)[n % 2]),
                                             range(4)):
                    self.assertIn(status, (0, 3), said)
                self.assertEqual(self.gen()[0], 0)
                self.assertEqual(tree(self.out), whole)
                shutil.rmtree(self.out)

    def test_a_closed_output_is_no_failure(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([TESSERA, "gen", str(SCHEMA), "--out", str(self.out)],
                                  stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output: No space left on device", done.stderr)
        self.assertEqual(tree(self.out), self.whole())


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    MOUNTS = own_mounts()
    unittest.main(verbosity=2)
