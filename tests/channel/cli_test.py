#!/usr/bin/python3
"""Every command of `channel`, against a channeld of its own."""
import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import unittest

from channel import ENV, Gone, Peer, eventually
from cli_case import CliCase

COMMANDS = ["pub", "sub", "sub create", "sub edit", "sub info", "sub rm", "tail",
            "ls", "lag", "info", "metrics", "schema", "dead ls", "dead show",
            "dead replay", "dead drop", "replay", "purge", "truncate", "forget", "bench", "verify",
            "repair"]


class Cli(CliCase):
    def test_subscriptions_are_made_changed_and_dropped(self):
        self.ok("sub", "create", "jobs", "a:*", "--ack-wait", 5000, "--max-deliver", 3,
                "--backoff", "100,2000", "--expire", 60)
        info = json.loads(self.ok("sub", "info", "jobs"))[0]
        self.assertEqual([info[k] for k in ("filters", "ackWaitMs", "maxDeliver", "backoffMs",
                                            "expireMs")],
                         [["a:*"], 5000, 3, [100, 2000], 60000])
        self.bad(1, "there is a subscription of this name", "sub", "create", "jobs", "a:*")
        self.bad(1, "other rules", "sub", "jobs", "b:*")
        self.ok("pub", "a:x", "one")
        self.bad(1, "a:\\* selects would be skipped; use force", "sub", "edit", "jobs", "b:*")
        self.ok("sub", "edit", "jobs", "a:*", "b:*", "--expire", 0)
        self.ok("pub", "b:x", "two")
        self.assertEqual([e["text"] for e in self.events("sub", "jobs", "--count", 2)],
                         ["one", "two"])
        self.assertEqual(json.loads(self.ok("sub", "info", "jobs"))[0]["expireMs"], 0)
        self.ok("sub", "rm", "jobs")
        self.bad(1, "no such subscription", "sub", "info", "jobs")
        self.bad(2, "--backoff does not take '1,,2'", "sub", "create", "x", "a:*", "--backoff",
                 "1,,2")

    # ---- pub, sub, tail ----

    def test_what_is_published_is_received(self):
        self.ok("pub", "a:b", "hello", "--key", "k")
        self.ok("--name", "writer", "pub", "a:c", "\u00e4\"\n")
        first, second = self.events("sub", "s", "a:*", "--count", 2)
        self.assertEqual((first["subject"], first["key"], first["text"], first["attempt"],
                          first["producer"]), ("a:b", "k", "hello", 1, "channel-cli"))
        self.assertEqual((second["text"], second["producer"]), ("\u00e4\"\n", "writer"))
        self.assertGreater(second["sequence"], first["sequence"])
        self.ok("pub", "a:b", "later")
        self.assertEqual([e["text"] for e in self.events("sub", "s", "a:*", "--count", 1)], ["later"])

    def test_pub_takes_lines_of_standard_input(self):
        lines = [f"line {i}" for i in range(20000)] + ["", "last, without an end"]
        self.ok("pub", "in:line", stdin="\n".join(lines))
        got = [e["text"] for e in self.events("sub", "s", "in:line", "--count", len(lines))]
        self.assertEqual(got, lines)
        self.ok("pub", "in:line", stdin="")  # nothing at all is fine

    def test_pub_outlives_a_slow_standard_input(self):
        self.broker.kill()
        self.assertTrue(self.broker.start("--heartbeat-ms", 100))
        process = subprocess.Popen(self.broker.args("pub", "slow:line"), stdin=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=ENV)
        process.stdin.write("one\n")
        process.stdin.flush()
        self.assertEqual(self.events("sub", "s", "slow:*", "--count", 1)[0]["text"], "one")
        time.sleep(0.6)  # is the point: twice the patience of a broker with this heartbeat
        process.stdin.write("two\n")
        self.assertEqual((*process.communicate(timeout=20), process.returncode), (None, "", 0))
        self.assertEqual(self.events("sub", "s", "slow:*", "--count", 1)[0]["text"], "two")

    def test_pub_with_an_id_is_stored_once(self):
        for _ in range(3):
            self.ok("pub", "a:b", "once", "--id", "unique")
        self.ok("pub", "a:b", "end")
        self.assertEqual([e["text"] for e in self.events("sub", "s", "a:b", "--count", 2)],
                         ["once", "end"])

    def test_pub_at_a_time(self):
        self.ok("pub", "a:b", "tomorrow", "--at", "2999-01-31T12:00:00Z")
        self.ok("pub", "a:b", "now")
        self.assertEqual(self.events("sub", "s", "a:b", "--count", 1)[0]["text"], "now")

    def test_pub_is_refused_with_a_reason(self):
        self.bad(1, r"event 1 was refused: .*subject", "pub", "not a subject", "x")
        self.bad(1, r"event 2 was refused: ", "pub", "a:b", stdin="ok\n" + "x" * (1 << 20) + "y\n")

    def test_sub_starts_where_it_is_told(self):
        for text in ("one", "two", "three"):
            self.ok("pub", "a:b", text)
        second = self.events("sub", "all", "a:b", "--count", 3)[1]
        self.assertEqual(self.events("sub", "x", "a:b", "--count", 1, "--start",
                                     second["sequence"])[0]["text"], "two")
        self.assertEqual(self.events("sub", "y", "a:b", "--count", 1, "--start", "last")[0]["text"],
                         "three")
        self.assertEqual(self.events("sub", "z", "a:b", "--count", 1, "--start",
                                     "2020-01-31T12:00:00Z")[0]["text"], "one")
        self.bad(1, "--start does not take 'sometime'", "sub", "w", "a:b", "--start", "sometime")

    def test_tail_leaves_nothing_behind(self):
        self.ok("pub", "a:b", "before")
        process = self.tail("a:*")
        self.ok("pub", "a:b", "after")
        self.assertEqual(json.loads(process.stdout.readline())["text"], "after")
        process.send_signal(signal.SIGINT)
        self.assertEqual((*process.communicate(timeout=20), process.returncode), ("", "", 0))
        eventually(lambda: json.loads(self.ok("ls")) == [], "tail's subscription goes")

    def test_a_killed_tail_leaves_nothing_and_holds_nothing_back(self):
        """Two of them: one is stopped, so that it settles nothing, and killed in the end."""
        self.broker.kill()
        shutil.rmtree(self.broker.data)
        self.assertTrue(self.broker.start("--segment-bytes", 1 << 16, "--retain-bytes", 1 << 17))

        def publish_and_retain():
            first = json.loads(self.ok("info"))["first"]
            self.ok("pub", "a:b", stdin=("x" * 1000 + "\n") * 400)
            eventually(lambda: json.loads(self.ok("info"))["first"] > first + 200,
                       "retention goes on")

        process = self.tail("a:*")
        process.send_signal(signal.SIGSTOP)
        publish_and_retain()
        process.kill()
        process.communicate(timeout=20)
        eventually(lambda: json.loads(self.ok("ls")) == [], "tail's subscription goes")
        publish_and_retain()
        self.broker.kill()
        self.assertTrue(self.broker.start())
        self.assertEqual(json.loads(self.ok("ls")), [])

    def test_a_name_is_durable_or_ephemeral(self):
        for kept in (False, True):
            holder, other = Peer(self.broker, "one"), Peer(self.broker, "two")
            holder.subscribe("s", "a:b", ephemeral=not kept)
            holder.expect("SUBSCRIBED")
            other.subscribe("s", "a:b", ephemeral=kept)
            with self.assertRaisesRegex(
                    Gone, "there is a%s subscription of this name" %
                    (" durable" if kept else "n ephemeral")):
                other.receive()
            holder.close()
            other.close()
            eventually(lambda: len(json.loads(self.ok("ls"))) == kept, "the ephemeral one goes")

    def test_a_closed_pipe_ends_tail_quietly(self):
        process = self.tail("a:*")
        process.stdout.close()
        self.ok("pub", "a:b", "x")
        self.assertEqual((process.wait(20), process.stderr.read()), (0, ""))
        process.stderr.close()
        eventually(lambda: json.loads(self.ok("ls")) == [], "tail's subscription goes")

    def test_an_event_that_could_not_be_printed_is_not_acknowledged(self):
        self.ok("pub", "a:b", "x")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(self.broker.args("sub", "s", "a:b"), stdout=full, timeout=20,
                                  stderr=subprocess.PIPE, text=True, env=ENV)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "cannot write: No space left")
        self.assertEqual(self.events("sub", "s", "a:b", "--count", 1)[0]["text"], "x")

    # ---- requests ----

    def test_ls_lag_and_info_say_where_subscriptions_are(self):
        self.assertEqual(json.loads(self.ok("ls")), [])
        for _ in range(3):
            self.ok("pub", "a:b", "x")
        self.events("sub", "one", "a:b", "--count", 2)
        self.events("sub", "two", "a:*", "c:>", "--count", 3)
        one, two = json.loads(self.ok("ls"))
        self.assertEqual((one["name"], one["filters"], one["settled"], one["members"]),
                         ("one", ["a:b"], 2, 0))
        self.assertEqual((two["filters"], two["settled"]), (["a:*", "c:>"], 3))
        self.assertEqual(json.loads(self.ok("ls", "two"))[0]["name"], "two")
        lag = json.loads(self.ok("lag"))
        self.assertGreater(lag["one"], lag["two"])
        self.assertEqual(list(json.loads(self.ok("lag", "one"))), ["one"])
        info = json.loads(self.ok("info"))
        self.assertEqual((info["stored"], info["subscriptions"], info["diskFull"]), (3, 2, False))

    def test_replay_brings_back_and_forget_drops(self):
        self.ok("pub", "a:b", "x")
        sequence = self.events("sub", "s", "a:b", "--count", 1)[0]["sequence"]
        self.ok("replay", "s", sequence)
        self.assertEqual(self.events("sub", "s", "a:b", "--count", 1)[0]["sequence"], sequence)
        self.ok("forget", "s")
        self.assertEqual(json.loads(self.ok("ls")), [])
        self.bad(1, "no such subscription", "forget", "s")
        self.bad(1, "no such subscription", "replay", "s", 1)
        self.bad(1, "'x' is not a sequence", "replay", "s", "x")

    def test_purge_and_truncate_drop_what_they_name(self):
        for text in ("one", "two", "three"):
            self.ok("pub", "a:b", text)
        self.ok("pub", "c:d", "kept")
        first = self.events("sub", "x", "a:b", "--count", 1)[0]["sequence"]
        self.ok("forget", "x")
        self.ok("truncate", first)
        self.assertEqual(self.events("sub", "y", "a:b", "--count", 1)[0]["text"], "two")
        self.ok("forget", "y")
        self.ok("purge", "a:b")
        self.assertEqual(self.events("sub", "z", ">", "--count", 1)[0]["text"], "kept")
        self.bad(1, "'x' is not a sequence", "truncate", "x")

    def test_forget_spares_a_subscription_in_use(self):
        process = self.tail("a:*")
        name = json.loads(self.ok("ls"))[0]["name"]
        self.bad(1, "in use", "forget", name)
        process.terminate()
        process.communicate(timeout=20)

    def test_all_dead_letters_or_as_many_as_are_asked_for(self):
        count = 150  # more than the protocol's default
        self.ok("pub", "a:b", stdin="".join(f"{i}\n" for i in range(count)))
        peer = Peer(self.broker, "judge")
        self.addCleanup(peer.close)
        peer.subscribe("s", "a:b", max_deliver=1)
        for _ in range(count):
            while (frame := peer.receive()).type != "EVENT":
                pass
            peer.send("NACK", subscription=1, sequence=frame.message.sequence, delay_ms=0)
        eventually(lambda: len(json.loads(self.ok("dead", "ls"))) == count, "dead letters")
        letters = json.loads(self.ok("dead", "ls", "s", "--count", 10))
        self.assertEqual(len(letters), 10)
        self.assertEqual(json.loads(self.ok("dead", "ls", letters[9]["id"], "--count", 1))[0],
                         letters[9])
        shown = [json.loads(line)["text"]
                 for line in self.ok("dead", "show", "s", "--count", 3).splitlines()]
        self.assertEqual(shown, ["0", "1", "2"])
        self.assertEqual(json.loads(self.ok("dead", "replay", "s", "--count", 20)), {"count": 20})
        self.assertEqual(json.loads(self.ok("dead", "drop", "s")), {"count": 130})
        self.assertEqual(json.loads(self.ok("dead", "ls")), [])

    def test_dead_letters_are_listed_shown_replayed_and_dropped(self):
        self.ok("pub", "a:b", "poison", "--key", "k")
        self.ok("pub", "a:b", "poison too")
        peer = Peer(self.broker, "judge")
        self.addCleanup(peer.close)
        peer.subscribe("s", "a:b", max_deliver=1)
        for _ in range(2):
            while (frame := peer.receive()).type != "EVENT":
                pass
            peer.send("NACK", subscription=1, sequence=frame.message.sequence, delay_ms=0)
        eventually(lambda: len(json.loads(self.ok("dead", "ls"))) == 2, "two dead letters")
        peer.close()
        first, second = json.loads(self.ok("dead", "ls", "s"))
        self.assertEqual((first["subject"], first["key"], first["subscription"], first["attempts"]),
                         ("a:b", "k", "s", 1))
        self.assertEqual(json.loads(self.ok("dead", "ls", "other")), [])
        shown = json.loads(self.ok("dead", "show", first["id"]))
        self.assertEqual((shown["text"], shown["id"]), ("poison", first["id"]))
        self.ok("dead", "replay", first["id"])
        self.assertEqual(self.events("sub", "s", "a:b", "--count", 1)[0]["text"], "poison")
        self.ok("dead", "drop", "s")
        self.assertEqual(json.loads(self.ok("dead", "ls")), [])
        self.bad(1, "no such dead letter", "dead", "drop", second["id"])
        self.bad(1, "no such dead letter", "dead", "show", 12345)

    def test_bench_publishes_and_says_how_fast(self):
        self.assertRegex(self.ok("bench", 5000), r"^\d+ events of 128 bytes per second, durable")
        self.bad(1, "'many' is not a number", "bench", "many")

    # ---- verify, repair ----

    def test_damage_is_refused_and_the_named_command_repairs_it(self):
        count = 300
        self.ok("pub", "a:b", stdin="".join(f"event number {i}\n" for i in range(count)))
        self.ok("pub", "z:z", "a later batch, which proves that the others were durable")
        self.broker.kill()
        status, out, _ = self.broker.channel("verify", self.broker.data)
        self.assertEqual(status, 0)
        self.assertRegex(out, "; 0 damaged places, 0 records lost")
        # One byte of event 100, on the disk.
        segment = self.broker.data / "0000000001.log"
        data = bytearray(segment.read_bytes())
        at = data.index(b"event number 100")
        data[at] ^= 0xff
        segment.write_bytes(data)
        self.assertFalse(self.broker.start())
        self.assertEqual(self.broker.wait(), 1)
        said = self.broker.stderr()
        self.assertIn(str(segment), said)
        offset = int(re.search(r"damaged at offset (\d+)", said).group(1))
        self.assertTrue(offset <= at < offset + 200, (offset, at))
        status, out, err = self.broker.channel("verify", self.broker.data)
        self.assertEqual(status, 1)
        self.assertRegex(out, "; 1 damaged places, 1 records lost")
        self.assertIn(str(segment), err)
        # The command as it is printed.
        command = shlex.split(re.search(r"run: (channel repair .*)", said).group(1))
        done = subprocess.run([self.broker.bin / command[0], *command[1:]], capture_output=True,
                              text=True, env=ENV, timeout=20)
        self.assertRegex(done.stdout, "1 damaged places, 1 records lost")
        self.assertTrue(self.broker.start())
        got = [e["text"] for e in self.events("sub", "s", "a:b", "--count", count - 1)]
        self.assertEqual(got, [f"event number {i}" for i in range(count) if i != 100])

    def test_verify_and_repair_refuse_a_folder_without_a_log(self):
        self.bad_directory("verify")
        self.bad_directory("repair")

    def bad_directory(self, command):
        status, _, err = self.broker.channel(command, self.broker.dir / "none")
        self.assertEqual(status, 1)
        self.assertIn(str(self.broker.dir / "none"), err)
        status, _, err = self.broker.channel(command, self.broker.data)
        self.assertEqual(status, 1, "the broker has it open")
        self.assertRegex(err, "in use|open")

    # ---- what goes wrong, and help ----

    def test_each_command_has_its_help(self):
        everything = self.ok("--help")
        for name in COMMANDS:
            self.assertRegex(everything, rf"(?m)^  {name}\b")
            self.assertTrue(self.ok(*name.split(), "--help").startswith(
                f"usage: channel [option...] {name}"))
        self.assertEqual(len(re.findall(r"(?m)^  [a-z]", everything)), len(COMMANDS))

    def test_bad_usage_is_helped(self):
        self.bad(2, "no command 'pbu': did you mean 'pub'", "pbu", "a:b")
        self.bad(2, "no command 'dead sho': did you mean 'dead show'", "dead", "sho", 1)
        self.bad(2, "'dead' takes ls, show, replay or drop", "dead")
        self.bad(2, "no command 'xyzzy'\n", "xyzzy")
        self.bad(2, "no option '--sever': did you mean '--server'", "--sever", "x", "ls")
        self.bad(2, "--key wants a value", "pub", "a:b", "x", "--key")
        self.bad(2, "--count does not take 'few'", "tail", "a:b", "--count", "few")
        self.bad(2, "--at does not take 'noon'", "pub", "a:b", "x", "--at", "noon")
        self.bad(2, "wrong number of arguments\nusage: channel replay NAME SEQUENCE", "replay", "s")
        self.bad(2, "'ls' takes no --count\nTry 'channel ls --help'", "ls", "--count", 3)
        self.bad(2, "'sub' takes no --json", "--json", "sub", "s", "a:b")
        self.bad(2, "which command")

    def test_what_is_too_long_is_refused_and_not_cut_short(self):
        name, subject = "n" * 129, "s" * 256
        self.bad(1, "n' is too long for a name", "sub", name, "a:b")
        self.bad(1, "n' is too long for a name", "--name", name, "info")
        self.bad(1, "n' is too long for a name", "lag", name)
        self.bad(1, "s' is too long for a filter", "sub", "x", "a:b", subject)
        self.bad(1, "s' is too long for a filter", "tail", subject)
        self.bad(1, "s' is too long for a filter", "purge", subject)
        self.bad(1, "subject, key or id is too long", "pub", subject, "x")
        self.bad(1, "too long for a token", "--token-file", self.broker.secret("t", "t" * 129),
                 "info")
        self.assertEqual(json.loads(self.ok("ls")), [])

    def test_a_missing_server_is_an_error(self):
        port, self.broker.port = self.broker.port, 1
        self.bad(1, r"cannot connect to 127\.0\.0\.1:1: Connection refused", "info")
        self.broker.port = port
        self.bad(1, "'nowhere' is not ADDRESS:PORT", "--server", "nowhere", "info")

    def test_a_silent_server_is_an_error_after_a_while(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"127.0.0.1:{silent.getsockname()[1]}"
            self.bad(1, f"{address}: no answer within 5 seconds", "--server", address, "info")

    def test_a_server_of_another_protocol_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            process = subprocess.Popen(self.broker.args("--server", address, "info"), text=True,
                                       stderr=subprocess.PIPE, env=ENV)
            conn, _ = other.accept()
            conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            self.assertRegex(process.communicate(timeout=20)[1], f"{address}: .*broken frame")
            self.assertEqual(process.returncode, 1)
            conn.close()

    def hang_up(self, said):
        before = self.broker.stderr().count(said)
        self.broker.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.broker.stderr().count(said) > before, said)

    def test_tokens_are_read_again_on_a_hangup_and_a_bad_file_changes_nothing(self):
        self.hang_up("read tokens and certificates again")  # without a file it goes on, too
        self.broker.kill()
        clients = self.broker.secret("clients", "a one admin\nb two admin\n")
        self.assertTrue(self.broker.start("--token-file", clients))
        a = ("--name", "a", "--token-file", self.broker.secret("a", "one\n"))
        b = ("--name", "b", "--token-file", self.broker.secret("b", "two\n"))
        self.ok("ls", *a)
        self.broker.secret("clients", "a one nonsense\n")
        self.hang_up("tokens and certificates stay as they were: token file, line 1")
        self.ok("ls", *b)
        self.broker.secret("clients", "a one publish\n")
        self.hang_up("read tokens and certificates again")
        self.bad(1, "may not administer", "ls", *a)
        self.bad(1, "no such client", "ls", *b)

    def test_a_wrong_token_is_refused_and_a_right_one_admitted(self):
        self.broker.kill()
        clients = self.broker.secret("clients", "pub sesame publish a:>\nops key admin\n")
        self.assertTrue(self.broker.start("--token-file", clients))
        right = ("--name", "pub", "--token-file", self.broker.secret("right", "sesame\n"))
        ops = ("--name", "ops", "--token-file", self.broker.secret("ops", "key\n"))
        wrong = ("--name", "pub", "--token-file", self.broker.secret("wrong", "open\n"))
        self.bad(1, "no such client, or another token", *wrong, "pub", "a:b", "x")
        self.bad(1, "no such client, or another token", "pub", "a:b", "x")
        self.ok(*right, "pub", "a:b", "x")
        self.bad(1, "event 1 was refused: ", *right, "pub", "c:d", "x")
        self.bad(1, "may not administer", *right, "info")
        self.assertEqual(json.loads(self.ok(*ops, "info"))["stored"], 1)
        self.broker.secret("right", "").chmod(0o644)
        self.bad(1, "chmod 600", *right, "pub", "a:b", "x")

    def test_the_broker_goes_while_sub_waits(self):
        process = self.tail("a:*")
        self.broker.stop()
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1)
        self.assertRegex(err, "the channel is closing")


if __name__ == "__main__":
    unittest.main(verbosity=1)
