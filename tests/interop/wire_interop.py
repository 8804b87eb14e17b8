#!/usr/bin/python3
"""Holds our protobuf bytes and our JSON against Google's own Python library.

The classes come from protoc and tests/support/sample.proto. Random samples, and one at each
boundary, go to wire_tool as protobuf and back, out as JSON, and in as JSON again; each way the
values must be the same, and so must the bytes. The seed is fixed, so a failure repeats.
"""
import argparse
import base64
import datetime
import json
import random
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

SAFE = 2**53 - 1
STATUS = {1: "new", 2: "waiting:for-it", 5: "done"}
LETTERS = "abcXYZ019 _-\"\\/\u0001\n\t\u007fé\u20ac\U0001F600\u2028"


def text(rng, low, high):
    """Without white space at the ends, which would be trimmed."""
    inner = "".join(rng.choice(LETTERS) for _ in range(rng.randint(low, high)))
    return inner if inner.strip(" \t\r\n") == inner else "x" * max(low, 1)


def integer(rng, low, high):
    return rng.choice([low, high, 0 if low <= 0 else low, rng.randint(low, high),
                       max(low, min(high, rng.randint(-200, 200)))])


def fill_part(rng, part, depth=0):
    part.name = text(rng, 1, 20)
    part.amount = rng.choice([0, -1, 2**31 - 1, -2**31, rng.randint(20, 1000)])
    if depth < 3 and rng.random() < 0.4:
        fill_part(rng, part.inner, depth + 1)


def make_sample(rng, pb):
    s = pb.Sample()
    s.id = text(rng, 1, 12)
    s.title = text(rng, 1, 10)
    s.price = integer(rng, 1, 10_000_000)
    s.owner_id = text(rng, 1, 12)
    s.version = integer(rng, 0, SAFE)
    s.flag = rng.random() < 0.5
    s.small = integer(rng, -10, 10)
    s.big = integer(rng, -SAFE, SAFE)
    s.count = integer(rng, 0, 2**32 - 1)
    s.huge = integer(rng, 0, SAFE)
    s.ratio = rng.choice([0.0, 1.5, 0.1, 1 / 3, 5e-324, rng.random()])
    s.starts_at = integer(rng, 0, 253402300799000)
    s.day = integer(rng, -719162, 2932896)
    s.wait = integer(rng, -SAFE, SAFE)
    s.status = rng.choice(list(STATUS))
    fill_part(rng, s.part)
    s.tags.extend(rng.sample(["a", "é", "xyz", "\"\\", "12345"], rng.randint(1, 3)))
    s.scores.extend(rng.randint(0, 100) for _ in range(rng.randint(0, 4)))
    for i in range(rng.randint(0, 3)):
        fill_part(rng, s.parts.add())
        s.parts[-1].name = f"part {i}"
    for _ in range(rng.randint(0, 3)):
        s.labels[text(rng, 1, 8)] = text(rng, 0, 4)
    s.password = "12345678"
    s.page_size = integer(rng, -2**31, 2**31 - 1)
    s.statuses.extend(rng.choice(list(STATUS)) for _ in range(rng.randint(0, 4)))
    for _ in range(rng.randint(0, 2)):
        fill_part(rng, s.stock[integer(rng, -SAFE, SAFE)])
    s.blobs.extend(rng.randbytes(rng.randint(1, 4)) for _ in range(rng.randint(0, 2)))
    fill_optional(rng, s)
    return s


def fill_optional(rng, s):
    values = {
        "order_id": lambda: text(rng, 1, 12), "email": lambda: "a.b@example.org",
        "blob": lambda: rng.randbytes(rng.randint(1, 4)), "slug": lambda: "a-b",
        "url": lambda: "https://example.org/?a=b", "code": lambda: "AB-12",
        "uuid": lambda: "0190a6b4-0000-7000-8000-000000000001",
        "maybe": lambda: integer(rng, -2**31, 2**31 - 1),
        "ends_at": lambda: s.starts_at + rng.randint(1, 999), "mood": lambda: rng.choice([1, 2, 5]),
        "sure": lambda: rng.random() < 0.5, "share": lambda: rng.choice([0.0, -1e300, 1e-7, 1e22]),
    }
    for name, value in values.items():
        if rng.random() < 0.5:
            setattr(s, name, value())
    if rng.random() < 0.5:
        s.owner.id, s.owner.name, s.owner.joined = "o", "Ann", integer(rng, 0, 10**12)
        s.owner.level, s.owner.skills[:] = integer(rng, 0, 9), ["glue"][:rng.randrange(2)]


def time_json(ms):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    return at.isoformat(timespec="milliseconds") + "Z"


def part_json(part):
    return {"name": part.name, "amount": part.amount,
            "inner": part_json(part.inner) if part.HasField("inner") else None}


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def sample_json(s):
    """What the JSON of a sample must hold, by the rules of docs and not by our code."""
    special = {
        "price": lambda v: Decimal(v) / 100, "blob": lambda v: base64.b64encode(v).decode(),
        "starts_at": time_json, "ends_at": time_json, "status": STATUS.get, "mood": STATUS.get,
        "day": lambda v: str(datetime.date(1970, 1, 1) + datetime.timedelta(days=v)),
        "part": part_json, "parts": lambda v: [part_json(p) for p in v], "tags": list,
        "scores": list, "labels": dict, "statuses": lambda v: [STATUS[n] for n in v],
        "stock": lambda v: {str(k): part_json(p) for k, p in v.items()},
        "blobs": lambda v: [base64.b64encode(b).decode() for b in v],
        "owner": lambda v: {"id": v.id, "name": v.name, "joined": time_json(v.joined),
                            "level": v.level, "skills": list(v.skills)},
    }
    result = {}
    for field in s.DESCRIPTOR.fields:
        if field.name == "password":
            continue
        absent = field.has_presence and not s.HasField(field.name)
        value = None if absent else getattr(s, field.name)
        result[camel(field.name)] = value if absent else special.get(field.name, lambda v: v)(value)
    return result


class Tool:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        encoding="utf-8")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def close(self):
        self.process.stdin.close()
        return self.process.wait(timeout=10)


def check_sample(tool, pb, s):
    data = s.SerializeToString(deterministic=True)
    hexed, body = tool.ask("pb " + data.hex()).split(" ", 1)
    assert pb.Sample.FromString(bytes.fromhex(hexed)) == s, "encoding lost something"
    # In a map's entry protobuf writes zeros too, and libprotobuf-c does not; both are read alike.
    if all(s.labels.values()) and 0 not in s.stock:
        assert bytes.fromhex(hexed) == data, f"other bytes than protobuf's own for\n{s}"
    # 1e22 and the like: compared as doubles, everything else exactly.
    shown = json.loads(body, parse_float=lambda t: float(t) if "e" in t else Decimal(t))
    expected = sample_json(s)
    for name in ("ratio", "share"):
        if shown[name] is not None:
            shown[name] = float(shown[name])
    assert shown == expected, f"JSON\n{shown}\nis not\n{expected}"
    assert list(shown) == list(expected), "members are not in the order of the schema"

    with_password = body[:-1] + ',"password":"12345678"}'
    answer = tool.ask("json " + with_password)
    assert not answer.startswith("refused"), f"{answer} for {with_password}"
    assert pb.Sample.FromString(bytes.fromhex(answer)) == s, "JSON lost something"


def check_next(tool, pb, rng):
    """What a newer schema added is kept, byte for byte, by a service that does not know it."""
    n = pb.SampleNext(id="s", title=text(rng, 1, 10), added_fixed32=rng.getrandbits(32),
                      added_fixed64=rng.getrandbits(64), added_text=text(rng, 0, 300),
                      added_numbers=[rng.getrandbits(62) for _ in range(rng.randint(0, 5))])
    data = n.SerializeToString()
    for kind in ("pb", "record"):
        hexed = tool.ask(f"{kind} {data.hex()}").split(" ", 1)[0]
        assert pb.SampleNext.FromString(bytes.fromhex(hexed)) == n, f"{kind} lost a field"


def check_refused(tool, pb):
    """What Python's library refuses to make is refused by us, too."""
    for data in (b"\x0a\x01\xff", b"\x0a\x05ab", b"\x0a\x02\xc0\x80", b"\x07", b"\x10"):
        try:
            pb.Sample.FromString(data)
            raise SystemExit(f"{data} is accepted by Python")
        except Exception as error:  # DecodeError lives in another place in each version
            assert "DecodeError" in type(error).__name__, error
        assert tool.ask("pb " + data.hex()).startswith("refused"), data


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--proto", required=True, type=Path)
    parser.add_argument("--samples", type=int, default=400)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["protoc", f"--python_out={out}", f"--proto_path={args.proto.parent}",
                        args.proto.name], check=True)
        sys.path.insert(0, out)
        sys.dont_write_bytecode = True
        import sample_pb2 as pb
    rng = random.Random(7)
    tool = Tool(args.tool)
    for _ in range(args.samples):
        check_sample(tool, pb, make_sample(rng, pb))
        check_next(tool, pb, rng)
    check_refused(tool, pb)
    assert tool.close() == 0
    print(f"{args.samples} samples: same bytes, same values")


if __name__ == "__main__":
    main()
