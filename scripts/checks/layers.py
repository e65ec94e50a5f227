#!/usr/bin/env python3
"""Check what the components of the compiler include.

layers.py ROOT            check
layers.py ROOT --lines    print the lines of every component
layers.py ROOT --picture  print the page docs/generated/components.md

A component is a folder below ROOT/lib with colt5_component(Name ... DEPENDS Others...) in its CMakeLists.txt; it owns the
files there and in the folder of the same name below ROOT/include/colt5, except those of components further down. A header
directly in include/colt5 belongs to the component of the same name. Folders with a library of their own (add_library) are
no components: the runtime is C, the plugin is one file.

DEPENDS names exactly the components with headers that are included. No component reaches itself. What is in a folder called
CPU does not reach a folder called GPU, nor the reverse. Exits 1 when one of these does not hold or nothing was checked.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
COMPONENT = re.compile(r"colt5_component\((\w+)([^)]*)\)")
SUFFIXES = (".h", ".cpp")


class Component:
    """A folder of the compiler: its declared and its actual dependencies, by name."""

    def __init__(self, name, folder, declared):
        self.name, self.folder, self.declared = name, folder, declared
        self.included = {}
        self.lines = 0


def read_components(root):
    """The components by folder, for example Codegen/CPU."""
    components = {}
    for listing in sorted((root / "lib").rglob("CMakeLists.txt")):
        found = COMPONENT.search(listing.read_text())
        if found:
            folder = str(listing.parent.relative_to(root / "lib"))
            _, _, depends = found[2].partition("DEPENDS")
            components[folder] = Component(found[1], folder, depends.split())
    return components


def find_component(path, components):
    """The component of a path below lib or include/colt5: that of the nearest folder around it."""
    for folder in path.parents:
        if str(folder) in components:
            return components[str(folder)]
    return components.get(path.stem) if str(path.parent) == "." else None


def stands_apart(path, root):
    """True for a file at the top of lib, and where a folder around the file is a library of its own."""
    listings = [root / "lib" / folder / "CMakeLists.txt" for folder in path.parents if str(folder) != "."]
    return not listings or any(listing.exists() and "add_library(" in listing.read_text() for listing in listings)


def read_includes(root, components):
    """Fills `included` and `lines`; returns the number of includes and the problems."""
    problems, checked = [], 0
    for base in (root / "lib", root / "include" / "colt5"):
        for path in sorted(base.rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            where, relative = path.relative_to(root), path.relative_to(base)
            owner = find_component(relative, components)
            if owner is None:
                if not (base.name == "lib" and stands_apart(relative, root)):
                    problems.append(f"{where}: its folder belongs to no colt5_component")
                continue
            text = path.read_text()
            owner.lines += text.count("\n")
            for header in INCLUDE.findall(text):
                inside = header.startswith("colt5/")
                target = pathlib.Path(header[len("colt5/"):] if inside else path.parent / header)
                if not inside:
                    # A private header; what is not here is of a library or of the C interface, which is below everything.
                    if not target.exists():
                        continue
                    target = target.resolve().relative_to((root / "lib").resolve())
                component = find_component(target, components)
                checked += 1
                if component is None:
                    problems.append(f"{where}: {header} belongs to no component")
                elif component is not owner and not inside:
                    problems.append(f"{where}: {header} is private to {component.name}")
                elif component is not owner:
                    owner.included.setdefault(component.name, f"{where} includes {header}")
    return checked, problems


def find_path(start, goal, edges, seen):
    """Names from `start` to a component that `goal` accepts, along at least one edge; [] when there are none."""
    for name in sorted(edges[start]):
        if goal(name):
            return [start, name]
        if name not in seen:
            seen.add(name)
            rest = find_path(name, goal, edges, seen)
            if rest:
                return [start, *rest]
    return []


def check(root):
    components = read_components(root)
    checked, problems = read_includes(root, components)
    by_name = {component.name: component for component in components.values()}
    edges = {name: set(component.included) for name, component in by_name.items()}
    for name, component in by_name.items():
        listing = f"lib/{component.folder}/CMakeLists.txt"
        for other in sorted(edges[name] - set(component.declared)):
            problems.append(f"{component.included[other]} of {other}; expected it in DEPENDS of {name} in {listing}")
        for other in sorted(set(component.declared) - edges[name]):
            problems.append(f"{listing}: {name} depends on {other} and includes nothing of it; remove it")
        cycle = find_path(name, lambda other, start=name: other == start, edges, set())
        if cycle:
            problems.append("components include each other: " + " -> ".join(cycle))
        parts = component.folder.split("/")
        for mine, foreign in (("CPU", "GPU"), ("GPU", "CPU")):
            if mine in parts:
                path = find_path(name, lambda other: foreign in by_name[other].folder.split("/"), edges, set())
                if path:
                    problems.append(f"code of a {mine} includes code of a {foreign}: " + " -> ".join(path))
    return by_name, checked, problems


def reduce_edges(edges):
    """The edges that no longer way replaces."""
    kept = {}
    for name, others in edges.items():
        longer = lambda other: any(
            find_path(middle, lambda found: found == other, edges, set()) for middle in others if middle != other)
        kept[name] = sorted(other for other in others if not longer(other))
    return kept


def picture(by_name):
    edges = {name: set(component.included) for name, component in by_name.items()}
    lines = ["# Components", "", "A component can include what its arrows reach, and includes what the table says.", "", "```mermaid",
             "flowchart TD"]
    lines += [f'  {name}["{by_name[name].folder}"]' for name in sorted(by_name)]
    lines += [f"  {name} --> {other}" for name, others in sorted(reduce_edges(edges).items()) for other in others]
    lines += ["```", "", "| component | includes headers of |", "|---|---|"]
    folders = lambda names: ", ".join(f"`{folder}`" for folder in sorted(by_name[name].folder for name in names)) or "-"
    rows = sorted((component.folder, component.name) for component in by_name.values())
    lines += [f"| `{folder}` | {folders(edges[name])} |" for folder, name in rows]
    return "\n".join(lines) + "\n"


def main():
    arguments = sys.argv[1:]
    if len(arguments) not in (1, 2) or not pathlib.Path(arguments[0]).is_dir() or arguments[1:] not in (
            [], ["--lines"], ["--picture"]):
        sys.exit(__doc__)
    by_name, checked, problems = check(pathlib.Path(arguments[0]))
    if arguments[1:] == ["--picture"]:
        print(picture(by_name), end="")
        return 0
    if arguments[1:] == ["--lines"]:
        for folder, lines in sorted((component.folder, component.lines) for component in by_name.values()):
            print(f"{lines:6} {folder}")
        return 0
    print("\n".join(problems + [f"{len(by_name)} components, {checked} includes, {len(problems)} problems"]))
    return 1 if problems or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
