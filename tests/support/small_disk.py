"""A small file system in memory, mounted where nobody but this process and its children sees it."""
import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER, MS_REC_PRIVATE, MNT_DETACH = 0x20000, 0x10000000, 0x44000, 2
SKIPPED = 77  # what a test exits with when mounting is not permitted
libc = ctypes.CDLL(None, use_errno=True)


def own_mounts():
    """Mounts of this process vanish with it. Without root, in a user namespace. False when neither
    is permitted here. To be called first of all."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNS) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
            return False
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"),
                           ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as out:
                out.write(line)
    return libc.mount(b"none", b"/", None, MS_REC_PRIVATE, None) == 0


def mount(folder, size):
    """A file system of `size` bytes; to be unmounted before the folder goes."""
    if libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode()) != 0:
        raise OSError(ctypes.get_errno(), "mount", str(folder))


def unmount(folder):
    libc.umount2(os.fsencode(folder), MNT_DETACH)


def fill(path):
    """A file that takes all that is left."""
    with open(path, "wb", buffering=0) as out:
        for step in (1 << 16, 1):
            try:
                while True:
                    out.write(bytes(step))
            except OSError:
                pass
