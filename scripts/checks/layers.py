#!/usr/bin/env python3
"""Check that no component includes one above it.

layers.py ROOT: the order of components is that of the add_subdirectory lines below ROOT/lib, lowest first; a file in
lib/X or include/colt5/X may include headers of X and of what comes before X. Every component folder must be listed.
Headers directly in include/colt5/X belong to the component of the same name, or to the first component below X.
Exits 1 when a file breaks the order or when nothing was checked.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include "(colt5(?:-abi)?/[^"]+)"', re.MULTILINE)
SUBDIRECTORY = re.compile(r"^add_subdirectory\((\w+)\)", re.MULTILINE)


def read_order(folder, prefix=""):
    """Component paths below lib in the order of the add_subdirectory lines, for example Dialect/Colt5/IR."""
    names = SUBDIRECTORY.findall((folder / "CMakeLists.txt").read_text())
    order = []
    for name in names:
        order += read_order(folder / name, f"{prefix}{name}/") or [f"{prefix}{name}"]
    return order


def find_component(path, order):
    """The component of a path below lib or include/colt5: the longest listed folder around it."""
    folders = [str(parent) for parent in path.parents]
    listed = [folder for folder in folders if folder in order]
    if listed:
        return listed[0]
    # A header of a group (Conversion/Passes.h): of the component it is named after, else of the lowest one.
    group = [name for name in order if name.startswith(f"{path.parent}/")] if folders[0] != "." else []
    named = [name for name in order if name.rsplit("/", 1)[-1] == path.stem]
    return (named or group or [None])[0]


def check(root):
    order = read_order(root / "lib")
    rank = {name: number for number, name in enumerate(order)}
    problems, checked = [], 0
    for base in (root / "lib", root / "include" / "colt5"):
        for path in sorted(base.rglob("*")):
            if path.suffix not in (".h", ".cpp") or path.parent == root / "lib":
                continue
            owner = find_component(path.relative_to(base), order)
            if owner is None:
                problems.append(f"{path.relative_to(root)}: its folder is in no add_subdirectory")
                continue
            for header in INCLUDE.findall(path.read_text()):
                # The C interface is below everything.
                if header.startswith("colt5-abi/"):
                    continue
                target = find_component(pathlib.Path(header).relative_to("colt5"), order)
                checked += 1
                if target is None:
                    problems.append(f"{path.relative_to(root)}: {header} belongs to no component")
                elif rank[target] > rank[owner]:
                    problems.append(f"{path.relative_to(root)}: {owner} includes {header}, which is above it")
    return order, checked, problems


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    order, checked, problems = check(pathlib.Path(sys.argv[1]))
    print("\n".join(problems + [f"{len(order)} components, {checked} includes, {len(problems)} problems"]))
    return 1 if problems or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
