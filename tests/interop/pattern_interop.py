#!/usr/bin/env python3
"""Patterns mean what they mean to others.

pattern_interop.py TOOL [--seed N] writes patterns of the documented syntax at random, and texts that
may fit them, and holds our answers against Python's `re` and, where node is installed, against
ECMA-262 as a contract in JSON Schema has them: anchored at both ends, with the flag u.
"""
import argparse
import json
import random
import re
import shutil
import subprocess
import sys

LETTERS = ["a", "b", "A", "z", "0", "9", "_", "-", " ", "é", "я", "°", "😀", "\n", "\u2028", "\u00a0",
           "\ufeff", ".", "(", "]"]
PLAIN = [c for c in LETTERS if c not in ".(]"]
SPACE = "\\t-\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"


def member(rng):
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(["\\d", "\\w", "\\s"])
    if kind == 1:
        low, high = sorted(rng.sample(["a", "b", "z", "é", "я", "😀"], 2))
        return f"{low}-{high}"
    return rng.choice([c for c in PLAIN if c != "-"] + ["\\-", "\\]", "\\^", "(", "."])


def item(rng, depth):
    kind = rng.randrange(10)
    if kind == 0:
        return "."
    if kind == 1:
        return rng.choice(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\.", "\\(", "\\n"])
    if kind in (2, 3):
        return "[" + rng.choice(["", "^"]) + "".join(member(rng) for _ in range(rng.randint(1, 3))) + "]"
    if kind in (4, 5) and depth < 3:
        return rng.choice(["(", "(?:"]) + pattern(rng, depth + 1) + ")"
    return rng.choice(PLAIN)


def pattern(rng, depth=0):
    branches = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        branches.append("".join(
            item(rng, depth) + rng.choice(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}"])
            for _ in range(rng.randint(0 if depth else 1, 3))))
    return "|".join(branches)


def for_python(text):
    """The same to Python, where \\s and the dot are others."""
    out, in_set, i = "", False, 0
    while i < len(text):
        pair = text[i:i + 2]
        if pair == "\\s":
            out += SPACE if in_set else f"[{SPACE}]"
        elif pair == "\\S":
            out += f"[^{SPACE}]"
        elif text[i] == "\\":
            out += pair
        elif text[i] == "." and not in_set:
            out += "[^\\n\\r\\u2028\\u2029]"
        else:
            in_set = text[i] == "[" or (in_set and text[i] != "]")
            out += text[i]
        i += 2 if text[i] == "\\" else 1
    return re.compile(out, re.ASCII)


def ours(tool, pairs):
    lines = "".join(f"{p.encode().hex()}2e\n{t.encode().hex()}2e\n" for p, t in pairs)
    return subprocess.run([tool], input=lines, capture_output=True, text=True, check=True,
                          timeout=60).stdout.split("\n")[:-1]


def ecma(pairs):
    node = shutil.which("node")
    if not node:
        print("node is not installed: not compared with ECMA-262")
        return None
    program = ("const pairs = JSON.parse(require('fs').readFileSync(0));"
               "console.log(pairs.map(([p, t]) => new RegExp(`^(?:${p})$`, 'u').test(t) ? 1 : 0).join('\\n'))")
    return subprocess.run([node, "-e", program], input=json.dumps(pairs), capture_output=True,
                          text=True, check=True, timeout=60).stdout.split("\n")[:-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    pairs = []
    for _ in range(3000):
        made = pattern(rng)
        pairs += [(made, "".join(rng.choices(LETTERS, k=rng.randint(0, 5)))) for _ in range(4)]
    got = ours(args.tool, pairs)
    python = ["1" if for_python(p).fullmatch(t) else "0" for p, t in pairs]
    others = [("Python", python), ("ECMA-262", ecma(pairs))]
    if len(got) != len(pairs) or got.count("1") < 100:
        sys.exit(f"{len(got)} answers to {len(pairs)} pairs, {got.count('1')} that fit")
    wrong = [f"{p!r} on {t!r}: {mine}, {name} says {answer}"
             for name, answers in others if answers
             for (p, t), mine, answer in zip(pairs, got, answers, strict=True) if mine != answer]
    print("\n".join(wrong[:20]))
    print(f"{len(pairs)} pairs, {got.count('1')} fit, {len(wrong)} answers differ")
    sys.exit(1 if wrong else 0)


main()
