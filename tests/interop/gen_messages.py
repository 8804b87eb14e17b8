#!/usr/bin/python3
"""Writes tables of every message that generated headers declare, as C.

  gen_messages.py OUT.c HEADER...   (headers as they are included)
"""
import re
import sys
from pathlib import Path

out, *headers = sys.argv[1:]
root = Path(__file__).parent.parent.parent
names, devices = [], []
for header in headers:
    text = (root / header).read_text()
    names += re.findall(r"^extern const struct rt_message (\w+)_message;", text, re.M)
    devices += re.findall(r"^extern const pb_msgdesc_t (\w+)_device_msg;", text, re.M)
if not names:
    sys.exit("no message is declared in " + ", ".join(headers))
lines = ['#include "tests/interop/gen_messages.h"', ""]
lines += [f'#include "{header}"' for header in sorted(headers)]
lines += ["", "const struct rt_message *const gen_messages[] = {"]
lines += [f"    &{name}_message," for name in names]
lines += ["};", f"const size_t gen_messages_count = {len(names)};", ""]
lines += [f"const struct gen_device gen_devices[{len(devices) or 1}] = {{"]
lines += [f"    {{&{name}_message, &{name}_device_msg, sizeof(struct {name}_device),\n"
          f"     {name.upper()}_DEVICE_BYTES_MAX}}," for name in devices] or ["    {NULL, NULL, 0, 0},"]
lines += ["};", f"const size_t gen_devices_count = {len(devices)};", ""]
Path(out).write_text("\n".join(lines))
