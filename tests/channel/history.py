"""What producers and members of queue groups saw of a channel, and whether it kept its promises.

A history is a list of records in the order in which they happened. Its writer keeps to:
what one does is recorded before it is sent; a confirmation counts only when no event that was sent
before it can still be unread on another connection; when the broker died, what it had sent is
recorded before `broker_died`.
"""
import collections
import functools

# The promises, by the name under which a broken one is reported.
PROMISES = {
    "lost": "every event that was confirmed as published reaches every group",
    "phantom": "every event was published, as it is",
    "gap": "a producer's events have no gaps",
    "stored twice": "an event has one sequence, for ever",
    "producer order": "a producer's events are stored in its order",
    "key order": "no event of a key comes while an earlier one of that key is unsettled",
    "two at once": "an event is with one member of a group at a time",
    "after confirmation": "an event whose acknowledgement was confirmed never comes again",
}

Published = collections.namedtuple("Published", "producer number key")
Confirmed = collections.namedtuple("Confirmed", "producer up_to")
# `producer` and `number` as the payload says them, not as the broker does.
Delivered = collections.namedtuple("Delivered", "group member sequence producer number key")
# `again`: on a new connection, while the event may be on its way to another member.
Acknowledged = collections.namedtuple("Acknowledged", "group member sequence again",
                                      defaults=(False,))
AckConfirmed = collections.namedtuple("AckConfirmed", "group sequence")
# The member gave this one back (a nack), or the broker took it away (the ack-wait passed).
Returned = collections.namedtuple("Returned", "group member sequence")
# The member's connection ended: the broker may give what it had to others.
Left = collections.namedtuple("Left", "group member")
BrokerDied = collections.namedtuple("BrokerDied", "")


class Group:
    def __init__(self):
        self.first = {}         # by sequence: the first delivery of each event
        self.holder = {}        # by sequence: the member that has it
        self.confirmed = set()  # sequences
        self.unsettled = collections.defaultdict(set)  # by key: sequences that were delivered
        self.again = collections.defaultdict(set)  # by sequence: members that acknowledge it again
        self.newest = {}        # by key: newest sequence delivered, since the broker started

    def release(self, record):
        if self.holder.get(record.sequence) == record.member:
            del self.holder[record.sequence]


class Judge:
    """Reads a history record by record."""

    def __init__(self):
        self.broken = {name: [] for name in PROMISES}
        self.published = {}     # (producer, number): key
        self.confirmed = collections.defaultdict(int)
        self.stored = {}        # (producer, number): sequence
        self.owner = {}         # sequence: (producer, number)
        self.groups = collections.defaultdict(Group)

    def complain(self, promise, text):
        self.broken[promise].append(text)

    @functools.singledispatchmethod
    def read(self, record):
        raise TypeError(record)

    @read.register
    def _(self, record: Published):
        self.published[record.producer, record.number] = record.key

    @read.register
    def _(self, record: Confirmed):
        self.confirmed[record.producer] = max(self.confirmed[record.producer], record.up_to)

    @read.register
    def _(self, record: Delivered):
        self.judge_identity(record)
        group = self.groups[record.group]
        if record.sequence in group.confirmed:
            self.complain("after confirmation", f"{record}")
        holder = group.holder.get(record.sequence)
        if holder is not None:
            self.complain("two at once", f"{record}, but {holder} has it")
        group.holder[record.sequence] = record.member
        group.first.setdefault(record.sequence, record)
        if record.key:
            self.judge_key(group, record)

    def judge_identity(self, record):
        event = (record.producer, record.number)
        if self.published.get(event) != record.key:
            self.complain("phantom", f"{record}")
        sequence = self.stored.setdefault(event, record.sequence)
        owner = self.owner.setdefault(record.sequence, event)
        if sequence != record.sequence:
            self.complain("stored twice", f"{record}, but it was {sequence}")
        if owner != event:
            self.complain("phantom", f"{record}, but that sequence was {owner}")

    def judge_key(self, group, record):
        if group.again[record.sequence]:
            return  # sent before or after that was read: nobody knows
        unsettled = group.unsettled[record.key]
        earlier = [s for s in unsettled if s < record.sequence]
        if earlier:
            self.complain("key order", f"{record} while {min(earlier)} is unsettled")
        newest = group.newest.get(record.key, 0)
        if record.sequence < newest:
            self.complain("key order", f"{record} after {newest}")
        group.newest[record.key] = record.sequence
        unsettled.add(record.sequence)

    @read.register
    def _(self, record: Acknowledged):
        group = self.groups[record.group]
        group.release(record)
        if record.again:
            group.again[record.sequence].add(record.member)
        if record.sequence in group.first:
            group.unsettled[group.first[record.sequence].key].discard(record.sequence)

    @read.register
    def _(self, record: AckConfirmed):
        group = self.groups[record.group]
        group.confirmed.add(record.sequence)
        group.again.pop(record.sequence, None)

    @read.register
    def _(self, record: Returned):
        self.groups[record.group].release(record)

    @read.register
    def _(self, record: Left):
        group = self.groups[record.group]
        group.holder = {s: m for s, m in group.holder.items() if m != record.member}
        for members in group.again.values():
            members.discard(record.member)

    @read.register
    def _(self, _: BrokerDied):
        # What was acknowledged but not confirmed may come again now, and what followed it as well.
        for group in self.groups.values():
            group.holder.clear()
            group.again.clear()
            group.newest.clear()

    def judge_end(self, drained):
        newest, last = {}, {}
        for producer, number in sorted(self.stored):
            sequence = self.stored[producer, number]
            if sequence < newest.get(producer, 0):
                self.complain("producer order", f"{producer}-{number}: {sequence}")
            newest[producer], last[producer] = sequence, number
        for name, group in self.groups.items():
            self.judge_first_deliveries(group)
            if drained:
                self.judge_completeness(name, group, last)

    def judge_first_deliveries(self, group):
        """First deliveries keep the order of their key, whatever came again in between."""
        newest = {}
        for record in group.first.values():
            if record.key and record.sequence < newest.get(record.key, 0):
                self.complain("key order", f"{record} first came behind {newest[record.key]}")
            newest[record.key] = record.sequence

    def judge_completeness(self, name, group, last):
        """`last`: by producer, its newest event that anybody saw."""
        seen = {(record.producer, record.number) for record in group.first.values()}
        for producer in {p for p, _ in self.published}:
            confirmed = self.confirmed[producer]
            for n in range(1, max(confirmed, last.get(producer, 0)) + 1):
                if (producer, n) not in seen:
                    self.complain("lost" if n <= confirmed else "gap", f"{producer}-{n} in {name}")


def broken_promises(history, drained=True):
    """By promise, what broke it; `drained`: every group had the time to see everything."""
    judge = Judge()
    for record in history:
        judge.read(record)
    judge.judge_end(drained)
    return judge.broken


def promise_tests(case):
    """Gives the test case `case` a test of each promise, which looks at what `case.broken` has."""
    def make(name, promise):
        def test(self):
            self.assertEqual(self.broken[name][:5], [])
        test.__doc__ = promise
        return test

    for name, promise in PROMISES.items():
        setattr(case, f"test_{name.replace(' ', '_')}", make(name, promise))
    return case
