#!/usr/bin/env python3
"""Writes a schema of N models with M fields each, for measuring: big_schema.py MODELS FIELDS."""
import sys

KINDS = ["string(1..200) trim", "i64", "decimal(2) in 0.00..1000.00", "time", "bool",
         "string(0..80)?", "u32 in 0..1000", "f64"]
WORDS = ["amount", "balance", "city", "delivery", "email", "factor", "group", "height", "invoice",
         "label", "margin", "note", "offer", "period", "quota", "rank", "street", "total", "unit",
         "weight"]


def main():
    models, fields = int(sys.argv[1]), int(sys.argv[2])
    out = ["schema big", "", "service store {"]
    for m in range(models):
        out.append(f"  /// Record number {m}.")
        out.append(f"  model Thing{m} {{")
        out.append("    id  id  @1")
        for f in range(2, fields):
            name = f"{WORDS[f % len(WORDS)]}_of_{WORDS[(m + f // len(WORDS)) % len(WORDS)]}"
            out.append(f"    {name}_{f}  {KINDS[f % len(KINDS)]}  @{f}")
        out.append(f"    version  version  @{fields}")
        out.append("  }")
    out += ["}", ""]
    sys.stdout.write("\n".join(out))


if __name__ == "__main__":
    main()
