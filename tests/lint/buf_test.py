#!/usr/bin/python3
"""buf lint over emitted .proto files: buf_test.py FOLDER... Skipped where buf is not installed
(npm ci in this folder, which ./test does where there is npm)."""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SKIPPED = 77


def lint(buf, folder):
    """What buf says, and its exit status."""
    done = subprocess.run([buf, "lint", "--config", str(HERE / "buf.yaml"), "."], cwd=folder,
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    buf = next(HERE.glob("node_modules/@bufbuild/*/bin/buf"), None)
    if buf is None:
        print("skipped: buf is not installed")
        return SKIPPED
    failed = False
    for folder in sys.argv[1:]:
        status, said = lint(buf, folder)
        count = len(list(Path(folder).rglob("*.proto")))
        print(f"{folder}: {count} files\n{said}", end="")
        failed = failed or status != 0 or count == 0
    # It would say so if something was wrong.
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(sys.argv[1], scratch, dirs_exist_ok=True)
        one = next(Path(scratch).rglob("*.proto"))
        one.write_text(one.read_text() + "\nmessage lower_case { string Upper = 1; }\n")
        status, said = lint(buf, scratch)
        if status == 0 or "lower_case" not in said:
            print(f"buf does not see a wrong name: {said}")
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
