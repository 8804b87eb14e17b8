#!/usr/bin/python3
"""The generated nginx.conf in front of a service: what it answers itself looks like a service's
answer, and one client does not take the connections of the others."""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from cluster import ENV, MORTAL, Cluster, eventually, free_port

BUILD = sys.argv.pop(1)
TOP = Path(__file__).resolve().parents[2]
NGINX = "/usr/sbin/nginx"
SLOW_CONNECTIONS = 1500


class Ingress(Cluster):
    """A cluster with nginx in front, at self.port."""

    def __enter__(self):
        super().__enter__()
        self.port = free_port()
        conf = (TOP / "gen/nginx.conf").read_text().replace("@DIR@", str(self.dir))
        conf = conf.replace("@PORT@", str(self.port))
        for name in ("auth", "tickets", "orders", "web"):
            conf = conf.replace(f"@PORT_{name}@", str(self.ports.get(name, 1)))
        (self.dir / "nginx.conf").write_text(conf)
        log = open(self.dir / "nginx.log", "wb")
        self.nginx = subprocess.Popen(
            [*MORTAL, NGINX, "-p", self.dir, "-c", self.dir / "nginx.conf", "-e", "stderr", "-g",
             "daemon off;"], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=ENV)
        log.close()
        eventually(self.answers, 10, "nginx")
        return self

    def __exit__(self, *args):
        self.nginx.send_signal(signal.SIGTERM)
        self.nginx.wait(10)
        super().__exit__(*args)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def ask(self, request):
        """The whole answer to some bytes, as (status, headers, body)."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as peer:
            try:
                peer.sendall(request)
            except OSError:
                pass  # refused before all of it was sent
            answer = b""
            while more := peer.recv(65536):
                answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
        return int(lines[0].split()[1]) if " " in lines[0] else 0, headers, body


HOST = b"Host: x\r\nConnection: close\r\n"


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ingress = Ingress(BUILD, services=("auth",)).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.ingress.__exit__(None, None, None)

    def expect_problem(self, request, status):
        got, headers, body = self.ingress.ask(request)
        self.assertEqual(got, status, (request[:60], headers, body[:200]))
        self.assertEqual(headers["content-type"], "application/problem+json", request[:60])
        problem = json.loads(body)
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["errors"][0]["message"])
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        return headers

    def test_answers_pass_through(self):
        status, headers, body = self.ingress.ask(b"GET /api/users/currentuser HTTP/1.1\r\n" + HOST
                                                 + b"\r\n")
        self.assertEqual((status, json.loads(body)), (200, {"currentUser": None}))
        self.assertEqual(headers["cache-control"], "no-store")

    def test_errors_of_nginx_are_problems_with_the_right_status(self):
        long = b"a" * 20000
        self.expect_problem(b"GET /" + long + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414)
        self.expect_problem(b"GET /api/users HTTP/1.1\r\n" + HOST + b"X: " + long + b"\r\n\r\n", 431)
        self.expect_problem(b"POST /api/users/signup HTTP/1.1\r\n" + HOST +
                            b"Content-Length: 2000000\r\n\r\n", 413)
        self.expect_problem(b"GET /api/users HTTP/1.1\r\n\r\n", 400)
        self.expect_problem(b"GET /api/users HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)
        self.expect_problem(b"GET /-/error/400 HTTP/1.1\r\n" + HOST + b"\r\n", 404)
        headers = self.expect_problem(b"TRACE /api/users HTTP/1.1\r\n" + HOST + b"\r\n", 405)
        self.assertIn("GET", headers["allow"])
        # Nobody listens where the tickets should be.
        headers = self.expect_problem(b"GET /api/tickets HTTP/1.1\r\n" + HOST + b"\r\n", 503)
        self.assertIn("retry-after", headers)

    def test_an_old_protocol_gets_no_answer(self):
        with socket.create_connection(("127.0.0.1", self.ingress.port), 10) as peer:
            peer.sendall(b"GET /api/users/currentuser\r\n")
            self.assertEqual(peer.recv(4096), b"")
        self.expect_problem(b"GET /api/users/currentuser HTTP/x\r\n\r\n", 400)

    def test_requests_are_logged_with_an_id(self):
        self.ingress.ask(b"GET /api/users/currentuser?secret=1 HTTP/1.1\r\n" + HOST + b"\r\n")
        log = self.ingress.dir / "access.log"
        line = eventually(lambda: [json.loads(text) for text in log.read_text().splitlines()
                                   if '"status":200' in text], 5, "the log")[-1]
        self.assertEqual((line["path"], line["method"], len(line["id"])),
                         ("/api/users/currentuser", "GET", 32))
        self.assertNotIn("secret", log.read_text())

    def test_slow_connections_leave_room_for_others(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * SLOW_CONNECTIONS), hard))
        peers = []
        try:
            for _ in range(SLOW_CONNECTIONS):
                peer = socket.create_connection(("127.0.0.1", self.ingress.port), 10)
                peer.sendall(b"GET /api/users/currentuser HTTP/1.1\r\nHost")
                peers.append(peer)
            status, _, _ = self.ingress.ask(b"GET /api/users/currentuser HTTP/1.1\r\n" + HOST
                                            + b"\r\n")
            self.assertEqual(status, 200)
        finally:
            for peer in peers:
                peer.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


if __name__ == "__main__":
    if not os.access(NGINX, os.X_OK):
        sys.exit(77)  # meson: skipped
    unittest.main(verbosity=2)
