#!/usr/bin/python3
"""The text of `channel metrics`: its form, its families against docs/channel/OPERATIONS.md, and that
its numbers move."""
import json
import re
import sys
import time
import unittest

import exposition
from channel import TOP, Broker, Gone, Peer, eventually

BUILD = sys.argv.pop(1)


def documented():
    """{name: type} of the table in the documentation."""
    page = (TOP / "docs/channel/OPERATIONS.md").read_text()
    text = page.split("\n## Metrics\n", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"(?m)^\| `(channel_\w+)`[^|]*\| (counter|gauge|histogram) \|", text))


class Metrics(unittest.TestCase):
    def setUp(self):
        self.broker = Broker(BUILD, "--segment-bytes", 1 << 16, "--retain-bytes", 1 << 17)
        self.addCleanup(self.broker.__exit__)
        self.assertTrue(self.broker.start())

    def scrape(self):
        status, out, err = self.broker.channel("metrics")
        self.assertEqual((status, err), (0, ""))
        return exposition.parse(out)

    def value(self, name, labels=(), family=None):
        families = self.scrape()
        family = family or name
        self.assertIn((name, labels), families[family].samples)
        return families[family].samples[name, labels]

    def of_sub(self, name, sub="s"):
        return self.value(f"channel_subscription_{name}", (("subscription", sub),))

    def ok(self, *args, **more):
        status, out, err = self.broker.channel(*args, **more)
        self.assertEqual((status, err), (0, ""), args)
        return out

    def test_the_families_are_those_of_the_documentation(self):
        found = self.scrape()
        self.assertEqual({name: f.type for name, f in found.items()}, documented())
        for name, family in found.items():
            self.assertRegex(family.help, r"^.{6,}\.$", name)
            if not name.startswith("channel_subscription_"):
                self.assertTrue(family.samples, name)

    def test_publishes_move_what_counts_them(self):
        before = self.scrape()
        self.ok("pub", "a:b", stdin="x\n" * 100)
        for _ in range(2):
            self.ok("pub", "a:b", "once", "--id", "1")
        self.assertEqual(self.broker.channel("pub", "not a subject", "x")[0], 1)
        after = self.scrape()

        def moved(name, labels=(), family=None):
            family = family or name
            return after[family].samples[name, labels] - before[family].samples[name, labels]

        results = {result: moved("channel_publishes_total", (("result", result),))
                   for result in ("stored", "duplicate", "refused")}
        self.assertEqual(moved("channel_publishes_refused_total", (("reason", "invalid"),)), 1)
        self.assertEqual(results, {"stored": 101, "duplicate": 1, "refused": 1})
        self.assertEqual(moved("channel_log_events_total"), 101)
        self.assertEqual(moved("channel_durable_sequence"), 101)
        self.assertEqual(moved("channel_connections_total"), 5)
        self.assertGreater(moved("channel_log_bytes"), 100)
        batches = moved("channel_log_batch_records_count", family="channel_log_batch_records")
        self.assertTrue(2 <= batches <= 101, batches)
        self.assertEqual(moved("channel_log_batch_records_sum",
                               family="channel_log_batch_records"), 101)
        self.assertEqual(moved("channel_log_batch_bytes_count",
                               family="channel_log_batch_bytes"), batches)
        self.assertEqual(moved("channel_log_commit_seconds_count",
                               family="channel_log_commit_seconds"), batches)
        self.assertGreater(moved("channel_log_commit_seconds_sum",
                                 family="channel_log_commit_seconds"), 0)
        self.assertGreaterEqual(moved("channel_log_syncs_total"), batches)
        self.assertAlmostEqual(after["channel_log_oldest_timestamp_seconds"].samples[
            "channel_log_oldest_timestamp_seconds", ()], time.time(), delta=60)

    def test_connections_that_the_broker_ends_are_counted_by_why(self):
        def ended(reason):
            return self.value("channel_connections_ended_total", (("reason", reason),))

        for send, reason in ((lambda p: p.send_raw(b"\xff\xff\xff\x7f\x03\0\0\0"), "too_big"),
                             (lambda p: p.send("WELCOME"), "protocol"),
                             (lambda p: p.subscribe("no name!", "a:b"), "invalid")):
            self.assertEqual(ended(reason), 0)
            peer = Peer(self.broker, "x")
            send(peer)
            with self.assertRaises(Gone):
                peer.receive()
            peer.close()
            self.assertEqual(ended(reason), 1)
        self.broker.kill()
        self.assertTrue(self.broker.start("--heartbeat-ms", 50))
        peer = Peer(self.broker, "x")
        eventually(lambda: ended("silent") == 1, "who says nothing is dropped")
        peer.close()

    def test_subscriptions_move_theirs(self):
        for text in ("one", "two", "three"):
            self.ok("pub", "a:b", text)
        peer = Peer(self.broker, "reader")
        self.addCleanup(peer.close)
        peer.subscribe("s", "a:b", max_deliver=2)
        peer.expect("SUBSCRIBED")
        first, second, third = (peer.expect("EVENT").message.sequence for _ in range(3))
        self.assertEqual((self.of_sub("in_flight"), self.of_sub("pending"), self.of_sub("members"),
                          self.of_sub("deliveries_total")), (3, 3, 1, 3))
        self.assertGreaterEqual(self.of_sub("lag"), 3)
        peer.ack(first)
        peer.expect("ACKED")
        peer.send("NACK", subscription=1, sequence=second, delay_ms=0)
        self.assertEqual(peer.expect("EVENT").message.sequence, second)
        peer.send("NACK", subscription=1, sequence=second, delay_ms=0)  # that was often enough
        eventually(lambda: self.of_sub("dead_letters_total") == 1, "a dead letter")
        self.assertEqual((self.of_sub("acks_total"), self.of_sub("nacks_total"),
                          self.of_sub("deliveries_total"), self.of_sub("redeliveries_total"),
                          self.of_sub("pending")), (1, 2, 4, 1, 1))
        self.assertEqual(self.value("channel_dead_letters"), 1)
        self.assertEqual(self.value("channel_subscriptions"), 1)
        self.ok("truncate", third, "--force")
        eventually(lambda: self.of_sub("events_lost_total") == 1, "the loss is counted")
        self.assertEqual((self.value("channel_events_lost_total"),
                          self.value("channel_purges_total")), (1, 1))

    def test_retention_and_checkpoints_move_theirs(self):
        self.assertEqual(self.value("channel_checkpoint_timestamp_seconds"), 0)
        self.ok("pub", "a:b", stdin=("x" * 1000 + "\n") * 1000)
        self.assertGreater(self.value("channel_checkpoint_lag_bytes"), 1000 * 1000)
        eventually(lambda: self.value("channel_records_retired_total") > 0, "retention")
        now = self.scrape()  # both at one moment: it may go on
        retired, first = (now[name].samples[name, ()]
                          for name in ("channel_records_retired_total", "channel_first_sequence"))
        self.assertEqual(retired, first - 1)
        self.assertGreater(self.value("channel_log_segments"), 2)
        self.broker.stop()
        self.assertTrue(self.broker.start())
        self.assertGreaterEqual(self.value("channel_checkpoint_sequence"), 1000)
        self.assertLess(self.value("channel_checkpoint_lag_bytes"), 1000)
        self.assertEqual(self.value("channel_log_events_total"), 1000)

    def test_info_agrees_with_the_metrics(self):
        self.ok("pub", "a:b", "x")
        info = json.loads(self.ok("info"))
        self.assertEqual((info["stored"], info["duplicates"], info["refused"], info["durable"]),
                         (1, 0, 0, self.value("channel_durable_sequence")))

    def test_no_name_needs_an_escape(self):
        """Labels are escaped all the same; metrics_test.c holds that."""
        for name in ('q"x', "b\\x", "n\nx", "{}"):
            status, _, err = self.broker.channel("sub", name, "a:b", "--count", 1)
            self.assertEqual((status, err),
                             (1, "channel: not a name for a subscription\n"), repr(name))
        self.assertEqual(self.scrape()["channel_subscription_lag"].samples, {})


class Exposition(unittest.TestCase):
    """The reader itself: what it must not let pass."""

    GOOD = '# HELP a A thing.\n# TYPE a gauge\na{l="x\\\\\\"\\n"} 1\na{l="y"} 2.5\n'

    def test_the_exposition_format_is_read(self):
        family = exposition.parse(self.GOOD)["a"]
        self.assertEqual(family.samples, {("a", (("l", 'x\\"\n'),)): 1, ("a", (("l", "y"),)): 2.5})

    def test_malformed_expositions_are_refused(self):
        for bad in (self.GOOD[:-1], self.GOOD + "\n", self.GOOD + 'a{l="y"} 3\n',
                    self.GOOD + "b 1\n", self.GOOD + "# HELP a A thing.\n# TYPE a gauge\n",
                    self.GOOD.replace("gauge", "counter"), self.GOOD.replace("2.5", "two"),
                    self.GOOD.replace("# HELP a A thing.\n", ""), self.GOOD.replace("\\n", "\n"),
                    self.GOOD.replace('"y"', '"y'), self.GOOD + "a 1 \n",
                    "# HELP h H.\n# TYPE h histogram\n" + 'h_bucket{le="1"} 2\n' +
                    'h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n'):
            with self.assertRaises(AssertionError, msg=bad):
                exposition.parse(bad)


if __name__ == "__main__":
    unittest.main(verbosity=1)
