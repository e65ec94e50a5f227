#!/usr/bin/env python3
"""Parse every `Example:` of the op documentation with colt5-opt: examples.py FOLDER... (colt5-opt is on the PATH)

Each fenced mlir snippet of the .td files is wrapped into a function that takes the free values of the snippet with
the types the snippet shows. Exits 1 when a snippet does not parse and verify, or when an op has no example.
"""
import pathlib
import re
import subprocess
import sys

EXAMPLE = re.compile(r"Example:\s*```mlir\n(.*?)```", re.S)
OP = re.compile(r'^def Colt5_\w+ : Colt5_(?:Structured|Composite)?Op<"(\w+)"', re.M)
# Ops with an example that only makes sense inside another op: (text before, text after).
SURROUNDINGS = {
    "yield": (
        "%y = colt5.conditional %x routed(%idx) : tensor<2x?x768xf32>, tensor<2x?xi32> -> tensor<2x?x768xf32> {\n"
        "^bb0(%tokens: tensor<2x?x768xf32>):\n",
        "\n}",
    ),
    "parallel_scatter": (
        "%y = tensor.empty() : tensor<1x64x256xf32>\n%idx = tensor.empty() : tensor<1x64xi32>\n"
        "%init = tensor.empty() : tensor<2x4096x768xf32>\n"
        "%r = scf.forall (%b, %d) in (2, 3) shared_outs(%out = %init) -> (tensor<2x4096x768xf32>) {\n",
        "\n} {mapping = [#colt5.tile<0>, #colt5.tile<1>]}",
    ),
}


def split_types(text):
    """Splits a comma-separated list of types at the top level."""
    types, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += char in "<([{"
        # The '>' of '->' closes nothing.
        depth -= char in ">)]}" and text[i - 1 : i + 1] != "->"
        if char == "," and depth == 0:
            types.append(text[start:i].strip())
            start = i + 1
    types.append(text[start:].strip())
    return types


def free_values(snippet):
    """Maps each value that the snippet uses but does not define to its type."""
    defined = set()
    for match in re.finditer(r"^\s*((?:%\w+(?::\d+)?,?\s*)+)=\s*\w+\.", snippet, re.M):
        defined.update(re.findall(r"%\w+", match.group(1)))
    for match in re.finditer(r"\^\w+\((.*?)\):", snippet, re.S):
        defined.update(re.findall(r"(%\w+)\s*:", match.group(1)))
    for match in re.finditer(r"\bfunc @\w+\((.*?)\)", snippet, re.S):
        defined.update(re.findall(r"(%\w+)\s*:", match.group(1)))
    found = {}

    def note(values, types):
        for value, value_type in zip(values, types):
            if value not in defined:
                found.setdefault(value, value_type)

    # clause(%a, %b : t0, t1); types hold no parenthesis but in memref layouts.
    for match in re.finditer(r"\b\w+\(((?:%\w+,?\s*)+):\s*((?:[^()]|\([^()]*\))*)\)", snippet):
        note(re.findall(r"%\w+", match.group(1)), split_types(match.group(2)))
    # Composites: all operands, then ` : types -> type`.
    for match in re.finditer(r"=\s*colt5\.\w+\s+(%[^:]*?)(\{[^{}]*\})?\s*:\s*(.*?)\s*->", snippet, re.S):
        note(re.findall(r"%\w+", match.group(1)), split_types(match.group(3)))
    return found


def wrap(snippet, name, before="", after=""):
    """A module with one function around the snippet."""
    body = before + snippet + after
    arguments = ", ".join(f"{value}: {type_}" for value, type_ in free_values(body).items())
    return f"func.func @{name}({arguments}) {{\n{body}\nreturn\n}}\n"


def main():
    failures = count = 0
    for path in sorted(path for folder in sys.argv[1:] for path in pathlib.Path(folder).rglob("*.td")):
        text = path.read_text()
        starts = list(OP.finditer(text))
        for match, following in zip(starts, [*starts[1:], None]):
            name = match.group(1)
            section = text[match.end() : following.start() if following else len(text)]
            snippets = EXAMPLE.findall(section)
            if not snippets:
                print(f"{path.name}: op {name} has no Example with a fenced mlir snippet")
                failures += 1
            for snippet in snippets:
                module = wrap(snippet, name, *SURROUNDINGS.get(name, ("", "")))
                run = subprocess.run(["colt5-opt", "-"], input=module, text=True, capture_output=True)
                count += 1
                if run.returncode != 0:
                    print(f"{path.name}: the example of {name} is not valid:\n{run.stderr}{module}")
                    failures += 1
    print(f"{count} examples, {failures} failures")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
