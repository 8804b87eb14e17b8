#!/usr/bin/python3
"""A handler that no longer fits its schema does not compile, and the compiler names the schema's
line: signature_test.py TESSERA CC. Of a route, a listener and a timer, each changed on its own."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

SCHEMA = """schema tiny
service shop {
  model Item { id id @1  title string(1..9) @2  ends_at time @3  sold bool @4  version version @5 }
  model Note { id id @1  text string(1..9) @2  ends_at time @3  sold bool @4  version version @5 }
  message ItemInput = Item { title }
  message NoteInput = Note { text }
  event ItemMade "item:made" of Item { id version }
  event NoteMade "note:made" of Note { id version }
  routes "/items" {
    POST make "/" (ItemInput) -> 201 Item public emits ItemMade, NoteMade
  }
  on shop.ItemMade seen
  timer end at Item.ends_at while sold == false
}
"""

HANDLERS = """
#include "gen/shop/shop_listeners.h"
#include "gen/shop/shop_routes.h"

enum shop_make_result shop_make(struct rt_ctx *ctx, const struct shop_item_input *input,
                                struct shop_item *item)
{
    (void)ctx, (void)input, (void)item;
    return SHOP_MAKE_OK;
}

enum rt_listened shop_seen(struct rt_ctx *ctx, const struct shop_item_made *event)
{
    (void)ctx, (void)event;
    return RT_LISTENED;
}

void shop_end(struct rt_ctx *ctx, struct shop_item *item)
{
    (void)ctx, (void)item;
}
"""

CHANGES = [
    ("(ItemInput) -> 201 Item", "(NoteInput) -> 201 Item", "shop_make", 10),
    ("on shop.ItemMade seen", "on shop.NoteMade seen", "shop_seen", 12),
    ("timer end at Item.ends_at", "timer end at Note.ends_at", "shop_end", 13),
]


def compile_with(tessera, cc, schema, scratch):
    path = pathlib.Path(scratch, "tiny.tess")
    path.write_text(schema, encoding="utf-8")
    handlers = pathlib.Path(scratch, "handlers.c")
    handlers.write_text(HANDLERS, encoding="utf-8")
    subprocess.run([tessera, "gen", path, "--out", f"{scratch}/gen"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return subprocess.run([*cc, "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra",
                           "-Wpedantic", "-Werror", f"-I{scratch}", f"-I{ROOT}", handlers],
                          stderr=subprocess.PIPE, encoding="utf-8", check=False)


def main():
    tessera, *cc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        done = compile_with(tessera, cc, SCHEMA, scratch)
        assert done.returncode == 0, done.stderr
        for old, new, name, line in CHANGES:
            assert old in SCHEMA
            done = compile_with(tessera, cc, SCHEMA.replace(old, new), scratch)
            assert done.returncode != 0, f"{name} of the old schema compiles with the new one"
            assert f"tiny.tess:{line}:" in done.stderr and name in done.stderr, done.stderr
            print(f"{name}: the error names tiny.tess:{line}")


main()
