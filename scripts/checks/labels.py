#!/usr/bin/env python3
"""Compare the constraint labels of the .td files, the verifiers and the tests of rejected input.

labels.py TD_DIR SOURCE_DIR TEST_DIR: every label documented in a .td (`topk_c2` in backquotes) is in a string
literal of a source file and in an `expected-error` of an invalid-*.mlir test, and the reverse. Exits 1 otherwise.
"""
import pathlib
import re
import sys

LABEL = r"[a-z][a-z0-9_]*_c\d+"


def collect(folder, glob, pattern):
    """All labels that `pattern` finds in the files of a folder, with the first file of each."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob(glob)):
        for match in re.finditer(pattern, path.read_text()):
            found.setdefault(match.group(1), path.name)
    return found


def expand_ranges(folder):
    """Labels documented as a range: `op_c1` to `op_c13`."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*.td")):
        for op, lo, hi in re.findall(r"`(\w+)_c(\d+)` to `\1_c(\d+)`", path.read_text()):
            for number in range(int(lo), int(hi) + 1):
                found[f"{op}_c{number}"] = path.name
    return found


def in_source(label, sources, documented):
    """Whether some verifier can emit the label."""
    if label in sources:
        return True
    # One function verifies _c0 of every structured op; attention and online_attention share theirs.
    if label.endswith("_c0"):
        return "_c0" in sources
    return label.startswith("online_") and label.removeprefix("online_") in sources


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    td, source, test = sys.argv[1:]
    documented = collect(td, "*.td", rf"- `({LABEL})`")
    ranges = expand_ranges(td)
    # online_attention has other outs (c14) and no side keys (c9, c10).
    without = {f"online_attention_c{number}" for number in (3, 9, 10)}
    documented.update({label: path for label, path in ranges.items() if label not in without})
    sources = collect(source, "*.cpp", rf'"({LABEL}|_c0)')
    tested = collect(test, "invalid-*.mlir", rf"expected-error[^\n]*?\b({LABEL}): ")
    problems = [f"{path}: {label} has no verifier" for label, path in documented.items()
                if not in_source(label, sources, documented)]
    problems += [f"{path}: {label} has no test in invalid-*.mlir" for label, path in documented.items()
                 if label not in tested]
    problems += [f"{path}: {label} is in no .td" for label, path in {**sources, **tested}.items()
                 if label not in documented and label != "_c0"]
    print("\n".join(problems + [f"{len(documented)} labels, {len(problems)} problems"]))
    return 1 if problems or not documented else 0


if __name__ == "__main__":
    sys.exit(main())
