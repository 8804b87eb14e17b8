#!/usr/bin/python3
"""channeld killed, and now and then stopped, again and again under a crowd: three producers, a queue
group of four, a lone subscriber; with nacks, delays and members that leave and come back."""
import sys
import time
import unittest

from channel import Broker, traced
from crowd import Crowd
from history import Delivered, broken_promises, promise_tests

BUILD = sys.argv.pop(1)
KILLS, SECONDS_MAX = 50, 8
SEED = 1


@promise_tests
class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(BUILD, "--segment-bytes", 1 << 16, "--retain-bytes", 1 << 18)
        cls.addClassCleanup(cls.broker.__exit__)
        cls.crowd = Crowd(cls.broker, SEED)
        cls.addClassCleanup(cls.crowd.close)
        cls.history = cls.crowd.history
        for i in range(3):
            cls.crowd.producer("p" * (i + 1))
        for i in range(4):
            cls.crowd.member("crew", f"member{i}", window_messages=1 + 8 * i)
        cls.crowd.member("alone", "hermit", window_messages=100)
        cls.kills, cls.stops = 0, []
        end = time.monotonic() + SECONDS_MAX
        # Every other channeld writes slowly, so that more often than not a batch is cut off.
        cls.slow = traced("-e", "trace=pwritev", "-e", "inject=pwritev:delay_enter=3000")
        cls.start()
        while cls.kills < KILLS and time.monotonic() < end:
            for _ in range(cls.crowd.chance.randrange(1, 4)):
                cls.crowd.run(cls.crowd.chance.uniform(0, 0.1))
                cls.crowd.somebody_leaves()
            # In the middle of what it makes of this.
            cls.crowd.act()
            time.sleep(cls.crowd.chance.uniform(0, 0.003))
            if cls.kills % 5 == 4:
                cls.stops.append(cls.broker.terminate())
            else:
                cls.broker.kill()
            cls.crowd.broker_died()
            cls.kills += 1
            cls.start()
        cls.drained = cls.crowd.drain()
        cls.broken = broken_promises(cls.history)

    @classmethod
    def start(cls):
        slow = cls.slow if cls.kills % 2 else ()
        assert cls.broker.start(prefix=slow), cls.broker.stderr()
        cls.crowd.connect()

    def test_everything_was_settled_in_the_end(self):
        self.assertTrue(self.drained, self.broker.channel("ls"))

    def test_a_clean_stop_under_load_is_clean(self):
        self.assertEqual(set(self.stops), {0})

    def test_the_scene_was_lively(self):
        """enough was killed, delivered and came again for the others to mean something"""
        delivered = [r for r in self.history if isinstance(r, Delivered)]
        events = {(r.group, r.sequence) for r in delivered}
        print(f"{self.kills} kills, {len(events)} events, {len(delivered)} deliveries, seed {SEED}",
              flush=True)
        self.assertGreaterEqual(self.kills, 5)
        self.assertGreater(len(events), 50 * self.kills)
        self.assertGreater(len(delivered), len(events) + 20 * self.kills)
        segments = sorted(path.stem for path in self.broker.data.glob("*.log"))
        self.assertGreater(int(segments[0]), 10, "segments were used again")
        for member in self.crowd.members:
            self.assertGreater(member.seen, 0, member.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
