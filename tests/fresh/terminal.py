"""A terminal in the bare machine: a shell behind a pty, typed into as a person does."""
import contextlib
import os
import pty
import re
import secrets
import select
import signal
import termios
import time

CTRL_C = b"\x03"
STEP_S_MAX = 1500  # the longest command installs compilers and builds everything
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b\].*?(?:\x07|\x1b\\)|\r(?=\n)")


class Failed(Exception):
    """A step that a stranger would be stuck at."""


class Terminal:
    """One shell. What is typed is not echoed, so `output` is only what programs say."""

    def __init__(self, enter, environment):
        """`enter` changes to the machine and the user; it runs in the child."""
        self.token = secrets.token_hex(8)
        self.raw = b""
        environment = {**environment, "TERM": "dumb", "PS1": "", "PS2": "",
                       "PROMPT_COMMAND": f"printf '[{self.token} %d]' $?"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            with contextlib.suppress(BaseException):
                attributes = termios.tcgetattr(0)
                attributes[3] &= ~termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, attributes)
                enter()
                os.execve("/bin/bash", ["bash", "--noprofile", "--norc", "--noediting", "-i"],
                          environment)
            os._exit(127)
        self.wait_prompt(30)

    @property
    def output(self):
        return ESCAPES.sub("", self.raw.decode(errors="replace"))

    def read(self, timeout):
        """Waits for output; whether there was any."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # nobody has the other end open any more
            data = b""
        if not data:
            raise Failed(f"the shell ended\n{self.tail()}")
        self.raw += data
        return True

    def tail(self):
        return "\n".join(self.output.splitlines()[-60:])

    def status(self):
        """The exit status of what was typed last; None while it runs."""
        found = re.search(rf"\[{self.token} (\d+)\]", self.output)
        return int(found[1]) if found else None

    def wait(self, condition, seconds, what):
        """Until the condition holds or the command has ended."""
        end = time.monotonic() + seconds
        while self.status() is None and not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise Failed(f"no {what} within {seconds} s\n{self.tail()}")
            self.read(min(left, 5))

    def wait_prompt(self, seconds=STEP_S_MAX):
        self.wait(lambda: False, seconds, "prompt")
        return self.status()

    def type(self, command):
        self.raw = b""
        os.write(self.fd, command.encode() + b"\n")

    def run(self, command, seconds=STEP_S_MAX):
        """Types a command and waits for its end; its output. A failure is a failure."""
        self.type(command)
        status = self.wait_prompt(seconds)
        if status != 0:
            raise Failed(f"exit status {status}\n{self.tail()}")
        return self.output[:self.output.rindex(f"[{self.token} ")]

    def interrupt(self, seconds=60):
        """Ctrl-C; the status of what it ended."""
        os.write(self.fd, CTRL_C)
        return self.wait_prompt(seconds)

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGHUP)
        os.close(self.fd)
        os.waitpid(self.pid, 0)
