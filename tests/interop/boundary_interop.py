#!/usr/bin/python3
"""The boundary of every constraint of a schema's text, through protobuf and JSON: accepted at the
limit, refused one past it with the right place and rule.

The limits are read from the .tess file by schema_text.py, which shares nothing with the compiler:
a limit that was emitted wrongly, or not at all, is seen here. boundary_interop.py --tool GEN_TOOL
--proto DIR --schema FILE.
"""
import argparse
import base64
import json
import math
import subprocess
from decimal import Decimal
from pathlib import Path

import schema_text
from gen_interop import FIELD_RULES, camel, load_classes

WHOLE = {"i32": (-2**31, 2**31 - 1), "u32": (0, 2**32 - 1), "i64": (-2**63, 2**63 - 1),
         "u64": (0, 2**64 - 1)}
BAD_FORMATS = {"email": "nobody", "url": "here", "uuid": "1234", "slug": "not a slug"}
DURATIONS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def text_cases(kind):
    """(value, rule that it breaks or None) for a text or bytes with limits on its length."""
    low, high = (int(n) if n else None for n in kind.argument or (None, None))
    letter = b"\xc3" if kind.base == "bytes" else "é"
    plain = not kind.pattern and not kind.words & set(BAD_FORMATS)
    if plain and high:
        yield letter * high, None
    if high:
        yield letter * (high + 1), "length"
    if plain and low:
        yield letter * low, None
    if low:
        yield letter * (low - 1), "length"
    for word in kind.words & set(BAD_FORMATS):
        yield BAD_FORMATS[word].ljust(low or 0, "!"), "format"
    if kind.pattern:
        yield "\x7f" * (low or 1), "pattern"


def scaled(kind, text):
    """A limit as the integer that is on the wire."""
    if kind.base == "decimal":
        return int(Decimal(text).scaleb(int(kind.argument[0])))
    if kind.base == "duration":
        unit = text.lstrip("-0123456789")
        return int(text[:len(text) - len(unit)]) * DURATIONS[unit]
    return int(text)


def number_cases(kind):
    least, most = WHOLE.get(kind.base, (-2**63, 2**63 - 1))
    for limit, step, rule, end in ((kind.range[0], -1, "min", least), (kind.range[1], 1, "max", most)):
        if limit is None:
            continue
        if kind.base == "f64":
            yield float(limit), None
            yield math.nextafter(float(limit), step * math.inf), rule
            continue
        at = scaled(kind, limit)
        yield at, None
        if at != end:
            yield at + step, rule


def cases(kind):
    if kind.base in ("string", "password", "bytes"):
        return list(text_cases(kind))
    if kind.base in WHOLE or kind.base in ("decimal", "duration", "f64"):
        return list(number_cases(kind))
    return []


def as_json(kind, value):
    if kind.base == "decimal":
        return Decimal(value).scaleb(-int(kind.argument[0]))
    return base64.b64encode(value).decode() if kind.base == "bytes" else value


class Judge:
    def __init__(self, tool):
        self.process = subprocess.Popen([tool, "judge"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, encoding="utf-8")
        self.count = 0

    def refusals(self, way, name, text):
        """{pointer: rules} of what was said against it."""
        self.process.stdin.write(f"{way} {name} {text}\n")
        self.process.stdin.flush()
        self.count += 1
        found = {}
        answer = json.loads(self.process.stdout.readline())
        assert "refused" in answer or answer.get("device") is not False, \
            f"{name}: a device has no room for {text}"
        for pointer, rule in answer.get("refused", []):
            found.setdefault(pointer, set()).add(rule)
        return found

    def hold(self, way, name, text, pointer, rule, what):
        """Rules across fields may be broken as well, and a secret that JSON does not show may be
        missing; only what is said of this field counts."""
        said = self.refusals(way, name, text).get(pointer, set()) & FIELD_RULES
        assert said == ({rule} if rule else set()), \
            f"{name}{pointer} by {way}, {what}: {said or 'accepted'}, not {rule or 'accepted'}"


class Encoder(json.JSONEncoder):
    """Decimals as they are written."""

    def iterencode(self, o, _one_shot=False):
        return iter([self.text(o)])

    def text(self, o):
        if isinstance(o, dict):
            return "{" + ",".join(f"{json.dumps(k)}:{self.text(v)}" for k, v in o.items()) + "}"
        if isinstance(o, list):
            return "[" + ",".join(map(self.text, o)) + "]"
        return format(o, "f") if isinstance(o, Decimal) else json.dumps(o)


def hold_field(judge, name, message, shown, field, kind):
    """One field of a message that is fine otherwise."""
    pointer = "/" + camel(field)
    tried = 0
    for value, rule in cases(kind):
        changed = type(message).FromString(message.SerializeToString())
        if kind.listed:
            del getattr(changed, field)[:]
            getattr(changed, field).extend([value] * max(1, int(kind.items[0] or 1)))
        else:
            setattr(changed, field, value)
        there = pointer + ("/0" if kind.listed else "")
        if not kind.listed or not ("distinct" in kind.words and kind.items[0] not in (None, "1")):
            judge.hold("pb", name, changed.SerializeToString().hex(), there, rule, repr(value)[:60])
            body = [as_json(kind, value)] * max(1, int(kind.items[0] or 1)) if kind.listed \
                else as_json(kind, value)
            judge.hold("json", name, Encoder().encode({**shown, camel(field): body}), there, rule,
                       repr(value)[:60])
            tried += 1
    if kind.listed and kind.base != "map":
        tried += hold_items(judge, name, message, field, kind, pointer)
    return tried


def hold_items(judge, name, message, field, kind, pointer):
    """How many items a list may have, and whether two may be alike."""
    tried = 0
    low, high = (int(n) if n else None for n in kind.items)
    some = list(getattr(message, field))
    if not some:
        return 0
    for count, rule in ((high, None), (high and high + 1, "items"), (low, None),
                        (low and low - 1, "items")):
        if count is None:
            continue
        changed = type(message).FromString(message.SerializeToString())
        del getattr(changed, field)[:]
        getattr(changed, field).extend((some * (count + 1))[:count])
        if "distinct" in kind.words and len({str(item) for item in getattr(changed, field)}) < count:
            continue
        judge.hold("pb", name, changed.SerializeToString().hex(), pointer, rule, f"{count} items")
        tried += 1
    if "distinct" in kind.words and (high is None or high >= 2):
        changed = type(message).FromString(message.SerializeToString())
        del getattr(changed, field)[:]
        getattr(changed, field).extend([some[0], some[0]])
        said = judge.refusals("pb", name, changed.SerializeToString().hex())
        assert any("unique" in rules for at, rules in said.items() if at.startswith(pointer)), \
            f"{name}{pointer}: two alike are {said or 'accepted'}"
        tried += 1
    return tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--proto", required=True, type=Path)
    parser.add_argument("--schema", required=True, type=Path)
    args = parser.parse_args()
    classes = load_classes(args.proto)
    _, messages = schema_text.read(args.schema)
    judge = Judge(args.tool)
    samples = subprocess.run([args.tool, "random"], stdout=subprocess.PIPE, encoding="utf-8",
                             check=True).stdout.splitlines()
    held, wanted = {}, {(name, field) for name, fields in messages.items() if name in classes
                        for field, kind in fields.items() if cases(kind)}
    for line in samples:
        name, hexed, body = line.split(" ", 2)
        if name not in classes or name not in messages:
            continue
        message = classes[name].FromString(bytes.fromhex(hexed))
        shown = json.loads(body, parse_float=Decimal)
        for field, kind in messages[name].items():
            if field in message.DESCRIPTOR.fields_by_name and held.get((name, field), 0) < 3:
                held[name, field] = held.get((name, field), 0) + \
                    (hold_field(judge, name, message, shown, field, kind) > 0)
    judge.process.stdin.close()
    assert judge.process.wait() == 0, "the judge failed"
    lost = sorted(pair for pair in wanted if not held.get(pair))
    assert wanted and not lost, f"no boundary was tried of {lost}"
    print(f"{sum(n > 0 for n in held.values())} fields of {args.schema.name} hold to their limits, "
          f"{judge.count} values were judged")


if __name__ == "__main__":
    main()
