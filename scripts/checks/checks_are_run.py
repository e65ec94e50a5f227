#!/usr/bin/env python3
"""Check that every check line of a test is read and that every test can fail.

checks_are_run.py TEST_DIR: in every .mlir and .test file below it, outside Inputs folders,
- each prefix of a check line (CHECK-LABEL:, BAD-DAG:) belongs to a FileCheck of some RUN line;
- each prefix that a RUN line asks for has at least one check line;
- a file with expected-error, expected-warning or expected-remark lines has a RUN line with --verify-diagnostics;
- some RUN line can fail for a wrong result: FileCheck, --verify-diagnostics, not, diff, cmp, a Python program, a unit
  test, colt5-run --compare, colt5-test-cpu, colt5-fuzz, or || and test.
Exits 1 otherwise, or when there is no test.
"""
import pathlib
import re
import sys

SUFFIXES = "(?:-LABEL|-NEXT|-SAME|-NOT|-DAG|-EMPTY|-COUNT-\\d+|-LITERAL)?(?:{[A-Z,]+})?"
CHECK_LINE = re.compile(rf"^\s*(?://|#|;|<!--)?\s*([A-Z][A-Z0-9_-]*?){SUFFIXES}:(?:\s|$)")
NO_PREFIXES = {"RUN", "REQUIRES", "UNSUPPORTED", "XFAIL", "DEFINE", "REDEFINE", "TODO", "NOTE"}
JUDGES = re.compile(r"FileCheck|--?verify-diagnostics|\bnot\b|\bdiff\b|\bcmp\b|%python|--compare|colt5-test-cpu|colt5-fuzz|\btest\b|\|\|"
                    r"|grep")


def read_runs(text):
    """The RUN lines, and what they are made of, with their continuations joined."""
    joined = re.sub(r"\\\n\s*(?://|#|;|<!--)?\s*(?:RUN|DEFINE):", " ", text)
    return [match.group(1) for match in re.finditer(r"\b(?:RUN|(?:RE)?DEFINE):(.*)", joined)]


def find_problems(path, text):
    runs = read_runs(text)
    wanted = set()
    for run in runs:
        for command in re.split(r"\|(?!\|)|&&|;", run):
            if "FileCheck" in command:
                names = re.findall(r"--?check-prefix(?:es)?[= ]([\w,-]+)", command)
                wanted |= {name for group in names for name in group.split(",")} or {"CHECK"}
    written = {match.group(1) for match in map(CHECK_LINE.match, text.splitlines()) if match} - NO_PREFIXES
    if not runs:
        yield f"{path}: no RUN line"
    for name in sorted(written - wanted):
        yield f"{path}: no FileCheck reads the lines of {name}"
    for name in sorted(wanted - written):
        yield f"{path}: FileCheck reads {name}, but no line has it"
    verifies = any(re.search(r"--?verify-diagnostics", run) for run in runs)
    if re.search(r"//\s*expected-(error|warning|remark)", text) and not verifies:
        yield f"{path}: expected diagnostics without --verify-diagnostics"
    if runs and not any(JUDGES.search(run) for run in runs):
        yield f"{path}: no RUN line looks at a result"


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    files = [path for path in sorted(root.rglob("*")) if path.suffix in (".mlir", ".test")
             and "Inputs" not in path.relative_to(root).parts]
    problems = [problem for path in files for problem in find_problems(path.relative_to(root), path.read_text())]
    print("\n".join(problems + [f"{len(files)} tests, {len(problems)} problems"]))
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
