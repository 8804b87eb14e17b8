#!/usr/bin/python3
"""Holds `tessera breaking` to its rules: rules_test.py TESSERA.

Each rule's own example, which `tessera explain` shows, breaks that rule and at most those that
follow from it; nothing breaks when nothing changes.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
CHANGES = TOP / "codegen/text/changes.def"
# What cannot be had alone: where a rule's change is seen on other surfaces, too.
FOLLOWS = {
    "T1101": {"T1205", "T1403"},  # a route whose body is gone takes none
    "T1210": {"T1403"},
    "T1211": {"T1403"},           # a query is an argument of the handler
    "T1301": {"T1314"},           # its listener is gone with it
    "T1304": {"T1003"},           # an event's field is its model's
    "T1306": {"T1007"},
    "T1310": {"T1402"},
    "T1401": {"T1402"},           # a handler that is renamed is a new one, too
}


def explain(code):
    said = subprocess.run([TESSERA, "explain", code], capture_output=True, text=True, check=True)
    parts = re.search(r"\nBefore:\n(.+)\nAfter:\n(.+)\Z", said.stdout, re.DOTALL)
    return [re.sub("^    ", "", part, flags=re.MULTILINE) for part in parts.groups()]


def whole(text):
    if re.match("(schema|service) ", text):
        return text
    return f"schema shop\nservice stock {{\n{text}}}\n"


class Rules(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = pathlib.Path(self.folder.name, name)
        path.write_text(text, encoding="utf-8")
        return path

    def breaking(self, old, new):
        """The codes, the exit status and all that was said."""
        done = subprocess.run(
            [TESSERA, "breaking", self.write("old.tess", whole(old)),
             self.write("new.tess", whole(new)), "--error-format=short"],
            capture_output=True, text=True, timeout=20, check=False)
        return re.findall(r"\[(T\d{4})\]", done.stderr), done.returncode, done.stderr + done.stdout

    def test_each_example_breaks_its_rule_and_what_follows_from_it(self):
        rules = re.findall(r"TS_CHANGE\(\w+, (\d+), (\w+)", CHANGES.read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(rules), 40)
        for number, severity in rules:
            code = f"T{number}"
            with self.subTest(code):
                codes, status, said = self.breaking(*explain(code))
                self.assertIn(code, codes, said)
                self.assertEqual(set(codes) - {code} - FOLLOWS.get(code, set()), set(), said)
                if severity == "ERROR":
                    self.assertEqual(status, 1, said)
                elif set(codes) == {code}:
                    self.assertEqual(status, 0, said)

    def test_nothing_breaks_when_nothing_changes(self):
        rules = re.findall(r"TS_CHANGE\(\w+, (\d+)", CHANGES.read_text(encoding="utf-8"))
        for code in (f"T{number}" for number in rules):
            for text in explain(code):
                with self.subTest(code):
                    self.assertEqual(self.breaking(text, text), ([], 0, ""))

    def test_no_schema_of_the_tree_breaks_itself(self):
        for path in ["schema/ticketing.tess", "tests/library/library.tess",
                     "tests/golden/everything/everything.tess"]:
            done = subprocess.run([TESSERA, "breaking", TOP / path, TOP / path],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
