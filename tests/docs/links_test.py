#!/usr/bin/python3
"""What pages name exists: every relative link of every page leads to a file, and to a heading of it
where it names one; every path that a page shows as code is one of the tree."""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\s]+)`")
FENCE = re.compile(r"^```.*?^```\n|^(?: {4}[^\n]*\n)+", re.S | re.M)
# What begins with one of these is a path from the top of the tree.
ROOMS = ("codegen/", "gen/", "runtime/", "services/", "tests/", "deploy/", "docs/")
# A word with one of these ends is a file, in the folder of the page or at the top.
FILE = re.compile(r"^[\w./-]+\.(?:md|c|h|py|proto|options|def|tess|sh|txt)$")
# Not in a clean tree: what a build or a run makes.
MADE = re.compile(r"^(?:build|var)\b|[*<>{}$]|\.\.\.|NAME|SERVICE")


def anchors(text):
    """The anchors of a page's headings, made as the usual hosts do."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*?)\s*$", FENCE.sub("", text), re.M)}


def is_there(top, path):
    """A path of the tree, perhaps with a pattern for a set of files, or with a line; or the program
    that is built of a source there."""
    path = path.split(":")[0].rstrip("/")
    if "*" in path or "<" in path or "{" in path:
        pattern = re.sub(r"<[^>]*>|\{[^}]*\}|\[[^\]]*\]", "*", path)
        return any(True for _ in top.glob(pattern))
    return (top / path).exists() or (top / f"{path}.c").is_file()


def problems(top, page):
    """What a page names that is not there."""
    found = []
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = page.parent / path if path else page
        if not goal.exists():
            found.append(f"no file: {target}")
        elif anchor and anchor not in anchors(goal.read_text(encoding="utf-8")):
            found.append(f"no heading: {target}")
    for code in CODE.findall(FENCE.sub("", text)):
        word = code.rstrip(".,;:")
        if word.startswith(ROOMS):
            if not is_there(top, word):
                found.append(f"no path: {word}")
        elif FILE.match(word) and "/" in word and not MADE.search(word):
            if not any((base / word).exists() for base in (top, page.parent)):
                found.append(f"no file of the tree: {word}")
    return found


def pages():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                             "*.md"], cwd=TOP, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    if listed.returncode != 0:  # not a checkout
        names = [str(p.relative_to(TOP)) for p in TOP.rglob("*.md")
                 if not any(part.startswith((".", "build", "node_modules")) for part in
                            p.relative_to(TOP).parts)]
    return [TOP / name for name in names if (TOP / name).exists()]


class Checker(unittest.TestCase):
    """The checker itself, on a small tree."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.top = Path(scratch.name)
        (self.top / "docs").mkdir()
        (self.top / "runtime").mkdir()
        (self.top / "runtime/there.h").write_text("", encoding="utf-8")
        (self.top / "docs/OTHER.md").write_text("# Other\n\n## Two words, and `code`\n\n    # not\n",
                                               encoding="utf-8")

    def problems(self, text):
        page = self.top / "docs/PAGE.md"
        page.write_text(text, encoding="utf-8")
        return problems(self.top, page)

    def test_what_is_there_is_no_problem(self):
        self.assertEqual(self.problems(
            "# Page\n[a](OTHER.md) [b](OTHER.md#two-words-and-code) [c](#page) [d](../runtime/)\n"
            "[e](https://example.com/x.md) `runtime/there.h` `runtime/*.h` `runtime/there.h:3`\n"
            "`x.h`, `a.b/c`\n\n    cat runtime/example.h\n"), [])

    def test_a_link_to_a_file_that_is_not_there_is_found(self):
        self.assertEqual(self.problems("[a](GONE.md)\n"), ["no file: GONE.md"])

    def test_a_link_to_a_heading_that_is_not_there_is_found(self):
        self.assertEqual(self.problems("[a](OTHER.md#not)\n"), ["no heading: OTHER.md#not"])

    def test_blocks_of_code_are_passed_over_and_what_follows_them_is_not(self):
        self.assertEqual(self.problems(
            "# Page\n\n    `runtime/no.h`\n\n```\n[a](NO.md)\n```\n[a](#page)\n[b](GONE.md)\n"),
            ["no file: GONE.md"])

    def test_a_path_that_is_not_there_is_found(self):
        self.assertEqual(self.problems("`runtime/gone.h` and `runtime/gone_*.h`.\n"),
                         ["no path: runtime/gone.h", "no path: runtime/gone_*.h"])
        self.assertEqual(self.problems("`channel/GONE.md`\n"),
                         ["no file of the tree: channel/GONE.md"])


class Pages(unittest.TestCase):
    def test_every_file_and_heading_that_a_page_names_exists(self):
        found = pages()
        self.assertGreater(len(found), 10)
        wrong = [f"{page.relative_to(TOP)}: {problem}" for page in found
                 for problem in problems(TOP, page)]
        self.assertEqual(wrong, [])

    def test_the_readme_is_short(self):
        self.assertLess(len((TOP / "README.md").read_text(encoding="utf-8").splitlines()), 100)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
