#!/usr/bin/python3
"""Files of the log that lost their end, or are gone, after channeld was killed: it starts when nothing
can have been lost, and otherwise says what, and the command that it names makes it start."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import unittest

from channel import ENV, Broker, Peer, eventually

BUILD = sys.argv.pop(1)
SEGMENT = 1 << 16
EVENTS, BATCH = 200, 5   # more than one segment, in batches that were synced one by one
HEADER = 512             # bytes at both ends of a segment
RECORD_HEADER = 24


class Recover(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(BUILD, "--segment-bytes", SEGMENT)
        cls.addClassCleanup(cls.broker.__exit__)
        assert cls.broker.start()
        peer = Peer(cls.broker, "p", first_sequence=1)
        for n in range(1, EVENTS + 1):
            peer.send("PUBLISH", b"event %d " % n + b"x" * 400, sequence=n, subject="a:b", time_ms=1)
            if n % BATCH == 0:
                while peer.expect("PUBLISHED").message.up_to < n:
                    pass
        peer.close()
        eventually(lambda: len(list(cls.broker.data.glob("*.log"))) == 4, "two spares are made")
        cls.broker.kill()
        cls.kept = cls.broker.dir / "kept"
        shutil.copytree(cls.broker.data, cls.kept)
        segments = sorted(path.name for path in cls.kept.glob("*.log"))
        used = [name for name in segments if b"event " in (cls.kept / name).read_bytes()]
        cls.oldest, cls.newest = used[0], used[-1]
        cls.spares = segments[len(used):]
        assert len(used) == 2 and len(cls.spares) == 2, segments
        data = (cls.kept / cls.newest).read_bytes()
        cls.end = len(data[:-HEADER].rstrip(b"\0")) + 7 & ~7  # of the last record
        cls.first_of_newest = int(re.search(rb"event (\d+) ", data).group(1))

    def setUp(self):
        shutil.rmtree(self.broker.data)
        shutil.copytree(self.kept, self.broker.data)

    def log_id(self):
        self.assertTrue(self.broker.start(), self.broker.stderr())
        peer = Peer(self.broker, "p")
        peer.close()
        self.broker.kill()
        return peer.welcome.log_id

    def test_a_copy_that_was_put_back_is_another_log_to_clients(self):
        first = self.log_id()
        self.assertEqual(self.log_id(), first)
        copy = self.broker.dir / "copy"
        shutil.copytree(self.broker.data, copy)
        shutil.rmtree(self.broker.data)
        shutil.copytree(copy, self.broker.data)
        second = self.log_id()
        self.assertNotEqual(second, first)
        self.assertEqual(self.log_id(), second)
        shutil.rmtree(copy)

    def cut(self, name, size):
        os.truncate(self.broker.data / name, size)

    def published(self):
        peer = Peer(self.broker, "p", first_sequence=EVENTS + 1)
        peer.close()
        return peer.welcome.published

    def starts_with(self, count):
        self.assertTrue(self.broker.start(), self.broker.stderr())
        self.assertEqual(self.published(), count)
        # Not only for now.
        self.broker.stop()
        self.assertTrue(self.broker.start(), self.broker.stderr())
        self.assertEqual(self.published(), count)
        self.broker.kill()

    def is_refused(self, pattern, left):
        """Starts with `left` events after the repair."""
        self.assertFalse(self.broker.start())
        self.assertEqual(self.broker.wait(), 1)
        said = self.broker.stderr()
        self.assertRegex(said, pattern)
        command = shlex.split(re.search(r"run: (channel repair .*)", said).group(1))
        done = subprocess.run([self.broker.bin / command[0], *command[1:]], capture_output=True,
                              text=True, env=ENV, timeout=20)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.starts_with(left)

    def test_refusing_to_start_on_an_unexpected_end_of_file(self):
        """the newest segment ends behind its last record: nothing is lost, and channeld starts"""
        for size in (SEGMENT - 1, SEGMENT - HEADER, SEGMENT - HEADER - 1, self.end + 1000,
                     self.end + RECORD_HEADER):
            with self.subTest(size=size):
                self.setUp()
                self.cut(self.newest, size)
                self.starts_with(EVENTS)

    def test_an_end_within_records_is_refused_and_repaired(self):
        for size, left in ((self.end, EVENTS), (self.end - 8, EVENTS - 1),
                           (self.end - 1000, EVENTS - 3), (HEADER, self.first_of_newest - 1)):
            with self.subTest(size=size):
                self.setUp()
                self.cut(self.newest, size)
                self.is_refused(f"{self.newest}: ends at offset {size}, and records from "
                                rf"{left + 1} on may have been behind it", left)

    def test_an_end_within_the_header_is_refused_and_repaired(self):
        for size in (HEADER - 1, 1, 0):
            with self.subTest(size=size):
                self.setUp()
                self.cut(self.newest, size)
                self.is_refused(f"{self.newest}: damaged header", self.first_of_newest - 1)

    def test_an_end_within_an_older_segment_is_refused_and_repaired(self):
        self.cut(self.oldest, SEGMENT // 2)
        self.is_refused(f"{self.oldest}: {SEGMENT // 2} bytes long instead of {SEGMENT}", EVENTS)

    def test_spares_that_are_short_are_filled_up(self):
        for name in self.spares:
            self.cut(name, 1000)
        self.starts_with(EVENTS)

    def test_spares_that_are_empty_are_refused_and_repaired(self):
        for name in self.spares:
            with self.subTest(name=name):
                self.setUp()
                self.cut(name, 0)
                self.is_refused(f"{name}: damaged header", EVENTS)

    def test_missing_spares_are_made_anew(self):
        for name in self.spares:
            os.unlink(self.broker.data / name)
        self.starts_with(EVENTS)

    def test_a_missing_segment_is_noticed_by_the_spares_behind_it(self):
        os.unlink(self.broker.data / self.newest)
        self.is_refused("segments between 1 and 3 are missing", self.first_of_newest - 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
