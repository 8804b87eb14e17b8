"""What the tests of the command line have in common."""
import json
import subprocess
import sys
import unittest

from channel import ENV, Broker, eventually

BUILD = sys.argv.pop(1)


class CliCase(unittest.TestCase):
    OPTIONS = ("--segment-bytes", 1 << 20)  # of channeld

    def setUp(self):
        self.broker = Broker(BUILD, *self.OPTIONS)
        self.addCleanup(self.broker.__exit__)
        self.assertTrue(self.broker.start())

    def ok(self, *args, **more):
        status, out, err = self.broker.channel(*args, **more)
        self.assertEqual((status, err), (0, ""), args)
        return out

    def bad(self, expected, pattern, *args, **more):
        status, out, err = self.broker.channel(*args, **more)
        self.assertEqual((status, out), (expected, ""), (args, err))
        self.assertRegex(err, pattern)

    def events(self, *args, **more):
        return [json.loads(line) for line in self.ok(*args, **more).splitlines()]

    def tail(self, *filters):
        """A running tail that has subscribed."""
        before = len(json.loads(self.ok("ls")))
        process = subprocess.Popen(self.broker.args("tail", *filters), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=ENV)
        eventually(lambda: len(json.loads(self.ok("ls"))) > before, "tail subscribes")
        return process
