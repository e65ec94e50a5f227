"""Starts every program below a folder whose first line asks for python3, or that runs scripts/python, with --help.

python_programs.py ROOT: the path has a python3 without NumPy first. A program must be executable and either run or end
with a message about what is missing. Exits 1 otherwise, or when there is none.
"""
import os
import pathlib
import re
import subprocess
import sys

STARTS = re.compile(rb'#!/usr/bin/env python3\n|#!/bin/sh\n(#.*\n)*exec "\$\(dirname "\$0"\)/[./]*scripts/python"')


def find_programs(root):
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in ("build", ".git"))
        for name in sorted(files):
            path = pathlib.Path(folder) / name
            with open(path, "rb") as stream:
                if STARTS.match(stream.read(500)):
                    yield path


def start(path):
    """(what happened, whether it is a problem)."""
    if not os.access(path, os.X_OK):
        return "is not executable", True
    done = subprocess.run([str(path), "--help"], stdin=subprocess.DEVNULL, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)
    if done.returncode < 0:
        return f"ends with signal {-done.returncode}", True
    if "Traceback" in done.stdout:
        return done.stdout, True
    if "found none" in done.stdout:
        return "says what is missing", False
    return "runs", False


def main():
    root = pathlib.Path(sys.argv[1])
    programs = list(find_programs(root))
    problems = 0
    for path in programs:
        text, bad = start(path)
        problems += bad
        print(f"{'problem: ' if bad else ''}{path.relative_to(root)}: {text}")
    print(f"{len(programs)} programs, {problems} problems")
    return 1 if problems or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
