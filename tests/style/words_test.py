#!/usr/bin/python3
"""Comments, pages and messages are English that is not translated, as far as a list of phrases can
hold that; tests are named after what they show; section rules look alike. docs/STYLE.md has the
rules."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TEXT = re.compile(r"\.(?:c|h|py|md|proto|options|def|build|sh|tess)$|^(?:run|test)$")
# Between two words: blanks, or the end of a line and the mark with which a comment goes on.
GAP = re.compile(r"[ \t]*\n[ \t]*(?:\*(?!/)|//+|#)?[ \t]*|[ \t]+")

# What is wrong, and how to say it.
PHRASES = {
    r"\b(?:from|to|for|by|of|at|with|than) who\b": "name the noun: `from a client that does not read`",
    r"\bwhoever\b": "name the noun",
    r"\bhow \w+ (?:does|do) (?:as|when|while)\b": "say what is done: `benchmarks channeld as its log grows`",
    r"\b(?:is|are|was|were|be|been|being) told\b": "say what is sent, reported or printed",
    r"\b(?:stands?|stood) (?:behind|before|above|below|beside|there|at the end)\b": "say `is`",
    r"\blest\b": "say `so that ... not`",
    r"\bparted by\b": "say `separated by`",
    r"\bthat (?:is|are) none\b": "say `malformed`",
    r"\bfor want of\b": "say `for lack of`",
    r"\bgone on with\b": "say `continued`",
    r"\bbelongs? into\b": "say `belongs in`",
}
RULE = re.compile(r"^/\* -{4,}.*$", re.M)


def told_so(text):
    """The phrases of a text, each with what to say."""
    flat = GAP.sub(" ", text)
    return [f"{match[0]}: {advice}" for phrase, advice in PHRASES.items()
            for match in re.finditer(phrase, flat, re.I)]


def uneven(text):
    """Section rules that do not end in column 80 or have no name."""
    return [rule for rule in RULE.findall(text)
            if len(rule) != 80 or not re.fullmatch(r"/\* -+ \S.* \*/", rule)]


def sources():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True,
                            check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else [
        str(p.relative_to(TOP)) for room in ("codegen", "runtime", "services", "tests", "docs")
        for p in (TOP / room).rglob("*")]
    return [TOP / name for name in names if TEXT.search(name) and not re.search(r"(^|/)gen/", name)
            and not name.startswith("tests/style/") and (TOP / name).is_file()]


CRITERION = re.compile(r"^(?:Test|ParameterizedTest)\((?:[^,()]*\*\w+, )?\w+, (\w+)", re.M)
PYTHON = re.compile(r"^\s*def test_(\w+)", re.M)


def bare_names(path, text):
    """Names of tests that are no phrase: they say what a test is about, not what it holds."""
    pattern = PYTHON if path.suffix == ".py" else CRITERION
    return [name for name in pattern.findall(text) if name.count("_") < 2]


class Words(unittest.TestCase):
    def test_the_list_finds_what_is_in_it(self):
        self.assertEqual(len(told_so("/* Stops reading from who\n * does not read. */")), 1)
        self.assertEqual(len(told_so("How channeld does as its log grows. It is\n# told.")), 2)
        self.assertEqual(told_so("// Stops reading from a client that does not read."), [])

    def test_nothing_reads_as_if_it_were_translated(self):
        found = sources()
        self.assertGreater(len(found), 500)
        wrong = [f"{path.relative_to(TOP)}: {what}" for path in found
                 for what in told_so(path.read_text(encoding="utf-8", errors="replace"))]
        self.assertEqual(wrong, [])


class Names(unittest.TestCase):
    def test_a_bare_name_is_found(self):
        text = "Test(json, grammar)\n{\n}\nTest(json, numbers_are_exact)\n{\n}\n"
        self.assertEqual(bare_names(Path("x_test.c"), text), ["grammar"])
        self.assertEqual(bare_names(Path("x.py"), "    def test_rule(self):\n"), ["rule"])

    def test_a_tests_name_says_the_behaviour_it_shows(self):
        # Those of history_test.py are the promises that history.py names.
        wrong = [f"{path.relative_to(TOP)}: {name}" for path in sources()
                 if path.suffix in (".c", ".py") and path.name != "history_test.py"
                 for name in bare_names(path, path.read_text(encoding="utf-8", errors="replace"))]
        self.assertEqual(wrong, [])


# Rooms whose null tests are written !x.
NULL_TESTS = ("codegen/", "runtime/", "services/")


class Spelling(unittest.TestCase):
    def test_null_tests_have_one_spelling(self):
        wrong = [f"{path.relative_to(TOP)}: {line.strip()}" for path in sources()
                 if str(path.relative_to(TOP)).startswith(NULL_TESTS)
                 and path.suffix in (".c", ".h") and not path.stem.endswith("_test")
                 for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
                 if "== NULL" in line]
        self.assertEqual(wrong, [])


class Rules(unittest.TestCase):
    def test_a_rule_that_ends_elsewhere_is_found(self):
        right = f"/* {'-' * 68} types */"
        self.assertEqual(len(right), 80)
        self.assertEqual(uneven(f"{right}\n"), [])
        self.assertEqual(len(uneven(f"/* ---- types ---- */\n/* {'-' * 69} types */\n")), 2)

    def test_section_rules_end_in_column_80(self):
        wrong = [f"{path.relative_to(TOP)}: {rule}" for path in sources()
                 if path.suffix in (".c", ".h")
                 for rule in uneven(path.read_text(encoding="utf-8", errors="replace"))]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
