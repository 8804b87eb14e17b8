#!/usr/bin/python3
"""A stranger with a fresh machine: types what the pages show and expects each of it to work.

Makes a bare Debian 12, copies a clean clone in, and runs word for word every command of the pages'
command blocks, as an ordinary user with sudo; what the first section shows also as root. A section
starts with fresh terminals. A command that says "Ctrl-C stops it" is left running while the lines
that it prints are tried, and until the next command of its block or the end of its section; then
Ctrl-C must end it well. $EDITOR is a program that adds a field to the schema; what `./run` serves
afterwards must have it.

Exits with 77 where the machine cannot do this, and with 1 there when CI=true.
"""
import argparse
import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machine
from machine import Machine
from pages import read_page, split_commands
from terminal import Failed, Terminal

TOP = Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", "docs/TUTORIAL.md"]
SERVES = "Ctrl-C stops it"  # what a command prints once it is ready
LOOKS = "Ctrl-C ends it"    # in the comment of a command that shows what happens until then
READY_S_MAX = 1500
PACKAGE_DAYS_MAX = 60

# What $EDITOR does: tickets get a venue.
EDIT = r"""#!/bin/sh
set -e
sed -i -E -e '/^  model Ticket \{/,/^  \}/ s/^( +)version +version +@.*/\1venue  string(1..80)?  @15\n&/' \
  -e 's/(message TicketInput = Ticket \{[^}]*)\}/\1venue }/' "$1"
[ "$(grep -c venue "$1")" = 2 ]
"""
CHANGED = r"""curl -sf -c /tmp/jar2 -H 'Content-Type: application/json' \
  -d '{"email":"ann@example.com","password":"correct horse"}' http://127.0.0.1:8080/api/users/signin
curl -sf -b /tmp/jar2 -H 'Content-Type: application/json' \
  -d '{"title":"Opera","price":1,"venue":"Forum"}' http://127.0.0.1:8080/api/tickets"""


def say(text):
    print(f"==> {text}", flush=True)


def cache_folder():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tessera/fresh"


def why_not():
    """What this machine lacks; None if nothing."""
    if os.geteuid() != 0:
        return "it needs root"
    for tool in ("mmdebstrap", "unshare", "apt-config", "git"):
        if not shutil.which(tool):
            return f"it needs {tool}"
    if not machine.read_sources():
        return "no source of Debian 12 in /etc/apt"
    done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"],
                          capture_output=True, text=True, check=False)
    return f"unshare: {done.stderr.strip()}" if done.returncode else None


class Stranger:
    """One user on one machine, with the terminals of the section that is being read."""

    def __init__(self, system, user, clone):
        self.system, self.user = system, user
        self.folder = f"{system.home(user)}/tessera"
        self.clone = system.root / self.folder[1:]
        shutil.copytree(clone, self.clone, symlinks=True)
        system.call("chown", "-R", f"{user}:", self.folder)
        editor = system.root / "usr/local/bin/edit"
        editor.write_text(EDIT)
        editor.chmod(0o755)
        self.terminals = []
        self.serving = {}  # terminal -> its command
        self.tried = []    # lines printed by what serves
        self.edited = False

    def terminal(self):
        new = Terminal(self.system.enter(self.user, self.folder),
                       self.system.environment(self.user, EDITOR="edit"))
        self.terminals.append(new)
        return new

    def read_page(self, name, wanted):
        for section in read_page((self.clone / name).read_text()):
            if wanted in (None, section.title):
                self.read_section(name, section)

    def read_section(self, name, section):
        say(f"{self.user}: {name}: {section.title}")
        for block in section.blocks:
            here = self.terminal()
            for command in block:
                started = time.monotonic()
                self.stop(here)
                try:
                    self.step(here, command)
                except Failed as error:
                    raise Failed(f"{self.user}: {name}: {section.title}: {command}\n{error}") from None
                print(f"    {time.monotonic() - started:5.0f} s  {command}", flush=True)
        for each in reversed(list(self.serving)):
            self.stop(each)
        for each in self.terminals:
            each.close()
        self.terminals.clear()
        left = self.system.running()
        if left:
            raise Failed(f"{self.user}: {section.title} leaves running:\n" + "\n".join(left))

    def step(self, here, command):
        here.type(command)
        if LOOKS in command:
            self.look(here, command)
            return
        here.wait(lambda: printed_lines(here.output) is not None, READY_S_MAX, "end")
        status = here.status()
        if status is None:
            self.serving[here] = command
            self.try_lines(printed_lines(here.output))
        elif status:
            raise Failed(f"exit status {status}\n{here.tail()}")
        elif command.startswith("$EDITOR"):
            self.edited = True

    def stop(self, here):
        """Ctrl-C in this terminal, if something serves in it."""
        command = self.serving.pop(here, None)
        if command is None:
            return
        status = here.interrupt()
        if status not in (0, 130):
            raise Failed(f"{self.user}: {command}: exit status {status} after Ctrl-C\n{here.tail()}")

    def try_lines(self, lines):
        """Each line that a server printed, once: the second sign-up of the same person fails."""
        other = self.terminal()
        for line in lines:
            if line in self.tried:
                continue
            self.tried.append(line)
            self.check_reply(line, other.run(line, 60))
        if self.edited:
            reply = [other.run(command, 60) for command in split_commands(CHANGED)][-1]
            if '"venue":' not in reply:
                raise Failed(f"the changed schema is not served: {reply}")

    def check_reply(self, line, reply):
        reply = reply.replace("\r", "")
        head, _, body = reply.rpartition("\n\n") if reply.startswith("HTTP/") else ("", "", reply)
        try:
            parsed = json.loads(body)
        except ValueError:
            raise Failed(f"{line}\nis answered by no JSON:\n{reply}") from None
        failed = (not re.match(r"HTTP/1\.1 2\d\d ", head) if head else "status" in parsed)
        if failed or not parsed:
            raise Failed(f"{line}\nis answered:\n{reply}")

    def look(self, here, command):
        """Something happens until the command has shown some of it."""
        other = self.terminal()
        again = [line for line in self.tried if " -c " not in line]  # a failed sign-up signs out
        end = time.monotonic() + 30
        while not here.output.strip() and time.monotonic() < end:
            for line in again:
                other.type(line)
                other.wait_prompt(60)
            here.read(1)
        if here.status() is not None or not here.output.strip():
            raise Failed(f"it shows nothing of what happens\n{here.tail()}")
        self.serving[here] = command

    def check_tree(self):
        """What was built and run left the clone as it was, but for what it ignores."""
        done = subprocess.run(["git", "-c", "safe.directory=*", "-C", self.clone, "status",
                               "--porcelain"], capture_output=True, text=True, check=True)
        if done.stdout:
            raise Failed(f"{self.user}: left in the tree:\n{done.stdout}")


def printed_lines(output):
    """The curl lines that a server prints once it is ready; None before that."""
    before, found, after = output.partition(SERVES)
    if not found or after.count("\n\n") < 2:
        return None
    return re.findall(r"^  (curl (?:.*\\\n)*.*)$", after, re.M)


def visit(cache, base, work, clone):
    """Both users, each on a machine of their own."""
    for user, wanted in (("root", "Run it"), (machine.USER, None)):
        system = Machine(base, work / user, cache / "packages")
        stranger = Stranger(system, user, clone)
        for name in PAGES:
            if (clone / name).exists():
                stranger.read_page(name, wanted)
        if not stranger.tried:
            raise Failed(f"{user}: nothing printed a line to try")
        if not stranger.edited:
            stranger.check_tree()
        subprocess.run(["umount", "-R", "-l", system.root / "proc"], check=False)


def inside(args):
    """In the namespaces: nothing that is mounted or started here outlives this process."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cache, work = Path(args.cache), Path(args.work)
    (cache / "packages").mkdir(exist_ok=True)
    for old in (cache / "packages").glob("*.deb"):
        if time.time() - old.stat().st_mtime > PACKAGE_DAYS_MAX * 86400:
            old.unlink()
    base = machine.make_base(cache, say)
    clone = work / "clone"
    subprocess.run(["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--no-hardlinks",
                    "--depth=1", f"file://{args.of}", clone], check=True)
    try:
        visit(cache, base, work, clone)
    except Failed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def outside(args):
    reason = why_not()
    if reason:
        print(f"skipped: {reason}")
        return 1 if os.environ.get("CI") == "true" else 77
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for old in cache.glob("work-*"):  # of one that was killed
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(prefix="work-", dir=cache) as work:
            process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
                 sys.executable, "-B", __file__, "--of", args.of, "--inside", "--cache", str(cache),
                 "--work", work], start_new_session=True)
            try:
                return process.wait()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--of", default=str(TOP), help="the repository whose HEAD is tried")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--cache", help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return inside(args)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return outside(args)


if __name__ == "__main__":
    sys.exit(main())
