#!/usr/bin/python3
"""That the judge of histories sees each broken promise, and nothing in a history that is fine."""
import unittest

from history import (PROMISES, AckConfirmed, Acknowledged, BrokerDied, Confirmed, Delivered, Left,
                     Published, Returned, broken_promises)


def published(count, producer="p", key="k"):
    return [Published(producer, n, key) for n in range(1, count + 1)]


def came(sequence, member="a", number=None, group="g", producer="p", key="k"):
    return Delivered(group, member, sequence, producer, number or sequence, key)


def settled(sequence, member="a", group="g"):
    return [Acknowledged(group, member, sequence), AckConfirmed(group, sequence)]


class History(unittest.TestCase):
    def broken(self, *history, drained=True):
        found = broken_promises(history, drained)
        self.assertEqual(list(found), list(PROMISES))
        return [name for name, complaints in found.items() if complaints]

    def fine(self, *history):
        self.assertEqual(self.broken(*history), [])

    # ---- what is fine ----

    def test_one_after_the_other(self):
        self.fine(*published(2), Confirmed("p", 2), came(1), *settled(1), came(2), *settled(2))

    def test_unconfirmed_events_may_be_missing_at_the_end(self):
        self.fine(*published(3), Confirmed("p", 1), came(1), *settled(1))

    def test_an_event_given_back_goes_to_another(self):
        self.fine(*published(1), came(1), Returned("g", "a", 1), came(1, "b"), *settled(1, "b"))

    def test_an_event_of_who_left_goes_to_another(self):
        self.fine(*published(1), came(1), Left("g", "a"), came(1, "b"), *settled(1, "b"))

    def test_after_a_crash_an_unconfirmed_acknowledgement_comes_again_with_what_followed(self):
        self.fine(*published(2), came(1), Acknowledged("g", "a", 1), came(2, "b"), BrokerDied(),
                  came(1, "b"), *settled(1, "b"), came(2), *settled(2))

    def test_an_acknowledgement_sent_again_settles_what_another_has(self):
        self.fine(*published(2), came(1), Acknowledged("g", "a", 1), Left("g", "a"),
                  Acknowledged("g", "a", 1, again=True), came(1, "b"), came(2, "c"))
        self.fine(*published(2), came(1), Acknowledged("g", "a", 1), Left("g", "a"),
                  Acknowledged("g", "a", 1, again=True), came(2, "c"), came(1, "b"))

    def test_each_group_has_its_own_course(self):
        self.fine(*published(1), came(1), *settled(1), came(1, "b", group="h"),
                  *settled(1, "b", "h"))

    def test_events_without_a_key_come_in_any_order(self):
        self.fine(*published(2, key=""), came(2, key=""), came(1, key=""))

    # ---- each promise, broken ----

    def test_every_promise_has_a_test(self):
        for name in PROMISES:
            self.assertTrue(hasattr(self, f"test_{name.replace(' ', '_')}"), name)

    def test_lost(self):
        self.assertEqual(self.broken(*published(2), Confirmed("p", 2), came(1), *settled(1)),
                         ["lost"])
        self.assertEqual(self.broken(*published(2), Confirmed("p", 2), came(1), *settled(1),
                                     drained=False), [])

    def test_lost_in_one_group_only(self):
        self.assertEqual(self.broken(*published(2), Confirmed("p", 2), came(1), *settled(1),
                                     came(2), came(1, group="h")), ["lost"])

    def test_lost_though_nothing_came_at_all(self):
        self.assertEqual(self.broken(*published(1), Confirmed("p", 1), Left("g", "a")), ["lost"])

    def test_gap(self):
        self.assertEqual(self.broken(*published(3), Confirmed("p", 1), came(1), *settled(1),
                                     came(2, number=3)), ["gap"])

    def test_gap_that_another_group_proves(self):
        self.assertEqual(self.broken(*published(2), Confirmed("p", 1), came(1), *settled(1),
                                     came(2), came(1, group="h")), ["gap"])

    def test_phantom(self):
        self.assertEqual(self.broken(*published(1), came(1), *settled(1), came(2, number=9)),
                         ["phantom", "gap"])
        self.assertEqual(self.broken(*published(1), came(1, key="other")), ["phantom"])
        self.assertEqual(self.broken(came(1), *published(1)), ["phantom"])

    def test_two_events_under_one_sequence(self):
        self.assertEqual(self.broken(*published(2), came(1), *settled(1),
                                     came(1, number=2, group="h"), drained=False), ["phantom"])

    def test_stored_twice(self):
        self.assertEqual(self.broken(*published(1), came(1), *settled(1), came(2, number=1)),
                         ["stored twice"])

    def test_producer_order(self):
        self.assertEqual(self.broken(*published(2, key=""), came(2, number=1, key=""),
                                     came(1, number=2, key="")), ["producer order"])

    def test_key_order(self):
        self.assertEqual(self.broken(*published(2), came(1), came(2, "b")), ["key order"])

    def test_key_order_while_the_earlier_waits_after_a_nack(self):
        self.assertEqual(self.broken(*published(2), came(1), Returned("g", "a", 1), came(2, "b")),
                         ["key order"])

    def test_key_order_while_the_earlier_waits_after_a_crash(self):
        self.assertEqual(self.broken(*published(2), came(1), BrokerDied(), came(2, "b")),
                         ["key order"])

    def test_key_order_though_who_left_had_acknowledged(self):
        self.assertEqual(self.broken(*published(2), came(1), Acknowledged("g", "a", 1),
                                     Left("g", "a"), came(1, "b"), came(2, "c")), ["key order"])

    def test_key_order_backwards(self):
        self.assertEqual(self.broken(*published(2), came(1), Acknowledged("g", "a", 1), came(2),
                                     *settled(2), came(1)), ["key order"])

    def test_key_order_of_first_deliveries_across_a_crash(self):
        self.assertEqual(self.broken(*published(2), came(2), *settled(2), BrokerDied(), came(1)),
                         ["key order"])

    def test_two_at_once(self):
        self.assertEqual(self.broken(*published(1), came(1), came(1, "b")), ["two at once"])
        self.assertEqual(self.broken(*published(1), came(1), came(1)), ["two at once"])

    def test_two_at_once_though_another_left(self):
        self.assertEqual(self.broken(*published(1), came(1), Left("g", "b"), came(1, "b")),
                         ["two at once"])

    def test_after_confirmation(self):
        self.assertEqual(self.broken(*published(1), came(1), *settled(1), came(1, "b")),
                         ["after confirmation"])
        self.assertEqual(self.broken(*published(1), came(1), *settled(1), BrokerDied(),
                                     came(1, "b")), ["after confirmation"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
