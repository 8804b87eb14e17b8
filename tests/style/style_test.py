#!/usr/bin/python3
"""Who may include whom, how long files may be, and that they are formatted."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
FILE_LINES_MAX = 700

# A folder's sources may include only these folders (and their own).
CHANNEL = "runtime/channel"
MAY_INCLUDE = {
    "codegen/text": ["runtime/base"],
    "codegen/syntax": ["codegen/text", "runtime/base"],
    "codegen/model": ["codegen/syntax", "codegen/text", "codegen/write", "runtime/base"],
    "codegen/check": ["codegen/model", "codegen/syntax", "codegen/text", "runtime/base"],
    "codegen/breaking": ["codegen/model", "codegen/text", "runtime/base"],
    "codegen/write": ["runtime/base"],
    "codegen/emit": ["codegen/model", "codegen/text", "codegen/write", "runtime/base"],
    "codegen/driver": ["codegen", "runtime/base"],
    "runtime/base": [],
    "runtime/wire": ["runtime/base"],
    "runtime/store": ["runtime/base", "runtime/wire"],
    "runtime/http": ["runtime/base", "runtime/wire"],
    "runtime/identity": ["runtime/base", "runtime/wire"],
    f"{CHANNEL}/protocol": ["runtime/base", "runtime/wire"],
    f"{CHANNEL}/net": ["runtime/base", f"{CHANNEL}/protocol"],
    f"{CHANNEL}/log": ["runtime/base"],
    f"{CHANNEL}/broker": ["runtime/base", "runtime/wire", f"{CHANNEL}/log",
                          f"{CHANNEL}/protocol"],
    f"{CHANNEL}/client": ["runtime/base", f"{CHANNEL}/net", f"{CHANNEL}/protocol"],
    f"{CHANNEL}/daemon": ["runtime/base", f"{CHANNEL}/broker", f"{CHANNEL}/log", f"{CHANNEL}/net",
                          f"{CHANNEL}/protocol"],
    f"{CHANNEL}/cli": ["runtime/base", "runtime/wire", f"{CHANNEL}/log", f"{CHANNEL}/net",
                       f"{CHANNEL}/protocol"],
    "runtime/app": ["runtime/base", "runtime/wire", "runtime/store", "runtime/http",
                    "runtime/identity", f"{CHANNEL}/client", f"{CHANNEL}/protocol"],
    "gen": ["runtime"],
    "services": ["gen", "runtime"],
}
# Folders in which no source calls one that calls it in turn.
ONE_WAY = [f"{CHANNEL}/{room}" for room in ("protocol", "net", "log", "broker", "client", "daemon",
                                        "cli")]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def sources(folder):
    # Tests may include whatever helps them.
    return [p for p in (TOP / folder).rglob("*.[ch]") if not p.stem.endswith("_test")]


def problems(folder, text):
    allowed = [folder, *MAY_INCLUDE[folder]]
    return [name for name in INCLUDE.findall(text)
            if "/" in name and not any(name.startswith(a + "/") for a in allowed)]


COMMENT = re.compile(r"/\*.*?\*/", re.S)
DEFINED = re.compile(r"^(?!static|typedef|extern|#)[A-Za-z_][\w *]*?\b((?:rt_|cli_)\w+)\([^;{]*\)\s*\{",
                     re.M)
USED = re.compile(r"(?<!struct )(?<!enum )\b(?:rt_|cli_)\w+")


def circles(texts):
    """The sources that call each other in a circle, and those that depend on them."""
    owner = {name: file for file, text in texts.items() for name in DEFINED.findall(text)}
    calls = {file: {owner[name] for name in USED.findall(text) if owner.get(name, file) != file}
             for file, text in texts.items()}
    while leaves := [file for file, below in calls.items() if not below]:
        for file in leaves:
            del calls[file]
        for below in calls.values():
            below.difference_update(leaves)
    return calls


class Includes(unittest.TestCase):
    def test_the_rules_find_a_breach(self):
        self.assertEqual(problems("runtime/wire", '#include "runtime/store/store.h"\n'),
                         ["runtime/store/store.h"])
        self.assertEqual(problems("runtime/app", '# include "gen/x/x_types.h"\n'),
                         ["gen/x/x_types.h"])

    def test_a_folder_includes_only_what_its_layer_may(self):
        for folder in MAY_INCLUDE:
            found = sources(folder)
            self.assertGreater(len(found), 2, folder)
            for path in found:
                self.assertEqual(problems(folder, path.read_text()), [], path)

    def test_no_source_of_a_folder_calls_upward(self):
        low, high = "int rt_low(void)\n{\n}\n", "int rt_high(void)\n{\n    rt_low();\n}\n"
        self.assertEqual(circles({"low.c": low, "high.c": high}), {})
        self.assertEqual(set(circles({"low.c": low + "static int x = rt_high();", "high.c": high})),
                         {"low.c", "high.c"})
        for folder in ONE_WAY:
            texts = {p.name: COMMENT.sub("", p.read_text()) for p in sources(folder)
                     if p.suffix == ".c"}
            self.assertGreater(len(texts), 1, folder)
            self.assertEqual(circles(texts), {}, folder)

    def test_the_parts_of_a_service_know_their_owner_but_not_the_app_or_each_other(self):
        shared = r"runtime/app/(owner|service|handler|options|report)\.h$"
        for part in ("request/", "events/", "timers"):
            found = [p for p in sources("runtime/app")
                     if str(p.relative_to(TOP / "runtime/app")).startswith(part)]
            self.assertGreater(len(found), 1, part)
            for path in found:
                for name in INCLUDE.findall(path.read_text()):
                    if name.startswith("runtime/app/"):
                        self.assertRegex(name, f"^runtime/app/{part}|^{shared}", path)

    def test_a_consumer_sees_events_of_others_but_never_their_models(self):
        for path in sources("gen"):
            service = path.relative_to(TOP / "gen").parts[0]
            for name in INCLUDE.findall(path.read_text()):
                part = name.split("/")
                if part[0] == "gen" and part[1] != service:
                    self.assertRegex(part[2], r"_(events|enums)\.h$", path)

    def test_a_service_uses_its_own_output_only(self):
        for path in sources("services"):
            service = path.relative_to(TOP / "services").parts[0]
            for name in INCLUDE.findall(path.read_text()):
                if name.startswith("gen/"):
                    self.assertEqual(name.split("/")[1], service, path)

    def test_a_handler_sees_transactions_and_tables_but_no_store(self):
        handled = [TOP / "runtime/app/handler.h", *sources("gen"), *sources("services")]
        for path in handled:
            for name in INCLUDE.findall(path.read_text()):
                if name.startswith("runtime/store/"):
                    self.assertIn(name, ["runtime/store/model.h", "runtime/store/txn.h"], path)

    def test_memory_and_hash_tables_come_from_one_place(self):
        unchecked = re.compile(r"\b(?:malloc|calloc|realloc|reallocarray|strdup|strndup)\(|<uthash.h>")
        self.assertRegex("x = malloc(1);", unchecked)
        for folder in ("codegen", "runtime", "services"):
            for path in sources(folder):
                if path not in (TOP / "runtime/base/alloc.c", TOP / "runtime/base/table.h"):
                    self.assertNotRegex(path.read_text(), unchecked, path)

    def test_everything_is_formatted(self):
        files = [p for folder in ("codegen", "runtime", "gen", "services", "tests")
                 for p in (TOP / folder).rglob("*.[ch]")]
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], check=False,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr[:2000]), (0, ""))

    def test_files_stay_short(self):
        for folder in MAY_INCLUDE:
            for path in (TOP / folder).rglob("*.[ch]"):
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, FILE_LINES_MAX, f"{path}: {lines} lines")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
