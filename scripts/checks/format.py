#!/usr/bin/env python3
"""Check that the C and C++ sources are formatted as clang-format 22 formats them.

format.py [--fix] ROOT       every source below ROOT, outside of build folders and of test/Style/Inputs
format.py [--fix] FILE...    these files, as far as they are sources
--fix rewrites the files that differ. Another version of clang-format is refused, because versions disagree. Exits 1 when
a file differs, when clang-format 22 is missing, or when ROOT has no source.
"""
import pathlib
import re
import shutil
import subprocess
import sys

VERSION = 22
SUFFIXES = {".c", ".cpp", ".h"}
# Some of these files are there to be rejected.
REJECTED = ("test", "Style", "Inputs")


def find_formatter():
    """The path of clang-format 22; a message and status 1 without it."""
    found = []
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if not path:
            continue
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        if re.search(rf"\bversion {VERSION}\.", version):
            return path
        found.append(f"'{version}'")
    sys.exit(f"format.py: expected clang-format {VERSION}, found {' and '.join(found) or 'none'}; install it "
             f"(Debian: clang-format-{VERSION}, as scripts/setup does)")


def is_checked(path, root):
    parts = path.relative_to(root).parts
    return path.suffix in SUFFIXES and not parts[0].startswith(("build", ".git")) and parts[:3] != REJECTED


def find_sources(arguments):
    if len(arguments) == 1 and pathlib.Path(arguments[0]).is_dir():
        root = pathlib.Path(arguments[0])
        return root, [path for path in sorted(root.rglob("*")) if is_checked(path, root) and path.is_file()]
    root = pathlib.Path.cwd()
    paths = [pathlib.Path(argument).resolve() for argument in arguments]
    return root, [path for path in paths if path.suffix in SUFFIXES
                  and not (path.is_relative_to(root) and not is_checked(path, root))]


def find_changed(paths, formatter):
    """The files that clang-format would change. One process for all, because its start takes longer than a file."""
    if not paths:
        return []
    done = subprocess.run([formatter, "--dry-run", *map(str, paths)], stderr=subprocess.PIPE, text=True)
    named = set(re.findall(r"^(.*?):\d+:\d+: (?:warning|error): ", done.stderr, re.MULTILINE))
    if done.returncode or (done.stderr and not named):
        sys.exit(f"format.py: {formatter} ended with status {done.returncode}: {done.stderr}")
    return [path for path in paths if str(path) in named]


def main():
    arguments = sys.argv[1:]
    fix = arguments[:1] == ["--fix"]
    arguments = arguments[fix:]
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    formatter = find_formatter()
    root, sources = find_sources(arguments)
    changed = find_changed(sources, formatter)
    if fix and changed:
        subprocess.run([formatter, "-i", *map(str, changed)], check=True)
    for path in changed:
        name = path.relative_to(root) if path.is_relative_to(root) else path
        print(f"{name}: " + ("formatted" if fix else "is not formatted; run scripts/checks/format.py --fix"))
    print(f"{len(sources)} sources, {len(changed)} {'changed' if fix else 'problems'}")
    is_root = len(arguments) == 1 and pathlib.Path(arguments[0]).is_dir()
    return 1 if (changed and not fix) or (is_root and not sources) else 0


if __name__ == "__main__":
    sys.exit(main())
