#!/usr/bin/python3
"""C++ sources of the classes that protoc makes of a folder of .proto files:
cpp_classes.py PROTO_DIR SCRATCH OUTPUT... Each output is called NAME.proto.cc; protoc's own go to
folders of SCRATCH, where meson does not look for what a command makes."""
import subprocess
import sys
from pathlib import Path


def main():
    protos, scratch, *outputs = map(Path, sys.argv[1:])
    scratch.mkdir(parents=True, exist_ok=True)
    files = {path.name: path.relative_to(protos) for path in protos.rglob("*.proto")}
    subprocess.run(["protoc", f"--cpp_out={scratch}", f"--proto_path={protos}",
                    *map(str, files.values())], check=True)
    for output in outputs:
        source = files[output.name.removesuffix(".cc")].with_suffix(".pb.cc")
        output.write_text(f'#include "{scratch.resolve() / source}"\n', encoding="utf-8")


if __name__ == "__main__":
    main()
