#!/usr/bin/python3
"""The story while each process in turn is killed with SIGKILL at random moments and restarted.

Afterwards every acknowledged write is there, nothing was made up, and what tickets say about
their orders agrees with what orders say.
"""
import http.client
import random
import sys
import threading
import time
import unittest

from cluster import SERVICES, Client, Cluster, eventually

BUILD = sys.argv.pop(1)
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else random.randrange(10**6)
ROUNDS = 2
PEOPLE = 3
OPEN = ("created", "awaiting:payment", "complete")


class Person(threading.Thread):
    """Sells, edits, orders and cancels, and remembers exactly what was acknowledged."""

    def __init__(self, cluster, number, shelf):
        super().__init__()
        self.random = random.Random(SEED * 100 + number)
        self.client = Client(cluster)
        self.shelf = shelf  # ids of all tickets, shared
        self.tickets = {}   # id -> (titles it may have: acknowledged, then unanswered ones)
        self.orders = {}    # id -> statuses it may have
        self.stopping = threading.Event()
        self.email = f"person{number}@example.com"
        self.failure = None

    def sign_up(self):
        reply = self.client.post("/api/users/signup",
                                 {"email": self.email, "password": "correct horse"})
        assert reply.status == 201, reply.body

    def attempt(self, method, path, body=None):
        """The reply, or None when it is unknown whether the request had an effect."""
        try:
            reply = self.client.request(method, path, body)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return None
        assert reply.status < 500 or reply.status == 503, (method, path, reply.status, reply.body)
        return reply if reply.status < 500 else None

    def sell(self):
        title = f"{self.email} {self.random.random()}"
        reply = self.attempt("POST", "/api/tickets", {"title": title, "price": 5})
        if reply:
            assert reply.status == 201, reply.body
            self.tickets[reply.json()["id"]] = {title}
            self.shelf.append(reply.json()["id"])

    def edit(self):
        if not self.tickets:
            return
        ticket = self.random.choice(list(self.tickets))
        title = f"{self.email} {self.random.random()}"
        reply = self.attempt("PUT", f"/api/tickets/{ticket}", {"title": title, "price": 6})
        if reply is None:
            self.tickets[ticket].add(title)
        elif reply.status == 200:
            self.tickets[ticket] = {title}
        else:
            assert reply.status == 409, reply.body

    def order(self):
        if not self.shelf:
            return
        reply = self.attempt("POST", "/api/orders", {"ticketId": self.random.choice(self.shelf)})
        if reply and reply.status == 201:
            self.orders[reply.json()["id"]] = {"created"}
        elif reply:
            assert reply.status in (404, 409), reply.body

    def cancel(self):
        if not self.orders:
            return
        order = self.random.choice(list(self.orders))
        reply = self.attempt("DELETE", f"/api/orders/{order}")
        if reply is None:
            self.orders[order].add("cancelled")
        else:
            assert reply.status == 200, reply.body
            self.orders[order] = {"cancelled"}

    def run(self):
        try:
            while not self.stopping.is_set():
                self.random.choice((self.sell, self.edit, self.order, self.order, self.cancel))()
        except Exception as error:  # told by the test, in the main thread
            self.failure = error


def all_items(client, path):
    items, after = [], ""
    while True:
        page = client.get(f"{path}?limit=100{after}").json()
        items += page["items"]
        if not page["next"]:
            return items
        after = f"&after={page['next']}"


class Kill(unittest.TestCase):
    def test_nothing_is_lost_when_they_are_killed(self):
        self.scene(Cluster.kill, ROUNDS)

    def test_nothing_is_lost_when_they_are_stopped(self):
        """in an orderly way, each with exit status 0 though it is under load"""
        self.scene(Cluster.stop, 1)

    def scene(self, end, rounds):
        print(f"seed {SEED}", flush=True)
        chance = random.Random(SEED)
        with Cluster(BUILD) as cluster:
            shelf = []
            people = [Person(cluster, i, shelf) for i in range(PEOPLE)]
            for person in people:
                person.sign_up()
                person.start()
            try:
                for _ in range(rounds):
                    for name in chance.sample(("channeld", *SERVICES), 4):
                        time.sleep(chance.uniform(0.1, 0.6))
                        end(cluster, name)
                        time.sleep(chance.uniform(0, 0.3))
                        cluster.start(name)
                time.sleep(0.5)
            finally:
                for person in people:
                    person.stopping.set()
                for person in people:
                    person.join()
            for person in people:
                if person.failure:
                    raise person.failure
            self.check(cluster, people)

    def check(self, cluster, people):
        tickets = {t["id"]: t for t in all_items(Client(cluster), "/api/tickets")}
        for person in people:
            for ticket, titles in person.tickets.items():
                self.assertIn(ticket, tickets)
                self.assertIn(tickets[ticket]["title"], titles)
            orders = {o["id"]: o for o in all_items(person.client, "/api/orders")}
            for order, statuses in person.orders.items():
                self.assertIn(order, orders)
                self.assertIn(orders[order]["status"], statuses)
        acknowledged = sum(len(p.tickets) + len(p.orders) for p in people)
        print(f"{acknowledged} acknowledged creations, {len(tickets)} tickets", flush=True)
        self.assertGreater(acknowledged, 10)

        def agree():
            held = {}
            for person in people:
                for order in all_items(person.client, "/api/orders"):
                    if order["status"] in OPEN:
                        self.assertNotIn(order["ticket"]["id"], held, "two open orders")
                        held[order["ticket"]["id"]] = order["id"]
            now = all_items(Client(cluster), "/api/tickets")
            self.wrong = [(t["id"], t["orderId"], held.get(t["id"])) for t in now
                          if t["orderId"] != held.get(t["id"])]
            return not self.wrong

        try:
            eventually(agree, 30, "that tickets agree with orders")
        except AssertionError as error:
            self.fail(f"{error}: {self.wrong[:5]}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
