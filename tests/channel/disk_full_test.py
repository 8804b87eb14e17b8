#!/usr/bin/python3
"""A file system that is full, a small one in memory mounted for it: publishes are refused for now,
delivery and acknowledgements go on, and nothing but room is needed to go back to normal."""
import sys
import time
import unittest

from channel import TOP, Broker, Peer, eventually

sys.path.append(str(TOP / "tests/support"))
from small_disk import SKIPPED, fill, mount, own_mounts, unmount  # noqa: E402

BUILD = sys.argv.pop(1)
SEGMENT = 1 << 20
DISK = 8 * SEGMENT
PAYLOAD = b"p" * 4000


class Producer(Peer):
    """Publishes until it is refused, and again from there."""

    def __init__(self, broker):
        super().__init__(broker, "producer", first_sequence=1)
        self.next, self.durable, self.keys = 1, 0, 1 << 30

    def publish(self):
        """One event, and its answer: durable, or refused for now. A pipeline would hide which."""
        self.send("PUBLISH", PAYLOAD, sequence=self.next, subject="thing:made",
                  key=str(self.next % self.keys), time_ms=int(time.time() * 1000))
        frame = self.receive()
        if frame.type == "REFUSED":
            assert frame.message.retry, frame
            return False
        assert frame.type == "PUBLISHED" and frame.message.up_to == self.next, frame
        self.durable = self.next
        self.next += 1
        return True

    def fill(self):
        while self.publish():
            pass
        return self.durable


class DiskFull(unittest.TestCase):
    def open(self, *options):
        broker = Broker(BUILD, "--segment-bytes", SEGMENT, "--heartbeat-ms", 60000, *options)
        self.addCleanup(broker.__exit__)
        broker.data.mkdir()
        mount(broker.data, DISK)
        self.addCleanup(unmount, broker.data)
        self.assertTrue(broker.start(), broker.dir)
        return broker

    def producer(self, broker):
        peer = Producer(broker)
        self.addCleanup(peer.close)
        return peer

    def consumer(self, broker):
        peer = Peer(broker, "consumer")
        self.addCleanup(peer.close)
        peer.subscribe("all", "thing:*", window_messages=10000, window_bytes=DISK)
        peer.expect("SUBSCRIBED")
        return peer

    def take(self, consumer, count):
        """The sequences of the next `count` events."""
        return [consumer.expect("EVENT").message.sequence for _ in range(count)]

    def settle(self, consumer, sequences):
        """Returns when each acknowledgement is confirmed."""
        for at in range(0, len(sequences), 200):
            consumer.ack(*sequences[at:at + 200])
        left = set(sequences)
        while left:
            frame = consumer.expect("ACKED")
            left -= set(frame.message.sequences)

    def settle_as_they_come(self, consumer, count):
        """For events with keys, each of which waits for the one before."""
        confirmed = 0
        while confirmed < count:
            frame = consumer.receive()
            if frame.type == "EVENT":
                consumer.ack(frame.message.sequence)
            else:
                confirmed += len(frame.message.sequences)

    def test_acknowledgements_make_room_for_publishing(self):
        broker = self.open("--retain-bytes", 2 * SEGMENT)
        producer, consumer = self.producer(broker), self.consumer(broker)
        filled = producer.fill()
        self.assertGreater(filled * len(PAYLOAD), DISK / 3)
        sequences = self.take(consumer, filled)
        self.assertFalse(producer.publish(), "nothing is settled, but there is room")
        self.settle(consumer, sequences)
        eventually(producer.publish, "room for publishing")
        self.settle(consumer, self.take(consumer, 1))
        # More than the whole disk goes through it as long as consumers keep up.
        for _ in range(2 * DISK // len(PAYLOAD)):
            eventually(producer.publish, "room for publishing")
            self.settle(consumer, self.take(consumer, 1))
        broker.kill()
        self.assertEqual(broker.channel("verify", broker.data)[0], 0)

    def test_compaction_makes_room_for_publishing(self):
        broker = self.open("--compact", "thing:*")
        producer, consumer = self.producer(broker), self.consumer(broker)
        producer.keys = 10
        filled = producer.fill()
        self.assertFalse(producer.publish(), "nothing is settled, but there is room")
        self.settle_as_they_come(consumer, filled)
        eventually(producer.publish, "room for publishing")
        self.settle(consumer, self.take(consumer, 1))
        eventually(lambda: "compaction up to record" in broker.stderr(), "its end is reported")
        # More than the whole disk goes through it, though no limit lets anything go.
        for _ in range(2 * DISK // len(PAYLOAD)):
            eventually(producer.publish, "room for publishing")
            self.settle(consumer, self.take(consumer, 1))
        broker.kill()
        self.assertEqual(broker.channel("verify", broker.data)[0], 0)

    def test_what_others_filled_and_emptied_again(self):
        broker = self.open()
        producer, consumer = self.producer(broker), self.consumer(broker)
        self.assertTrue(producer.publish())
        foreign = broker.data / "foreign"
        fill(foreign)
        filled = producer.fill()
        self.settle(consumer, self.take(consumer, filled))
        broker.kill()
        self.assertTrue(broker.start(), "it does not start on a full disk")
        producer = self.producer(broker)
        self.assertEqual(producer.welcome.published, filled)
        foreign.unlink()
        consumer = self.consumer(broker)
        producer.next = filled + 1
        eventually(producer.publish, "room for publishing")
        self.settle(consumer, self.take(consumer, 1))


if __name__ == "__main__":
    if not own_mounts():
        print("skipped: this system does not permit to mount a small file system")
        sys.exit(SKIPPED)
    unittest.main()
