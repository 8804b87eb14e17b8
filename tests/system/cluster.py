"""The whole system as real processes on free loopback ports, for tests.

A Cluster has a directory of its own; every process can be stopped, killed and started again on
the same port and data. Clients remember cookies as a browser does.
"""
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SERVICES = ("auth", "tickets", "orders")
READY_SECONDS = 30
# What is started with this does not outlive the thread that started it, however that ends.
MORTAL = ["setpriv", "--pdeathsig", "KILL", "--"]
# A sanitizer's report must not be mistaken for a clean exit.
ENV = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":exitcode=99"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    def __init__(self, build, settings=(), services=SERVICES, binaries="services", gen="gen"):
        self.build = Path(build)
        self.binaries = binaries
        self.schema = Path(__file__).resolve().parents[2] / gen / "schema.binpb"
        self.dir = Path(tempfile.mkdtemp(prefix="tessera-"))
        self.services = services
        self.settings = dict(settings)  # service -> ["name=value"]
        self.ports = {name: free_port() for name in ("channeld", *services)}
        self.processes = {}
        tokens = {name: secrets.token_hex(32) for name in services}
        self.write_secret("session", secrets.token_hex(32))
        self.write_secret("clients", "".join(f"{n} {t}\n" for n, t in tokens.items()))
        for name, token in tokens.items():
            self.write_secret(f"{name}.token", token)

    def write_secret(self, name, text):
        secret = self.dir / name
        secret.write_text(text)
        secret.chmod(0o600)

    def __enter__(self):
        self.start_all()
        return self

    def __exit__(self, kind, *_):
        failed = True
        try:
            self.stop_all()
            failed = kind is not None
        finally:
            if failed:
                for log in sorted(self.dir.glob("*.log")):
                    print(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}")
            shutil.rmtree(self.dir, ignore_errors=True)

    def command(self, name):
        listen = f"127.0.0.1:{self.ports[name]}"
        if name == "channeld":
            return [self.build / "channeld", "--listen", listen,
                    "--data", self.dir / "channeld.data", "--token-file", self.dir / "clients",
                    "--schema", self.schema]
        settings = [word for s in self.settings.get(name, ()) for word in ("--set", s)]
        return [self.build / self.binaries / name, "--listen", listen,
                "--data", self.dir / f"{name}.data",
                "--channel", f"127.0.0.1:{self.ports['channeld']}",
                "--channel-token-file", self.dir / f"{name}.token",
                "--secret-file", self.dir / "session", *settings]

    def start(self, name, wait=True):
        log = open(self.dir / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            [*MORTAL, *self.command(name)], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=ENV)
        log.close()
        if wait:
            self.wait_ready(name)

    def start_all(self):
        for name in ("channeld", *self.services):
            self.start(name, wait=False)
        for name in ("channeld", *self.services):
            self.wait_ready(name)

    def wait_ready(self, name):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            status = self.processes[name].poll()
            if status is not None:
                raise RuntimeError(f"{name} ended with status {status}:\n" +
                                   (self.dir / f"{name}.log").read_text(errors="replace")[-2000:])
            try:
                if name == "channeld":
                    socket.create_connection(("127.0.0.1", self.ports[name]), 1).close()
                    return
                if Client(self, name).get("/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"{name} is not ready after {READY_SECONDS} s")

    def kill(self, name):
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def stop(self, name):
        """Ends a process in an orderly way; anything but exit status 0 is an error."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(READY_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RuntimeError(f"{name} did not stop") from None
        if status != 0:
            raise RuntimeError(f"{name} stopped with status {status}")

    def stop_all(self):
        errors = []
        for name in [*self.services, "channeld"]:
            if name in self.processes:
                try:
                    self.stop(name)
                except RuntimeError as error:
                    errors.append(str(error))
        if errors:
            raise RuntimeError("; ".join(errors))


class Reply:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def fields(self):
        """The fields that a problem names, each once, sorted."""
        return sorted({e.get("field") for e in self.json()["errors"] if e.get("field")})


def free_base():
    """A port with five free ones behind it."""
    for base in range(20000 + os.getpid() % 20000, 60000, 7):
        try:
            for port in range(base, base + 6):
                with socket.socket() as s:
                    s.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise RuntimeError("no free ports")


class Client:
    """One person with one cookie jar; `service` is who a path goes to when it is not routed."""

    ROUTES = {"/api/users": "auth", "/api/tickets": "tickets", "/api/orders": "orders"}

    def __init__(self, cluster, service=None, timeout=30):
        self.cluster = cluster
        self.service = service
        self.timeout = timeout
        self.cookie = None

    def port_of(self, path):
        if self.service:
            return self.cluster.ports[self.service]
        for prefix, name in self.ROUTES.items():
            if path.startswith(prefix):
                return self.cluster.ports[name]
        raise ValueError(path)

    def request(self, method, path, body=None, headers=None, raw=None):
        headers = dict(headers or {})
        if self.cookie and "Cookie" not in headers:
            headers["Cookie"] = self.cookie
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port_of(path), timeout=self.timeout)
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            reply = Reply(response, response.read())
        finally:
            connection.close()
        for value in response.headers.get_all("Set-Cookie") or ():
            pair = value.split(";")[0]
            self.cookie = pair if pair.partition("=")[2] else None
        return reply

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body, **more)

    def put(self, path, body=None, **more):
        return self.request("PUT", path, body, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)


def eventually(condition, seconds=15, what="the condition"):
    """Waits until `condition()` is true and gives what it returned."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.02)
