#!/usr/bin/python3
"""The story end to end over HTTP: sign up, sell, order, cancel, order again, expire, sign out."""
import sys
import time
import unittest

from cluster import Client, Cluster, eventually

BUILD = sys.argv.pop(1)
MISSING = "0190163d-8694-739b-aea5-966c26f8ad91"


def sign_up(cluster, email):
    client = Client(cluster)
    reply = client.post("/api/users/signup", {"email": email, "password": "correct horse"})
    assert reply.status == 201, reply.body
    client.id = reply.json()["id"]
    return client


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(BUILD, settings={"orders": ["order_window=10s"]})
        cls.cluster.start_all()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None)

    def order_of(self, ticket_id):
        return Client(self.cluster).get(f"/api/tickets/{ticket_id}").json()["orderId"]

    def order(self, buyer, ticket_id):
        """Orders as soon as orders has heard of the ticket, and of what happened to it."""
        reply = eventually(lambda: (r := buyer.post("/api/orders", {"ticketId": ticket_id})).status
                           == 201 and r, what="the order")
        return reply.json()

    def test_a_ticket_is_sold_from_sign_up_to_order(self):
        seller = sign_up(self.cluster, "Seller@Example.com ")
        buyer = sign_up(self.cluster, "buyer@example.com")
        user = seller.get("/api/users/currentuser").json()["currentUser"]
        self.assertEqual(user, {"id": seller.id, "email": "seller@example.com"})

        reply = seller.post("/api/tickets", {"title": "  Concert ", "price": 20.50})
        self.assertEqual(reply.status, 201)
        ticket = reply.json()
        self.assertEqual((ticket["title"], ticket["price"], ticket["userId"], ticket["orderId"],
                          ticket["version"]), ("Concert", 20.5, seller.id, None, 1))
        self.assertIn(b'"price":20.50', reply.body)
        path = f"/api/tickets/{ticket['id']}"

        first = self.order(buyer, ticket["id"])
        self.assertEqual((first["status"], first["userId"], first["ticket"]["title"],
                          first["ticket"]["price"]), ("created", buyer.id, "Concert", 20.5))
        eventually(lambda: self.order_of(ticket["id"]) == first["id"], what="the reservation")
        reply = seller.put(path, {"title": "Concert", "price": 99})
        self.assertEqual(reply.status, 409)
        self.assertEqual(reply.json()["errors"][0]["message"], "Ticket is reserved")
        again = seller.post("/api/orders", {"ticketId": ticket["id"]})
        self.assertEqual(again.status, 409)

        self.assertIn(seller.delete(f"/api/orders/{first['id']}").status, (403, 404))
        cancelled = buyer.delete(f"/api/orders/{first['id']}")
        self.assertEqual((cancelled.status, cancelled.json()["status"]), (200, "cancelled"))
        eventually(lambda: self.order_of(ticket["id"]) is None, what="the release")
        reply = seller.put(path, {"title": "Concert", "price": 25})
        self.assertEqual((reply.status, reply.json()["price"]), (200, 25))

        second = self.order(buyer, ticket["id"])
        eventually(lambda: self.order_of(ticket["id"]) == second["id"], what="the reservation")
        show = f"/api/orders/{second['id']}"
        eventually(lambda: buyer.get(show).json()["status"] == "cancelled", 20, "the expiry")
        eventually(lambda: self.order_of(ticket["id"]) is None, what="the release")
        mine = buyer.get("/api/orders").json()["items"]
        self.assertEqual(sorted(o["id"] for o in mine), sorted([first["id"], second["id"]]))
        self.assertEqual(seller.get("/api/orders").json()["items"], [])

        old = buyer.cookie
        self.assertEqual(buyer.post("/api/users/signout").status, 204)
        self.assertIsNone(buyer.cookie)
        self.assertIsNone(buyer.get("/api/users/currentuser").json()["currentUser"])
        stale = {"Cookie": old}
        eventually(lambda: buyer.get("/api/orders", headers=stale).status == 401)
        eventually(lambda: buyer.post("/api/tickets", {"title": "x", "price": 1},
                                      headers=stale).status == 401)
        self.assertEqual(buyer.post("/api/users/signout", headers=stale).status, 401)
        self.assertIsNone(buyer.get("/api/users/currentuser", headers=stale).json()["currentUser"])
        reply = buyer.post("/api/users/signin",
                           {"email": "BUYER@example.com", "password": "correct horse"})
        self.assertEqual(reply.status, 200)
        self.assertEqual(buyer.get("/api/orders").status, 200)

    def test_malformed_and_wrong_credentials_are_refused(self):
        someone = sign_up(self.cluster, "someone@example.com")
        fresh = Client(self.cluster)
        reply = fresh.post("/api/users/signup",
                           {"email": "SOMEONE@example.com", "password": "another one"})
        self.assertEqual((reply.status, reply.json()["errors"][0]["message"]),
                         (409, "Email in use"))
        for email, password in (("someone@example.com", "wrong password"),
                                ("nobody@example.com", "correct horse")):
            reply = fresh.post("/api/users/signin", {"email": email, "password": password})
            self.assertEqual((reply.status, reply.json()["errors"][0]["message"]),
                             (401, "Invalid credentials"))
            self.assertIsNone(fresh.cookie)
        self.assertNotIn("correct horse", someone.get("/api/users/currentuser").body.decode())

    def test_two_buyers_one_ticket(self):
        seller = sign_up(self.cluster, "one@example.com")
        buyers = [sign_up(self.cluster, f"buyer{i}@example.com") for i in range(2)]
        ticket = seller.post("/api/tickets", {"title": "Last one", "price": 5}).json()
        self.order(buyers[0], ticket["id"])
        reply = buyers[1].post("/api/orders", {"ticketId": ticket["id"]})
        self.assertEqual((reply.status, reply.json()["errors"][0]["message"]),
                         (409, "Ticket is reserved"))

    def test_an_idempotent_order_is_made_once(self):
        seller = sign_up(self.cluster, "idem-s@example.com")
        buyer = sign_up(self.cluster, "idem-b@example.com")
        ticket = seller.post("/api/tickets", {"title": "Once", "price": 5}).json()
        key = {"Idempotency-Key": "abc-1"}
        body = {"ticketId": ticket["id"]}
        first = eventually(lambda: (r := buyer.post("/api/orders", body, headers=key)).status
                           == 201 and r)
        second = buyer.post("/api/orders", body, headers=key)
        self.assertEqual((second.status, second.json()["id"]), (201, first.json()["id"]))
        self.assertEqual(len(buyer.get("/api/orders").json()["items"]), 1)
        other = buyer.post("/api/orders", {"ticketId": MISSING}, headers=key)
        self.assertEqual(other.status, 422)

    def test_lists_come_in_pages(self):
        seller = sign_up(self.cluster, "pages@example.com")
        ids = [seller.post("/api/tickets", {"title": f"T{i}", "price": 1}).json()["id"]
               for i in range(7)]
        seen, after = [], ""
        while True:
            page = seller.get(f"/api/tickets?seller={seller.id}&limit=3{after}").json()
            self.assertLessEqual(len(page["items"]), 3)
            seen += [t["id"] for t in page["items"]]
            if not page["next"]:
                break
            after = f"&after={page['next']}"
        self.assertEqual(seen, ids)
        self.assertEqual(seller.get("/api/tickets?after=forged").status, 400)
        self.assertEqual(seller.get("/api/tickets?limit=0").status, 400)
        self.assertEqual(seller.get("/api/tickets?nonsense=1").status, 400)


class BadInput(unittest.TestCase):
    """Each is a problem with errors, and nothing changes."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(BUILD)
        cls.cluster.start_all()
        cls.seller = sign_up(cls.cluster, "seller@example.com")
        cls.other = sign_up(cls.cluster, "other@example.com")
        cls.ticket = cls.seller.post("/api/tickets", {"title": "Fine", "price": 5}).json()
        cls.path = f"/api/tickets/{cls.ticket['id']}"

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None)

    def setUp(self):
        self.before = self.seller.get("/api/tickets").body

    def tearDown(self):
        self.assertEqual(self.seller.get("/api/tickets").body, self.before)

    def expect(self, reply, status, fields=None):
        self.assertEqual(reply.status, status, reply.body)
        self.assertEqual(reply.headers["Content-Type"], "application/problem+json")
        errors = reply.json()["errors"]
        self.assertGreater(len(errors), 0)
        self.assertTrue(all(e["message"] for e in errors))
        if fields is not None:
            self.assertEqual(reply.fields(), sorted(fields))
        return reply

    def test_malformed_json_is_refused(self):
        for raw in (b"{", b'{"title":"x","price":1,}', b"\xff", b"", b'{"title":"x" "price":1}'):
            reply = self.seller.request("POST", "/api/tickets", raw=raw,
                                        headers={"Content-Type": "application/json"})
            self.expect(reply, 400)

    def test_all_violations_are_reported_at_once(self):
        reply = self.seller.post("/api/tickets", {"title": "", "price": -1, "extra": 1})
        self.expect(reply, 400, ["title", "price", "extra"])
        self.expect(self.seller.post("/api/tickets", {}), 400, ["title", "price"])
        self.expect(self.seller.post("/api/tickets", {"title": 5, "price": "5"}), 400,
                    ["title", "price"])
        self.expect(self.seller.post("/api/tickets", {"title": "x", "price": 1.005}), 400,
                    ["price"])
        self.expect(Client(self.cluster).post("/api/users/signup",
                                              {"email": "nope", "password": "short"}),
                    400, ["email", "password"])
        self.expect(self.seller.put(self.path, {"title": "a\0b", "price": 5}), 400, ["title"])

    def test_unknown_routes_and_methods_are_refused(self):
        self.expect(self.seller.get("/api/tickets/a/b"), 404)
        reply = self.expect(self.seller.request("PATCH", self.path, {}), 405)
        self.assertEqual(reply.headers["Allow"], "GET, HEAD, PUT, OPTIONS")
        self.expect(self.seller.delete("/api/tickets"), 405)

    def test_routes_want_a_signed_in_user_and_the_owner(self):
        body = {"title": "x", "price": 1}
        nobody = Client(self.cluster)
        self.expect(nobody.post("/api/tickets", body), 401)
        for cookie in ("__Host-session=forged", "__Host-session=eyJqd3QiOiJhLmIuYyJ9",
                       self.seller.cookie[:-8] + "AAAAAAA=", "__Host-session="):
            self.expect(nobody.post("/api/tickets", body, headers={"Cookie": cookie}), 401)
        self.expect(nobody.put(self.path, body), 401)
        theirs = self.other.put(self.path, body)
        missing = self.other.put(f"/api/tickets/{MISSING}", body)
        self.expect(theirs, 404)
        self.expect(missing, 404)
        self.assertEqual(theirs.json()["errors"], missing.json()["errors"])

    def test_ids_that_do_not_exist_are_not_found(self):
        self.expect(self.seller.get(f"/api/tickets/{MISSING}"), 404)
        self.expect(self.seller.get(f"/api/orders/{MISSING}"), 404)
        self.expect(self.seller.delete(f"/api/orders/{MISSING}"), 404)
        self.expect(self.seller.post("/api/orders", {"ticketId": MISSING}), 404)

    def test_bodies_that_are_too_large_or_of_another_type_are_refused(self):
        big = b'{"title":"' + b"x" * (2 << 20) + b'","price":1}'
        try:
            reply = self.seller.request("POST", "/api/tickets", raw=big,
                                        headers={"Content-Type": "application/json"})
            self.expect(reply, 413)
        except (BrokenPipeError, ConnectionResetError):
            self.fail("the refusal was not readable")
        for content_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
            reply = self.seller.request("POST", "/api/tickets", raw=b'{"title":"x","price":1}',
                                        headers={"Content-Type": content_type})
            self.expect(reply, 415)

    def test_a_stale_version_is_refused(self):
        body = {"title": "Fine", "price": 6}
        self.expect(self.seller.put(self.path, body, headers={"If-Match": '"77"'}), 412)


class Limits(unittest.TestCase):
    def test_sign_in_is_limited(self):
        with Cluster(BUILD) as cluster:
            client = Client(cluster)
            body = {"email": "a@example.com", "password": "wrong password"}
            begun = time.monotonic()
            statuses = []
            while len(statuses) < 100 and 429 not in statuses:
                statuses.append(client.post("/api/users/signin", body).status)
            # Ten at once, and one more for each six seconds that a slow machine took.
            refused = statuses.pop()
            self.assertEqual(set(statuses), {401})
            self.assertEqual(refused, 429)
            self.assertGreaterEqual(len(statuses), 10)
            self.assertLessEqual(len(statuses), 11 + (time.monotonic() - begun) / 6)



if __name__ == "__main__":
    unittest.main(verbosity=2)
