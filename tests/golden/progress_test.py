#!/usr/bin/python3
"""What `tessera` says of a run that takes long: progress_test.py TESSERA.

The schema comes through a pipe that is held open, so that the run takes as long as the test wants.
"""
import os
import pathlib
import pty
import select
import subprocess
import sys
import time
import unittest

SCHEMA = b"schema s\nservice a { model M { id id @1 } }\n"
LINE, GONE = b"checking - ...", b"\r\x1b[K"


class Progress(unittest.TestCase):
    def start(self, stderr):
        process = subprocess.Popen([TESSERA, "check", "-"], stdin=subprocess.PIPE, stderr=stderr)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def finish(self, process):
        process.communicate(SCHEMA, timeout=20)
        self.assertEqual(process.returncode, 0)

    def read(self, terminal, until, seconds):
        """What comes until that text is there or the time is over."""
        said, end = b"", time.monotonic() + seconds
        while until not in said and select.select([terminal], [], [],
                                                  max(0, end - time.monotonic()))[0]:
            said += os.read(terminal, 4096)
        return said

    def open_terminal(self):
        try:
            terminal, theirs = pty.openpty()
        except OSError as error:
            self.skipTest(f"this system gives no terminal: {error}")
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.close, theirs)
        return terminal, theirs

    def test_a_line_on_a_terminal_which_goes_away(self):
        terminal, theirs = self.open_terminal()
        started = time.monotonic()
        process = self.start(theirs)
        said = self.read(terminal, LINE, 20)
        self.assertIn(LINE, said)
        self.assertGreaterEqual(time.monotonic() - started, 1)
        self.finish(process)
        self.assertTrue((said + self.read(terminal, b"never", 0.1)).endswith(GONE))

    def test_nothing_within_a_second(self):
        terminal, theirs = self.open_terminal()
        started = time.monotonic()
        self.finish(self.start(theirs))
        quick = time.monotonic() - started < 1  # as it is unless the machine is very busy
        self.assertEqual(self.read(terminal, b"never", 0.1) if quick else b"", b"")

    def test_nothing_into_a_file(self):
        process = self.start(subprocess.PIPE)
        self.assertEqual(select.select([process.stderr], [], [], 1.3)[0], [])
        said = process.communicate(SCHEMA, timeout=20)[1]
        self.assertEqual((process.returncode, said), (0, b""))


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
