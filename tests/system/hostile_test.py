#!/usr/bin/python3
"""What a hostile client does to real services: they stay up, and others are served."""
import json
import secrets
import signal
import socket
import sys
import unittest

from cluster import Client, Cluster, eventually

BUILD = sys.argv.pop(1)
DESCRIPTORS_MAX = 160


class SmallCluster(Cluster):
    """Services may have few files open."""

    def command(self, name):
        command = super().command(name)
        if name == "channeld":
            return command
        limit = f"--nofile={DESCRIPTORS_MAX}:{DESCRIPTORS_MAX}"
        return ["prlimit", limit, *command]


class Descriptors(unittest.TestCase):
    """More connections than a process may have files open."""

    def crowd(self, cluster, service, first_bytes):
        peers = []
        for _ in range(2 * DESCRIPTORS_MAX):
            peer = socket.create_connection(("127.0.0.1", cluster.ports[service]), 10)
            peers.append(peer)
            try:
                peer.sendall(first_bytes)
            except OSError:
                pass  # turned away already
        return peers

    def signs_up(self, client, person):
        try:
            return client.post("/api/users/signup", person).status == 201
        except OSError:
            return False

    def test_connections_that_say_nothing_or_little_leave_room_for_others_and_for_the_store(self):
        with SmallCluster(BUILD) as cluster:
            for first_bytes in (b"", b"GET / HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"):
                peers = self.crowd(cluster, "auth", first_bytes)
                client = Client(cluster, timeout=10)
                email = f"a{len(first_bytes)}@example.com"
                person = {"email": email, "password": "long enough"}
                # A head that has just begun has a moment in which it makes no room for others.
                eventually(lambda: self.signs_up(client, person), 10, "a sign-up in the crowd")
                self.assertEqual(client.get("/api/users/currentuser").status, 200)
                for peer in peers:
                    peer.close()


class Bodies(unittest.TestCase):
    def test_large_bodies_are_refused_before_they_take_memory(self):
        peers = []
        with Cluster(BUILD, services=("auth",)) as cluster:
            pid = cluster.processes["auth"].pid
            before = resident_kib(pid)
            for _ in range(200):
                peer = socket.create_connection(("127.0.0.1", cluster.ports["auth"]), 10)
                peers.append(peer)
                peer.sendall(b"POST /api/users/signup HTTP/1.1\r\nHost: x\r\n"
                             b"Content-Type: application/json\r\nContent-Length: 1048576\r\n\r\n")
            for peer in peers:
                self.assertIn(b" 413 ", peer.recv(4096))
                peer.close()
            peer = socket.create_connection(("127.0.0.1", cluster.ports["auth"]), 10)
            peer.sendall(b"POST /api/users/signup HTTP/1.1\r\nHost: x\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n")
            self.assertIn(b" 413 ", peer.recv(4096))
            peer.close()
            self.assertLess(resident_kib(pid) - before, 32 * 1024)


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def sign_up_request(n):
    body = f'{{"email":"f{n}@example.com","password":"long enough"}}'.encode()
    return (b"POST /api/users/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"X-Forwarded-For: 10.0.%d.%d\r\n"
            b"Content-Length: %d\r\n\r\n" % (n // 250, n % 250, len(body))) + body


class TrustingCluster(Cluster):
    """Clients have the address that they say."""

    def command(self, name):
        command = super().command(name)
        return command if name == "channeld" else [*command, "--trust-proxy"]


class Hashes(unittest.TestCase):
    """Passwords are hashed on a pool that is slow."""

    def flood(self, cluster, n):
        peers = []
        for i in range(n):
            peer = socket.create_connection(("127.0.0.1", cluster.ports["auth"]), 30)
            peer.sendall(sign_up_request(i))
            peers.append(peer)
        return peers

    def test_signing_in_goes_on_while_others_flood_signing_up(self):
        with TrustingCluster(BUILD, services=("auth",)) as cluster:
            client = Client(cluster, timeout=30)
            person = {"email": "ann@example.com", "password": "long enough"}
            self.assertEqual(client.post("/api/users/signup", person).status, 201)
            peers = self.flood(cluster, 200)
            for _ in range(5):
                self.assertEqual(client.post("/api/users/signin", person).status, 200)
            for peer in peers:
                peer.close()

    def test_stopping_answers_everybody(self):
        with TrustingCluster(BUILD, services=("auth",)) as cluster:
            peers = self.flood(cluster, 60)
            statuses = [peers[0].recv(4096)[9:12]]  # all have come in by then
            cluster.stop("auth")
            statuses += [peer.recv(4096)[9:12] for peer in peers[1:]]
            self.assertLessEqual(set(statuses), {b"201", b"503"})
            self.assertIn(b"503", statuses)
            for peer in peers:
                peer.close()


class Limits(unittest.TestCase):
    def test_signing_up_is_limited_by_address(self):
        with TrustingCluster(BUILD, services=("auth",)) as cluster:
            def sign_up(n, address):
                return Client(cluster).post("/api/users/signup", {"email": f"{n}@example.com"},
                                            headers={"X-Forwarded-For": address}).status
            # Without a password: refused, but counted, and nothing is hashed.
            statuses = [sign_up(n, "2001:db8::%x" % n) for n in range(1, 63)]
            self.assertEqual(set(statuses[:60]), {400})
            self.assertEqual(statuses[60:], [429, 429])
            self.assertEqual(sign_up(70, "2001:db8:0:1::1"), 400)


class Data(unittest.TestCase):
    def test_data_is_for_its_owner_alone(self):
        with Cluster(BUILD, services=("auth",)) as cluster:
            data = cluster.dir / "auth.data"
            modes = {p.stat().st_mode & 0o077 for p in [data, *data.rglob("*")]}
            self.assertEqual(modes, {0})
            cluster.stop("auth")
            data.chmod(0o755)
            with self.assertRaisesRegex(RuntimeError, "chmod 700"):
                cluster.start("auth")
            cluster.processes.pop("auth")
            data.chmod(0o700)
            cluster.start("auth")


class SecurityLog(unittest.TestCase):
    PERSON = {"email": "ann@example.com", "password": "long enough"}

    def lines(self, cluster):
        return [line for text in (cluster.dir / "auth.log").read_text().splitlines()
                if text.startswith("{") and (line := json.loads(text))["level"] == "security"]

    def test_who_comes_in_and_who_does_not_is_logged_and_nothing_personal(self):
        with TrustingCluster(BUILD, services=("auth",)) as cluster:
            client = Client(cluster)
            origin = {"X-Forwarded-For": "192.0.2.7", "X-Request-Id": "r-1"}
            user = client.post("/api/users/signup", self.PERSON, headers=origin).json()["id"]
            client.post("/api/users/signout", headers={**origin, "Origin": "https://evil.example"})
            client.post("/api/users/signout", headers=origin)
            client.post("/api/users/signin", {**self.PERSON, "password": "not this one"},
                        headers=origin)
            client.post("/api/users/signout", headers={**origin, "Cookie": "__Host-session=forged"})
            for _ in range(10):
                client.post("/api/users/signin", {"email": "ann@example.com"}, headers=origin)
            seen = [(line["event"], line.get("route"), line.get("user"))
                    for line in self.lines(cluster)]
            self.assertEqual(seen[:6], [
                ("session_opened", "signup", user), ("origin_refused", "signout", None),
                ("session_closed", "signout", user), ("credentials_refused", "signin", None),
                ("token_refused", "signout", None), ("limit_refused", "signin", None)])
            for line in self.lines(cluster):
                self.assertEqual((line["address"], line["request"]), ("192.0.2.7", "r-1"))
            log = (cluster.dir / "auth.log").read_text()
            for secret in ("ann@", "long enough", "not this one", "forged", "jwt", "scrypt"):
                self.assertNotIn(secret, log)


class Browser(unittest.TestCase):
    def test_a_new_sign_in_ends_the_session_before(self):
        with Cluster(BUILD, services=("auth",)) as cluster:
            client, thief = Client(cluster), Client(cluster)
            person = {"email": "ann@example.com", "password": "long enough"}
            client.post("/api/users/signup", person)
            thief.cookie = client.cookie
            self.assertTrue(thief.get("/api/users/currentuser").json()["currentUser"])
            self.assertEqual(client.post("/api/users/signin", person).status, 200)
            self.assertTrue(client.get("/api/users/currentuser").json()["currentUser"])
            self.assertIsNone(thief.get("/api/users/currentuser").json()["currentUser"])


class Keys(unittest.TestCase):
    def test_keys_are_rotated_without_signing_anybody_out(self):
        with Cluster(BUILD, services=("auth",)) as cluster:
            client = Client(cluster)
            person = {"email": "ann@example.com", "password": "long enough"}
            self.assertEqual(client.post("/api/users/signup", person).status, 201)
            old = (cluster.dir / "session").read_text()
            new = secrets.token_hex(32)
            self.rotate(cluster, f"{new}\n{old}\n", 2)
            self.assertTrue(client.get("/api/users/currentuser").json()["currentUser"])
            self.rotate(cluster, "short\n", None)
            self.assertTrue(client.get("/api/users/currentuser").json()["currentUser"])
            self.rotate(cluster, f"{new}\n", 1)
            self.assertIsNone(client.get("/api/users/currentuser").json()["currentUser"])

    def rotate(self, cluster, text, n_keys):
        log = cluster.dir / "auth.log"
        before = log.read_text()
        cluster.write_secret("session", text)
        cluster.processes["auth"].send_signal(signal.SIGHUP)
        event = '"keys_not_reloaded"' if n_keys is None else '"keys_reloaded"'
        eventually(lambda: event in log.read_text()[len(before):], 10, event)


if __name__ == "__main__":
    unittest.main(verbosity=2)
