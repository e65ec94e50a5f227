#!/usr/bin/env python3
"""Check the public text of the project against the list of words to avoid, words.txt next to this file.

words.py ROOT       all public text below ROOT
words.py FILE...    these files, as far as they hold public text
words.py --unused ROOT    the rows of the list that find nothing below ROOT
Public text is what users read: Markdown pages without their code, operation and pass descriptions (.td), string literals
of sources, the headers of colt5-abi, the package colt5, the modules of CMake, scripts and examples. What is generated is
checked where it comes from. A line with `words: allow` is not checked. Exits 1 when a word (with --unused: a row) is found
or when nothing was checked.
"""
import pathlib
import re
import sys

LIST = pathlib.Path(__file__).resolve().with_name("words.txt")
SKIPPED = re.compile(r"^(build[^/]*|\.git|test|docs/generated|benchmarks/results|examples/data)/|^scripts/checks/words\.|__pycache__")
# Files that are public as a whole, and files with public string literals.
WHOLE = re.compile(r"\.td$|\.md$|\.cmake$|^include/colt5-abi/|^examples/.*\.(mlir|c|cpp|h|py)$|^scripts/|^python/colt5/")
LITERALS = re.compile(r"^(lib|include|tools)/.*\.(cpp|h|c|in)$")
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
FENCE = re.compile(r"^\s*```")
CODE = re.compile(r"`[^`]*`")


def read_list():
    rows = [line.split("\t") for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return [(re.compile(pattern, re.IGNORECASE), advice) for pattern, advice in rows]


def strip_markdown(lines):
    """The lines without blocks and spans of code."""
    inside = False
    for line in lines:
        fence = FENCE.match(line)
        inside ^= bool(fence)
        yield "" if inside or fence else CODE.sub("", line)


def select_public(name, text):
    """The public part of every line."""
    lines = text.splitlines()
    if name.endswith(".md"):
        return list(strip_markdown(lines))
    if WHOLE.search(name):
        return lines
    return [" ".join(LITERAL.findall(line)) if not line.startswith("#include") else "" for line in lines]


def is_public(name):
    return not SKIPPED.search(name) and bool(WHOLE.search(name) or LITERALS.match(name))


def find_words(name, text, words):
    raw = text.splitlines()
    for number, line in enumerate(select_public(name, text)):
        if "words: allow" in raw[number]:
            continue
        for pattern, advice in words:
            for match in pattern.finditer(line):
                yield pattern, f"{name}:{number + 1}: '{match.group(0)}'; write: {advice}"


def find_files(arguments):
    if len(arguments) == 1 and pathlib.Path(arguments[0]).is_dir():
        root = pathlib.Path(arguments[0])
        return root, [path for path in sorted(root.rglob("*")) if path.is_file()]
    root = pathlib.Path.cwd()
    return root, [path for path in (pathlib.Path(argument).resolve() for argument in arguments) if path.is_relative_to(root)]


def main():
    arguments = sys.argv[1:]
    unused = arguments[:1] == ["--unused"]
    arguments = arguments[unused:]
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    words = read_list()
    root, paths = find_files(arguments)
    names = [name for name in (str(path.relative_to(root)) for path in paths) if is_public(name)]
    found = [item for name in names for item in find_words(name, (root / name).read_text(), words)]
    if unused:
        hits = {pattern for pattern, _ in found}
        problems = [f"nothing for '{pattern.pattern}'" for pattern, _ in words if pattern not in hits]
    else:
        problems = [text for _, text in found]
    print("\n".join(problems + [f"{len(names)} files, {len(problems)} problems"]))
    is_root = len(arguments) == 1 and pathlib.Path(arguments[0]).is_dir()
    return 1 if problems or (is_root and not names) else 0


if __name__ == "__main__":
    sys.exit(main())
