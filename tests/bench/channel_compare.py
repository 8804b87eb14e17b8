#!/usr/bin/python3
"""The channel beside its peers, in one run on one disk, in alternating turns.

  ours       channeld as it is: every publish is answered after its sync, every acknowledgement
             that counts is confirmed after its sync; --retain-bytes keeps it in steady state
  jetstream  nats-server, JetStream file storage, defaults: it answers before it syncs
  jet+sync   the same with chattr +S on its directory: every write of it is synced
  bare       one thread: frame, checksum, one write and one fdatasync for each batch
  wire       bare behind a TCP connection: the floor of any broker

Peers get loopback TCP and a client program of their own (channel_bench, nats_bench with libnats).
Every row runs `--turns` times, each turn all peers one after the other; a ratio is of one turn.
The figure is the median, with the lowest and the highest in brackets. The row `fan`, of ours
alone, has 100 durable subscriptions on one subject; `idle` the memory of 1,000 idle connections.

The peers' packages are in packages.txt under `bench`; a peer that is not there is left out.

  channel_compare.py build
  channel_compare.py build --rows publish-1,publish-64 --peers ours,bare --turns 5
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEERS = ("ours", "jetstream", "jet+sync", "bare", "wire")
PUBLISH = ("ours", "jetstream", "jet+sync", "bare", "wire")
BROKERS = ("ours", "jetstream", "jet+sync")
# Row: its arguments, who takes part, and the aims against (jet+sync, jetstream, bare).
ROWS = {
    "publish-1": (["publish", "--depth", "1"], PUBLISH, (2.5, 1, 0.7)),
    "publish-64": (["publish", "--depth", "64"], PUBLISH, (40, 3, 0.4)),
    "publish-4096": (["publish", "--depth", "4096"], PUBLISH, (200, 5, 0.12)),
    "publish-1k": (["publish", "--depth", "4096", "--bytes", "1024"], PUBLISH, (100, 4, 0.25)),
    "both": (["both", "--depth", "4096"], BROKERS, (80, 4, None)),
    "backlog": (["backlog", "--depth", "4096"], BROKERS, (4, 3, None)),
    "latency": (["latency"], BROKERS, (2, 1, None)),
    "fan": (["fan", "--depth", "256"], ("ours",), (None, None, None)),
    "idle": (["idle"], ("ours",), (None, None, None)),
}
AGAINST = ("jet+sync", "jetstream", "bare", "wire")
# Events of the backlog: what each peer consumes in about a second, written before that.
BACKLOG = {"ours": 500000, "jetstream": 50000, "jet+sync": 10000}
IDLE = 1000  # connections
RETAIN_BYTES = 128 << 20
WARM_UP_BYTES = 400 << 20


def note(text):
    print(text, file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


class Ours:
    def __init__(self, build, directory, *options):
        self.port = free_port()
        self.build = build
        self.directory = directory / "ours"
        self.command = [build / "channeld", "--data", self.directory,
                        "--listen", f"127.0.0.1:{self.port}", *options]

    @contextlib.contextmanager
    def serve(self):
        with running(self.command) as process:
            wait_for_port(self.port)
            self.pid = process.pid
            yield process

    def ask(self, *command):
        return subprocess.check_output([self.build / "channel", "--server",
                                        f"127.0.0.1:{self.port}", *command], text=True)

    def memory(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024

    def idle(self):
        """Bytes of resident memory that each of many greeted, silent connections costs a fresh
        broker."""
        directory = self.directory.parent / "idle"
        directory.mkdir()
        fresh = Ours(self.build, directory)
        with fresh.serve():
            return fresh.idle_bytes()

    def idle_bytes(self):
        hello = b"\x08\x01\x12\x04idle"  # version 1, name "idle", an anonymous producer
        frame = (len(hello) + 4).to_bytes(4, "little") + b"\x01\x00" + \
            len(hello).to_bytes(2, "little") + hello
        before = self.memory()
        with contextlib.ExitStack() as stack:
            for _ in range(IDLE):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", self.port)))
                one.sendall(frame)
                assert one.recv(4096)[4] == 2, "no WELCOME"
            return {"bytes": (self.memory() - before) / IDLE}

    def row(self, arguments):
        if arguments[0] == "idle":
            return self.idle()
        result = run_row(self.build / "tests/bench/channel_bench", self.port, arguments)
        for line in self.ask("ls").splitlines():
            for name in re.findall(r'"name":\s*"([^"]+)"', line):
                self.ask("forget", name)
        return result


class Nats:
    """nats-server, with a directory whose every write is synced when `sync` is set."""
    def __init__(self, build, directory, sync):
        self.port = free_port()
        self.build = build
        self.directory = directory / ("jet-sync" if sync else "jetstream")
        self.directory.mkdir()
        if sync:
            subprocess.check_call(["chattr", "+S", self.directory])  # what is made inside inherits

    @contextlib.contextmanager
    def serve(self):
        with running(["nats-server", "-js", "-sd", self.directory, "-a", "127.0.0.1",
                      "-p", str(self.port)]) as process:
            wait_for_port(self.port)
            yield process

    def row(self, arguments):
        return run_row(self.build / "tests/bench/nats_bench", self.port, arguments)


class Bare:
    """No server of its own; port 1 asks for the one behind TCP."""
    def __init__(self, build, directory, port):
        self.build, self.directory, self.port = build, directory, port

    @contextlib.contextmanager
    def serve(self):
        yield None

    def row(self, arguments):
        return run_row(self.build / "tests/bench/bare_channel", self.port,
                       [*arguments, "--dir", self.directory])


def run_row(program, port, arguments):
    command = [program, *arguments, "--port", str(port)]
    return json.loads(subprocess.check_output(command, timeout=60))


def peer_make(name, build, directory):
    if name == "ours":
        return Ours(build, directory, "--retain-bytes", str(RETAIN_BYTES))
    if name in ("bare", "wire"):
        return Bare(build, directory, 1 if name == "wire" else 0)
    if not shutil.which("nats-server") or not (build / "tests/bench/nats_bench").exists():
        note(f"{name} is left out: no nats-server or no libnats")
        return None
    try:
        return Nats(build, directory, name == "jet+sync")
    except (subprocess.CalledProcessError, FileNotFoundError):
        note(f"{name} is left out: chattr +S does not work here")
        return None


class Disk:
    """Counts the writes of the disk below a directory: how a synced peer is known to be one."""
    def __init__(self, directory):
        device = os.stat(directory).st_dev
        self.path = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")

    def writes(self):
        try:
            return int(self.path.read_text().split()[4])
        except OSError:
            return 0


def figure(result):
    if "bytes" in result:
        return f"{result['bytes']:,.0f} bytes a connection"
    if "per_s" in result:
        return f"{result['per_s']:,.0f}/s"
    return f"p50 {result['p50_us']:,.0f} us, p99 {result['p99_us']:,.0f} us"


def measure(name, peers, args, disk):
    """Results of all turns, by peer; writes of the disk in them."""
    arguments, takes_part, _ = ROWS[name]
    taking = [peer for peer in peers if peer in takes_part]
    if not taking:
        return {}, {}
    results, writes = {peer: [] for peer in taking}, {peer: [] for peer in taking}
    turns = 1 if name == "idle" else args.turns
    for turn in range(turns):
        for peer in taking[turn % len(taking):] + taking[:turn % len(taking)]:
            seconds = max(args.seconds, 1.5) if name == "latency" else args.seconds
            more = ["--seconds", str(seconds), "--backlog", str(100 if name == "fan" else BACKLOG.get(peer, 0))]
            before = disk.writes()
            results[peer].append(peers[peer].row([*arguments, *more]))
            writes[peer].append(disk.writes() - before)
            note(f"{name} turn {turn + 1}: {peer:9} {figure(results[peer][-1])}")
    return results, writes


def spread(values, form):
    return (f"{format(statistics.median(values), form)} "
            f"({format(min(values), form)}..{format(max(values), form)})")


def print_row(name, results):
    keys = list(results[next(iter(results))][0])
    aims = dict(zip(AGAINST, ROWS[name][2]))
    for key in keys:
        label = name if key in ("per_s", "bytes") else f"{name} {key.replace('_', ', ')}"
        for peer, values in results.items():
            print(f"{label:18} {peer:10} {spread([v[key] for v in values], ',.0f')}")
        for peer in AGAINST:
            if peer not in results or "ours" not in results:
                continue
            pairs = [(mine[key], other[key]) for mine, other in zip(results["ours"], results[peer])]
            ratios = [a / b if key == "per_s" else b / a for a, b in pairs]
            aim = aims.get(peer)
            verdict = "" if aim is None else (
                f"  aim {aim:g}: {'met' if statistics.median(ratios) >= aim else 'MISSED'}")
            print(f"{label:18} ours / {peer:10} {spread(ratios, '.2f')}x{verdict}")
    sys.stdout.flush()


def print_writes(name, results, writes, seconds):
    if name != "publish-1":
        return
    for peer, counts in writes.items():
        events = sum(result["per_s"] * seconds for result in results[peer])
        print(f"{name:18} {peer:10} {sum(counts) / events:.2f} writes to the disk for each event")


def warm_up(ours):
    """Past the first segments, which have to be zero-filled; from then on they are reused."""
    note("ours: filling segments, to measure in steady state")
    events = WARM_UP_BYTES // 1100
    ours.row(["backlog", "--depth", "4096", "--bytes", "1024", "--backlog", str(events)])


def compare(args, names, wanted):
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="channel-compare-", dir=args.dir)))
        peers = {}
        for name in wanted:
            peer = peer_make(name, args.build, directory)
            if peer:
                stack.enter_context(peer.serve())
                peers[name] = peer
        if "ours" in peers:
            warm_up(peers["ours"])
        disk = Disk(directory)
        for name in names:
            results, writes = measure(name, peers, args, disk)
            if not results:
                continue
            print_row(name, results)
            print_writes(name, results, writes, args.seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=lambda path: Path(path).resolve())
    parser.add_argument("--rows", default="all", help=f"all, or some of {','.join(ROWS)}")
    parser.add_argument("--peers", default=",".join(PEERS), help="some of %(default)s")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.7, help="of each measurement")
    parser.add_argument("--dir", default=".", help="on the disk to measure (default: here)")
    args = parser.parse_args()
    names = list(ROWS) if args.rows == "all" else args.rows.split(",")
    unknown = [n for n in names if n not in ROWS]
    unknown += [p for p in args.peers.split(",") if p not in PEERS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    compare(args, names, args.peers.split(","))


if __name__ == "__main__":
    main()
