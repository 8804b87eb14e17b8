#!/usr/bin/python3
"""Holds an emitted schema.binpb against protoc and Google's own Python library.

Its descriptors must be those that protoc makes of the emitted .proto, its constraints must name
fields that are there, and the greatest payload of each event, built here from those constraints,
must be as long as it says.
"""
import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

INCLUDE = "/usr/include"
LAST = "\U0010ffff"  # four bytes
ID = "x" * 64
INTEGER_MAX = 2**53 - 1


def protoc_set(proto_dir):
    files = sorted(str(p.relative_to(proto_dir)) for p in proto_dir.rglob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", f"--proto_path={proto_dir}", f"--descriptor_set_out={out.name}",
                        *files], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(Path(out.name).read_bytes())


def load_schema_class(schema_proto):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["protoc", f"--python_out={out}", f"--proto_path={schema_proto.parent}",
                        f"--proto_path={INCLUDE}", schema_proto.name], check=True)
        sys.path.insert(0, out)
        sys.dont_write_bytecode = True
        return importlib.import_module("schema_pb2")


def check_descriptors(schema, expected):
    """As messages, as bytes, and that every file comes after those it imports."""
    ours = {f.name: f for f in schema.file}
    theirs = {f.name: f for f in expected.file}
    assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
    seen = set()
    for file in schema.file:
        assert file == theirs[file.name], f"{file.name} is not what protoc says"
        assert file.SerializeToString() == theirs[file.name].SerializeToString(), file.name
        assert seen.issuperset(file.dependency), f"{file.name} comes before what it imports"
        seen.add(file.name)


def load_classes(schema):
    pool = descriptor_pool.DescriptorPool()
    for file in schema.file:
        pool.Add(file)
    return pool, message_factory.MessageFactory(pool)


def limits_by_field(schema, pool):
    limits = {}
    for message in schema.message:
        descriptor = pool.FindMessageTypeByName(message.name)
        assert len(message.field) > 0, f"{message.name} says nothing"
        for field in message.field:
            assert field.number in descriptor.fields_by_number, f"{message.name} {field.number}"
            limits[message.name, field.number] = field
    return limits


def check_enums(schema, pool):
    """Proto names are made of the schema's."""
    for enum in schema.enumeration:
        descriptor = pool.FindEnumTypeByName(enum.name)
        assert len(enum.value) == len(descriptor.values) - 1, enum.name
        for value in enum.value:
            assert descriptor.values_by_number[value.number].name.endswith(
                "_" + value.name.upper()), value


class Greatest:
    """Messages as long as their constraints let them be; None where there is no bound."""

    def __init__(self, pb, limits):
        self.pb = pb
        self.limits = limits

    def limit(self, field):
        return self.limits.get((field.containing_type.full_name, field.number), self.pb.Field())

    def number(self, limit):
        natural = limit.kind == self.pb.KIND_VERSION or (limit.HasField("min") and limit.min >= 0)
        if not natural:
            return -1
        return limit.max if limit.HasField("max") else INTEGER_MAX

    def value(self, field):
        limit = self.limit(field)
        if field.type == field.TYPE_STRING:
            if limit.kind in (self.pb.KIND_ID, self.pb.KIND_REF):
                return ID
            return LAST * limit.max if limit.HasField("max") else None
        if field.type == field.TYPE_BYTES:
            return b"x" * limit.max if limit.HasField("max") else None
        if field.type == field.TYPE_BOOL:
            return True
        if field.type == field.TYPE_DOUBLE:
            return 1.5
        if field.type == field.TYPE_ENUM:
            return max(value.number for value in field.enum_type.values)
        if field.type == field.TYPE_UINT32:
            return limit.max if limit.HasField("max") else 2**32 - 1
        if field.type == field.TYPE_UINT64:
            return limit.max if limit.HasField("max") else INTEGER_MAX
        return self.number(limit)

    def key(self, field, i):
        """Of a map, each another one of the same length."""
        limit = self.limit(field.message_type.fields_by_name["key"])
        return LAST * (limit.max - 1) + chr(ord(LAST) - i) if limit.HasField("max") else None

    def fill_entry(self, message, field, i):
        entries = getattr(message, field.name)
        value = field.message_type.fields_by_name["value"]
        key = self.key(field, i)
        if key is None or value.type == field.TYPE_MESSAGE:
            return key is not None and self.fill(entries[key])
        entries[key] = self.value(value)
        return entries[key] is not None

    def fill_value(self, message, field, many):
        if field.type == field.TYPE_MESSAGE:
            inner = getattr(message, field.name)
            inner = inner.add() if many else inner
            inner.SetInParent()
            return self.fill(inner)
        value = self.value(field)
        if value is not None and many:
            getattr(message, field.name).append(value)
        elif value is not None:
            setattr(message, field.name, value)
        return value is not None

    def fill(self, message):
        """False when something has no bound."""
        for field in message.DESCRIPTOR.fields:
            many = field.label == field.LABEL_REPEATED
            count = self.limit(field).items_max if many else 1
            for i in range(count):
                is_map = field.message_type and field.message_type.GetOptions().map_entry
                if not (self.fill_entry(message, field, i) if is_map
                        else self.fill_value(message, field, many)):
                    return False
            if count == 0:
                return False
        return True


def check_events(schema, pool, factory, greatest):
    for event in schema.event:
        message = factory.GetPrototype(pool.FindMessageTypeByName(event.message))()
        bounded = greatest.fill(message)
        assert bounded == (event.size_max > 0), f"{event.subject}: bounded or not?"
        if bounded:
            assert message.ByteSize() == event.size_max, \
                f"{event.subject}: {message.ByteSize()} bytes, said to be {event.size_max}"
        where = message.DESCRIPTOR
        for number in event.key:
            field = where.fields_by_number[number]
            where = field.message_type
        assert field.type == field.TYPE_STRING, f"{event.subject}: a key is text"


def check_text(text, schema):
    """The same in words."""
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    assert [(e.subject, e.message, str(e.size_max or "any")) for e in schema.event] == \
        [(subject, message, size) for subject, message, _, size in lines]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gen", required=True, type=Path)
    parser.add_argument("--schema-proto", required=True, type=Path)
    args = parser.parse_args()
    pb = load_schema_class(args.schema_proto)
    schema = pb.Schema.FromString((args.gen / "schema.binpb").read_bytes())
    assert len(schema.UnknownFields()) == 0
    check_descriptors(schema, protoc_set(args.gen / "proto"))
    pool, factory = load_classes(schema)
    check_enums(schema, pool)
    check_events(schema, pool, factory, Greatest(pb, limits_by_field(schema, pool)))
    check_text((args.gen / "subjects.txt").read_text(encoding="utf-8"), schema)
    print(f"{len(schema.file)} files and {len(schema.event)} events agree")


if __name__ == "__main__":
    main()
