#!/usr/bin/python3
"""channeld --schema as a process, and a publisher made of nothing but Google's protobuf.

Its frames are those of frames.proto, its events the descriptors in schema.binpb.
"""
import importlib
import json
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

HELLO, PUBLISH, PUBLISHED, REFUSED, PING = 1, 3, 4, 5, 15
TOO_BIG, INVALID = 4, 5


def load_frames(proto, out):
    subprocess.run(["protoc", f"--python_out={out}", f"--proto_path={proto.parent}", proto.name],
                   check=True)
    sys.path.insert(0, str(out))
    sys.dont_write_bytecode = True
    return importlib.import_module("frames_pb2")


class Broker:
    def __init__(self, program, data, *options):
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--",  # however this test ends
             program, "--data", data, "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        line = self.process.stdout.readline()
        assert "ready" in line, self.process.stderr.read()
        self.port = int(line.rsplit(":", 1)[1])

    def reload(self):
        """What it says of its schema on SIGHUP; of tokens and certificates it speaks first."""
        self.process.send_signal(signal.SIGHUP)
        tokens = self.process.stderr.readline()
        assert "tokens and certificates" in tokens, tokens
        return self.process.stderr.readline()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=10) == 0
        self.process.stdout.close()
        self.process.stderr.close()


class Publisher:
    def __init__(self, frames, port, name):
        self.frames = frames
        self.sequence = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.stream = self.socket.makefile("rb")
        self.send(HELLO, frames.Hello(version=1, name=name, first_sequence=1))
        self.next()

    def send(self, kind, header, payload=b""):
        head = header.SerializeToString()
        self.socket.sendall(struct.pack("<IBBH", 4 + len(head) + len(payload), kind, 0, len(head)) +
                            head + payload)

    def next(self):
        length, kind, _, head = struct.unpack("<IBBH", self.stream.read(8))
        rest = self.stream.read(length - 4)
        return kind, rest[:head]

    def publish(self, subject, payload):
        """None when it was taken, else the refusal; either way the sequence is done with."""
        self.sequence += 1
        self.send(PUBLISH, self.frames.Publish(sequence=self.sequence, subject=subject), payload)
        refused = None
        while True:
            kind, head = self.next()
            if kind == REFUSED:
                refused = self.frames.Refused.FromString(head)
                assert refused.sequence == self.sequence and not refused.retry
            if kind == PUBLISHED and self.frames.Published.FromString(head).up_to >= self.sequence:
                return refused

    def close(self):
        self.stream.close()
        self.socket.close()


def thing_class(schema):
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(schema).file:
        pool.Add(file)
    message = pool.FindMessageTypeByName("everything.things.ThingMade")
    return message_factory.MessageFactory(pool).GetPrototype(message)


def refused(answer, code, reason):
    assert answer is not None, f"taken, not refused with {reason!r}"
    assert (answer.code, answer.reason) == (code, reason), answer


def check_refusals(publisher, thing):
    good = thing(id="i", owner="o", name="n", version=1)
    assert publisher.publish("thing:made", good.SerializeToString()) is None
    refused(publisher.publish("thing:made", good.SerializeToString()[:-3]), INVALID,
            "thing:made: ThingMade: malformed bytes")
    refused(publisher.publish("thing:made", thing(id="i", owner="o", version=1).SerializeToString()),
            INVALID, "thing:made: /name: Must be 1 to 80 characters (length)")
    refused(publisher.publish("thing:made", thing(version=-1).SerializeToString()), INVALID,
            "thing:made: /id: Must be 1 to 64 bytes (length), and 3 more")
    long = thing(id="i", owner="o", name="n" * 500, version=1).SerializeToString()
    refused(publisher.publish("thing:made", long), TOO_BIG,
            f"thing:made: a payload of {len(long)} bytes, over the 464 of its schema")
    assert publisher.publish("thing:made", good.SerializeToString()) is None, "others go on"


def check_shown(channel, port, schema):
    """What `channel sub --schema` prints of the two subjects."""
    run = subprocess.run(
        [channel, "--server", f"127.0.0.1:{port}", "--schema", str(schema), "--count", "7", "sub",
         "shown", "thing:made", "thing:unheard-of"],
        stdout=subprocess.PIPE, encoding="utf-8", check=True, timeout=30)
    made, *_, strange = [json.loads(line) for line in run.stdout.splitlines()]
    assert made["payload"] == {"id": "i", "owner": "o", "name": "n", "version": 1}, made
    assert made["subject"] == "thing:made" and made["producer"] == "first", made
    assert strange["payload"] == "/w==" and "not a subject" in strange["note"], strange


def main():
    program, frames_proto, schema_file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    schema = schema_file.read_bytes()
    with tempfile.TemporaryDirectory() as temp:
        frames = load_frames(frames_proto, Path(temp))
        thing = thing_class(schema)
        ours = Path(temp) / "schema.binpb"
        ours.write_bytes(schema)
        broker = Broker(program, f"{temp}/data", "--schema", str(ours))
        publisher = Publisher(frames, broker.port, "first")
        unknown = "thing:unheard-of: schema everything has no such subject"
        check_refusals(publisher, thing)
        refused(publisher.publish("thing:unheard-of", b""), INVALID, unknown)
        refused(publisher.publish("thing:mad", b""), INVALID,
                "thing:mad: schema everything has no such subject; nearest is thing:made")

        ours.write_bytes(schema[:-1])
        assert "stays as it was" in broker.reload()
        check_refusals(publisher, thing)
        ours.write_bytes(schema.replace(b"thing:ended", b"thing:other"))
        assert "again" in broker.reload()
        good = thing(id="i", owner="o", version=1).SerializeToString()
        assert publisher.publish("thing:other", good) is None, "the new schema counts"
        publisher.close()
        broker.stop()

        broker = Broker(program, f"{temp}/data", "--schema", str(ours), "--schema-open")
        publisher = Publisher(frames, broker.port, "second")
        check_refusals(publisher, thing)
        assert publisher.publish("thing:unheard-of", b"\xff") is None, "open: let pass"
        check_shown(sys.argv[4], broker.port, schema_file)
        publisher.close()
        broker.stop()
        ours.write_bytes(b"no schema")
        broken = subprocess.run([program, "--data", f"{temp}/data", "--schema", str(ours)],
                                stderr=subprocess.PIPE, encoding="utf-8", check=False)
        assert broken.returncode == 1 and "not a schema file" in broken.stderr, broken
    print("a foreign publisher is held to the schema")


if __name__ == "__main__":
    main()
