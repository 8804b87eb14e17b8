#!/usr/bin/python3
"""Writes a table of every message that generated headers declare, as C.

  gen_messages.py OUT.c HEADER...   (headers as they are included)
"""
import re
import sys
from pathlib import Path

out, *headers = sys.argv[1:]
root = Path(__file__).parent.parent.parent
names = []
for header in headers:
    names += re.findall(r"^extern const struct rt_message (\w+);", (root / header).read_text(), re.M)
if not names:
    sys.exit("no message is declared in " + ", ".join(headers))
lines = ['#include "tests/interop/gen_messages.h"', ""]
lines += [f'#include "{header}"' for header in sorted(headers)]
lines += ["", "const struct rt_message *const gen_messages[] = {"]
lines += [f"    &{name}," for name in names]
lines += ["};", f"const size_t gen_messages_count = {len(names)};", ""]
Path(out).write_text("\n".join(lines))
