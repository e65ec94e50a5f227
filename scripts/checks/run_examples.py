#!/usr/bin/env python3
"""Runs examples on the CPU with random inputs and compares every result with the reference.

usage: run_examples.py COLT5_RUN REPOSITORY [--only NAME[,NAME...] | --skip NAME[,NAME...]] [-- options for colt5-run]

NAME is a path below examples/ without `.mlir`, such as coda or lucidrains/vit. The last line reads
`N examples, N errors`; the exit status is 0 only when something ran and nothing failed.
"""
import pathlib
import re
import subprocess
import sys

# What random numbers would make invalid or meaningless, by the name of an argument.
BY_NAME = {
    "num_q": "value=6",
    "num_kv": "value=9",
    "queries": "value=6",
    "keys": "value=9",
    "q": "value=6",
    "kv": "value=9",
    "m": "value=7",
    "tokens": "value=7",
}
# Sizes of dynamic dimensions, by the example and the name of an argument.
SHAPES = {
    "colt5_base_dynamic": {"x": "1x40x768", "mask": "1x40"},
    "dynamic_layer": {"x": "2x37x768", "mask": "2x37"},
}


def arguments(text):
    """(entry, [(name, type)]) of the first function of a file."""
    head = re.search(r"func\.func @(\w+)\((.*?)\)\s*(?:->|\{)", text, flags=re.DOTALL)
    found = re.findall(r"%(\w+)\s*:\s*((?:tensor<[^>]*>)|\w+)", head.group(2))
    return head.group(1), found


def describe_input(example, name, kind, seed):
    """The --input of one argument: numbers of a size that keeps every activation near 1."""
    shape = SHAPES.get(example, {}).get(name)
    suffix = f",shape={shape}" if shape else ""
    if not kind.startswith("tensor<"):
        return BY_NAME.get(name, "value=3")
    *sizes, element = kind[len("tensor<"):-1].split("x")
    if element == "i1":
        return f"random:seed={seed}{suffix}"
    if element.startswith("i"):
        return f"random:seed={seed},low=0,high=8{suffix}"
    # A weight's first sizes are what a sum runs over; 1/sqrt(fan in) keeps its result near 1.
    static = [int(size) for size in sizes if size != "?"]
    weight = name not in ("x", "image", "context", "scores", "s") and len(static) > 1
    scale = f",scale={(max(static[:-1]) if len(static) > 1 else 1) ** -0.5:.4f}" if weight else ""
    return f"random:seed={seed}{scale}{suffix}"


def run_example(tool, root, path, options):
    """Returns the error text of one run, or None."""
    name = str(path.relative_to(root / "examples").with_suffix(""))
    entry, found = arguments(path.read_text())
    inputs = [f"--input={describe_input(name, arg, kind, n + 1)}" for n, (arg, kind) in enumerate(found)]
    command = [tool, str(path), f"--entry={entry}", "--backend=cpu", "--compare=reference", *inputs, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    results = re.findall(r"^result \d+ .*$", done.stdout, flags=re.MULTILINE)
    print(f"{name}: " + "; ".join(re.sub(r"\s+", " ", line) for line in results) + f" exit {done.returncode}", flush=True)
    if done.returncode == 0 and results and all(line.rstrip().endswith("ok") for line in results):
        return None
    return f"{' '.join(command)}\n{done.stderr.strip()[:2000]}\n{done.stdout.strip()[:1000]}"


def main():
    own, _, options = " ".join(sys.argv[1:]).partition(" -- ")
    own, options = own.split(), options.split()
    only = skip = None
    for flag in ("--only", "--skip"):
        if flag in own:
            at = own.index(flag)
            names = own[at + 1].split(",")
            del own[at:at + 2]
            only, skip = (names, skip) if flag == "--only" else (only, names)
    if len(own) != 2:
        sys.exit(__doc__)
    tool, root = own[0], pathlib.Path(own[1])
    count, errors = 0, []
    for path in sorted((root / "examples").rglob("*.mlir")):
        name = str(path.relative_to(root / "examples").with_suffix(""))
        if (only and name not in only) or (skip and name in skip):
            continue
        count += 1
        error = run_example(tool, root, path, options)
        if error:
            errors.append(f"error: {name}: {error}")
    for error in errors:
        print(error)
    print(f"{count} examples, {len(errors)} errors")
    sys.exit(1 if errors or count == 0 else 0)


if __name__ == "__main__":
    main()
