#!/usr/bin/python3
"""Compaction by key, as a process: exactly what should stay stays, whatever happens meanwhile."""
import json
import random
import re
import sys
import time
import unittest

from channel import Broker, Peer, eventually, pb

BUILD = sys.argv.pop(1)
# Small, so that many segments are sealed and covered by two checkpoints soon.
OPTIONS = ("--segment-bytes", 65536, "--checkpoint-bytes", 32768, "--compact", "state:>")
PAYLOAD = b"." * 200
WINDOW = 200


class Writer:
    """A producer that remembers what it published: (subject, key) by its own numbers."""

    def __init__(self):
        self.events = []
        self.confirmed = 0

    def publish(self, broker, count, keys=5):
        """Publishes on, after whatever is known to be stored."""
        for _ in range(count):
            number = len(self.events) + 1
            kind = number % 10
            if kind == 7:
                self.events.append(("log:line", f"k{number % keys}"))  # on another subject
            elif kind == 8 and number % 40 == 8:
                self.events.append(("state:x", ""))  # without a key
            else:
                # Some keys end early, so their newest event is where compaction works.
                key = f"k{number % keys}" if number > 400 else f"early{number % 7}"
                self.events.append((f"state:{'xy'[number // 10 % 2]}", key))
        self.send(broker)

    def send(self, broker):
        peer = Peer(broker, "writer", first_sequence=self.confirmed + 1)
        try:
            self.confirmed = sent = peer.welcome.published
            while self.confirmed < len(self.events):
                while sent < len(self.events) and sent - self.confirmed < WINDOW:
                    subject, key = self.events[sent]
                    sent += 1
                    peer.send("PUBLISH", b"%d" % sent + PAYLOAD, sequence=sent, subject=subject,
                              key=key.encode(), time_ms=1)
                self.confirmed = peer.expect("PUBLISHED").message.up_to
        finally:
            peer.close()


def read(broker, name, last, filters=(">",)):
    """What a subscription gets, and settles, up to event number `last`: {number: sequence}."""
    got = {}
    confirmed = 0
    peer = Peer(broker, name)
    try:
        # One at a time: so they come in the order of the log.
        peer.subscribe(name, *filters, window_messages=1)
        peer.expect("SUBSCRIBED")
        while last not in got or confirmed < len(got):
            frame = peer.receive()
            assert frame, f"{name} waits for {last}, {confirmed} of {len(got)} are confirmed"
            if frame.type == "ACKED":
                confirmed += len(frame.message.sequences)
            elif last not in got:
                number = int(frame.payload.split(b".")[0])
                assert number > max(got, default=0), f"{number} is out of order"
                got[number] = frame.message.sequence
                peer.ack(frame.message.sequence)
    finally:
        peer.close()
    return got


class Compaction(unittest.TestCase):
    def start(self, *options):
        self.broker = Broker(BUILD, *OPTIONS, *options)
        self.addCleanup(self.broker.__exit__)
        self.assertTrue(self.broker.start())
        self.writer = Writer()

    def ok(self, *args):
        status, out, err = self.broker.channel(*args)
        self.assertEqual((status, err), (0, ""), args)
        return out

    def info(self):
        return json.loads(self.ok("info"))

    def compacted_to(self):
        """Up to which record, said the newest line about it."""
        lines = re.findall(r"compaction up to record (\d+): ", self.broker.stderr())
        return int(lines[-1]) if lines else 0

    def settle(self):
        """Waits until compaction has nothing left to do."""
        seen = [-1, 0]

        def unchanged():
            seen[:] = seen[1:] + [self.info()["compacted"]]
            return seen[0] == seen[1] > 0
        eventually(lambda: self.compacted_to() > 0, "compaction")
        eventually(unchanged, "the end of compaction")

    def judge(self, got, up_to):
        """`got` lacks only what a newer event of its subject and key replaces, and nothing that
        lies behind record `up_to`."""
        newest = {event: number for number, event in enumerate(self.writer.events, 1)}
        first_kept = min((n for n, sequence in got.items() if sequence > up_to),
                         default=len(self.writer.events) + 1)
        gone = 0
        for number, event in enumerate(self.writer.events, 1):
            if number in got:
                continue
            gone += 1
            subject, key = event
            self.assertTrue(subject.startswith("state:") and key, f"{number} {event} is gone")
            self.assertGreater(newest[event], number, f"{number}, the newest {event}, is gone")
            self.assertLess(number, first_kept, f"{number} is gone from where nothing was to go")
        return gone

    def test_only_the_newest_of_each_key_stays(self):
        self.start()
        self.writer.publish(self.broker, 3000)
        self.settle()
        # What the reader settles lets compaction go on.
        up_to, before = self.compacted_to(), self.info()["compacted"]
        got = read(self.broker, "after", 3000)
        gone = self.judge(got, self.compacted_to())
        self.assertLessEqual(before, gone)
        self.assertLessEqual(gone, self.info()["compacted"])
        # Of what was compacted all but the newest went: segments were nearly all garbage.
        newest = {event: n for n, event in enumerate(self.writer.events, 1)}
        stale = [n for n, sequence in got.items() if sequence <= up_to and
                 self.writer.events[n - 1][0].startswith("state:") and
                 self.writer.events[n - 1][1] and newest[self.writer.events[n - 1]] != n]
        self.assertEqual(stale, [])
        self.assertGreater(gone, 1500)
        self.assertIn("channel_events_compacted_total", self.ok("metrics"))
        # The same after a restart, from the disk alone; and nothing is stored twice.
        self.broker.stop()
        self.ok("verify", self.broker.data)
        self.assertTrue(self.broker.start())
        again = read(self.broker, "later", 3000)
        self.assertEqual({n: again[n] for n in again if n in got}, again)
        self.writer.confirmed = 0
        self.writer.send(self.broker)
        self.assertEqual(self.info()["stored"], 0)

    def test_more_keys_than_are_known_at_a_time(self):
        self.start("--compact-keys", 16)  # there are 24, up to 24 of them in one segment
        self.writer.publish(self.broker, 3000)
        self.settle()
        self.assertGreater(self.judge(read(self.broker, "after", 3000), self.compacted_to()), 1500)

    def test_a_subject_is_limited_to_its_newest_events(self):
        self.start("--retain-count", "log:>=100", "--retain-count", "never:used=1")
        self.writer.publish(self.broker, 3000)
        self.settle()
        got = read(self.broker, "after", 3000)
        lines = [n for n, (subject, _) in enumerate(self.writer.events, 1) if subject == "log:line"]
        self.assertEqual([n for n in lines[-100:] if n not in got], [])
        gone = [n for n in lines if n not in got]
        self.assertGreater(len(gone), 50)
        self.assertEqual(gone, lines[:len(gone)])  # the oldest
        self.assertTrue(all(n in got for n, (_, key) in enumerate(self.writer.events, 1) if not key))

    def test_who_is_behind_holds_it_back(self):
        self.start()
        peer = Peer(self.broker, "slow")
        peer.subscribe("slow", "state:x")
        peer.expect("SUBSCRIBED")
        peer.close()
        self.writer.publish(self.broker, 2000)
        eventually(lambda: len(list(self.broker.data.glob("*.log"))) > 5, "segments")
        time.sleep(1)  # four times as long as compaction waits between two looks
        self.assertEqual(self.info()["compacted"], 0)
        # Everything is still there for it; what it settled may go, and not more.
        wanted = [n for n, event in enumerate(self.writer.events, 1) if event[0] == "state:x"]
        half = wanted[500]
        got = read(self.broker, "slow", half, filters=("state:x",))
        self.assertEqual(len(got), 501)
        self.settle()
        self.assertLessEqual(self.compacted_to(), got[half])
        got |= read(self.broker, "slow", wanted[-1], filters=("state:x",))
        self.assertEqual(sorted(got), wanted)
        before = self.info()["compacted"]
        eventually(lambda: self.info()["compacted"] > before, "compaction goes on")

    def test_what_was_delivered_comes_again_unless_settled(self):
        """However a new subscription meets a compaction that goes on."""
        self.start()
        dice = random.Random(3)
        for turn in range(4):
            self.writer.publish(self.broker, 500)
            time.sleep(dice.random() * 0.4)
            name = f"new-{turn}"
            start = self.info()["durable"] - 400  # behind it all keys go on
            first = self.peek(name, start)
            self.writer.publish(self.broker, 500)
            time.sleep(0.3 + dice.random() * 0.3)  # compaction has more than one look
            self.assertEqual(first, self.peek(name, start))
            before = self.info()["compacted"]
            self.ok("forget", name)
            self.writer.publish(self.broker, 500)
            eventually(lambda: self.info()["compacted"] > before, "compaction goes on")

    def peek(self, name, start):
        """The first events of a subscription, left unsettled."""
        peer = Peer(self.broker, name)
        try:
            peer.subscribe(name, "state:>", window_messages=4, start=pb.START_SEQUENCE,
                           start_value=start)
            peer.expect("SUBSCRIBED")
            return [peer.expect("EVENT").message.sequence for _ in range(4)]
        finally:
            peer.close()

    def killed_while_rewriting(self, delay):
        """Waits for a segment to be rewritten, and a little longer; False: none was in time."""
        new = self.broker.data / "rewrite.tmp"
        deadline = time.monotonic() + 1
        while not new.exists() and time.monotonic() < deadline:
            pass  # a few milliseconds is all it is there
        time.sleep(delay)
        hit = new.exists()
        self.broker.kill()
        return hit

    def test_kill_9_at_any_moment(self):
        self.start()
        dice = random.Random(7)
        hits = 0
        for _ in range(6):
            self.writer.publish(self.broker, 700, keys=20)
            hits += self.killed_while_rewriting(dice.random() * 0.01)
            self.ok("verify", self.broker.data)
            self.assertTrue(self.broker.start(), self.broker.stderr())
        self.assertGreater(hits, 0)
        self.settle()
        got = read(self.broker, "after", len(self.writer.events))
        self.assertGreater(self.judge(got, max(got.values())), 1500)


unittest.main()
