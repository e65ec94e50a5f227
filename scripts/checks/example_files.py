#!/usr/bin/env python3
"""Checks every example: it parses, verifies, survives a round trip and decomposes; docs/lucidrains.md names each
example of its folder once, and no other.

usage: example_files.py COLT5_OPT REPOSITORY
"""
import pathlib
import re
import subprocess
import sys


def run(tool, path, *flags):
    """Returns the error text of one run, or None."""
    done = subprocess.run([tool, str(path), *flags, "-o", "/dev/null"], capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr.strip() or f"exit code {done.returncode}"


def check_examples(tool, folder):
    errors = []
    files = sorted(folder.rglob("*.mlir"))
    for path in files:
        for flags in (["--verify-roundtrip"], ["--colt5-to-decompose"]):
            error = run(tool, path, *flags)
            if error:
                errors.append(f"{path} {' '.join(flags)}:\n{error}")
    return len(files), errors


def check_table(document, folder):
    named = re.findall(r"\| `([a-z0-9_]+\.mlir)` \|$", document.read_text(), flags=re.MULTILINE)
    present = sorted(path.name for path in folder.glob("*.mlir"))
    errors = [f"{document} names {name}, which is not in {folder}" for name in named if name not in present]
    errors += [f"{document} lacks a row for {name}" for name in present if name not in named]
    errors += [f"{document} names {name} twice" for name in set(named) if named.count(name) > 1]
    return errors


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tool, root = sys.argv[1], pathlib.Path(sys.argv[2])
    count, errors = check_examples(tool, root / "examples")
    errors += check_table(root / "docs" / "lucidrains.md", root / "examples" / "lucidrains")
    for error in errors:
        print(error)
    print(f"{count} examples, {len(errors)} errors")
    sys.exit(1 if errors or count == 0 else 0)


if __name__ == "__main__":
    main()
