#!/usr/bin/python3
"""What ./run and ./test do with build folders, tried on a project of a few lines."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
AGAIN = "making it again"
# It has no language, so that configuring it is quick.
PROJECT = """project('one')
custom_target(input: 'one.c', output: 'one', command: ['cp', '@INPUT@', '@OUTPUT@'],
  build_by_default: true)
"""
LACKING = "project('one')\ndependency('no-such-thing')\n"


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tessera-")
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name, "tree")
        self.top.mkdir()
        self.write("meson.build", PROJECT)
        self.write("meson_options.txt", "option('tests', type: 'feature', value: 'disabled')\n")
        self.write("one.c", "")

    def write(self, name, text):
        (self.top / name).write_text(text)

    def run_build(self, *options, **environment):
        return subprocess.run(
            ["bash", "-c", 'set -euo pipefail; . "$0"; build build-x all "$@"',
             TOP / "deploy/setup.sh", *options], cwd=self.top, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment})

    def build(self, *options, **environment):
        """What it says; it made the program."""
        done = self.run_build(*options, **environment)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue((self.top / "build-x/one").exists())
        return done.stdout

    def build_fails(self, *options):
        """What it says."""
        done = self.run_build(*options)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stdout

    def files(self):
        return sorted(path.name for path in self.top.iterdir())

    def test_a_second_build_configures_nothing(self):
        self.assertIn("configuring", self.build())
        self.assertNotIn("configuring", self.build())

    def test_a_failed_set_up_leaves_nothing_in_the_tree(self):
        before = self.files()
        self.write("meson.build", LACKING)
        self.assertIn("no-such-thing", self.build_fails())
        self.assertEqual(self.files(), before)

    def test_a_failed_set_up_keeps_the_folder_that_was_there(self):
        self.build()
        self.write("meson.build", LACKING)
        self.build_fails()
        self.assertTrue((self.top / "build-x/one").exists())
        self.assertNotIn("build-x.old", self.files())

    def test_a_half_configured_folder_is_made_again(self):
        (self.top / "build-x/meson-private").mkdir(parents=True)
        (self.top / "build-x/meson-private/coredata.dat").write_text("half")
        self.assertIn(AGAIN, self.build())

    def test_a_folder_whose_set_up_was_interrupted_is_made_again(self):
        self.build()
        (self.top / "build-x/build.ninja").unlink()
        self.assertIn(AGAIN, self.build())

    def test_a_folder_of_an_older_checkout_is_made_again(self):
        self.build()
        self.write("meson.build", PROJECT.replace("'one')", "'one', version: '2')", 1))
        self.assertIn(AGAIN, self.build())
        (self.top / "build-x/configuration").unlink()
        self.assertIn(AGAIN, self.build())

    def test_a_folder_of_a_tree_that_moved_is_made_again(self):
        self.build()
        moved = self.top.with_name("moved")
        shutil.move(self.top, moved)
        self.top = moved
        self.assertIn(AGAIN, self.build())

    def test_a_folder_of_another_compiler_is_made_again(self):
        self.build(CC="cc")
        other = self.top.with_name("other-cc")
        other.write_text('#!/bin/sh\nexec cc "$@"\n')
        other.chmod(0o755)
        self.assertIn(AGAIN, self.build(CC=str(other)))
        self.assertNotIn(AGAIN, self.build(CC=str(other)))

    def test_a_folder_of_other_options_is_made_again(self):
        self.build()
        self.assertIn(AGAIN, self.build("-Dtests=enabled"))

    def test_a_folder_that_cannot_be_brought_up_to_date_is_made_again(self):
        self.build()
        self.write("build-x/build.ninja", "half a li")
        self.assertIn(AGAIN, self.build())


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
