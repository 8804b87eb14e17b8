#!/usr/bin/python3
"""A listener that always fails on one event: that goes to the dead letters, what else there is goes
on, and once the service is repaired the event is delivered again."""
import json
import os
import secrets
import subprocess
import sys
import unittest

from cluster import ENV, Client, Cluster, eventually

BUILD, POISONED = sys.argv.pop(1), os.path.abspath(sys.argv.pop(1))
MAX_DELIVER = 3
POISON_PRICE = 666


class PoisonedCluster(Cluster):
    """With a service of tickets that has a mistake, until `repaired`."""

    def __init__(self, build):
        super().__init__(build)
        self.repaired = False
        token = secrets.token_hex(32)
        clients = self.dir / "clients"
        clients.write_text(clients.read_text() + f"operator {token} admin\n")
        self.write_secret("operator.token", token)

    def command(self, name):
        command = super().command(name)
        if name == "channeld":
            return [*command, "--max-deliver", str(MAX_DELIVER)]
        return [POISONED, *command[1:]] if name == "tickets" and not self.repaired else command

    def channel(self, *args):
        done = subprocess.run(
            [self.build / "channel", "--server",
             f"127.0.0.1:{self.ports['channeld']}", "--name", "operator", "--token-file",
             self.dir / "operator.token", *map(str, args)],
            capture_output=True, text=True, env=ENV, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def dead(self):
        return json.loads(self.channel("dead", "ls"))


class Poison(unittest.TestCase):
    def sell(self, client, price):
        reply = client.post("/api/tickets", {"title": f"For {price}", "price": price})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["id"]

    def order(self, client, ticket):
        def probe():
            reply = client.post("/api/orders", {"ticketId": ticket})
            return reply if reply.status != 404 else None  # it may not have arrived there yet

        reply = eventually(probe, what="the ticket's arrival")
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["id"]

    def holder(self, client, ticket):
        return client.get(f"/api/tickets/{ticket}").json()["orderId"]

    def test_a_poison_event_holds_up_no_other(self):
        with PoisonedCluster(BUILD) as cluster:
            client = Client(cluster)
            self.assertEqual(client.post("/api/users/signup", {
                "email": "a@example.com", "password": "correct horse"}).status, 201)
            poisoned, fine = self.sell(client, POISON_PRICE), self.sell(client, 5)
            poison = self.order(client, poisoned)
            # Other keys go on while it is tried again and again.
            order = self.order(client, fine)
            eventually(lambda: self.holder(client, fine) == order, what="the other reservation")
            self.assertIsNone(self.holder(client, poisoned))
            eventually(lambda: len(cluster.dead()) == 1, what="the dead letter")
            dead = cluster.dead()[0]
            self.assertEqual((dead["subject"], dead["key"], dead["subscription"], dead["attempts"]),
                             ("order:created", poisoned, "tickets", MAX_DELIVER))
            # And later ones; nor is the ticket itself stuck.
            another = self.sell(client, 7)
            order = self.order(client, another)
            eventually(lambda: self.holder(client, another) == order, what="a later reservation")
            self.assertEqual(client.put(f"/api/tickets/{poisoned}", {
                "title": "For less", "price": 6}).status, 200)
            # Delivered again too early, it dies again.
            cluster.channel("dead", "replay", dead["id"])
            eventually(lambda: [d["id"] for d in cluster.dead()] not in ([], [dead["id"]]),
                       what="the second death")
            cluster.stop("tickets")
            cluster.repaired = True
            cluster.start("tickets")
            cluster.channel("dead", "replay", cluster.dead()[0]["id"])
            eventually(lambda: self.holder(client, poisoned) == poison, what="the repaired one")
            self.assertEqual(cluster.dead(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
