#!/usr/bin/python3
"""What `tessera breaking` says of changes to a whole system: systems_test.py TESSERA.

Who is hit, what goes first, what a commit of git had, and how the command is used wrongly.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SYSTEM = """schema shop
session of people.User lasts 7d revoked by people.Ended

service people {
  model User { id id @1  name string(1..40) @2  version version @3 }
  model End expires(at) { id id @1  at time @2  version version @3 }
  event Ended "session:ended" of End { id at version }
  routes "/people" {
    GET show "/:id" -> 200 User public auto
    POST leave "/leave" -> 204 emits Ended
  }
}
service stock {
  enum State { open @1  sold @2 }
  model Item { id id @1  title string(1..40) @2  state State @3  size u32 @4  version version @5 }
  message ItemInput = Item { title }
  event ItemMade "item:made" of Item { id title state size version }
  routes "/items" {
    GET list "/" -> page of Item public auto
    POST add "/" (ItemInput) -> 201 Item emits ItemMade
  }
}
service cart {
  replica Item of stock.Item { id title state version } from stock.ItemMade
  on stock.ItemMade count
  routes "/cart" { GET list "/" -> page of Item public auto }
}
"""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, *words, cwd=None):
        return subprocess.run([TESSERA, "breaking", *words], capture_output=True, text=True,
                              timeout=20, check=False, cwd=cwd or self.folder)


class Systems(Case):
    def change(self, *pairs, form="short"):
        """What is said of a change: (what was, what is) in the text of the system."""
        text = SYSTEM
        for was, now in pairs:
            self.assertIn(was, text)
            text = text.replace(was, now)
        (self.folder / "old.tess").write_text(SYSTEM)
        (self.folder / "new.tess").write_text(text)
        return self.run_it("old.tess", "new.tess", f"--error-format={form}")

    def test_a_new_optional_field_breaks_nothing(self):
        done = self.change(("size u32 @4", "size u32 @4  note string(..9)? @6"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_findings_name_every_route_event_listener_and_replica_that_is_hit(self):
        done = self.change(("title string(1..40)", "title string(1..20)"), form="pretty")
        self.assertEqual(done.returncode, 1)
        for hit in ["records of stock.Item", "POST /items", "listener cart.count",
                    "replica cart.Item", "records of cart.Item"]:
            self.assertIn(hit, done.stderr)
        self.assertIn("at most 20 characters, 40 before", done.stderr)
        self.assertIn("old.tess:17:", done.stderr)

    def test_a_value_that_consumers_do_not_know_asks_for_consumers_first(self):
        done = self.change(("sold @2", "sold @2  lost @3"), form="pretty")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cart before stock (T1116)", done.stdout)

    def test_a_new_required_field_of_an_event_asks_for_the_owner_first(self):
        done = self.change(("{ id title state size version }", "{ id title state version }"),
                           form="pretty")
        self.assertIn("cart before stock (T1303)", done.stdout)
        old, new = self.folder / "old.tess", self.folder / "new.tess"
        done = self.run_it(new, old)
        self.assertIn("stock before cart (T1305)", done.stdout)

    def test_changes_that_want_both_orders_are_said_to_want_two_releases(self):
        done = self.change(("{ id title state size version }", "{ id title state version }"),
                           ("title string(1..40)", "title string(1..20)"), form="pretty")
        self.assertIn("stock before cart", done.stdout)
        self.assertIn("cart before stock", done.stdout)
        self.assertIn("two releases", done.stdout)

    def test_a_model_that_says_what_it_was_called_keeps_its_records(self):
        renamed = [("ref stock.Item", "ref stock.Thing"), ("model Item {", "model Thing {"),
                   ("message ItemInput = Item", "message ItemInput = Thing"), ("of Item {", "of Thing {"),
                   ("page of Item public auto\n    POST", "page of Thing public auto\n    POST"),
                   ("201 Item", "201 Thing"), ("of stock.Item", "of stock.Thing")][1:]
        self.assertIn("T1001", self.change(*renamed).stderr)
        renamed[0] = ("model Item {", "model Thing renamed from Item {")
        self.assertNotIn("T1001", self.change(*renamed).stderr)

    def test_json_is_one_object_a_line(self):
        done = self.change(("title string(1..40)", "title string(1..20)"), form="json")
        codes = [json.loads(line)["code"] for line in done.stderr.splitlines()]
        self.assertIn("T1007", codes)
        self.assertEqual(done.stdout, "")

    def test_errors_of_either_schema_are_shown_and_nothing_is_compared(self):
        done = self.change(("title string(1..40)", "title strin"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("new.tess", done.stderr)
        self.assertNotIn("T10", done.stderr)

    def test_a_file_that_is_not_there_is_no_schema_without_routes(self):
        (self.folder / "new.tess").write_text(SYSTEM)
        done = self.run_it("none.tess", "new.tess")
        self.assertEqual(done.returncode, 3)
        self.assertIn("none.tess", done.stderr)

    def test_wrong_usage_says_what_is_wanted(self):
        for words in [(), ("one.tess",), ("a.tess", "b.tess", "c.tess"),
                      ("a.tess", "b.tess", "--against", "HEAD")]:
            self.assertEqual(self.run_it(*words).returncode, 2, words)


class History(Case):
    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *words],
                       cwd=self.folder, check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        self.git("init", "-q")
        (self.folder / "schema").mkdir()
        self.path = self.folder / "schema/shop.tess"
        text = SYSTEM.replace("schema shop\n", 'schema shop\nimport "../common.tess"\n')
        self.text = text.replace("size u32", "size Size")
        (self.folder / "common.tess").write_text("type Size = u32 in 0..9\n")
        self.path.write_text(self.text)
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    def test_a_commit_is_compared_with_what_is_here_imports_included(self):
        (self.folder / "common.tess").write_text("type Size = u32 in 0..5\n")
        for cwd, name in [(self.folder, "schema/shop.tess"),
                          (self.folder / "schema", "shop.tess"),
                          (pathlib.Path("/"), str(self.path))]:
            done = self.run_it(name, "--against", "HEAD", "--error-format=short", cwd=cwd)
            self.assertIn("at most 5, 9 before", done.stderr)
            self.assertEqual(done.returncode, 1)
        self.git("commit", "-qam", "second")
        self.assertEqual(self.run_it("schema/shop.tess", "--against", "HEAD").returncode, 0)
        self.assertEqual(self.run_it("schema/shop.tess", "--against", "HEAD~1").returncode, 1)

    def test_nothing_is_left_behind(self):
        place = self.folder / "tmp"
        place.mkdir()
        for revision in ["HEAD", "nowhere"]:
            subprocess.run([TESSERA, "breaking", self.path, "--against", revision],
                           capture_output=True, check=False, env={**os.environ,
                                                                  "TMPDIR": str(place)})
        self.assertEqual(list(place.iterdir()), [])

    def test_a_revision_that_is_none_is_said_to_be_none(self):
        for revision in ["nowhere", "--output=x"]:
            done = self.run_it("schema/shop.tess", "--against", revision)
            self.assertEqual(done.returncode, 3)
            self.assertTrue(done.stderr)

    def test_a_file_outside_of_any_repository_is_said_to_be_so(self):
        with tempfile.TemporaryDirectory() as other:
            path = pathlib.Path(other, "x.tess")
            path.write_text(SYSTEM)
            done = self.run_it(path, "--against", "HEAD")
            self.assertEqual(done.returncode, 3)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
