#!/usr/bin/env python3
"""Check that no Python program of the project changes where modules are found.

python_paths.py ROOT: the packages are in ROOT/python, which lit (test/lit.cfg.py) and scripts/python put on the path. A
change of sys.path, or PYTHONPATH in a Python file, would make another home. Exits 1 when there is one, or when nothing was
checked.
"""
import pathlib
import re
import sys

CHANGE = re.compile(r"\bsys\.path\s*(?:\[|\+?=[^=]|\.(?:append|clear|extend|insert|pop|remove)\b)|\baddsitedir\b"
                    r"|from sys import .*\bpath\b|PYTHON(?:PATH)")
# The place that sets the path; files that this check must reject.
SKIPPED = re.compile(r"^(?:build[^/]*|\.git|test/Style/Inputs/python_paths)/|^test/lit\.cfg\.py$|^scripts/checks/python_paths\.py$")


def is_python(path):
    if path.suffix == ".py":
        return True
    if path.suffix or not path.is_file():
        return False
    with open(path, "rb") as stream:
        return re.match(rb"#!.*\bpython", stream.readline()) is not None


def main():
    root = pathlib.Path(sys.argv[1])
    files = problems = 0
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if SKIPPED.search(name) or not is_python(path):
            continue
        files += 1
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if CHANGE.search(line):
                problems += 1
                print(f"{name}:{number}: expected modules from python/, found a change of Python's path: {line.strip()}")
    print(f"{files} Python files, {problems} problems")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
