#!/usr/bin/python3
"""Completion in the shells themselves, those that are installed: complete_test.py TESSERA. What is
offered behind each command is what its --help names."""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

COMMANDS = {"check", "gen", "fmt", "explain", "complete"}
SHELLS = {"bash", "zsh", "fish"}


def run(*args, stdin=None):
    return subprocess.run(args, input=stdin, capture_output=True, text=True, timeout=20, check=True,
                          cwd="/").stdout


def script(shell):
    return run(TESSERA, "complete", shell)


def options(command):
    return set(re.findall(r"(--[a-z-]+)", run(TESSERA, command, "--help")))


def in_bash(*words):
    line = " ".join(f"'{word}'" for word in ("tessera", *words))
    return set(run("bash", "-c", f"{script('bash')}\nCOMP_WORDS=({line})\n"
                   f"COMP_CWORD={len(words)}\n_tessera\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"").split())


def in_zsh(*words):
    """What is handed to compadd; outside of the line editor it can only be watched."""
    line = " ".join(f"'{word}'" for word in ("tessera", *words))
    return set(run("zsh", "-f", "-c", "compdef() { }\ncompadd() { shift; print -l -- \"$@\" }\n"
                   f"_files() {{ }}\n{script('zsh')}\nwords=({line})\nCURRENT=$#words\n"
                   "_tessera").split())


def in_fish(*words):
    line = " ".join(("tessera", *words))
    out = run("fish", "--no-config", "-c", f"{script('fish')}\ncomplete -C '{line}'")
    return {row.split("\t")[0] for row in out.splitlines()}


class Complete(unittest.TestCase):
    def offered(self, *words):
        """By each shell, for a word that starts like the last one."""
        for shell, ask in (("bash", in_bash), ("zsh", in_zsh), ("fish", in_fish)):
            if shutil.which(shell):
                found = ask(*words)
                yield shell, {word for word in found if word.startswith(words[-1])}

    def test_commands_are_completed(self):
        for shell, words in self.offered(""):
            self.assertLessEqual(COMMANDS, words, shell)

    def test_options_are_those_of_the_help(self):
        for command in COMMANDS:
            for shell, words in self.offered(command, "--"):
                self.assertLessEqual(options(command) - {"--error-format"}, words, (shell, command))
                self.assertLessEqual(words, options(command) | {"--help", "--error-format"},
                                     (shell, command))

    def test_values_of_options_are_completed(self):
        for shell, words in self.offered("complete", ""):
            self.assertLessEqual(SHELLS, words, shell)
        for shell, words in self.offered("check", "--error-format", ""):
            self.assertLessEqual({"pretty", "short", "json"}, words, shell)
        for shell, words in self.offered("gen", "--emit", ""):
            self.assertLessEqual({"c", "proto", "nginx"}, words, shell)

    def test_an_unknown_shell_is_refused(self):
        done = subprocess.run([TESSERA, "complete", "tcsh"], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("bash zsh fish", done.stderr)


if __name__ == "__main__":
    TESSERA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
