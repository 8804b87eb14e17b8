#!/usr/bin/python3
"""channeld with system calls failing under it, each at one call after the other.

A failed write or sync is final: channeld says so and ends, has not confirmed what it was about, and
starts again with all that it ever confirmed. Only when there is no room for a new segment does it go
on, without new events. A write that is merely short is nothing.
"""
import concurrent.futures
import contextlib
import itertools
import json
import os
import re
import signal
import sys
import time
import unittest

from channel import ENV, Broker, Gone, can_trace, eventually, traced
from crowd import Crowd
from history import broken_promises

BUILD, SHORT_WRITE = sys.argv.pop(1), os.path.abspath(sys.argv.pop(1))
WORKERS = 2
SEGMENT = 1 << 16
EVENTS = 600           # more than fit into the segments that are there at first
EVENT_BYTES = 500
MESSAGES = {"EIO": "Input/output error", "ENOSPC": "No space left on device"}


@contextlib.contextmanager
def scene(segment=SEGMENT):
    """A channeld that was not started yet, and its crowd."""
    with Broker(BUILD, "--segment-bytes", segment) as broker, \
            contextlib.closing(Crowd(broker)) as crowd:
        crowd.producer("p", bytes_each=EVENT_BYTES)
        crowd.member("crew", "first")
        crowd.member("crew", "second", window_messages=5)
        yield broker, crowd


def publish_and_consume(crowd, count=EVENTS):
    """Until `count` events were settled, or channeld ends."""
    with contextlib.suppress(Gone, OSError):
        crowd.connect()
    end = time.monotonic() + 20
    while len(crowd.done["crew"]) < count and crowd.connected():
        assert time.monotonic() < end, "neither done nor ended"
        crowd.turn()


def judge_after_restart(broker, crowd, label):
    """Everything that was promised, once channeld ran again with nothing failing."""
    crowd.broker_died()
    assert broker.start(), f"{label}: {broker.stderr()}"
    crowd.connect()
    assert crowd.drain(), f"{label}: not everything was settled"
    broker.stop()
    broken = {k: v[:3] for k, v in broken_promises(crowd.history).items() if v}
    assert not broken, f"{label}: {broken}"


def batch_that_failed(trace):
    """Numbers of the events in what the failed call was about: all that its thread had written since
    its last sync."""
    written = {}
    for line in trace.splitlines():
        thread = line.split(None, 1)[0]
        if "fdatasync" in line and re.search(r"= 0$", line):
            written[thread] = []
        written.setdefault(thread, []).extend(map(int, re.findall(r"p-(\d+) ", line)))
        if "(INJECTED)" in line:
            return written[thread]
    return []


class Case:
    """One channeld with one fault. `final`: it must end."""

    def __init__(self, fault, final):
        self.fault, self.final = fault, final
        self.made = self.judged = False

    def run(self):
        with scene() as (broker, crowd):
            trace = broker.dir / "trace"
            call = self.fault.split(":")[0]
            prefix = traced("-s", str(SEGMENT), "-e", f"trace=fdatasync,pwritev,{call}",
                            "-e", f"inject={self.fault}", out=trace)
            if broker.start(prefix=prefix):
                publish_and_consume(crowd)
            status = broker.terminate() if crowd.connected() else broker.wait()
            self.judge(status, broker.stderr(), trace.read_text(), crowd)
            judge_after_restart(broker, crowd, self.fault)
        return self

    def judge(self, status, said, trace, crowd):
        self.made = "(INJECTED)" in trace
        allowed = (0,) if not self.made else (1,) if self.final else (0, 1)
        assert status in allowed, f"{self.fault}: status {status}: {said}"
        if status == 0:
            return
        wanted = MESSAGES[re.search(r"error=(\w+)", self.fault).group(1)]
        assert re.search(rf"^channeld: cannot .*{wanted}$", said, re.M), f"{self.fault}: {said}"
        failed = batch_that_failed(trace)
        confirmed = crowd.producers[0].confirmed
        assert not failed or confirmed < min(failed), f"{self.fault}: {confirmed} of {failed}"
        self.judged = bool(failed)


@unittest.skipUnless(can_trace(), "strace is not there or may not trace")
class Fault(unittest.TestCase):
    def each(self, fault, calls, final=True):
        """`fault` at each of `calls`; returns how many of them hit a batch of events."""
        cases = [Case(f"{fault}:when={n}", final) for n in calls]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            done = list(pool.map(Case.run, cases))
        made, judged = sum(c.made for c in done), sum(c.judged for c in done)
        print(f"{fault}: {made} of {len(cases)} were made, {judged} while events were written",
              flush=True)
        self.assertGreater(made, len(cases) / 2)
        return judged

    def test_a_failed_sync_is_final(self):
        self.assertGreater(self.each("fdatasync:error=EIO", range(1, 31)), 2)

    def test_a_failed_write_is_final(self):
        self.assertGreater(self.each("pwritev:error=EIO", range(1, 41, 2)), 1)

    def test_a_full_disk_under_a_batch_is_final(self):
        self.each("pwritev:error=ENOSPC", range(2, 42, 3), final=False)

    def test_a_failed_sync_of_the_directory_is_final(self):
        self.each("fsync:error=EIO", range(1, 7))

    def test_a_failed_rename_is_final(self):
        self.each("rename:error=EIO", range(1, 5))

    def test_a_failed_read_is_final(self):
        with scene(1 << 20) as (broker, crowd):
            members, crowd.members = crowd.members, []
            crowd.producers[0].bytes_each = 10 * EVENT_BYTES  # more than is read at once
            self.assertTrue(broker.start())
            crowd.connect()
            eventually(lambda: crowd.turn() or crowd.producers[0].confirmed >= 3 * EVENTS, "some")
            broker.stop()  # with a checkpoint, so that opening does not read the events
            crowd.broker_died()
            crowd.members = members
            crowd.producers[0].quiet = True
            opening, running = 0, 0
            for n in itertools.count(1, 4):
                files = [word for path in broker.data.glob("*.log") for word in ("-P", str(path))]
                fault = f"inject=pread64:error=EIO:when={n}"
                if broker.start(prefix=traced(*files, "-e", "trace=pread64", "-e", fault)):
                    publish_and_consume(crowd, crowd.producers[0].confirmed)
                    running += 1
                else:
                    opening += 1
                if crowd.connected():
                    broker.kill()
                    break  # everything was read, and settled
                self.assertEqual(broker.wait(), 1, fault)
                self.assertRegex(broker.stderr(), "^channeld: cannot read .*Input/output error\n$")
                crowd.broker_died()
            print(f"pread64:error=EIO: {opening} while opening, {running - 1} while running",
                  flush=True)
            self.assertGreater(opening, 2)
            self.assertGreater(running, 2)
            judge_after_restart(broker, crowd, "pread64")

    def test_no_room_for_a_segment_refuses_new_events_and_delivers_on(self):
        with scene() as (broker, crowd):
            producer = crowd.producers[0]

            def turn_until(condition, what):
                eventually(lambda: crowd.turn() or condition(), what)

            # The first segments are made at the start; then there is no room. strace is sent away
            # later: it must heed signals, and have no filter, which would stay behind.
            prefix = traced("-I2", "-e", "trace=fallocate",
                            "-e", "inject=fallocate:error=ENOSPC:when=4+")
            prefix.remove("--seccomp-bpf")
            self.assertTrue(broker.start(prefix=prefix))
            crowd.connect()
            turn_until(lambda: producer.refused > 0, "a refusal")
            self.assertTrue(json.loads(broker.channel("info")[1])["diskFull"])
            turn_until(lambda: len(crowd.done["crew"]) >= producer.confirmed, "all is settled")
            self.assertTrue(json.loads(broker.channel("info")[1])["diskFull"])
            before = producer.confirmed
            os.kill(broker.tracer(), signal.SIGTERM)
            turn_until(lambda: producer.confirmed > before + EVENTS, "there is room again")
            self.assertFalse(json.loads(broker.channel("info")[1])["diskFull"])
            broker.stop()
            judge_after_restart(broker, crowd, "no room")


class ShortWrite(unittest.TestCase):
    def test_short_writes_are_nothing(self):
        preload = {"LD_PRELOAD": SHORT_WRITE,
                   "ASAN_OPTIONS": ENV["ASAN_OPTIONS"] + ":verify_asan_link_order=0"}
        for every in (1, 2, 3, 7):
            with scene() as (broker, crowd):
                env = {**preload, "SHORT_WRITE_EVERY": str(every)}
                self.assertTrue(broker.start(env=env), broker.stderr())
                publish_and_consume(crowd)
                self.assertEqual((broker.terminate(), broker.stderr()), (0, ""))
                judge_after_restart(broker, crowd, f"each {every}th write")


if __name__ == "__main__":
    unittest.main(verbosity=2)
