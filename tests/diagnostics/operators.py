#!/usr/bin/env python3
"""Every operator on every type, where a schema has conditions: operators.py TESSERA SOURCE-ROOT.

For each type a service uses every operator in `rule`, `unique ... while`, `timer ... while` and
`on EVENT ... while`, each on a line of its own. Exactly the lines that should be refused are, with
the code of their construct. All that is accepted goes through `gen` as one system, and a C
compiler takes the result without a warning.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# name: (type, a constant, compared for equality in conditions, ordered)
TYPES = {
    "bool": ("bool", "true", True, False),
    "i32": ("i32", "-7", True, True),
    "i64": ("i64", "-7000000000", True, True),
    "u32": ("u32", "4000000000", True, True),
    "u64": ("u64", "9007199254740991", True, True),
    "f64": ("f64", "0.5", False, True),
    "decimal": ("decimal(2)", "9.99", True, True),
    "string": ("string(..40)", '"a \\"b\\""', True, False),
    "bytes": ("bytes(..8)", '"YQ=="', False, False),
    "ref": ("ref Other", '"01890a5d-ac96-774b-bcce-b302099a8057"', True, False),
    "time": ("time", '"2026-01-31T12:00:00Z"', True, True),
    "date": ("date", '"2026-01-31"', True, True),
    "duration": ("duration", "15min", True, True),
    "enum": ("State", "done", True, False),
    "message": ("Part", "1", False, False),
    "list": ("i32[..4]", "1", False, False),
    "map": ("map<string(..4), i32>[..4]", "1", False, False),
    "secret": ("string(..40)", '"a"', False, False),
}
INCOMPARABLE = ("bytes", "message", "list", "map")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
SUMMED = ("i32", "i64", "u32", "u64", "f64", "decimal", "duration")
MULTIPLIED = ("i32", "i64", "u32", "u64", "f64")
TERMS = ("== {0}", "!= {0}", "in ({0})", "in ({0}, {0})", "is set", "is null", "< {0}", ">= {0}")
FLAGS = ["-std=c17", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
         "-Wsign-conversion", "-Werror", "-D_GNU_SOURCE"]


def lines(service, name, optional):
    """The lines of a service, each with the code it should be refused with, or None."""
    type_, constant, equal, ordered = TYPES[name]
    plural = name in ("list", "map")
    mark = "?" if optional else ""
    secret = " secret" if name == "secret" else ""
    picked = "" if name == "secret" else "value"
    model, rest = [], []
    for number, op in enumerate(COMPARISONS):
        fits = name not in INCOMPARABLE and (name != "f64" if number < 2 else ordered)
        # Two secrets may be compared: nothing of them is said.
        for side, right in enumerate((constant, "twin")):
            model.append((f'    rule r{number}_{side}: value {op} {right} "No"',
                          None if fits else "T0510"))
    for word, sign, fitting in (("plus", "+", SUMMED), ("minus", "-", SUMMED),
                                ("times", "*", MULTIPLIED)):
        code = None if name in fitting else "T0510" if (name, sign) == ("time", "-") else "T0511"
        model.append((f'    rule {word}: value {sign} twin >= value "No"', code))
    for number, term in enumerate(TERMS):
        fits = (optional and not plural) if term.startswith("is") else \
            ordered if term[0] in "<>" else equal
        code = None if fits else "T0510"
        term = f"while value {term.format(constant)}"
        model.append((f"    unique u{number} (due) {term}", code))
        rest.append((f"  timer t{number} at Thing.due {term} emits E{number}", code))
        rest.append((f'  event E{number} "{service}:{number}" of Thing {{ id {picked} version }}',
                     None))
        # An event carries no secrets.
        rest.append((f"  on E{number} l{number} " + (term if picked else ""),
                     code if picked else None))
    events = ", ".join(f"E{number}" for number in range(len(TERMS)))
    rest.append((f'  routes "/{service}" {{ POST make "/" -> 204 public emits {events} }}', None))
    head = f"""service {service} {{
  enum State {{ open @1  done @2 }}
  message Part {{ a i32 @1 }}
  model Other {{ id id @1 }}
  model Thing {{
    id       id @1
    value    {type_}{mark} @2{secret}
    twin     {type_}{mark} @3{secret}
    due      time @4
    version  version @5"""
    return ([(line, None) for line in head.split("\n")] + model + [("  }", None)] + rest +
            [("}", None)])


def check(tessera, path, wanted):
    """What is wrong with how the lines of a file were taken."""
    path.write_text("schema operators\n" + "\n".join(line for line, _ in wanted) + "\n")
    done = subprocess.run([tessera, "check", "--error-format=short", path], capture_output=True,
                          text=True, check=False)
    found = {int(line): code for line, code in
             re.findall(r"\.tess:(\d+):\d+: error\[(T\d+)\]", done.stderr)}
    return [f"{line.strip()}: expected {code}, got {found.get(number)}"
            for number, (line, code) in enumerate(wanted, 2) if found.get(number) != code]


def compile_all(tessera, root, scratch, accepted):
    path, out = scratch / "all.tess", scratch / "gen"
    path.write_text("schema operators\n" + "\n".join(accepted) + "\n")
    done = subprocess.run([tessera, "gen", path, "--out", out], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        return [line for line in done.stderr.splitlines() if "error[" in line]
    sources = [str(p) for p in sorted(out.rglob("*.c"))
               if p.name.endswith(("_store.c", "_listeners.c", "_types.c"))]
    done = subprocess.run([os.environ.get("CC", "cc"), *FLAGS, f"-I{scratch}", f"-I{root}",
                           *sources], capture_output=True, text=True, check=False)
    return [done.stderr[:4000]] if done.returncode != 0 else []


def main():
    tessera, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    failures, accepted, count = [], [], 0
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for name in TYPES:
            for optional in (False, True)[:1 if name in ("list", "map") else 2]:
                wanted = lines(f"{name}_{'maybe' if optional else 'always'}", name, optional)
                failures += check(tessera, scratch / "one.tess", wanted)
                accepted += [line for line, code in wanted if code is None]
                count += len(wanted)
        failures += compile_all(tessera, root, scratch, accepted)
    print("\n".join(failures))
    print(f"{count} lines, {len(accepted)} accepted, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
