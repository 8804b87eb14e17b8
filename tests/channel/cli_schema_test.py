#!/usr/bin/python3
"""Payloads as JSON on the command line: by the broker's schema, by a file, back into bytes."""
import base64
import json
import signal
import subprocess
import unittest

from channel import TOP, Peer, eventually
from cli_case import CliCase

SCHEMA = TOP / "tests/golden/everything/gen/schema.binpb"
OTHER = TOP / "gen/schema.binpb"  # of another system: it has none of our subjects
THING = {"id": "i", "owner": "o", "name": "n", "version": 1}
BYTES = b"\x0a\x01i\x12\x01o\x1a\x01n\x60\x01"  # the same as protobuf
IN_BASE64 = base64.b64encode(BYTES).decode()


def text_of(thing=None, **changes):
    return json.dumps({**(thing or THING), **changes})


class Schema(CliCase):
    OPTIONS = (*CliCase.OPTIONS, "--schema", SCHEMA)

    def publish(self, *payloads, subject="thing:made"):
        """As another program would: bytes."""
        peer = Peer(self.broker, "other")
        for i, payload in enumerate(payloads):
            peer.send("PUBLISH", payload, sequence=i + 1, subject=subject, key="k")
        while (frame := peer.expect("PUBLISHED")).message.up_to < len(payloads):
            pass
        peer.close()

    def one(self, *args):
        event, = self.events("sub", "--count", 1, *args)
        self.ok("replay", args[0], event["sequence"])
        return event

    # ---- showing ----

    def test_sub_asks_the_broker(self):
        self.publish(BYTES)
        event = self.one("s", "thing:*")
        self.assertEqual(event["payload"], THING)
        self.assertEqual((event["subject"], event["key"], event["producer"]),
                         ("thing:made", "k", "other"))

    def test_a_file_or_raw_replaces_the_brokers_schema(self):
        self.publish(BYTES)
        self.assertEqual(self.one("s", "thing:*", "--schema", SCHEMA)["payload"], THING)
        event = self.one("s", "thing:*", "--schema", OTHER)
        self.assertEqual((event["payload"], event["note"]),
                         (IN_BASE64, "not a subject of the schema"))
        event = self.one("s", "thing:*", "--raw")
        self.assertEqual((event["text"], "payload" in event), (BYTES.decode(), False))
        self.bad(1, "none.binpb: No such file", "sub", "t", "thing:*", "--schema",
                 self.broker.dir / "none.binpb")
        self.assertEqual([s["name"] for s in json.loads(self.ok("ls"))], ["s"])

    def test_tail_asks_the_broker(self):
        for option, shown in ((), THING), (("--raw",), None):
            process = self.tail("thing:*", *option)
            self.publish(BYTES)
            event = json.loads(process.stdout.readline())
            self.assertEqual(event.get("payload"), shown)
            process.terminate()
            process.communicate(timeout=20)
            self.assertEqual(process.returncode, 0)
            eventually(lambda: len(json.loads(self.ok("ls"))) == 0, "tail goes")

    def test_dead_letters_are_shown_by_the_schema(self):
        self.publish(BYTES)
        peer = Peer(self.broker, "judge")
        self.addCleanup(peer.close)
        peer.subscribe("s", "thing:made", max_deliver=1)
        peer.expect("SUBSCRIBED")
        peer.send("NACK", subscription=1, sequence=peer.expect("EVENT").message.sequence)
        eventually(lambda: json.loads(self.ok("dead", "ls")), "a dead letter")
        number = json.loads(self.ok("dead", "ls"))[0]["id"]
        letter = json.loads(self.ok("dead", "show", number))
        self.assertEqual((letter["payload"], letter["subject"], letter["key"], letter["attempts"]),
                         (THING, "thing:made", "k", 1))
        self.assertEqual(json.loads(self.ok("dead", "show", "s"))["payload"], THING)
        self.assertEqual(json.loads(self.ok("dead", "show", number, "--raw"))["text"],
                         BYTES.decode())
        self.assertEqual(json.loads(self.ok("dead", "show", number, "--schema", OTHER))["payload"],
                         IN_BASE64)

    def test_without_a_schema_bytes_are_shown(self):
        self.broker.kill()
        self.broker.options = list(map(str, CliCase.OPTIONS))
        self.assertTrue(self.broker.start())
        self.publish(BYTES, b"\xff")
        first, second = self.events("sub", "s", "thing:*", "--count", 2)
        self.assertEqual((first["text"], second["payload"]), (BYTES.decode(), "/w=="))
        self.bad(1, "the broker has no schema", "schema")
        self.bad(1, "--json needs a schema, and the broker has none: give --schema FILE",
                 "pub", "thing:made", text_of(), "--json")

    def test_what_does_not_decode_is_shown_with_a_note(self):
        self.broker.kill()
        self.assertTrue(self.broker.start("--schema-open"))
        self.publish(b"\xff", subject="some:thing")
        event = self.one("s", "some:thing")
        self.assertEqual((event["payload"], event["note"]), ("/w==", "not a subject of the schema"))

    # ---- the file ----

    def schema_file(self, *args):
        path = self.broker.dir / "out"
        with open(path, "wb") as out:
            done = subprocess.run(self.broker.args("schema", *args), stdout=out, timeout=20,
                                  stderr=subprocess.PIPE, check=False)
        return done.returncode, path.read_bytes(), done.stderr.decode()

    def test_the_file_is_the_brokers(self):
        self.assertEqual(self.schema_file(), (0, SCHEMA.read_bytes(), ""))

    def test_every_client_of_the_token_file_may_have_it(self):
        self.broker.kill()
        clients = self.broker.secret("clients", "reader sesame subscribe thing:>\n")
        self.assertTrue(self.broker.start("--token-file", clients))
        reader = ("--name", "reader", "--token-file", self.broker.secret("token", "sesame\n"))
        self.assertEqual(self.schema_file(*reader), (0, SCHEMA.read_bytes(), ""))
        self.bad(1, "may not administer", *reader, "info")
        status, out, err = self.schema_file()
        self.assertEqual((status, out), (1, b""))
        self.assertRegex(err, "no such client, or another token")

    def test_the_broker_reads_it_again(self):
        path = self.broker.dir / "schema.binpb"
        path.write_bytes(OTHER.read_bytes())
        self.broker.kill()
        self.assertTrue(self.broker.start("--schema", path))
        self.assertEqual(self.schema_file()[1], OTHER.read_bytes())
        path.write_bytes(SCHEMA.read_bytes())
        self.broker.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.schema_file()[1] == SCHEMA.read_bytes(), "the new one is reported")
        path.write_bytes(b"none")
        self.broker.process.send_signal(signal.SIGHUP)
        eventually(lambda: "stays as it was" in self.broker.stderr(), "the bad one is reported")
        self.assertEqual(self.schema_file()[1], SCHEMA.read_bytes())

    # ---- pub --json ----

    def test_json_becomes_the_schemas_bytes(self):
        self.ok("pub", "thing:made", text_of(), "--json")
        self.assertEqual(self.one("s", "thing:made", "--raw")["text"], BYTES.decode())
        event = self.one("s", "thing:made")
        self.assertEqual((event["payload"], event["key"]), (THING, "i"))  # keyed by its id
        self.ok("pub", "thing:ended", '{"id":"j","owner":"me","done":true,"version":2}', "--json")
        self.assertEqual(self.one("t", "thing:ended")["key"], "me")
        self.ok("pub", "thing:ended", '{"id":"j","owner":"me","done":true,"version":3}', "--json",
                "--key", "mine")
        self.assertEqual(self.events("sub", "t", "thing:ended", "--count", 2)[1]["key"], "mine")

    def test_what_is_shown_can_be_published_again(self):
        thing = {"id": "i", "version": 3, "owner": "\u00e4\"\n\\", "name": " \U0001f3ab"}
        self.ok("pub", "thing:made", text_of(thing), "--json")
        shown = self.one("s", "thing:made")["payload"]
        self.assertEqual(shown, thing)
        self.ok("pub", "thing:made", json.dumps(shown), "--json")
        raw = [e["text"] for e in self.events("sub", "raw", "thing:*", "--count", 2, "--raw")]
        self.assertEqual(raw[0], raw[1])

    def test_every_sort_of_member_comes_back(self):
        moved = {"id": "i", "colour": "sky-blue", "tags": ["a", "b"], "marks": [1, 100],
                 "way": {"home": {"x": 1.5, "y": -1}}, "stars": None,
                 "goneAt": "2026-01-31T12:00:00.001Z", "version": 1}
        self.ok("pub", "thing:moved", text_of(moved), "--json")
        self.assertEqual(self.one("s", "thing:moved")["payload"], moved)

    def test_each_line_of_json_is_published(self):
        things = [{**THING, "version": i + 1} for i in range(500)]
        self.ok("pub", "thing:made", "--json", stdin="\n".join(map(json.dumps, things)))
        got = [e["payload"] for e in self.events("sub", "s", "thing:*", "--count", 500)]
        self.assertEqual(got, things)

    def test_json_that_does_not_fit_is_named_by_its_pointer(self):
        for text, why in (
                (text_of(name="n" * 81), r"/name: .*80 characters \(length\)"),
                (text_of(version="one"), r"/version: .*\(type\)"),
                (text_of(nam="x"), r"/nam: .*\(unknown\)"),
                ('{"id":"i"}', r"/owner: Is required \(required\), and 2 more"),
                ('{"id":', r"channel: [^/:]*line 1.*\(json\)"),
                ("", r"\(json\)"),
                ("[]", r"\(type\)")):
            self.bad(1, why, "pub", "thing:made", text, "--json")
        self.bad(1, "schema everything has no such subject; nearest is thing:made",
                 "pub", "thing:mad", text_of(), "--json")
        self.assertEqual(json.loads(self.ok("info"))["stored"], 0)

    def test_a_bad_line_is_named_and_those_before_it_are_published(self):
        lines = [text_of(), text_of(version=2), text_of(version="x"), text_of(version=4)]
        self.bad(1, r"line 3: /version: .*\(type\); what is before it is published",
                 "pub", "thing:made", "--json", stdin="\n".join(lines))
        self.assertEqual(json.loads(self.ok("info"))["stored"], 2)

    def test_a_file_gives_the_schema_for_json(self):
        self.broker.kill()
        self.broker.options = list(map(str, CliCase.OPTIONS))
        self.assertTrue(self.broker.start())
        self.ok("pub", "thing:made", text_of(), "--json", "--schema", SCHEMA)
        self.assertEqual(self.one("s", "thing:made")["text"], BYTES.decode())
        self.assertEqual(self.one("s", "thing:made", "--schema", SCHEMA)["payload"], THING)


if __name__ == "__main__":
    unittest.main(verbosity=1)
