"""The commands that a page shows, taken from the page itself.

A command block is a block indented by four spaces, or one fenced with ```sh. Other fences hold
pictures, schemas and C. A command may take several lines: a backslash at the end, a quote or a
here-document that is still open.
"""
import subprocess
from dataclasses import dataclass, field


@dataclass
class Section:
    """What is below one heading."""
    title: str
    blocks: list = field(default_factory=list)


def split_commands(text):
    """The commands of one block, each as it is typed."""
    commands, lines = [], []
    for line in text.splitlines():
        if not lines and not line.strip():
            continue
        lines.append(line)
        if is_whole("\n".join(lines)):
            commands.append("\n".join(lines))
            lines = []
    if lines:
        raise ValueError("a command without its end: " + "\n".join(lines))
    return commands


def is_whole(text):
    """Whether bash would run this, or wait for more lines."""
    if text.endswith("\\"):
        return False
    done = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
    waits = ("unexpected end of file", "unexpected EOF", "here-document")
    return not any(word in done.stderr for word in waits)


def read_page(text):
    """The sections of a page in Markdown that show commands."""
    sections, block, fence = [Section("")], [], None

    def close():
        commands = split_commands("\n".join(block))
        if commands:
            sections[-1].blocks.append(commands)
        block.clear()

    before = ""
    for line in text.splitlines():
        if fence is not None:
            if line.strip() == "```":
                fence = None
                close()
            elif fence == "sh":
                block.append(line)
        elif line.startswith("```"):
            close()
            fence = line[3:].strip()
        elif line.startswith("    ") and (block or not before.strip()):
            block.append(line[4:])
        elif block and not line.strip():
            block.append("")
        else:
            close()
            if line.startswith("#"):
                sections.append(Section(line.lstrip("#").strip()))
        before = line
    if fence is not None:
        raise ValueError("a fence without its end")
    close()
    return [s for s in sections if s.blocks]
