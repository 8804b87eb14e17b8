#!/usr/bin/python3
"""Holds generated messages and the generated .proto against Google's own Python and C++.

gen_tool checks each message against its schema and prints random ones. Their bytes must be read
by the classes that protoc makes of the emitted .proto, without an unknown field, come back as the
same bytes, and hold the values that our JSON shows. What Python and C++ write of them, fields of a
newer schema included, we must read as the same values, and hand back with those fields.
"""
import argparse
import base64
import datetime
import importlib
import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from google.protobuf import json_format

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def same_number(value, shown):
    """A scaled integer shows as a decimal, a time or a date as text; each says how."""
    if isinstance(shown, Decimal):
        places = -shown.as_tuple().exponent
        return shown.scaleb(places) == value
    if isinstance(shown, str) and len(shown) == 10:
        return datetime.date.fromisoformat(shown).toordinal() - EPOCH.toordinal() == value
    if isinstance(shown, str):
        at = datetime.datetime.fromisoformat(shown.replace("Z", "+00:00")) - EPOCH
        return at // datetime.timedelta(milliseconds=1) == value
    return shown == value and isinstance(shown, type(value))


def same_value(field, value, shown):
    if field.type == field.TYPE_MESSAGE:
        return same_message(value, shown)
    if field.type == field.TYPE_BYTES:
        return base64.b64decode(shown) == value
    if field.type == field.TYPE_DOUBLE:
        return float(shown) == value
    if field.type == field.TYPE_ENUM:  # "as" may rename it in JSON, so only that it has a name
        return isinstance(shown, str) and field.enum_type.values_by_number[value].number > 0
    if field.type == field.TYPE_STRING or isinstance(shown, bool):
        return shown == value
    return same_number(value, shown)


def same_field(message, field, shown):
    value = getattr(message, field.name)
    if field.has_presence and not message.HasField(field.name):
        return shown is None
    if field.message_type and field.message_type.GetOptions().map_entry:
        item = field.message_type.fields_by_name["value"]
        return {str(k) for k in value} == set(shown) and all(
            same_value(item, v, shown[str(k)]) for k, v in value.items())
    if field.label == field.LABEL_REPEATED:
        return len(value) == len(shown) and all(
            same_value(field, v, s) for v, s in zip(value, shown))
    return same_value(field, value, shown)


def same_message(message, shown):
    """Secrets are not shown; everything that is shown must be a field, with its value."""
    fields = {camel(f.name): f for f in message.DESCRIPTOR.fields}
    unknown = set(shown) - set(fields)
    assert not unknown, f"{message.DESCRIPTOR.full_name} has no {unknown}"
    for name, value in shown.items():
        assert same_field(message, fields[name], value), \
            f"{message.DESCRIPTOR.full_name}.{name}: {getattr(message, fields[name].name)!r} " \
            f"is shown as {value!r}"
    return True


def load_classes(proto_dir):
    """By full name, of every .proto under the directory."""
    files = sorted(str(p.relative_to(proto_dir)) for p in proto_dir.rglob("*.proto"))
    classes = {}
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["protoc", f"--python_out={out}", f"--proto_path={proto_dir}", *files],
                       check=True)
        sys.path.insert(0, out)
        sys.dont_write_bytecode = True
        for file in files:
            module = importlib.import_module(file[:-len(".proto")].replace("/", ".") + "_pb2")
            for name, message in module.DESCRIPTOR.message_types_by_name.items():
                classes[message.full_name] = getattr(module, name)
    return classes


def has_zero_in_map(message):
    """Protobuf writes zeros in a map's entry and libprotobuf-c does not; both are read alike."""
    for field, value in message.ListFields():
        if field.message_type and field.message_type.GetOptions().map_entry:
            return True
        if field.type == field.TYPE_MESSAGE:
            items = value if field.label == field.LABEL_REPEATED else [value]
            if any(has_zero_in_map(item) for item in items):
                return True
    return False


# Field 18998271, which no schema here has: a varint, and text.
UNKNOWN = bytes.fromhex("f8bfbc4801" "fabfbc4802" "6869")


def check_cpp(cpp, classes, name, data):
    """C++ reads the values that Python reads, and keeps what it does not know. Returns the bytes
    that it writes."""
    sent = data + UNKNOWN
    cpp.stdin.write(f"{name} {sent.hex()}\n")
    cpp.stdin.flush()
    hexed, _, values = cpp.stdout.readline().partition(" ")
    back = bytes.fromhex(hexed)
    message = classes[name].FromString(sent)
    assert classes[name].FromString(back) == message, f"{name}: C++ writes {back.hex()}"
    assert len(classes[name].FromString(back).UnknownFields()) == 2, f"{name}: C++ lost fields"
    known = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert json.loads(values) == json.loads(json.dumps(known)), f"{name}: C++ read {values}"
    return back


def check_back(judge, classes, name, sent):
    """Theirs, with fields of a newer schema, comes back from us with the same values and fields;
    a device keeps the values."""
    message = classes[name].FromString(sent)
    judge.stdin.write(f"pb {name} {sent.hex()}\n")
    judge.stdin.flush()
    answer = json.loads(judge.stdout.readline(), parse_float=Decimal)
    if "refused" in answer:  # random values may break a rule across fields, and nothing else
        assert all(rule not in FIELD_RULES for _, rule in answer["refused"]), f"{name}: {answer}"
        return
    back = classes[name].FromString(bytes.fromhex(answer["hex"]))
    assert len(back.UnknownFields()) == 2, f"{name}: unknown fields are lost"
    assert back == message, f"{name}: {back} was {message}"
    same_message(message, answer["json"])
    if "device" in answer:
        echo = classes[name].FromString(bytes.fromhex(answer["device"]))
        message.DiscardUnknownFields()
        assert echo == message, f"{name}: a device has {echo} of {message}"


FIELD_RULES = {"pb", "required", "min", "max", "length", "items", "unique", "format", "pattern",
               "enum", "utf8", "nul", "depth", "finite"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--proto", required=True, type=Path)
    parser.add_argument("--cpp", help="cpp_echo with the classes of these .proto files")
    args = parser.parse_args()
    classes = load_classes(args.proto)
    run = subprocess.run([args.tool, "random"], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    judge = subprocess.Popen([args.tool, "judge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             encoding="utf-8")
    cpp = args.cpp and subprocess.Popen([args.cpp], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        encoding="utf-8")
    seen = set()
    for line in run.stdout.splitlines():
        name, hexed, body = line.split(" ", 2)
        data = bytes.fromhex(hexed)
        # A view, a query or the like may be known to one service only and have no .proto.
        if name not in classes:
            continue
        seen.add(name)
        message = classes[name].FromString(data)
        assert len(message.UnknownFields()) == 0, f"{name}: bytes beyond the .proto"
        if not has_zero_in_map(message):
            assert message.SerializeToString(deterministic=True) == data, f"{name}: other bytes"
        same_message(message, json.loads(body, parse_float=Decimal))
        check_back(judge, classes, name, message.SerializeToString() + UNKNOWN)
        if cpp:
            check_back(judge, classes, name, check_cpp(cpp, classes, name, data))
    if cpp:
        cpp.stdin.close()
        assert cpp.wait() == 0, "C++ failed"
    judge.stdin.close()
    assert judge.wait() == 0, "the judge failed"
    missing = set(classes) - seen
    assert not missing, f"in the .proto, but not among the messages: {missing}"
    print(f"{len(seen)} messages agree with their .proto{', in C++ too' if cpp else ''}")


if __name__ == "__main__":
    main()
