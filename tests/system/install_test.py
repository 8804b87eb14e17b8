#!/usr/bin/python3
"""What `meson install` puts in place suffices to build and run another's system: install_test.py BUILD.

The other project is the lending library, with nothing of this tree but its schema and handlers.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from cluster import Client, eventually, free_base

BUILD = Path(sys.argv.pop(1)).resolve()
TOP = Path(__file__).resolve().parent.parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
PROJECT = """project('library', 'c', default_options: ['c_std=c17'])
tessera = dependency('tessera')
wire = tessera
store = tessera
device = tessera
subdir('generated')
foreach name, lib : {'lending': library_lending}
  executable(name, name + '.c', dependencies: [lib, tessera])
endforeach
executable('catalogue', library_catalogue_main, dependencies: [library_catalogue, tessera])
"""


def run(*words, **more):
    done = subprocess.run(words, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    if done.returncode:
        raise AssertionError(f"{words}: {done.stdout}")
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix="tessera-")
        cls.root = Path(cls.temp.name, "root")
        run("meson", "install", "-C", BUILD, "--no-rebuild", env={**os.environ, "DESTDIR": cls.root})
        prefixes = list(cls.root.glob("usr/local/bin/tessera")) + list(cls.root.glob("usr/bin/tessera"))
        cls.prefix = prefixes[0].parent.parent
        # It is not where it will be: its own paths, but not Debian's, begin at DESTDIR.
        pc = next(cls.prefix.glob("share/pkgconfig/tessera.pc"))
        pc.write_text(re.sub(r"(?m)^prefix=.*", f"prefix={cls.prefix}", pc.read_text(), count=1))
        cls.environment = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def find(self, pattern):
        found = sorted(self.prefix.glob(pattern))
        self.assertTrue(found, pattern)
        return found[0]

    def test_programs_pages_and_completions_are_there(self):
        for name in ("tessera", "channeld", "channel"):
            self.assertIn("usage:", run(self.prefix / "bin" / name, "--help"))
        for pattern in ("share/man/man1/tessera.1*", "share/man/man1/channel.1*",
                        "share/man/man8/channeld.8*", "share/bash-completion/completions/tessera",
                        "share/zsh/site-functions/_tessera",
                        "share/fish/vendor_completions.d/tessera.fish"):
            self.find(pattern)
        run("bash", "-n", self.find("share/bash-completion/completions/tessera"))
        self.assertTrue(self.find("share/zsh/site-functions/_tessera").read_text()
                        .startswith("#compdef tessera\n"))

    def test_nothing_of_the_tests_or_of_ticketing_is_installed(self):
        files = [str(p.relative_to(self.prefix)) for p in self.prefix.rglob("*") if p.is_file()]
        self.assertEqual([f for f in files if re.search(r"test|shop|ticket|orders", f)], [])

    def test_each_installed_header_includes_only_installed_ones(self):
        top = self.prefix / "include/tessera"
        headers = sorted(top.rglob("*.h"))
        self.assertGreater(len(headers), 10)
        for path in headers:
            for name in INCLUDE.findall(path.read_text()):
                self.assertTrue((top / name).exists(), f"{path}: {name}")

    def page(self, name):
        return (TOP / "docs/man" / name).read_text().replace("\\", "")

    def test_manual_pages_name_every_command_and_option_and_no_other(self):
        commands = re.findall(r"^  ([a-z]+)\b", run(self.prefix / "bin/tessera", "--help"), re.M)
        self.assertIn("gen", commands)
        for words, page, terms in (
                (("channel",), "channel.1", "--[a-z-]+|[a-z]+"),
                (("channeld",), "channeld.8", "--[a-z-]+"),
                (("tessera",), "tessera.1", "[a-z]+"),
                *((("tessera", name), "tessera.1", "--[a-z-]+") for name in commands)):
            text = self.page(page)
            said = run(self.prefix / "bin" / words[0], *words[1:], "--help")
            for term in re.findall(rf"(?m)^  ({terms})\b", said):
                self.assertRegex(text, rf"(?m)^\.B {term}\b", f"{page}: {term}")
        for page, command in (("channel.1", "channel"), ("channeld.8", "channeld")):
            said = run(self.prefix / "bin" / command, "--help")
            text = self.page(page)
            for term in re.findall(r"(?m)^\.B (--[a-z-]+|[a-z]+)\b", text.split(".SH DESCRIPTION")[1]):
                self.assertRegex(said, rf"(?m)^  {term}\b", f"{page}: {term}")

    def test_another_project_builds_and_runs_on_it(self):
        theirs = Path(self.temp.name, "theirs")
        theirs.mkdir()
        shutil.copy(TOP / "tests/library/library.tess", theirs)
        source = (TOP / "tests/library/lending.c").read_text()
        (theirs / "lending.c").write_text(
            re.sub(r'"tests/library/gen/|"gen/', '"generated/', source))
        (theirs / "meson.build").write_text(PROJECT)
        run(self.prefix / "bin/tessera", "gen", theirs / "library.tess", "--out",
            theirs / "generated", "--include-prefix", "generated")
        build = theirs / "build"
        run("meson", "setup", build, theirs, env=self.environment)
        run("ninja", "-C", build)
        for name in ("lending", "catalogue"):
            self.assertIn("a service of library", run(build / name, "--help"))

    def test_a_name_that_cannot_be_is_refused_and_nothing_overwritten(self):
        tessera = self.prefix / "bin/tessera"
        for name in ("", "Clinic", "a/b", "../a", "1st", "a" * 41, "a-b"):
            done = subprocess.run([tessera, "new", name], cwd=self.temp.name, check=False,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, name)
            self.assertIn("a project's name is", done.stderr)
        Path(self.temp.name, "mine").mkdir()
        done = subprocess.run([tessera, "new", "mine"], cwd=self.temp.name, check=False,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (3, "tessera: mine: File exists\n"))
        self.assertEqual(list(Path(self.temp.name, "mine").iterdir()), [])

    def test_a_new_project_builds_tests_and_serves_at_once(self):
        run(self.prefix / "bin/tessera", "new", "clinic", cwd=self.temp.name)
        clinic = Path(self.temp.name, "clinic")
        self.assertFalse([p for p in clinic.rglob("*") if p.is_file() and b"@NAME@" in p.read_bytes()])
        port = free_base()
        # As in a terminal, whose Ctrl-C goes to all of its processes.
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", "./run", str(port)], cwd=clinic, text=True,
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            said = ""
            for line in process.stdout:
                said += line
                if f"127.0.0.1:{port}/days" in line:
                    break
            self.assertIn("Ready:", said)
            self.assertNotIn("warning", said)
            client = Client(None)
            client.port_of = lambda path: port
            self.assertEqual(client.post("/notes", {"text": " hello "}).status, 201)
            self.assertEqual(client.post("/notes", {"text": " "}).status, 400)
            days = eventually(lambda: client.get("/days").json()["items"], 20, "the event's effect")
            self.assertEqual([day["notes"] for day in days], [1])
        finally:
            os.killpg(process.pid, signal.SIGINT)
            rest = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0, rest)
        run("meson", "test", "-C", clinic / "build")
        run("git", "init", "-q", clinic)
        files = run("git", "-C", clinic, "ls-files", "--others", "--exclude-standard").splitlines()
        self.assertIn("gen/meson.build", files)
        self.assertFalse([name for name in files if name.startswith(("build/", "var/"))])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
