#!/usr/bin/python3
"""Holds the examples of `tessera explain` to what they show: explain_test.py TESSERA.

The wrong one causes that code and no other, the right one nothing at all.
"""
import pathlib
import re
import subprocess
import sys
import unittest

CODES = pathlib.Path(__file__).resolve().parent.parent.parent / "codegen/text/codes.def"
# What no short text shows: bytes that are no text, and what is too long, too deep or too much.
WITHOUT = {"T0100", "T0105", "T0106", "T0409", "T0901"}


def explain(code):
    """The wrong and the right example of a code, None when it has none."""
    said = subprocess.run([TESSERA, "explain", code], capture_output=True, text=True, check=True)
    parts = re.search(r"\nWrong:\n(.+)\nRight:\n(.+)\Z", said.stdout, re.DOTALL)
    return parts and [re.sub("^    ", "", part, flags=re.MULTILINE) for part in parts.groups()]


def check(text):
    """The codes that a text causes; what is not a whole file is part of a service."""
    if not re.match("(schema|service) ", text):
        text = f"schema shop\nservice stock {{\n{text}}}\n"
    done = subprocess.run([TESSERA, "check", "-", "--error-format=short"], input=text,
                          capture_output=True, text=True, timeout=20, check=False)
    return set(re.findall(r"\[(T\d{4})\]", done.stderr)), done.stderr


class Explain(unittest.TestCase):
    def test_each_example_has_its_mistake_and_no_other(self):
        numbers = re.findall(r"TS_CODE\(\w+, (\d+)", CODES.read_text(encoding="utf-8"))
        self.assertGreater(len(numbers), 70)
        for code in (f"T{int(number):04d}" for number in numbers):
            with self.subTest(code):
                example = explain(code)
                self.assertEqual(example is None, code in WITHOUT)
                if example is None:
                    continue
                wrong, right = map(check, example)
                self.assertEqual(wrong[0], {code}, wrong[1])
                self.assertEqual(right, (set(), ""))


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
