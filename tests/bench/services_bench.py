#!/usr/bin/python3
"""A generated service beside the least a server can do, in one run.

  GET /api/tickets/:id   against libuv + llhttp answering a constant of the same size
  POST /api/tickets      against libuv + llhttp + LevelDB committing groups of the same bytes

The server that is measured runs on the first core; the load, and the channel and the services that
the POST's events go to, on the second. 64 connections. The pairs take turns and
each ratio is of one turn; the median is what to quote.

usage: services_bench.py BUILD [--seconds S] [--turns N]
"""
import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "system"))
from cluster import Client, Cluster, eventually  # noqa: E402

SERVER_CPU, LOAD_CPU = {0}, {1}
# What a POST writes: the record, its index entry, the outbox entry, the outbox's counter.
RECORD_BYTES = ("130", "60", "190", "8")


def on_cpu(cpus):
    return lambda: os.sched_setaffinity(0, cpus)


@contextlib.contextmanager
def bare(build, *args):
    process = subprocess.Popen([build / "tests/bench/bare_http", "0", *args],
                               stdout=subprocess.PIPE, text=True, preexec_fn=on_cpu(SERVER_CPU))
    try:
        yield int(process.stdout.readline().split()[1])
    finally:
        process.terminate()
        process.wait()


def load(build, seconds, port, path, *more):
    out = subprocess.check_output(
        [build / "tests/bench/http_load", "-d", str(seconds), "-w", "0.5", *more, str(port), path],
        preexec_fn=on_cpu(LOAD_CPU))
    result = json.loads(out)
    if result["not_2xx"] or result["errors"]:
        raise SystemExit(f"not all answers were good: {result}")
    return result


def compare(name, turns, ours, theirs):
    ratios = []
    for turn in range(turns):
        mine, reference = ours(), theirs()
        ratios.append(mine["requests_per_s"] / reference["requests_per_s"])
        print(f"{name} turn {turn + 1}: {mine['requests_per_s']:.0f}/s, p99 {mine['p99_us']} us; "
              f"bare {reference['requests_per_s']:.0f}/s, p99 {reference['p99_us']} us; "
              f"ratio {ratios[-1]:.2f}", flush=True)
    print(f"{name}: median ratio {statistics.median(ratios):.2f} "
          f"({min(ratios):.2f} to {max(ratios):.2f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--turns", type=int, default=3)
    args = parser.parse_args()
    os.sched_setaffinity(0, LOAD_CPU)  # what the cluster starts inherits it
    with Cluster(args.build) as cluster, tempfile.TemporaryDirectory() as directory:
        for thread in os.listdir(f"/proc/{cluster.processes['tickets'].pid}/task"):
            os.sched_setaffinity(int(thread), SERVER_CPU)
        client = Client(cluster)
        assert client.post("/api/users/signup", {"email": "bench@example.com",
                                                 "password": "correct horse"}).status == 201
        body = {"title": "A concert in the park", "price": 20.50}
        ticket = eventually(lambda: client.post("/api/tickets", body).json())
        path = f"/api/tickets/{ticket['id']}"
        size = str(len(client.get(path).body))
        port = cluster.ports["tickets"]

        with bare(args.build, size) as bare_port:
            compare("GET", args.turns, lambda: load(args.build, args.seconds, port, path),
                    lambda: load(args.build, args.seconds, bare_port, path))
        post = ("-m", "POST", "-H", "Content-Type: application/json",
                "-H", f"Cookie: {client.cookie}", "-b", json.dumps(body))
        with bare(args.build, size, f"{directory}/bare", *RECORD_BYTES) as bare_port:
            compare("POST", args.turns,
                    lambda: load(args.build, args.seconds, port, "/api/tickets", *post),
                    lambda: load(args.build, args.seconds, bare_port, "/api/tickets", *post))


if __name__ == "__main__":
    main()
