#!/usr/bin/python3
"""What is configured when nobody asks for tests: nothing of theirs, also in another's project."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
# What only tests need, by the names that meson knows it by.
OF_TESTS = {"criterion", "protobuf", "libnats"}
THEIRS = """project('theirs', 'c', default_options: ['c_std=c17'])
tessera = subproject('tessera')
executable('theirs', 'theirs.c', dependencies: tessera.get_variable('wire'))
test('theirs', find_program('true'))
"""


def run(*words, **more):
    done = subprocess.run(words, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    if done.returncode:
        raise AssertionError(f"{words}: {done.stdout}")
    return done.stdout


class Configure(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tessera-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def configure(self, source, *options):
        """The build folder, and what meson knows of it."""
        build = self.folder / "build"
        run("meson", "setup", build, source, *options)
        return build, json.loads(run("meson", "introspect", "--tests", "--targets",
                                     "--dependencies", build))

    def sources(self, known):
        return [Path(name) for target in known["targets"]
                for group in target["target_sources"]
                for name in group.get("sources", []) + group.get("generated_sources", [])]

    def assert_nothing_of_tests(self, known, ours, tests=()):
        self.assertEqual([test["name"] for test in known["tests"]], list(tests))
        sources = self.sources(known)
        self.assertGreater(len(sources), 100)
        for path in sources:
            self.assertNotRegex(path.name, r"_test\.c$")
            self.assertFalse(path.is_relative_to(ours / "tests"), path)
        self.assertEqual({d["name"] for d in known["dependencies"]} & OF_TESTS, set())

    def test_to_run_nothing_of_the_tests_is_configured_or_looked_up(self):
        build, known = self.configure(TOP)
        self.assert_nothing_of_tests(known, TOP)
        log = (build / "meson-logs/meson-log.txt").read_text().lower()
        for name in (*OF_TESTS, "strace", "clang-format"):
            self.assertNotRegex(log, rf"(dependency|program) {name}\b")

    def test_warnings_are_errors_only_for_who_asks(self):
        build, _ = self.configure(TOP)
        options = json.loads(run("meson", "introspect", "--buildoptions", build))
        self.assertEqual([o["value"] for o in options if o["name"] == "werror"], [False])

    def test_a_project_that_takes_ours_builds_none_of_our_tests(self):
        ours = self.folder / "theirs/subprojects/tessera"
        for name in run("git", "-C", TOP, "ls-files").splitlines():
            (ours / name).parent.mkdir(parents=True, exist_ok=True)
            if (TOP / name).exists():
                shutil.copyfile(TOP / name, ours / name)
                shutil.copymode(TOP / name, ours / name)
        (ours.parent.parent / "meson.build").write_text(THEIRS)
        (ours.parent.parent / "meson_options.txt").write_text(
            "option('tests', type: 'feature', value: 'enabled')\n")
        (ours.parent.parent / "theirs.c").write_text(
            '#include "runtime/wire/wire.h"\nint main(void)\n{\n    return 0;\n}\n')
        build, known = self.configure(ours.parent.parent)
        self.assert_nothing_of_tests(known, ours, ["theirs"])
        names = {target["name"] for target in known["targets"]}
        self.assertLess({"tessera", "channeld", "channel"}, names)
        self.assertEqual({"auth", "tickets", "orders", "web"} & names, set())
        run("ninja", "-C", build, "theirs", "-j", str(os.cpu_count()))
        run(build / "theirs")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
