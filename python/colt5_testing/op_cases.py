"""Numeric cases for the CPU lowerings of single colt5 ops: compiled once per type and attributes, compared with the
NumPy model. A case names an op, its arrays, its attributes and what the model calls them."""
import ctypes
import os
import sys

import numpy as np

from colt5_model import bf16, compare, registry

from . import run_kernel

ELEMENTS = {"float32": "f32", "float64": "f64", "float16": "f16", "uint16": "bf16", "int32": "i32", "int64": "index",
            "bool": "i1", "int8": "i8"}
# COLT5_TEST_VECTOR_BYTES tries another register width.
VECTOR_BYTES = os.environ.get("COLT5_TEST_VECTOR_BYTES", "32")
PASSES = [f"--colt5-set-machine=name=cpu-generic overrides=vector_bytes={VECTOR_BYTES}", "--colt5-lower-attention", "--convert-colt5-to-loops", "--colt5-vectorize-linalg", "--colt5-expand-math"]
# Relative size of the normalised error; a 16-bit result may differ by two steps from the rounded one.
NORM = {"float32": 2e-6, "float64": 1e-12}
STEPS = {"float16": 2.0 ** -9, "uint16": 2.0 ** -6}
# Clauses that hold several operands under one word, with the names that the model gives them.
GROUPS = {"side": ("side_k", "side_v", "side_valid")}
GARBAGE = {"f": np.nan, "u": 0x7FC1, "i": -77777, "b": True}


class Case:
    """One call. `ins` and `clauses` hold arrays (a Python float is an f32 scalar, an int an index), `outs` arrays that
    are overwritten, or shapes with a dtype that start as garbage. `attrs` are written into the op; `model` adds
    or replaces what the model gets; `expect` replaces the model."""

    def __init__(self, op, ins, outs, *, clauses=None, attrs=None, model=None, expect=None, region="", static=False,
                 layout=None, norm=None, error=False, name=""):
        self.op, self.ins, self.attrs, self.region = op, list(ins), dict(attrs or {}), region
        self.clauses = {key: value for key, value in (clauses or {}).items() if value is not None}
        self.outs = [out.copy() if isinstance(out, np.ndarray) else garbage(*out) for out in outs]
        self.model, self.expect, self.static, self.layout = dict(model or {}), expect, static, layout
        self.norm, self.error, self.name = norm, error, name

    def operands(self):
        for value in self.ins:
            yield value
        for value in self.clauses.values():
            yield from value if isinstance(value, (tuple, list)) else (value,)
        yield from self.outs

    def text(self, name):
        """The function that holds the op; equal text means one kernel for several cases."""
        types = [self.type_of(value) for value in self.operands()]
        names = [f"%a{n}" for n in range(len(types))]
        pairs = list(zip(names, types))

        def take(word, count):
            taken, pairs[:] = pairs[:count], pairs[count:]
            return f"{word}({', '.join(n for n, _ in taken)} : {', '.join(t for _, t in taken)})"

        words = [take("ins", len(self.ins))]
        for key, value in self.clauses.items():
            words.append(take(key, len(value) if isinstance(value, (tuple, list)) else 1))
        words.append(take("outs", len(self.outs)))
        arguments = ", ".join(f"{n}: {t}" for n, t in zip(names, types))
        return (f"func.func @{name}({arguments}, %error: memref<1xi32> {{colt5.error_word}}) {{\n"
                f"  colt5.{self.op} {' '.join(words)} {attributes(self.attrs)} {self.region}\n  return\n}}\n")

    def type_of(self, value):
        if isinstance(value, float):
            return "f32"
        if isinstance(value, (np.float64, np.float32)):
            return ELEMENTS[value.dtype.name]
        if isinstance(value, int):
            return "index"
        element = ELEMENTS[value.dtype.name]
        sizes = "".join(f"{size if self.static else '?'}x" for size in value.shape)
        if not self.layout or value.ndim == 0:
            return f"memref<{sizes}{element}>"
        strides = ["?"] * value.ndim
        if self.layout == "rows":
            strides[-1] = "1"
        return f"memref<{sizes}{element}, strided<[{', '.join(strides)}], offset: ?>>"

    def reference(self):
        if self.expect is not None:
            return self.expect
        named = dict(self.model)
        for key, value in self.clauses.items():
            if key in GROUPS:
                named.update(zip(GROUPS[key], map(wide, value)))
            elif isinstance(value, (tuple, list)):
                named[key] = [wide(item) for item in value]
            else:
                named[key] = wide(value)
        return registry.call(self.op, [wide(value) for value in self.ins], named, self.attrs)

    def run(self, library, name):
        error = np.zeros(1, np.int32)
        fields = [field for value in [*self.operands(), error] for field in argument(value)]
        function = getattr(library, name)
        function.restype = None
        function(*fields)
        return error[0]

    def differences(self, library, name):
        """Runs the kernel; reasons why it is not what the model says."""
        expected = self.reference()
        error = self.run(library, name)
        reasons = [] if bool(error) == self.error else [f"error word: expected {self.error}, got {error}"]
        for n, (actual, wanted) in enumerate(zip(self.outs, expected)):
            if wanted is None:
                continue
            dtype, wanted = actual.dtype.name, np.asarray(wanted)
            if dtype in STEPS:
                tolerance = {"rtol": STEPS[dtype], "atol": STEPS[dtype] * 1e-2}
            elif dtype in NORM:
                tolerance = {"norm": self.norm or NORM[dtype]}
            else:
                tolerance = {}
            if wanted.dtype.kind == "f" or dtype == "uint16":
                actual, wanted = wide(actual), np.asarray(wanted, np.float64)
            reasons += [f"result {n}: {reason}" for reason in compare.differences(actual, wanted, **tolerance)]
        return reasons


def garbage(shape, dtype):
    """An array of values that no op writes."""
    dtype = np.dtype(dtype)
    return np.full(shape, GARBAGE[dtype.kind], dtype)


def wide(value):
    """bf16 bits as float64; everything else as it is."""
    return bf16.from_bits(value) if isinstance(value, np.ndarray) and value.dtype == np.uint16 else value


def narrow(value, dtype):
    """float64 values in the storage type `dtype`; uint16 means bf16."""
    return bf16.to_bits(value) if np.dtype(dtype) == np.uint16 else np.asarray(value).astype(dtype)


def argument(value):
    if isinstance(value, (float, np.floating)):
        return [ctypes.c_double(value) if isinstance(value, np.float64) else ctypes.c_float(value)]
    if isinstance(value, int):
        return [ctypes.c_int64(value)]
    return run_kernel.descriptor(value)


def attributes(attrs):
    if not attrs:
        return ""
    def one(key, value):
        if value is True:
            return key
        if isinstance(value, float):
            mantissa, _, exponent = repr(value).partition("e")
            value = mantissa + ("" if "." in mantissa else ".0") + (f"e{exponent}" if exponent else "")
        return f"{key} = {value}"
    return "{" + ", ".join(one(key, value) for key, value in attrs.items()) + "}"


def check(cases, stem, passes=PASSES):
    """Compiles all kernels into one module, runs every case and exits with what differs."""
    kernels = {}
    for case in cases:
        kernels.setdefault(case.text("kernel"), f"kernel{len(kernels)}")
    text = "\n".join(body.replace("@kernel(", f"@{name}(", 1) for body, name in kernels.items())
    os.makedirs(os.path.dirname(stem) or ".", exist_ok=True)
    library = run_kernel.compile_kernels(text, passes, stem, level=1)
    wrong = set()
    for n, case in enumerate(cases):
        name = kernels[case.text("kernel")]
        for reason in case.differences(library, name):
            wrong.add(n)
            shapes = [list(value.shape) for value in case.operands() if isinstance(value, np.ndarray)]
            print(f"case {n} {case.op} {case.name} {name} {attributes(case.attrs)} {shapes}: {reason}")
    print(f"{len(cases) - len(wrong)} of {len(cases)} cases agree, {len(kernels)} kernels")
    if wrong:
        sys.exit(1)
