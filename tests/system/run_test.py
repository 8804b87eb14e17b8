#!/usr/bin/python3
"""What ./run starts: everything behind one address, kept across a restart, stopped by Ctrl-C."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime
from pathlib import Path

from cluster import Client, eventually, free_base

BUILD = sys.argv.pop(1)
TOP = Path(__file__).resolve().parent.parent.parent


class Ingress(Client):
    """All paths go to the ingress."""

    def __init__(self, port):
        super().__init__(None)
        self.port = port

    def port_of(self, path):
        return self.port


class Run(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.TemporaryDirectory(prefix="tessera-")
        self.port = free_base()

    def tearDown(self):
        self.data.cleanup()

    def start(self, *settings, **environment):
        """With the pages and the hints of ticketing, unless the environment names another system."""
        environment = environment or {"PAGES": "services/web/static", "HINTS": "services/hints.txt"}
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", "deploy/cluster.sh", str(self.port), self.data.name, *settings], cwd=TOP,
            env={**os.environ, "BUILD": BUILD, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.kill_all, process)
        output = []
        for line in process.stdout:
            output.append(line)
            if line.startswith("  curl -s http" if "HINTS" in environment else "Ready: "):
                return process, "".join(output)
        self.fail("not ready:\n" + "".join(output))

    @staticmethod
    def kill_all(process):
        """With all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def interrupt(self, process):
        os.killpg(process.pid, signal.SIGINT)  # as a terminal's Ctrl-C does
        rest = process.stdout.read()
        self.assertEqual(process.wait(30), 0, rest)
        self.assertIn("stopped", rest)
        self.assert_nothing_listens()

    def channel_as(self, name, *args):
        """What a client of the channel gets, with the token that ./run made for it."""
        done = subprocess.run(
            [Path(BUILD) / "channel", "--server", f"127.0.0.1:{self.port + 5}", "--name", name,
             "--token-file", Path(self.data.name) / f"secret/{name}", *args],
            capture_output=True, text=True, timeout=30, check=False)
        return done.stderr.strip().removeprefix("channel: ")

    def each_client_may_do_only_what_the_schema_says(self):
        denied = self.channel_as("auth", "pub", "order:created", "x")
        self.assertIn("this client may not publish that subject", denied)
        denied = self.channel_as("orders", "sub", "tickets", "order:created")
        self.assertEqual(denied, "this client may not consume that subscription")
        denied = self.channel_as("orders", "sub", "orders", "order:created")
        self.assertEqual(denied, "this client may not subscribe to that filter")
        # The pages have nothing to say there, and no token.
        web = Path(self.data.name) / "secret/web"
        self.assertFalse(web.exists())
        web.write_text("x" * 64, encoding="ascii")
        web.chmod(0o600)
        self.assertIn("no such client", self.channel_as("web", "pub", "session:revoked", "x"))
        self.assertIn("may not administer", self.channel_as("tickets", "ls"))

    def look_on(self, subject):
        """The first event under this subject, as the channel's command line shows it."""
        done = subprocess.run(
            [Path(BUILD) / "channel", "--server", f"127.0.0.1:{self.port + 5}",
             "--name", "ops", "--token-file", Path(self.data.name) / "secret/ops",
             "tail", "--start", "all", "--count", "1", subject],
            capture_output=True, text=True, timeout=30, check=True)
        return json.loads(done.stdout)

    def test_from_first_start_to_restart(self):
        process, output = self.start("order_window=10s")
        self.assertIn(f"http://127.0.0.1:{self.port}", output)
        client = Ingress(self.port)
        page = client.get("/")
        self.assertEqual((page.status, page.headers["Content-Type"]),
                         (200, "text/html; charset=utf-8"))
        self.assertIn("script", page.headers["Content-Security-Policy"] + page.body.decode())
        reply = client.post("/api/users/signup",
                            {"email": "ann@example.com", "password": "correct horse"})
        self.assertEqual(reply.status, 201)
        ticket = client.post("/api/tickets", {"title": "Concert", "price": 20.5}).json()
        order = eventually(lambda: (r := client.post("/api/orders", {"ticketId": ticket["id"]}))
                           .status == 201 and r).json()
        self.assertEqual(client.get("/api/nothing").status, 404)
        big = client.post("/api/tickets", {"title": "x" * (2 << 20), "price": 1})
        self.assertEqual((big.status, big.headers["Content-Type"]),
                         (413, "application/problem+json"))
        self.assertEqual(self.look_on("ticket:created")["payload"]["title"], "Concert")
        self.each_client_may_do_only_what_the_schema_says()
        # Ten seconds instead of fifteen minutes: the setting went to the service that has it.
        expires = datetime.fromisoformat(order["expiresAt"].replace("Z", "+00:00"))
        self.assertLess(expires.timestamp() - time.time(), 11)
        self.interrupt(process)

        process, _ = self.start()
        self.assertEqual(client.get(f"/api/tickets/{ticket['id']}").json()["title"], "Concert")
        self.assertEqual(client.get("/api/users/currentuser").json()["currentUser"]["email"],
                         "ann@example.com")
        eventually(lambda: client.get(f"/api/orders/{order['id']}").json()["status"]
                   == "cancelled", 20, "the expiry")
        self.interrupt(process)

    def assert_nothing_listens(self):
        for port in range(self.port, self.port + 6):
            with socket.socket() as s:
                self.assertNotEqual(s.connect_ex(("127.0.0.1", port)), 0, port)

    def test_what_starts_it_knows_no_service_by_name(self):
        names = re.findall(r"^service (\S+)", (TOP / "gen/services.txt").read_text(), re.M)
        self.assertIn("tickets", names)
        for path in (TOP / "deploy").glob("*.sh"):
            for name in names:
                self.assertNotRegex(path.read_text(), rf"\b{name}\b", path)

    def test_another_system_is_started_the_same_way(self):
        process, output = self.start(GEN="tests/library/gen", PROGRAMS=f"{BUILD}/tests/library")
        self.assertIn("catalogue lending", output)
        reply = Ingress(self.port).get("/books")
        self.assertEqual((reply.status, reply.json()["items"]), (200, []))
        self.interrupt(process)

    def test_ctrl_c_stops_it_well_each_time(self):
        # A terminal sends SIGINT to all of its processes; who is quickest must not decide.
        for _ in range(4):
            process, _ = self.start()
            self.interrupt(process)

    def test_killed_it_leaves_nothing_running(self):
        process, _ = self.start()
        process.kill()
        process.wait()

        def gone():
            try:
                self.assert_nothing_listens()
            except AssertionError:
                return False
            return True
        eventually(gone, 20, "the end of all")

    def test_a_service_that_is_down_gives_a_problem(self):
        """The front alone, with nobody behind it."""
        conf = (TOP / "gen/nginx.conf").read_text().replace("@DIR@", self.data.name)
        conf = conf.replace("@PORT@", str(self.port))
        for offset, name in enumerate(("auth", "tickets", "orders", "web"), 1):
            conf = conf.replace(f"@PORT_{name}@", str(self.port + offset))
        self.assertNotIn("@PORT", conf)
        Path(self.data.name, "nginx.conf").write_text(conf)
        nginx = subprocess.Popen(
            [shutil.which("nginx") or "/usr/sbin/nginx", "-p", self.data.name, "-c",
             f"{self.data.name}/nginx.conf", "-e", "stderr", "-g", "daemon off;"],
            stderr=subprocess.DEVNULL)
        client = Ingress(self.port)
        try:
            def answer():
                try:
                    return client.get("/api/tickets")
                except ConnectionRefusedError:
                    self.assertIsNone(nginx.poll(), "nginx ended")
                    return None
            reply = eventually(answer, what="the start of nginx")
            for down in (reply, client.post("/api/orders", {}), client.get("/")):
                self.assertEqual((down.status, down.headers["Content-Type"]),
                                 (503, "application/problem+json"))
                self.assertEqual(down.json()["status"], 503)
                self.assertTrue(down.json()["errors"][0]["message"])
        finally:
            nginx.terminate()
            self.assertEqual(nginx.wait(30), 0)

    def test_a_port_in_use_is_an_error(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.port + 2))
            taken.listen()
            done = subprocess.run(["deploy/cluster.sh", str(self.port), self.data.name], cwd=TOP,
                                  env={**os.environ, "BUILD": BUILD}, capture_output=True,
                                  text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"port {self.port + 2} is in use", done.stderr)

    def test_the_command_line_is_checked(self):
        for args, word in ((["--port", "x"], "--port"), (["--nonsense"], "--nonsense"),
                           (["--set"], "--set"), (["--set", "nonsense=1"], "nonsense"),
                           (["--set", "noequals"], "noequals")):
            done = subprocess.run(["./run", *args], cwd=TOP, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 2, args)
            self.assertIn(word, done.stderr)
        done = subprocess.run(["./run", "--help"], cwd=TOP, capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--no-install", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
