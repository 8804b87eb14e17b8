"""A bare Debian 12 in a folder: made once, kept as an archive, unpacked for each use.

Everything here runs in mount and process namespaces of its own, so that nothing stays mounted or
running once its process is gone, however that ends.
"""
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import time
from pathlib import Path

CODENAME = "bookworm"
INCLUDED = ["sudo"]  # for the ordinary user; no package of Tessera's
BASE_DAYS_MAX = 30
USER, USER_ID = "ann", 1000
SUITE = re.compile(rf"^{CODENAME}(-updates|-security)?$")


def read_sources(folder=Path("/etc/apt")):
    """This machine's sources of Debian 12, one line each, without what else it has."""
    lines = []
    for path in [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]:
        if path.exists():
            lines += filter(is_debian, (line.strip() for line in path.read_text().splitlines()))
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            lines += read_stanza(stanza)
    return lines


def is_debian(line):
    part = re.match(r"deb\s+(\[[^]]*\]\s+)?\S+\s+(\S+)\s+(.*)", line)
    return bool(part and SUITE.match(part[2]) and "main" in part[3].split())


def read_stanza(stanza):
    lines = [line for line in stanza.splitlines() if line.strip() and not line.startswith("#")]
    fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", "\n".join(lines), re.M))
    if fields.get("Enabled", "yes") == "no" or "deb" not in fields.get("Types", "").split():
        return []
    key = fields.get("Signed-By", "")
    options = f"[signed-by={key}] " if key.startswith("/") else ""
    found = [f"deb {options}{uri} {suite} {fields.get('Components', '')}".strip()
             for uri in fields.get("URIs", "").split() for suite in fields.get("Suites", "").split()]
    return list(filter(is_debian, found))


def apt_settings():
    """How this machine's apt reaches its sources: proxies and what it checks."""
    dump = subprocess.check_output(["apt-config", "dump"], text=True)
    wanted = re.compile(r"^Acquire::(http|https|Check-|Retries|AllowInsecure).*\"[^\"]+\";$")
    return "".join(f"{line}\n" for line in dump.splitlines() if wanted.match(line))


def key_files(sources):
    return sorted({path for line in sources for path in re.findall(r"signed-by=([^\] ]+)", line)})


def make_base(cache, say):
    """The archive of the bare system, made anew when it is old or the sources are others."""
    sources, settings = read_sources(), apt_settings()
    name = hashlib.sha256(repr((sources, settings, INCLUDED)).encode()).hexdigest()[:16]
    base = cache / f"base-{name}.tar"
    if base.exists() and time.time() - base.stat().st_mtime < BASE_DAYS_MAX * 86400:
        return base
    say("making a bare Debian 12")
    for old in cache.glob("base-*"):
        old.unlink()
    part = base.with_suffix(".part")
    listed = cache / "sources.list"
    listed.write_text("".join(f"{line}\n" for line in sources))
    options = [f"--aptopt={line}" for line in settings.splitlines()]
    for path in key_files(sources):
        options += [f"--setup-hook=mkdir -p \"$1\"{Path(path).parent}",
                    f"--setup-hook=cp {path} \"$1\"{path}"]
    subprocess.run(["mmdebstrap", "--quiet", "--mode=root", "--format=tar", "--variant=minbase",
                    f"--include={','.join(INCLUDED)}", *options, CODENAME, part, listed],
                   check=True)
    part.rename(base)
    return base


class Machine:
    """A bare system with a root and an ordinary user who may use sudo."""

    def __init__(self, base, folder, packages):
        """Unpacks `base` into `folder`; downloaded packages are kept in the folder `packages`."""
        self.root = folder
        folder.mkdir()
        subprocess.run(["tar", "-xf", base, "-C", folder], check=True)
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(Path("/etc", name), folder / "etc" / name)
        (folder / "etc/dpkg/dpkg.cfg.d/no-sync").write_text("force-unsafe-io\n")
        (folder / "etc/apt/apt.conf.d/99machine").write_text(
            apt_settings() + 'Binary::apt-get::APT::Keep-Downloaded-Packages "true";\n')
        self.mount(packages)
        self.call("useradd", "--create-home", "--shell", "/bin/bash", "--uid", str(USER_ID), USER)
        (folder / "etc/sudoers.d" / USER).write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")

    def mount(self, packages):
        def do(*words):
            subprocess.run(["mount", *map(str, words)], check=True)
        do("-t", "proc", "proc", self.root / "proc")
        do("--rbind", "/sys", self.root / "sys")
        do("-t", "tmpfs", "-o", "mode=755", "dev", self.root / "dev")
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            (self.root / "dev" / name).touch()
            do("--bind", f"/dev/{name}", self.root / "dev" / name)
        for name in ("pts", "shm"):
            (self.root / "dev" / name).mkdir()
        do("--bind", "/dev/pts", self.root / "dev/pts")
        do("-t", "tmpfs", "-o", "mode=1777", "shm", self.root / "dev/shm")
        for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"),
                             ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
                             ("stderr", "/proc/self/fd/2")):
            (self.root / "dev" / name).symlink_to(target)
        do("--bind", packages, self.root / "var/cache/apt/archives")

    def call(self, *words):
        subprocess.run(["chroot", self.root, *words], check=True)

    def home(self, user):
        return "/root" if user == "root" else f"/home/{user}"

    def enter(self, user, folder):
        """What a terminal's child calls to be this user in this folder of the machine."""
        def enter():
            os.chroot(self.root)
            person = pwd.getpwnam(user)
            os.initgroups(user, person.pw_gid)
            os.setgid(person.pw_gid)
            os.setuid(person.pw_uid)
            os.chdir(folder)
        return enter

    def environment(self, user, **more):
        path = "/usr/local/bin:/usr/bin:/bin"
        if user == "root":
            path = f"/usr/local/sbin:/usr/sbin:/sbin:{path}"
        return {"HOME": self.home(user), "USER": user, "LOGNAME": user, "LANG": "C.UTF-8",
                "SHELL": "/bin/bash", "PATH": path, **more}

    def running(self):
        """The command lines of what still runs in it."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(entry / "root") == str(self.root):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                    found += [command] if command else []
            except OSError:
                continue
        return found
