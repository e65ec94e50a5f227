#!/usr/bin/env python3
"""Runs examples on the CPU, or as GPU code in the emulator, with random inputs and compares every result with the
reference.

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
# With --shrink they run at these sizes; the numbers of routed tokens are a thirteenth of what is written.
SHRUNK = {
    "bf16_layer": {4096: 160, 768: 96, 64: 16, 1024: 48, 8192: 192},
    "colt5_base": {4096: 161, 768: 96, 64: 16, 1024: 48, 8192: 192},
    "colt5_base_dynamic": {768: 96, 64: 16, 1024: 48, 8192: 192},
    "colt5_large": {4096: 160, 1024: 96, 64: 16, 1408: 72, 11264: 200},
    "colt5_xl": {4096: 160, 2048: 96, 64: 16, 2560: 80, 20480: 320},
}
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


def shrink(text, sizes):
    """A smaller program of the same ops."""
    def smaller(found):
        *shape, element = found[1].split("x")
        return "tensor<" + "x".join([str(sizes.get(int(n), n)) if n != "?" else n for n in shape] + [element]) + ">"
    text = re.sub(r"tensor<((?:[0-9?]+x)+\w+)>", smaller, text)
    return re.sub(r"\b(queries|keys|tokens) = (\d+)", lambda found: f"{found[1]} = {int(found[2]) // 13}", text)


def describe_input(example, name, kind, seed, shapes):
    """The --input of one argument: numbers of a size that keeps every activation near 1."""
    shape = shapes.get(name)
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


def shapes_of(example, given):
    """The sizes of dynamic dimensions by the name of an argument."""
    shapes = dict(SHAPES.get(example, {}))
    if given.shrink and "x" in shapes:
        *leading, width = shapes["x"].split("x")
        shapes["x"] = "x".join([*leading, str(SHRUNK.get(example, {}).get(int(width), width))])
    if given.tokens:
        shapes = {name: re.sub(r"x\d+", f"x{given.tokens}", shape, count=1) for name, shape in shapes.items()}
    return shapes


def run_example(given, path, backend, options):
    """Returns the error text of one run, or None."""
    name = str(path.relative_to(given.repository / "examples").with_suffix(""))
    text = path.read_text()
    if given.shrink:
        text = shrink(text, SHRUNK.get(name, {}))
    entry, found = arguments(text)
    shapes = shapes_of(name, given)
    inputs = [f"--input={describe_input(name, arg, kind, n + 1, shapes)}" for n, (arg, kind) in enumerate(found)]
    command = [given.tool, "-" if given.shrink else str(path), f"--entry={entry}", *backend, "--compare=reference",
               *inputs, *options]
    done = subprocess.run(command, input=text if given.shrink else None, capture_output=True, text=True)
    results = re.findall(r"^result \d+ .*$", done.stdout, flags=re.MULTILINE)
    print(f"{name}: {backend[-1]} " + "; ".join(re.sub(r"\s+", " ", line) for line in results) +
          f" exit {done.returncode}", flush=True)
    if done.returncode == 0 and results and all(line.rstrip().endswith("ok") for line in results):
        return None
    return f"{' '.join(command)}\n{done.stderr.strip()[:2000]}\n{done.stdout.strip()[:1000]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tool")
    parser.add_argument("repository", type=pathlib.Path)
    parser.add_argument("--folder", default="", help="folder below examples/; the default are the files in examples/ itself")
    parser.add_argument("--only", help="names separated by commas, such as coda or lucidrains/vit")
    parser.add_argument("--chips", help="run in the emulator, compiled for these chips in turn, such as sm_80,sm_90a")
    parser.add_argument("--shrink", action="store_true", help="the examples of real size too, all at small sizes")
    parser.add_argument("--tokens", type=int, help="what a dynamic number of tokens is")
    parser.epilog = "Options after -- go to colt5-run."
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    given, options = parser.parse_args(sys.argv[1:at]), sys.argv[at + 1:]
    paths = sorted((given.repository / "examples" / given.folder).glob("*.mlir"))
    if given.only:
        paths = [given.repository / "examples" / f"{name}.mlir" for name in given.only.split(",")]
    else:
        paths = [path for path in paths if given.shrink or path.stem not in LARGE]
    backends = [["--backend=cpu"]]
    if given.chips:
        backends = [["--backend=emulator", f"--chip={chip}"] for chip in given.chips.split(",")]
    errors = []
    for n, path in enumerate(paths):
        error = run_example(given, path, backends[n % len(backends)], options)
        if error:
            errors.append(f"error: {path.stem}: {error}")
    for error in errors:
        print(error)
    print(f"{len(paths)} examples, {len(errors)} errors")
    sys.exit(1 if errors or not paths else 0)


if __name__ == "__main__":
    main()
