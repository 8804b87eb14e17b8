#!/usr/bin/python3
"""That nothing which a test starts outlives it, even when the test is killed."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from channel import can_trace, eventually

BUILD = os.path.abspath(sys.argv.pop(1))
HERE = Path(__file__).resolve().parent
# Tests that start something, print its number and the place of its files, and wait to be killed.
BROKER = """
from channel import Broker, traced
broker = Broker(sys.argv[1])
assert broker.start(prefix={prefix})
print(broker.process.pid, broker.dir, flush=True)
"""
CLUSTER = """
from cluster import Cluster
cluster = Cluster(sys.argv[1], services=())
cluster.start_all()
print(cluster.processes["channeld"].pid, cluster.dir, flush=True)
"""


def runs(pid):
    """Dead is also what nobody has waited for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Mortal(unittest.TestCase):
    def outlives_nothing(self, text, end):
        path = [str(HERE), str(HERE.parent / "system")]
        text = f"import sys\nsys.path += {path}\n{text}\nsys.stdin.read()"
        with subprocess.Popen(["/usr/bin/python3", "-B", "-c", text, BUILD], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as test:
            self.addCleanup(test.kill)
            pid, directory = test.stdout.readline().split()
            self.addCleanup(shutil.rmtree, directory)
            self.assertIn(b"channeld", Path(f"/proc/{pid}/cmdline").read_bytes())
            test.send_signal(end)
            test.wait(20)
        with contextlib.suppress(AssertionError):
            eventually(lambda: not runs(pid), "it ends")
            return
        os.kill(int(pid), signal.SIGKILL)
        self.fail("channeld outlived its test")

    def test_channeld_dies_with_its_test(self):
        for end in (signal.SIGTERM, signal.SIGKILL):
            self.outlives_nothing(BROKER.format(prefix="()"), end)

    @unittest.skipUnless(can_trace(), "strace is not there or may not trace")
    def test_channeld_under_strace_dies_with_its_test(self):
        self.outlives_nothing(BROKER.format(prefix="traced('-e', 'trace=fsync')"), signal.SIGKILL)

    def test_a_cluster_dies_with_its_test(self):
        self.outlives_nothing(CLUSTER, signal.SIGKILL)


if __name__ == "__main__":
    unittest.main(verbosity=2)
