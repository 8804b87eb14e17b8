#!/usr/bin/python3
"""What a hostile client does to real services: they stay up, and others are served."""
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


if __name__ == "__main__":
    unittest.main(verbosity=2)
