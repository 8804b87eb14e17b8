#!/usr/bin/python3
"""Texts of a schema reach what is emitted as they are, and break nothing there: texts_test.py TESSERA.

Each text stands as documentation, as an enum's text in JSON, as a default, as an example, as an
error's and as a rule's. Everything compiles without a warning, with trigraphs and without, and a
program that prints the texts from the tables prints what was written."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
TEXTS = ["Really??!", "??/", "a??/", "\\??)", "????'", "*/ int x; /*", "// /* ?*", "%s %n %",
         "\"quoted\" \\n", "line\nbreak\ttab", "$SVC ${T} $$", "\u202e\u2066abc\u2069", "\u200f\u061c",
         "\u20ac \u00e9\U0001f600", "'; drop", "#include <x>", "</script>&amp;", "@x{y}", "\\",
         "end\\", "\u2028", "a" * 900, "?" * 60]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wtrigraphs", "-Wcomment"]


def quoted(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'


def as_doc(text):
    return " ".join(text.split())


def schema():
    lines = ["schema texts"]
    lines += [f"error e{i} 400 {quoted(text)}" for i, text in enumerate(TEXTS)]
    lines += ["service s {", "  enum Kind {"]
    lines += [f"    /// {as_doc(text)}\n    v{i} @{i + 1} as {quoted(text)}"
              for i, text in enumerate(TEXTS)]
    lines += ["  }", "  message M {"]
    lines += [f"    /// {as_doc(text)}\n    f{i} string @{i + 1} = {quoted(text)} "
              f"example {quoted(text)}" for i, text in enumerate(TEXTS)]
    lines += ["    n u32 @500"]
    lines += [f"    rule r{i}: n < 5 {quoted(text)}" for i, text in enumerate(TEXTS)]
    lines += ["  }", "  /// " + as_doc(" ".join(TEXTS[:-2])), '  routes "/m" {']
    lines += [f"    /// {as_doc(text)}\n    POST p{i} \"/{i}\" (M) -> 200 M public ! e{i}"
              for i, text in enumerate(TEXTS)]
    return "\n".join(lines + ["  }", "}", ""])


PRINT = """#include <stdio.h>
#include "gen/s/s_enums.h"
#include "gen/s/s_types.h"
const ProtobufCEnumDescriptor rt_pb_any_enum; /* the runtime's, which is not linked */
static void say(const char *text) { printf("%s%c", text, 0); }
int main(void)
{
    for (size_t i = 0; i < s_kind_enum.n_values; i++)
        say(s_kind_enum.values[i].json);
    for (size_t i = 0; i + 1 < s_m_message.n_fields; i++)
        say(s_m_message.fields[i].fallback);
    return 0;
}
"""


class Texts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="texts-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        (cls.folder / "a.tess").write_text(schema(), encoding="utf-8")
        cls.run_it(TESSERA, "gen", cls.folder / "a.tess", "--out", cls.folder / "gen")
        (cls.folder / "main.c").write_text(PRINT, encoding="utf-8")
        cls.sources = sorted((cls.folder / "gen").rglob("*.c"))

    @classmethod
    def run_it(cls, *command):
        done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode()[:3000])
        return done.stdout

    def test_what_has_odd_texts_compiles_without_a_warning(self):
        folders = [f"-I{self.folder}", f"-I{TOP}"]
        for compiler in ("gcc", "clang"):
            for standard in ("c17", "gnu17"):
                with self.subTest(compiler=compiler, standard=standard):
                    self.run_it(compiler, f"-std={standard}", "-fsyntax-only", *WARNINGS, *folders,
                                *self.sources)
        for compiler in ("g++", "clang++"):
            for header in sorted((self.folder / "gen").rglob("*.h")):
                self.run_it(compiler, "-xc++", "-std=c++17", "-fsyntax-only", *WARNINGS, *folders,
                            header)

    def test_protoc_takes_it(self):
        root = self.folder / "gen/proto"
        self.run_it("protoc", f"-I{root}", "-o/dev/null", *root.rglob("*.proto"))

    def test_tables_have_the_texts(self):
        for standard in ("c17", "gnu17"):
            program = self.folder / standard
            parts = [path for path in self.sources if path.name in ("s_enums.c", "s_types.c")]
            self.run_it("gcc", f"-std={standard}", f"-I{self.folder}", f"-I{TOP}", "-c",
                        self.folder / "main.c", "-o", self.folder / "main.o")
            self.run_it("gcc", f"-std={standard}", f"-I{self.folder}", f"-I{TOP}", self.folder / "main.o", *parts,
                        "-lprotobuf-c", "-o", program)
            printed = self.run_it(program).split(b"\0")[:-1]
            self.assertEqual([text.decode() for text in printed], TEXTS + TEXTS, standard)

    def test_comments_turn_no_direction(self):
        for path in (self.folder / "gen").rglob("*"):
            if path.is_file() and path.suffix in (".c", ".h", ".proto", ".build", ".txt", ".conf"):
                text = path.read_text(encoding="utf-8")
                self.assertFalse(set(text) & set("\u202e\u2066\u2069\u200f\u061c"), path)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
