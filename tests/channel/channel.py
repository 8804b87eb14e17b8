"""channeld and channel as processes on a free loopback port, and a client made of bare frames."""
import collections
import contextlib
import functools
import importlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
# A sanitizer's report must not be mistaken for a clean exit; leaks cannot be looked for under strace.
ENV = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":exitcode=99"}
TRACED = {**ENV, "ASAN_OPTIONS": ENV["ASAN_OPTIONS"] + ":detect_leaks=0"}
WAIT_SECONDS = 20
# What is started with this does not outlive the thread that started it, however that ends.
MORTAL = ["setpriv", "--pdeathsig", "KILL", "--"]


def eventually(condition, what, seconds=WAIT_SECONDS):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


@functools.cache
def can_trace():
    """Whether strace is there and may trace."""
    return shutil.which("strace") is not None and \
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL,
                       check=False).returncode == 0


def traced(*options, out="/dev/null"):
    """What to put before a command so that strace watches it (-D: as its grandchild, so that the
    command stays ours to kill and to wait for); nothing, where it may not."""
    return ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", str(out), *options] \
        if can_trace() else []


class Broker:
    """channeld in a folder of its own; it can be killed and started again on the same port."""

    def __init__(self, build, *options):
        self.bin = Path(build)
        self.options = [str(o) for o in options]
        self.dir = Path(tempfile.mkdtemp(prefix="channel-"))
        self.data = self.dir / "data"
        self.port = 0
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)

    def secret(self, name, text):
        path = self.dir / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def command(self, *options):
        return [str(self.bin / "channeld"), "--data", str(self.data), "--listen",
                f"127.0.0.1:{self.port}", *self.options, *map(str, options)]

    def start(self, *options, prefix=(), env=None):
        """Waits for its ready line; what it says otherwise goes to the file `stderr`."""
        with open(self.dir / "stderr", "wb") as err:
            self.process = subprocess.Popen([*MORTAL, *prefix, *self.command(*options)], stderr=err,
                                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                            env={**(TRACED if prefix else ENV), **(env or {})})
        line = self.process.stdout.readline().decode()
        if not line.startswith("channeld: ready on "):
            self.process.wait(WAIT_SECONDS)
            return False
        self.port = int(line.rsplit(":", 1)[1])
        return True

    def stderr(self):
        return (self.dir / "stderr").read_text()

    def wait(self):
        """Its exit status, once it has ended by itself."""
        status = self.process.wait(WAIT_SECONDS)
        self.process.stdout.close()
        self.process = None
        return status

    def kill(self):
        if self.process:
            self.process.kill()
            self.wait()

    def terminate(self):
        """A clean close; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def stop(self):
        status = self.terminate()
        assert status == 0, (status, self.stderr())

    def status(self, name):
        """A number that the kernel tells of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0])

    def rss(self):
        """Bytes of memory it has."""
        return self.status("VmRSS") * 1024

    def tracer(self):
        """The strace that watches it."""
        return self.status("TracerPid")

    def args(self, *args):
        return [str(self.bin / "channel"), "--server", f"127.0.0.1:{self.port}", *map(str, args)]

    def channel(self, *args, stdin=None, seconds=WAIT_SECONDS):
        """One run of the command line: (exit status, stdout, stderr)."""
        done = subprocess.run(self.args(*args), input=stdin, capture_output=True, text=True,
                              timeout=seconds, env=ENV,
                              stdin=None if stdin is not None else subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr


# ---- a client made of bare frames ----

def frames_module():
    """The messages of frames.proto, as protoc makes them."""
    out = tempfile.mkdtemp(prefix="frames-")
    subprocess.run(["protoc", f"--python_out={out}", f"--proto_path={TOP / 'runtime/channel/protocol'}",
                    "frames.proto"], check=True)
    sys.path.insert(0, out)
    try:
        sys.dont_write_bytecode = True
        return importlib.import_module("frames_pb2")
    finally:
        sys.path.remove(out)
        shutil.rmtree(out)


pb = frames_module()
TYPES = {"HELLO": pb.Hello, "WELCOME": pb.Welcome, "PUBLISH": pb.Publish,
         "PUBLISHED": pb.Published, "REFUSED": pb.Refused, "SUBSCRIBE": pb.Subscribe,
         "SUBSCRIBED": pb.Subscribed, "EVENT": pb.Event, "ACK": pb.Ack, "ACKED": pb.Ack,
         "NACK": pb.Nack, "PING": pb.Ping, "PONG": pb.Ping, "GOING_AWAY": pb.GoingAway}
Frame = collections.namedtuple("Frame", "type message payload")


class Gone(Exception):
    """The connection is lost; says what the broker said on leaving, or nothing."""


class Peer:
    """One connection; answers heartbeats whenever it receives."""

    def __init__(self, broker, name, first_sequence=0, token="", instance=0, hello=True):
        self.socket = socket.create_connection(("127.0.0.1", broker.port), WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.gone = None  # what the broker said on leaving, once poll() saw the end
        if hello:
            try:
                self.send("HELLO", version=1, name=name, token=token,
                          first_sequence=first_sequence, instance=instance)
                self.welcome = self.expect("WELCOME").message
            except BaseException:
                self.close()
                raise

    def close(self):
        self.socket.close()

    @staticmethod
    def encode(kind, payload=b"", **fields):
        header = TYPES[kind](**fields).SerializeToString()
        number = pb.FrameType.Value(f"FRAME_{kind}")
        return struct.pack("<IBBH", 4 + len(header) + len(payload), number, 0, len(header)) + \
            header + payload

    def send(self, kind, payload=b"", **fields):
        self.send_raw(self.encode(kind, payload, **fields))

    def send_raw(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone(str(error)) from None

    def cut(self):
        """A whole frame off the buffer, or None."""
        if len(self.buffer) < 8:
            return None
        length, number, _, header = struct.unpack_from("<IBBH", self.buffer)
        if len(self.buffer) < 4 + length:
            return None
        kind = pb.FrameType.Name(number)[len("FRAME_"):]
        message = TYPES[kind].FromString(bytes(self.buffer[8:8 + header])) if kind in TYPES else None
        frame = Frame(kind, message, bytes(self.buffer[8 + header:4 + length]))
        del self.buffer[:4 + length]
        return frame

    def receive(self, seconds=WAIT_SECONDS):
        """The next frame that is no heartbeat; None when there is none in time."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.cut()
            if frame and frame.type == "PING":
                self.send("PONG", stamp=frame.message.stamp)
            elif frame and frame.type == "GOING_AWAY":
                raise Gone(frame.message.reason)
            elif frame and frame.type != "PONG":
                return frame
            elif not frame:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self.socket.settimeout(left)
                try:
                    data = self.socket.recv(1 << 18)
                except socket.timeout:
                    return None
                except OSError as error:
                    raise Gone(str(error)) from None
                finally:
                    self.socket.settimeout(WAIT_SECONDS)
                if not data:
                    raise Gone("")
                self.buffer += data

    def poll(self):
        """All frames that are there now, heartbeats and the end apart; waits for nothing."""
        if self.gone is not None:
            return []
        self.socket.settimeout(0)
        while self.gone is None:
            try:
                data = self.socket.recv(1 << 18)
            except BlockingIOError:
                break
            except OSError as error:
                self.gone = str(error)
                break
            self.buffer += data
            if not data:
                self.gone = ""
        self.socket.settimeout(WAIT_SECONDS)
        frames = []
        while frame := self.cut():
            if frame.type == "GOING_AWAY":
                self.gone = frame.message.reason
            elif frame.type == "PING" and self.gone is None:
                with contextlib.suppress(Gone):
                    self.send("PONG", stamp=frame.message.stamp)
            elif frame.type not in ("PING", "PONG"):
                frames.append(frame)
        if self.gone is not None:
            self.close()
        return frames

    def expect(self, kind):
        frame = self.receive()
        assert frame and frame.type == kind, (kind, frame)
        return frame

    def subscribe(self, name, *filters, **fields):
        self.send("SUBSCRIBE", subscription=1, name=name, filters=filters, **fields)

    def ack(self, *sequences):
        self.send("ACK", subscription=1, sequences=sequences)
