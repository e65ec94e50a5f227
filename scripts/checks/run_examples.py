#!/usr/bin/env python3
"""Runs examples on the CPU with random inputs and compares every result with the reference.

The last line reads `N examples, N errors`; the exit status is 0 only when something ran and nothing failed.
"""
import argparse
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
# Of real size: many seconds each in the reference. They run when named.
LARGE = ("bf16_layer", "colt5_base", "colt5_base_dynamic", "colt5_large", "colt5_xl")
# Masks that must be a prefix of ones.
FULL_MASKS = ("longt5_tglobal",)
# Sizes of dynamic dimensions, by the example and the name of an argument.
SHAPES = {
    "colt5_base_dynamic": {"x": "1x40x768", "mask": "1x40"},
    "dynamic_layer": {"x": "2x37x64", "mask": "2x37"},
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
    if element == "i1" and example in FULL_MASKS:
        return f"ones{suffix.replace(',', ':', 1)}"
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
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tool")
    parser.add_argument("repository", type=pathlib.Path)
    parser.add_argument("--folder", default="", help="folder below examples/; the default are the files in examples/ itself")
    parser.add_argument("--only", help="names separated by commas, such as coda or lucidrains/vit")
    parser.epilog = "Options after -- go to colt5-run."
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    given, options = parser.parse_args(sys.argv[1:at]), sys.argv[at + 1:]
    paths = sorted((given.repository / "examples" / given.folder).glob("*.mlir"))
    if given.only:
        paths = [given.repository / "examples" / f"{name}.mlir" for name in given.only.split(",")]
    else:
        paths = [path for path in paths if path.stem not in LARGE]
    errors = []
    for path in paths:
        error = run_example(given.tool, given.repository, path, options)
        if error:
            errors.append(f"error: {path.stem}: {error}")
    for error in errors:
        print(error)
    print(f"{len(paths)} examples, {len(errors)} errors")
    sys.exit(1 if errors or not paths else 0)


if __name__ == "__main__":
    main()
