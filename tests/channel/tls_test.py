#!/usr/bin/python3
"""channeld with TLS against clients that hold their handshake back, or never read; --insecure."""
import contextlib
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import time
import unittest
from pathlib import Path

# Memory is measured here; freed memory that a sanitizer keeps would count.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"

from channel import ENV, Broker, Gone, Peer, eventually

BUILD = Path(sys.argv.pop(1))
HELLO_WAIT = 5  # seconds, RT_HELLO_WAIT_MS
SLACK = 10      # of a busy machine
MIB = 1 << 20


def memory_bound(size):
    """Bytes that channeld may grow by to hold `size`; the thread sanitizer keeps several for each."""
    options = json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())
    sanitizer = next(o["value"] for o in options if o["name"] == "b_sanitize")
    return (6 if "thread" in sanitizer else 1) * size


class Sender(Peer):
    """A client over TLS with a small receive buffer, which reads only on demand."""

    def __init__(self, broker, context, hello=True):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.connect(("127.0.0.1", broker.port))
        self.socket = context.wrap_socket(plain, server_hostname="127.0.0.1")
        self.buffer = bytearray()
        if hello:
            self.send("HELLO", version=1, name="sender")
            self.expect("WELCOME")

    def fill(self, data):
        """Writes as long as the broker takes it, up to half a second of its silence; the bytes written."""
        self.socket.setblocking(False)
        sent, quiet = 0, time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - quiet < 0.5:
                try:
                    sent += self.socket.send(data)
                    quiet = time.monotonic()
                except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                    select.select([], [self.socket], [], 0.1)
        return sent


class Tls(unittest.TestCase):
    def setUp(self):
        self.broker = Broker(BUILD, "--cache-bytes", MIB)
        self.addCleanup(self.broker.__exit__)
        subprocess.run([BUILD / "tests/support/certificates", self.broker.dir], check=True,
                       env=ENV)
        self.context = ssl.create_default_context(cafile=self.broker.dir / "ca.pem")

    def start(self, *options):
        self.assertTrue(self.broker.start("--tls-cert", self.broker.dir / "server.pem", "--tls-key",
                                          self.broker.dir / "server.key", *options))

    def ok(self, *args, **more):
        status, out, err = self.broker.channel("--tls-ca", self.broker.dir / "ca.pem", *args, **more)
        self.assertEqual((status, err), (0, ""), args)
        return out

    def info(self):
        return json.loads(self.ok("info"))

    # ---- handshakes ----

    def hello_of_tls(self):
        """The first bytes of a client."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        with contextlib.suppress(ssl.SSLWantReadError):
            self.context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1").do_handshake()
        return outgoing.read()

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.broker.port))
        self.addCleanup(plain.close)
        return plain

    def test_handshakes_that_are_held_back_hold_up_nobody_and_end(self):
        self.start()
        begin = time.monotonic()
        dripping = {self.connect(): iter(self.hello_of_tls()) for _ in range(10)}
        slow_hello = Sender(self.broker, self.context, hello=False)
        self.addCleanup(slow_hello.close)
        dripping[slow_hello.socket] = iter(Peer.encode("HELLO", version=1, name="sender" * 10))
        waiting = [self.connect() for _ in range(50)] + list(dripping)
        ended = {}
        rounds = 0
        while len(ended) < len(waiting):
            self.assertLess(time.monotonic() - begin, HELLO_WAIT + SLACK,
                            f"{len(waiting) - len(ended)} are still there")
            for drip, rest in dripping.items():
                with contextlib.suppress(OSError, StopIteration):
                    if drip not in ended:
                        drip.send(bytes([next(rest)]))
            self.ok("pub", "a:b", "x")  # another client, from its handshake to its confirmation
            rounds += 1
            until = time.monotonic() + 1
            while (left := until - time.monotonic()) > 0:
                ready, _, _ = select.select([w for w in waiting if w not in ended], [], [], left)
                for one in ready:
                    with contextlib.suppress(OSError):
                        if one.recv(65536):
                            continue
                    ended[one] = time.monotonic() - begin
                if len(ended) == len(waiting):
                    break
        self.assertGreaterEqual(rounds, 2, "others went on meanwhile")
        self.assertGreater(min(ended.values()), HELLO_WAIT - 1, "and had the time they may take")
        eventually(lambda: self.info()["connections"] == 1, "the broker forgets them")
        self.assertEqual(self.info()["stored"], rounds)

    def test_garbage_ends_at_once_and_is_reported_a_few_times(self):
        self.start()
        for garbage in (b"\x16\x03\x01\x02\x00" + b"x" * 600, b"\x16\x03" + b"\xff" * 100,
                        b"\x15\x03\x01\x00\x02\x02\x28", b"GET / HTTP/1.1\r\n\r\n",
                        Peer.encode("HELLO", version=1, name="plain")):
            for _ in range(6):
                plain = self.connect()
                plain.settimeout(HELLO_WAIT - 1)  # at once, not when its time is over
                plain.sendall(garbage)
                with contextlib.suppress(ConnectionResetError):
                    while plain.recv(65536):
                        pass
        self.ok("pub", "a:b", "x")
        self.assertIn("\nchannel_tls_refused_total 30\n", self.ok("metrics"))
        lines = self.broker.stderr().splitlines()
        self.assertEqual(len(lines), 10, lines)
        for line in lines:
            self.assertRegex(line, "^channeld: a connection was refused: .")

    def test_a_handshake_that_is_broken_off(self):
        self.start()
        hello = self.hello_of_tls()
        for cut in range(0, len(hello), 40):
            plain = self.connect()
            plain.sendall(hello[:cut])
            plain.close()
        eventually(lambda: self.info()["connections"] == 1, "the broker forgets them")

    # ---- the command line ----

    def bad(self, pattern, *args):
        status, out, err = self.broker.channel(*args)
        self.assertEqual((status, out), (1, ""), err)
        self.assertRegex(err, pattern)

    def file(self, name):
        return self.broker.dir / name

    def test_the_command_line_says_what_does_not_fit(self):
        self.start()
        self.bad(": only TLS is spoken at this port", "info")
        self.bad("the server.s certificate is refused", "--tls-ca", self.file("other_ca.pem"), "info")
        self.bad("none.pem", "--tls-ca", self.file("none.pem"), "info")
        expired = ("--tls-cert", self.file("expired.pem"), "--tls-key", self.file("expired.key"))
        self.broker.stop()
        self.start(*expired)  # the later options count
        self.bad("certificate has expired", "--tls-ca", self.file("ca.pem"), "info")
        self.broker.stop()
        self.assertTrue(self.broker.start())
        self.bad("the other side does not speak TLS", "--tls-ca", self.file("ca.pem"), "info")

    def test_the_command_line_shows_its_certificate(self):
        self.start("--tls-client-ca", self.file("ca.pem"), "--tls-client-names")
        ca = ("--tls-ca", self.file("ca.pem"))
        teller = (*ca, "--tls-cert", self.file("teller.pem"), "--tls-key", self.file("teller.key"))
        stranger = (*ca, "--tls-cert", self.file("stranger.pem"), "--tls-key",
                    self.file("stranger.key"))
        self.assertEqual(self.broker.channel(*teller, "--name", "teller", "pub", "a:b", "x"),
                         (0, "", ""))
        self.bad("certificate is not for this name", *teller, "--name", "other", "info")
        self.bad("the server demands a client's certificate", *ca, "info")
        self.bad("the other side refuses our certificate", *stranger, "--name", "stranger", "info")
        self.file("teller.key").chmod(0o644)
        self.bad("chmod 600", *teller, "--name", "teller", "info")

    # ---- clients that never read ----

    def test_who_never_reads_costs_a_bounded_amount_of_memory(self):
        self.start()
        stuck = []
        for i in range(3):
            peer = Sender(self.broker, self.context)
            self.addCleanup(peer.close)
            peer.send("SUBSCRIBE", subscription=1, name=f"stuck{i}", filters=["big:*"],
                      window_messages=65536, window_bytes=1 << 30)
            stuck.append(peer)
        lines = "".join("x" * 100000 + "\n" for _ in range(100))
        self.ok("pub", "big:one", stdin=lines)
        before = self.broker.rss()
        for _ in range(12):
            self.ok("pub", "big:one", stdin=lines)
        # 120 MB were published to each of the three. Each has at most 1 MiB and one event of it,
        # twice: as it is, and encrypted. Up to 16 MiB wait for the log while as much is written,
        # which depends on how busy the disk is.
        self.assertLess(self.broker.rss() - before, memory_bound(40 * MIB))
        got = self.ok("sub", "reader", "big:one", "--count", 1300, "--raw").count("\n")
        self.assertEqual(got, 1300, "who reads has everything")

    def test_who_only_asks_and_never_reads_is_paused_and_dropped(self):
        self.start("--heartbeat-ms", 500)
        before = self.broker.rss()
        peer = Sender(self.broker, self.context)
        self.addCleanup(peer.close)
        sent = peer.fill(Peer.encode("PING", stamp=1 << 60) * 1000)
        # Its answers fill 1 MiB of output and what the sockets take; then it is not read from.
        self.assertLess(sent, 64 * MIB)
        self.assertLess(self.broker.rss() - before, memory_bound(16 * MIB))
        eventually(lambda: self.info()["connections"] == 1, "three heartbeats later it is gone")

    # ---- --insecure ----

    def refused(self, *options):
        self.assertFalse(self.broker.start(*options))
        self.assertEqual(self.broker.wait(), 2)
        self.assertIn("on other than a loopback address --tls-cert and --token-file are needed "
                      "(or --insecure)", self.broker.stderr())
        self.assertFalse(self.broker.data.exists(), "nothing was begun")

    def test_other_than_loopback_is_refused_without_tls_and_tokens(self):
        tls = ("--tls-cert", self.broker.dir / "server.pem", "--tls-key",
               self.broker.dir / "server.key")
        tokens = ("--token-file", self.broker.secret("clients", "ops key admin\n"))
        for address in ("0.0.0.0:0", "[::]:0"):
            self.refused("--listen", address)
            self.refused("--listen", address, *tls)
            self.refused("--listen", address, *tokens)
        self.assertTrue(self.broker.start("--listen", "0.0.0.0:0", *tls, *tokens))
        key = self.broker.secret("key", "key\n")
        self.assertEqual(json.loads(self.ok("--name", "ops", "--token-file", key, "info"))["stored"],
                         0)

    def test_insecure_listens_all_the_same(self):
        self.assertTrue(self.broker.start("--listen", "0.0.0.0:0", "--insecure"))
        self.assertEqual(self.broker.channel("pub", "a:b", "x"), (0, "", ""))
        self.broker.stop()
        self.broker.port = 0
        self.assertTrue(self.broker.start("--listen", "127.8.9.1:0"), "127/8 is loopback, too")
        peer_error = None
        try:
            Peer(self.broker, "x").close()
        except (OSError, Gone) as error:
            peer_error = error
        self.assertIsNotNone(peer_error, "at 127.0.0.1 nobody listens")


if __name__ == "__main__":
    unittest.main(verbosity=1)
