"""Runs wrong variants of a layer against the right one; every one of them must fail the comparison.

usage: mutants.py COLT5_RUN LAYER.mlir FOLDER f32|bf16
"""
import os
import re
import shutil
import subprocess
import sys

import numpy

RUN, LAYER, FOLDER, KIND = sys.argv[1:]
SCALE = {"u_q": 0.5, "u_kv": 0.5, "u_f": 0.5, "x": 1.0}


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path


TEXT = read(LAYER).replace("xf32>", f"x{KIND}>")
# Bias tables stay f32.
TEXT = TEXT.replace(f"2x32x{KIND}>", "2x32xf32>").replace(f"4x32x{KIND}>", "4x32xf32>")
NAMES = re.findall(r"%(\w+): tensor<([0-9x]+)x", TEXT)


def inputs(changes):
    """The --input options; `changes` maps a name to a function of its array."""
    options = []
    for seed, (name, shape) in enumerate(NAMES):
        value = numpy.random.default_rng(seed).standard_normal([int(size) for size in shape.split("x")])
        value = (value * SCALE.get(name, 0.25)).astype(numpy.float32)
        path = os.path.join(FOLDER, name + ("_changed" if name in changes else "") + ".npy")
        numpy.save(path, changes[name](value) if name in changes else value)
        options.append("--input=" + path)
    return options


def run(program, changes, *options):
    return subprocess.run([RUN, program, "--parts", *inputs(changes), *options], capture_output=True, text=True,
                          check=False)


def expect(name, passes, program, changes, *options, directory="right"):
    result = run(program, changes, "--compare=" + os.path.join(FOLDER, directory),
                 "--rtol=" + ("1e-5" if KIND == "f32" else "1e-2"), *options)
    verdict = "passes" if result.returncode == 0 else "fails"
    if result.returncode not in (0, 1) or (result.returncode == 1 and "comparison with" not in result.stderr):
        verdict = "breaks: " + result.stderr
    right = verdict == ("passes" if passes else "fails")
    print(f"{'ok' if right else 'WRONG'}: {name} {verdict}")


def change(name, old, new):
    assert old in TEXT, old
    return write(name, TEXT.replace(old, new))


def damaged(name, edit):
    """A copy of the right results with one result edited."""
    directory = os.path.join(FOLDER, name)
    shutil.copytree(os.path.join(FOLDER, "right"), directory)
    path = os.path.join(directory, "0.npy")
    value = numpy.load(path)
    numpy.save(path, edit(value))
    return name


def with_nan(value):
    value[0, 5, 3] = numpy.nan
    return value


def swap_token(routing):
    """Puts a token that was not chosen in the place of the first one of the first selection."""
    path = os.path.join(routing, "topk0.npy")
    indices = numpy.load(path)
    indices[0, 0, 0] = min(set(range(32)) - set(indices.ravel().tolist()))
    indices.sort(axis=-1)
    numpy.save(path, indices)


right = write("right.mlir", TEXT)
routing = os.path.join(FOLDER, "routing")
made = run(right, {}, "--output-dir=" + os.path.join(FOLDER, "right"), "--record-routing=" + routing)
assert made.returncode == 0, made.stderr
expect("the same layer", True, right, {})
expect("the same layer, rounded at every op", True, right, {}, "--precision=declared", "--replay-routing=" + routing,
       "--routing-margin=0.1")
expect("no heavy attention", False, right, {"ho": numpy.zeros_like})
expect("weights 1", False, change("ones.mlir", "soft_topk", "ones"), {})
expect("kv unscaled", False, change("kv.mlir", "kv_scale = input", "kv_scale = none"), {})
expect("bias off by one bucket", False, right, {"tl": lambda table: numpy.roll(table, 1, axis=1)})
expect("heavy bias off by one bucket", False, right, {"th": lambda table: numpy.roll(table, 1, axis=1)})
expect("window off by one", False, change("window.mlir", "window<3, 3>", "window<3, 4>"), {})
swapped = os.path.join(FOLDER, "swapped")
shutil.copytree(routing, swapped)
swap_token(swapped)
expect("one routed token swapped", False, right, {}, "--replay-routing=" + swapped, "--routing-margin=1e9")
expect("rows permuted", False, right, {}, directory=damaged("permuted", lambda value: numpy.roll(value, 1, axis=1)))
expect("NaN", False, right, {}, directory=damaged("nan", with_nan))

os.remove(os.path.join(FOLDER, damaged("lost", lambda value: value), "attn.heavy.npy"))
expect("a part lost", False, right, {}, directory="lost")
