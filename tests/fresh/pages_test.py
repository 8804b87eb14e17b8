#!/usr/bin/python3
"""The commands of a page are found as a reader would type them."""
import sys
import unittest
from pathlib import Path

from pages import read_page, split_commands

TOP = Path(__file__).resolve().parent.parent.parent


class Pages(unittest.TestCase):
    def test_blocks_belong_to_their_sections(self):
        page = "# A\n\nText:\n\n    one   # why\n    two\n\nMore.\n\n    three\n\n## B\n\n    four\n"
        self.assertEqual([(s.title, s.blocks) for s in read_page(page)],
                         [("A", [["one   # why", "two"], ["three"]]), ("B", [["four"]])])

    def test_a_picture_and_a_schema_are_no_commands(self):
        page = "# A\n\n```\n box --> box\n```\n\n```tess\nschema x\n```\n\n```sh\nls\n```\n"
        self.assertEqual([s.blocks for s in read_page(page)], [[["ls"]]])

    def test_what_continues_a_list_item_is_no_command(self):
        self.assertEqual(read_page("- an item\n    goes on here\n"), [])

    def test_a_command_of_several_lines_is_one(self):
        self.assertEqual(split_commands("a \\\n  b\nc 'x\ny'\ncat >f <<'EOF'\nd\n\ne\nEOF\nf"),
                         ["a \\\n  b", "c 'x\ny'", "cat >f <<'EOF'\nd\n\ne\nEOF", "f"])

    def test_an_unfinished_command_is_an_error(self):
        with self.assertRaises(ValueError):
            split_commands("echo 'x")

    def test_the_readme_shows_how_to_run_to_test_and_to_change(self):
        shown = [c for s in read_page((TOP / "README.md").read_text()) for b in s.blocks for c in b]
        for word in ("./run", "./test", "$EDITOR"):
            self.assertTrue(any(word in command for command in shown), word)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
