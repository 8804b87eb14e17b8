#!/usr/bin/python3
"""Clients that are stopped, slow, silent or many: others go on, memory stays within bounds, and what
was with a stopped client comes to another."""
import contextlib
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from channel import ENV, Broker, Peer, can_trace, eventually, traced
from crowd import Crowd
from history import broken_promises

BUILD = sys.argv.pop(1)
HEARTBEAT_MS = 200
CACHE_BYTES = 8 << 20
BULK_BYTES, BULK_EVENTS = 100_000, 1200   # 120 MB, all of it pending for each client that does not read
BASE_RSS_MAX = 32 << 20
CONNECTION_RSS_MAX = 5 << 20   # two times RT_OUT_HIGH_BYTES and an event on top, each
IDLE_RSS_MAX = 16 << 10
EVENTS = 2000                  # of the others, and how much longer these may take:
FACTOR, SLACK_SECONDS = 4, 2.0


def sanitized(broker):
    return b"__asan_init" in (broker.bin / "channeld").read_bytes()


class Slow(unittest.TestCase):
    def setUp(self):
        self.broker = Broker(BUILD, "--heartbeat-ms", HEARTBEAT_MS, "--cache-bytes", CACHE_BYTES)
        self.addCleanup(self.broker.__exit__)
        self.assertTrue(self.broker.start())
        self.crowd = Crowd(self.broker)
        self.addCleanup(self.crowd.close)
        self.crowd.producer("p")
        self.crowd.member("crew", "one")
        self.crowd.member("crew", "two")
        self.crowd.calm = True

    def pass_events(self, count):
        """How long `count` more events take to be published, consumed and confirmed."""
        self.crowd.connect()
        begin = time.monotonic()
        want = len(self.crowd.done["crew"]) + count
        while len(self.crowd.done["crew"]) < want:
            self.assertLess(time.monotonic() - begin, 60, "the others do not go on")
            self.crowd.turn()
            self.assertEqual([o.peer.gone for o in self.crowd.all() if o.peer.gone], [])
        return time.monotonic() - begin

    def connect(self, name, **more):
        peer = Peer(self.broker, name, **more)
        self.addCleanup(peer.close)
        return peer

    def judge(self):
        self.assertTrue(self.crowd.drain())
        self.assertEqual({k: v[:3] for k, v in broken_promises(self.crowd.history).items() if v}, {})

    # ---- stopped ----

    def test_a_stopped_member_holds_up_nobody_and_loses_nothing(self):
        command = subprocess.Popen(self.broker.args("sub", "crew", "crowd:>"), env=ENV,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (command.kill(), command.communicate()))
        eventually(lambda: "crew" in self.broker.channel("ls")[1], "it has subscribed")
        command.send_signal(signal.SIGSTOP)
        for member in self.crowd.members:
            member.options["max_deliver"] = 0  # join by the rules that it has
        producer = self.crowd.producers[0]
        producer.connect()
        for _ in range(4):
            producer.act()
            eventually(lambda: producer.handle(producer.peer.receive()) or producer.done(), "sent")
        sent = producer.confirmed
        self.assertGreater(sent, 200)
        in_flight = json.loads(self.broker.channel("ls", "crew")[1])[0]["inFlight"]
        self.assertGreater(in_flight, 50, "the stopped one has some")
        producer.quiet = True
        # Far sooner than the ack-wait of 30 s, and as soon as heartbeats are missed.
        begin = time.monotonic()
        self.crowd.connect()
        while len(self.crowd.done["crew"]) < sent:
            self.crowd.turn()
            self.assertLess(time.monotonic() - begin, 10)
        self.judge()
        command.send_signal(signal.SIGCONT)
        _, said = command.communicate(timeout=20)
        self.assertEqual(command.returncode, 1)
        self.assertRegex(said, "nothing was heard for too long|Broken pipe|reset")
        self.judge()  # what it acknowledged late changed nothing

    # ---- clients that do not read ----

    def bulk(self):
        """Publishes BULK_EVENTS and waits until they are durable, while the others go on."""
        peer = self.connect("bulk", first_sequence=1)
        payload = b"x" * BULK_BYTES
        sent = confirmed = 0
        while confirmed < BULK_EVENTS:
            while sent < min(BULK_EVENTS, confirmed + 20):
                sent += 1
                peer.send("PUBLISH", payload, sequence=sent, subject="bulk:x", time_ms=1)
            self.crowd.turn()
            confirmed = max([confirmed, *(f.message.up_to for f in peer.poll())])
            self.assertIsNone(peer.gone)
        peer.close()

    def keep_alive(self, peers, slowly=None):
        """PINGs of clients that hardly read, from a process of their own: a thread of this one has
        to wait for its turn for longer than the broker does for a PING."""
        parent = os.getpid()
        child = os.fork()
        if child > 0:
            self.addCleanup(lambda: (os.kill(child, signal.SIGKILL), os.waitpid(child, 0)))
            return
        try:
            while os.getppid() == parent:
                time.sleep(HEARTBEAT_MS / 1000)
                for peer in peers:
                    with contextlib.suppress(OSError):
                        peer.socket.send(Peer.encode("PING", stamp=1), socket.MSG_DONTWAIT)
                if slowly:
                    with contextlib.suppress(OSError):
                        slowly.socket.recv(1024 * HEARTBEAT_MS // 1000, socket.MSG_DONTWAIT)
        finally:
            os._exit(0)

    def test_who_does_not_read_costs_others_nothing_and_little_memory(self):
        alone = self.pass_events(EVENTS)
        peers = [self.connect(name) for name in ("never", "slowly", "silent")]
        for number, peer in enumerate(peers):
            peer.subscribe(f"bulk{number}", "bulk:>", window_messages=60000, window_bytes=1 << 30)
            peer.expect("SUBSCRIBED")
        never, slowly, _ = peers
        self.keep_alive([never, slowly], slowly)
        self.bulk()
        beside = self.pass_events(EVENTS)
        rss = self.broker.rss()
        print(f"{EVENTS} events: {alone:.2f} s alone, {beside:.2f} s beside; rss {rss >> 20} MB",
              flush=True)
        self.assertLess(beside, FACTOR * alone + SLACK_SECONDS)
        if not sanitized(self.broker):
            self.assertLess(rss, BASE_RSS_MAX + CACHE_BYTES + 3 * CONNECTION_RSS_MAX)
        # Who says PING is alive, however slowly it reads; the silent one is given up.
        eventually(lambda: self.crowd.turn() or self.members("bulk2") == 0, "the silent one is given up")
        self.assertEqual(self.members("bulk"), 2)
        for _ in range(20):
            self.crowd.run(HEARTBEAT_MS / 1000 / 4)
        self.assertEqual(self.members("bulk"), 2)
        self.judge()

    def members(self, prefix):
        return sum(s["members"] for s in json.loads(self.broker.channel("ls")[1])
                   if s["name"].startswith(prefix))

    # ---- channeld itself is slow ----

    def patience_passes(self):
        time.sleep(4 * HEARTBEAT_MS / 1000)  # is the point: three missed heartbeats are too many

    def test_who_could_not_be_heard_is_not_given_up_after_a_standstill(self):
        self.pass_events(EVENTS)
        self.broker.process.send_signal(signal.SIGSTOP)
        self.patience_passes()
        self.broker.process.send_signal(signal.SIGCONT)
        self.pass_events(EVENTS)
        self.judge()

    @unittest.skipUnless(can_trace(), "strace is not there or may not trace")
    def test_who_could_not_be_heard_is_not_given_up_on_a_slow_disk(self):
        self.broker.stop()
        slow = f"inject=fdatasync:delay_enter={5 * HEARTBEAT_MS}ms:when=3+"
        self.assertTrue(self.broker.start(prefix=traced("-e", "trace=fdatasync", "-e", slow)))
        self.crowd.connect()
        # More than RT_BATCH_HIGH_BYTES waits for the log, so nothing is read.
        flood = [self.connect(f"flood{i}", first_sequence=1) for i in range(2)]
        data = b"".join(Peer.encode("PUBLISH", b"x" * BULK_BYTES, sequence=n, subject="bulk:x",
                                    time_ms=1) for n in range(1, 151))
        threads = [threading.Thread(target=peer.socket.sendall, args=(data,)) for peer in flood]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.crowd.run(HEARTBEAT_MS / 2000)
        for thread in threads:
            thread.join()
        up_to = [0, 0]
        while min(up_to) < 150:
            self.crowd.turn()
            for i, peer in enumerate(flood):
                up_to[i] = max([up_to[i], *(f.message.up_to for f in peer.poll())])
                self.assertIsNone(peer.gone)
        self.assertEqual(len(self.crowd.connected()), 3)
        self.broker.kill()
        self.crowd.broker_died()
        self.assertTrue(self.broker.start())
        self.crowd.connect()
        self.judge()

    # ---- many ----

    def flood(self, count):
        """Sockets that say nothing."""
        idle = []
        for _ in range(count):
            idle.append(socket.create_connection(("127.0.0.1", self.broker.port), 20))
            self.addCleanup(idle[-1].close)
        return idle

    def test_a_flood_of_idle_sockets_costs_others_nothing(self):
        alone = self.pass_events(EVENTS)
        rss = self.broker.rss()
        idle = self.flood(500)
        beside = self.pass_events(EVENTS)
        more = self.broker.rss() - rss
        print(f"{EVENTS} events: {alone:.2f} s alone, {beside:.2f} s beside; {more >> 10} KB more",
              flush=True)
        self.assertLess(beside, FACTOR * alone + SLACK_SECONDS)
        if not sanitized(self.broker):
            self.assertLess(more, len(idle) * IDLE_RSS_MAX)
        # A client that does not say HELLO in time gets the reason and is closed.
        while idle:
            self.crowd.turn()
            readable, _, _ = select.select(idle, [], [], 0)
            for one in readable:
                self.assertIn(b"nothing was heard", one.recv(4096))
                idle.remove(one)
        self.judge()

    def test_without_free_descriptors_the_others_go_on(self):
        self.pass_events(10)
        limits = resource.prlimit(self.broker.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.broker.process.pid, resource.RLIMIT_NOFILE, (40, limits[1]))
        idle = self.flood(100)
        self.pass_events(EVENTS)
        for one in idle:
            one.close()
        eventually(lambda: self.crowd.turn() or self.broker.channel("info")[0] == 0, "room again")
        self.judge()


if __name__ == "__main__":
    unittest.main(verbosity=2)
