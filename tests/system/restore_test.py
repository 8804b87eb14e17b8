#!/usr/bin/python3
"""Data directories that are deleted, or put back from an older copy, while the others are kept.

What happens afterwards must not be taken for something that was seen before.
"""
import shutil
import sys
import unittest

from cluster import Client, Cluster, eventually

BUILD = sys.argv.pop(1)


class Restore(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster(BUILD).__enter__()
        self.addCleanup(self.cluster.__exit__, None)
        self.seller = Client(self.cluster)
        reply = self.seller.post("/api/users/signup",
                                 {"email": "ann@example.com", "password": "correct horse"})
        self.assertEqual(reply.status, 201, reply.body)

    def sell(self, n=1):
        """Tickets that are there, as a list of ids."""
        replies = [self.seller.post("/api/tickets", {"title": f"t{i}", "price": 5}) for i in range(n)]
        for reply in replies:
            self.assertEqual(reply.status, 201, reply.body)
        return [reply.json()["id"] for reply in replies]

    def assert_orders_know(self, tickets):
        """An order can be made of each: their events arrived, were taken as new, and answered."""
        for ticket in tickets:
            def ordered():
                reply = self.seller.post("/api/orders", {"ticketId": ticket})
                return reply.status == 201 and reply.json()["id"]
            order = eventually(ordered, what=f"that orders knows of ticket {ticket}")
            eventually(lambda: self.seller.get(f"/api/tickets/{ticket}").json()["orderId"] == order,
                       what="that tickets knows of the order")

    def data(self, name, copy=""):
        return self.cluster.dir / f"{name}.data{copy}"

    def delete(self, name):
        self.cluster.stop(name)
        shutil.rmtree(self.data(name))
        self.cluster.start(name)

    def keep_copy(self, name):
        self.cluster.stop(name)
        shutil.copytree(self.data(name), self.data(name, ".copy"))
        self.cluster.start(name)

    def put_copy_back(self, name):
        self.cluster.stop(name)
        shutil.rmtree(self.data(name))
        self.data(name, ".copy").rename(self.data(name))
        self.cluster.start(name)

    def log(self, name):
        return (self.cluster.dir / f"{name}.log").read_text()

    def test_a_service_whose_data_are_deleted(self):
        self.assert_orders_know(self.sell(3))
        self.delete("tickets")
        self.assert_orders_know(self.sell(3))
        self.assertIn("store_behind", self.log("tickets"))

    def test_a_service_whose_data_are_an_older_copy(self):
        self.assert_orders_know(self.sell(2))
        self.keep_copy("tickets")
        self.assert_orders_know(self.sell(3))
        self.put_copy_back("tickets")
        self.assert_orders_know(self.sell(4))
        self.assertIn("store_behind", self.log("tickets"))

    def test_an_older_copy_that_goes_on_before_the_channel_is_there(self):
        self.keep_copy("tickets")
        self.assert_orders_know(self.sell(3))
        self.cluster.stop("channeld")
        self.cluster.stop("tickets")
        shutil.rmtree(self.data("tickets"))
        self.data("tickets", ".copy").rename(self.data("tickets"))
        self.cluster.start("tickets", wait=False)
        eventually(self.answers, what="that tickets answers")
        tickets = self.sell(6)  # as many as the channel has of it, and more
        self.cluster.start("channeld")
        self.assert_orders_know(tickets)

    def test_a_channel_whose_data_are_deleted(self):
        self.assert_orders_know(self.sell(3))
        self.delete("channeld")
        self.assert_orders_know(self.sell(3))
        eventually(lambda: "channel_behind" in self.log("tickets"), what="that tickets says so")

    def test_a_channel_whose_data_are_an_older_copy(self):
        self.assert_orders_know(self.sell(1))
        self.keep_copy("channeld")
        self.assert_orders_know(self.sell(3))
        self.put_copy_back("channeld")
        self.assert_orders_know(self.sell(4))
        eventually(lambda: "channel_behind" in self.log("tickets"), what="that tickets says so")

    def answers(self):
        try:
            return self.seller.get("/api/tickets").status == 200
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main(verbosity=2)
