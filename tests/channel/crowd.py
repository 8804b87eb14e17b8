"""Producers and members of groups, all in one thread, whose history is written down.

They behave as clients should: a producer sends again what was not confirmed, and so does a member
with its acknowledgements, before it takes events on a new connection.
"""
import collections
import contextlib
import json
import random
import select
import time

from channel import WAIT_SECONDS, Gone, Peer
from history import (AckConfirmed, Acknowledged, BrokerDied, Confirmed, Delivered, Left, Published,
                     Returned)

KEYS = ["", *map(str, range(50))]
WINDOW = 64  # events a producer has under way
AHEAD = 2000  # events that the slowest group may be behind
PASS_SECONDS = 0.01
AGAIN_SECONDS = 0.5  # until an acknowledgement that was not confirmed is sent again
PAUSE_SECONDS = 0.05  # of a producer that was refused
# Passes after which nothing can be unread any more that was sent before a confirmation: when a
# connection is read, the others may have been read just before what came first.
CAUSAL_PASSES = 2


def key_of(producer, number):
    return KEYS[(number * 7 + len(producer)) % len(KEYS)]


class Producer:
    def __init__(self, crowd, name, bytes_each=0):
        self.crowd, self.name, self.bytes_each = crowd, name, bytes_each
        self.peer = None
        self.next = 1       # number of the event that is sent next
        self.begun = 1      # numbers below were sent at least once
        self.confirmed = 0
        self.refused = 0    # how often it had to try again
        self.pause_end = 0  # and until when it does not
        self.quiet = False  # no new events

    def connect(self):
        self.peer = Peer(self.crowd.broker, self.name, first_sequence=self.confirmed + 1)
        self.confirm(self.peer.welcome.published)
        self.next = self.confirmed + 1

    def confirm(self, up_to):
        if up_to > self.confirmed:
            self.confirmed = up_to
            self.crowd.history.append(Confirmed(self.name, up_to))

    def payload(self, number):
        return f"{self.name}-{number} ".encode().ljust(self.bytes_each, b".")

    def act(self):
        if time.monotonic() < self.pause_end:
            return
        frames = []
        quiet = self.quiet or self.crowd.ahead() > AHEAD
        while self.next <= self.confirmed + WINDOW and (self.next < self.begun or not quiet):
            key = key_of(self.name, self.next)
            if self.next == self.begun:
                self.crowd.history.append(Published(self.name, self.next, key))
                self.begun += 1
            frames.append(Peer.encode("PUBLISH", self.payload(self.next), sequence=self.next,
                                      subject="crowd:said", key=key, time_ms=1))
            self.next += 1
        if frames:
            self.peer.send_raw(b"".join(frames))

    def handle(self, frame):
        if frame.type == "PUBLISHED":
            self.confirm(frame.message.up_to)
        elif frame.type == "REFUSED":
            assert frame.message.retry, frame
            self.refused += 1
            self.next = min(self.next, frame.message.sequence)
            self.pause_end = time.monotonic() + PAUSE_SECONDS
        else:
            raise AssertionError(frame)

    def done(self):
        return self.confirmed == self.begun - 1


class Member:
    def __init__(self, crowd, group, name, **options):
        self.crowd, self.group, self.name, self.options = crowd, group, name, options
        self.peer = None
        self.held = {}          # by sequence: when it will be acknowledged
        self.unconfirmed = {}   # by sequence: whether it was sent again
        self.instance = random.getrandbits(63) | 1
        self.again = 0          # when those are sent again
        self.seen = 0

    def connect(self):
        self.held.clear()
        self.unconfirmed = dict.fromkeys(self.unconfirmed, True)
        self.peer = Peer(self.crowd.broker, self.name, instance=self.instance)
        self.peer.send_raw(
            Peer.encode("SUBSCRIBE", subscription=1, name=self.group, filters=["crowd:>"],
                        **{"max_deliver": 1 << 30, **self.options}) +
            self.acks(self.unconfirmed, again=True))

    def acks(self, sequences, again=False):
        sequences = list(sequences)
        for sequence in sequences:
            self.crowd.history.append(Acknowledged(self.group, self.name, sequence, again))
        return b"".join(Peer.encode("ACK", subscription=1, sequences=sequences[i:i + 200])
                        for i in range(0, len(sequences), 200))

    def leave(self):
        self.crowd.history.append(Left(self.group, self.name))
        self.peer.close()
        self.peer.gone = "it left"

    def act(self):
        now = time.monotonic()
        ready = [s for s, when in self.held.items() if when <= now or self.crowd.calm]
        for sequence in ready:
            del self.held[sequence]
        self.unconfirmed.update(dict.fromkeys(ready, False))
        if ready:
            self.peer.send_raw(self.acks(ready))
            self.again = now + AGAIN_SECONDS
        elif self.unconfirmed and now >= self.again:
            # One that somebody else has by now is confirmed when that one has settled it.
            self.unconfirmed = dict.fromkeys(self.unconfirmed, True)
            self.peer.send_raw(self.acks(self.unconfirmed, again=True))
            self.again = now + AGAIN_SECONDS

    def handle(self, frame):
        if frame.type == "EVENT":
            self.take(frame)
        elif frame.type == "ACKED":
            for sequence in frame.message.sequences:
                self.unconfirmed.pop(sequence, None)
                self.crowd.confirmed_later(AckConfirmed(self.group, sequence))
        elif frame.type != "SUBSCRIBED":
            raise AssertionError(frame)

    def take(self, frame):
        event = frame.message
        producer, number = frame.payload.split()[0].decode().rsplit("-", 1)
        self.seen += 1
        self.crowd.history.append(Delivered(self.group, self.name, event.sequence, producer,
                                            int(number), event.key))
        dice = 0 if self.crowd.calm else self.crowd.chance.random()
        if dice < 0.9:
            self.held[event.sequence] = 0
        elif dice < 0.95:
            self.held[event.sequence] = time.monotonic() + self.crowd.chance.uniform(0, 0.05)
        else:
            self.crowd.history.append(Returned(self.group, self.name, event.sequence))
            self.peer.send("NACK", subscription=1, sequence=event.sequence,
                           delay_ms=self.crowd.chance.randrange(50))


class Crowd:
    def __init__(self, broker, seed=1):
        self.broker = broker
        self.chance = random.Random(seed)
        self.history = []
        self.producers, self.members = [], []
        self.later = collections.deque([[] for _ in range(CAUSAL_PASSES)])
        self.done = {}     # by group: sequences whose settling was confirmed
        self.calm = False  # everything is acknowledged at once, nobody leaves

    def close(self):
        for one in self.all():
            if one.peer:
                one.peer.close()

    def producer(self, name, **more):
        self.producers.append(Producer(self, name, **more))

    def member(self, group, name, **options):
        self.done[group] = set()
        self.members.append(Member(self, group, name, **options))

    def all(self):
        return [*self.producers, *self.members]

    def connected(self):
        return [one for one in self.all() if one.peer and one.peer.gone is None]

    def connect(self):
        """Connects those that have no connection."""
        for one in self.all():
            if one.peer is None or one.peer.gone is not None:
                one.connect()

    def confirmed_later(self, record):
        self.later[-1].append(record)
        self.done[record.group].add(record.sequence)

    def ahead(self):
        """How many events the slowest group is behind."""
        return sum(p.begun - 1 for p in self.producers) - min(map(len, self.done.values()))

    def act(self):
        """Everybody sends what there is to send; returns who has a connection."""
        connected = self.connected()
        for one in connected:
            with contextlib.suppress(Gone):
                one.act()
        return connected

    def turn(self):
        """One pass over all connections; those that are gone are left alone."""
        connected = self.act()
        select.select([one.peer.socket for one in connected], [], [], PASS_SECONDS)
        for one in connected:
            with contextlib.suppress(Gone):
                self.read(one)
        self.history += self.later.popleft()
        self.later.append([])

    @staticmethod
    def read(one):
        for frame in one.peer.poll():
            one.handle(frame)

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn()

    def somebody_leaves(self):
        """And comes back at once. Not while it is open which event its connection settles."""
        member = self.chance.choice(self.members)
        if member.peer.gone is None and not any(member.unconfirmed.values()):
            member.leave()
            member.connect()

    def broker_died(self):
        """Reads what it had sent. It must be dead."""
        for one in self.connected():
            while one.peer.gone is None:
                with contextlib.suppress(Gone):
                    self.read(one)
        for records in self.later:
            self.history += records
            records.clear()
        self.history.append(BrokerDied())

    def drain(self, seconds=WAIT_SECONDS):
        """Until everything is confirmed and settled; False: not in time."""
        self.calm = True
        for producer in self.producers:
            producer.quiet = True
        end = time.monotonic() + seconds
        while not self.settled():
            if time.monotonic() > end:
                return False
            self.connect()
            self.turn()
        return True

    def settled(self):
        if not all(p.done() for p in self.producers) or \
                any(m.held or m.unconfirmed for m in self.members):
            return False
        status, out, err = self.broker.channel("lag")
        assert status == 0, err
        lag = json.loads(out)
        return not any(lag[group] for group in self.done)
