"""Compiles functions, calls them through the C interface and compares with the NumPy model.

With COLT5_TEST_CHIP=sm_80 in the environment the functions are compiled for that GPU and run in the emulator, with
COLT5_TEST_ARTEFACT=1 as artefacts and called through PREFIX_run. With COLT5_TEST_SIZES=names nothing runs: the names
that colt5-infer-sizes finds are compared with the letters below. With COLT5_TEST_SIZES=refusals functions get inputs of
drawn sizes, and must refuse what the reference refuses; so must the verifier and colt5-infer-sizes for static sizes. With COLT5_TEST_CC=gcc functions are also compiled as C by that
compiler, which must compute the same bits. With COLT5_TEST_FAMILY=simt every op has a plan that names this family.

A `Program` is one function around one op. Types are written as letters and an element: "BRN S" is a rank-3 tensor whose
sizes have the names B, R and N. T is the data type, S the type of scores (f32, f64 for f64 data), any other element is
itself; a type without letters is a scalar.
"""
import ctypes
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

from colt5_model import bf16, compare, registry

NUMPY = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": np.uint16, "i1": np.uint8,
         "i32": np.int32, "index": np.int64}
# Bounds on the normalised error of a result by its element type, where data is of this type.
NORM = {"f64": 1e-12, "f32": 1e-5, "f16": 1e-2, "bf16": 1e-2}
GUARD = 64  # bytes behind every output that nobody may write


class CpuTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("sizes", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64))]


BODY = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
PARALLEL_FOR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, BODY, ctypes.c_void_p)


class CpuParallel(ctypes.Structure):
    _fields_ = [("state", ctypes.c_void_p), ("num_threads", ctypes.c_int64), ("parallel_for", PARALLEL_FOR)]


@PARALLEL_FOR
def _backwards(state, count, body, arg):
    """A legal pool that no program may depend on: last task first, thread numbers out of order."""
    for index in reversed(range(count)):
        body(arg, index, (index * 5 + 1) % 3)


POOL = CpuParallel(None, 3, _backwards)


def element_of(kind, data):
    """The MLIR element type of a written type."""
    name = kind.split()[-1]
    return {"T": data, "S": "f64" if data == "f64" else "f32"}.get(name, name)


def type_of(kind, data, sizes):
    """The MLIR type; sizes that `sizes` does not name are dynamic, digits are themselves."""
    letters = kind.split()[0] if " " in kind else ""
    element = element_of(kind, data)
    if not letters:
        return element
    return "tensor<" + "".join(f"{c if c.isdigit() else sizes.get(c, '?')}x" for c in letters) + f"{element}>"


def format_attributes(attributes):
    """The dictionary of an op: True is a flag, strings are keywords or attributes."""
    def text(value):
        return f"{float(value)!r}" if isinstance(value, float) else str(value)
    items = [key if value is True else f"{key} = {text(value)}" for key, value in attributes.items()]
    return "{" + ", ".join(items) + "}" if items else ""


def encode(array, element):
    """Values as the interface wants them."""
    if element == "bf16":
        return bf16.to_bits(array)
    with np.errstate(over="ignore"):
        return np.array(array, dtype=NUMPY[element], order="C")


def decode(array, element):
    """What is stored, as the model understands it."""
    if element == "bf16":
        return bf16.from_bits(array)
    if element == "i1":
        return array.astype(bool)
    return array.astype(np.float64) if element.startswith("f") else array


class Program:
    """One function: `inputs` and `results` map names to written types, `body` is a text in which {name} is the type of
    an input or result and {attributes} the dictionary. It must define %r (one result) or %r:N. In `region`, !<BKD T> is
    a type."""

    def __init__(self, op, inputs, results, body, region=""):
        self.op, self.inputs, self.results, self.body, self.region = op, inputs, results, body, region

    def module(self, data, sizes, attributes):
        types = {name: type_of(kind, data, sizes) for name, kind in {**self.inputs, **self.results}.items()}
        arguments = ", ".join(f"%{name}: {types[name]}" for name in self.inputs)
        outs = [types[name] for name in self.results]
        values = ["%results"] if len(outs) == 1 else [f"%results#{n}" for n in range(len(outs))]
        left = "%results" if len(outs) == 1 else f"%results:{len(outs)}"
        plan = {"colt5.plan": f"#colt5.plan<kernel = 0, role = root, schedule = #colt5.{FAMILY}>"} if FAMILY else {}
        body = self.body.format(attributes=format_attributes({**attributes, **plan}), T=data,
                                S="f64" if data == "f64" else "f32", **types)
        region = self.region.replace("!S", "f64" if data == "f64" else "f32")
        region = re.sub("!<(.*?)>", lambda match: type_of(match.group(1), data, sizes), region)
        return (f"func.func @f({arguments}) -> ({', '.join(outs)}) {{\n  {left} = {body}{region}\n"
                f"  return {', '.join(values)} : {', '.join(outs)}\n}}\n")


def structured(op, ins, clauses, outs, kinds, region=""):
    """A destination-style op; its `outs` are arguments too, which the calls fill with garbage unless they are given.

    `clauses` lists (clause, [operands]) in the order of the op's syntax; `outs` names operands of `kinds`.
    """
    def group(names):
        return ", ".join(f"%{n}" for n in names) + " : " + ", ".join("{" + n + "}" for n in names)
    names = list(ins) + [n for _, group_names in clauses for n in group_names] + list(outs)
    text = f"colt5.{op} ins({group(ins)})"
    text += "".join(f" {clause}({group(operands)})" for clause, operands in clauses)
    types = ", ".join("{" + n + "}" for n in outs)
    text += f" outs({group(outs)}) {{attributes}} -> ({types})"
    return Program(op, {n: kinds[n] for n in names}, {f"{n}_result": kinds[n] for n in outs},
                   text, region)


class Compiled:
    """A loaded program of one data type; `sizes` fixes named sizes at compile time."""

    def __init__(self, program, folder, data, sizes, attributes):
        self.program, self.data = program, data
        self.source = pathlib.Path(folder) / f"{program.op}{len(os.listdir(folder))}.mlir"
        self.source.write_text(program.module(data, sizes, attributes))
        library = self.source.with_suffix(".so")
        done = subprocess.run(["colt5-compile", str(self.source), "--emit=cpu-shared", "-o", str(library), "--quiet"],
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"colt5-compile: exit {done.returncode}: {done.stderr.strip()[:600]}\n"
                               f"{self.source.read_text()}")
        self.api = ctypes.CDLL(str(library))
        self.api.f_workspace_size.restype = ctypes.c_int64
        self.inputs = [(name, element_of(kind, data)) for name, kind in program.inputs.items()]
        self.results = [(kind, element_of(kind, data)) for kind in program.results.values()]

    def takes_call(self):
        """Whether the next call is made; for kinds that make some of them."""
        return True

    def _sizes(self, records, sizes):
        self.api.f_result_sizes(records, sizes)

    def _run(self, records, pool):
        """The return code of one run with a workspace of its own."""
        threads = 1 if pool is None else pool.num_threads
        size = self.api.f_workspace_size(records, ctypes.c_int64(threads))
        memory = np.full(size + 2 * GUARD, 0xFF, dtype=np.uint8)
        start = -memory.ctypes.data % 64
        code = self.api.f_run(records, ctypes.c_void_p(memory.ctypes.data + start),
                                  None if pool is None else ctypes.byref(pool))
        if np.any(memory[start + size:] != 0xFF):
            raise RuntimeError("something was written behind the workspace")
        return code

    def call(self, arrays, pool=None):
        """(return code, results) of encoded inputs; raises if anything outside the results was written."""
        keep = []
        records = (CpuTensor * (len(self.inputs) + len(self.results)))()

        def describe(record, pointer, shape):
            sizes = (ctypes.c_int64 * max(len(shape), 1))(*shape)
            keep.append(sizes)
            record.data, record.sizes, record.strides = pointer, sizes, None

        for record, array in zip(records, arrays):
            describe(record, array.ctypes.data, array.shape)
        ranks = [len(kind.split()[0]) if " " in kind else 0 for kind, _ in self.results]
        sizes = (ctypes.c_int64 * max(sum(ranks), 1))()
        self._sizes(records, sizes)
        results, at = [], 0
        for record, rank, (_, element) in zip(records[len(arrays):], ranks, self.results):
            shape = tuple(sizes[at:at + rank])
            at += rank
            count = math.prod(shape) * np.dtype(NUMPY[element]).itemsize
            memory = np.full(count + GUARD, 0xFF, dtype=np.uint8)
            describe(record, memory.ctypes.data, shape)
            results.append((memory, shape, element))
        # ctypes hands out copies of structures in slices: write the records again.
        for n, (memory, shape, _) in enumerate(results):
            describe(records[len(arrays) + n], memory.ctypes.data, shape)
        before = [array.copy() for array in arrays]
        code = self._run(records, pool)
        for (name, _), array, old in zip(self.inputs, arrays, before):
            if array.tobytes() != old.tobytes():
                raise RuntimeError(f"input {name} was written")
        for n, (memory, _, _) in enumerate(results):
            if np.any(memory[len(memory) - GUARD:] != 0xFF):
                raise RuntimeError(f"something was written behind result {n}")
        return code, [m[:len(m) - GUARD].view(NUMPY[e]).reshape(s) for m, s, e in results]


SOURCE = """#include "{name}.c"
#pragma GCC visibility push(default)
int32_t f_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool) {{
  return host0_f_run(tensors, workspace, pool);
}}
void f_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes) {{ host0_f_result_sizes(inputs, sizes); }}
int64_t f_workspace_size(const colt5_cpu_tensor *inputs, int64_t threads) {{
  return host0_f_workspace_size(inputs, threads);
}}
"""


class Sourced(Compiled):
    """A program as an object, and as C."""

    def __init__(self, program, folder, data, sizes, attributes):
        super().__init__(program, folder, data, sizes, attributes)
        name = self.source.with_suffix("")
        pathlib.Path(f"{name}.main.c").write_text(SOURCE.format(name=name.name))
        for command in (["colt5-compile", str(self.source), "--emit=c", "--prefix=artefact", "-o", f"{name}.c", "--quiet"],
                        [CC, "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", f"{name}.main.c",
                         "-o", f"{name}.c.so"]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            if done.returncode:
                raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()[:600]}")
        self.apis = [self.api, ctypes.CDLL(f"{name}.c.so")]
        self.apis[1].f_workspace_size.restype = ctypes.c_int64

    def call(self, arrays, pool=None):
        both = []
        for self.api in self.apis:
            both.append(super().call(arrays, pool))
        (code, expected), (again, found) = both
        if code != again or any(a.tobytes() != b.tobytes() for a, b in zip(expected, found)):
            raise RuntimeError("the C file computes other bits than the object")
        return code, found


class Emulated(Compiled):
    """A program for a GPU in the emulator, once with threads in turn and once in a drawn order."""
    api = None

    def __init__(self, program, folder, data, sizes, attributes):
        self.program, self.data, self.programs = program, data, []
        self.source = pathlib.Path(folder) / f"{program.op}{len(os.listdir(folder))}.mlir"
        self.source.write_text(program.module(data, sizes, attributes))
        if Emulated.api is None:
            Emulated.api = ctypes.CDLL(os.environ["COLT5_TEST_EMULATED"])
        for seed in (0, len(os.listdir(folder))):
            handle = ctypes.c_void_p()
            self._do("emulated_load", str(self.source).encode(), CHIP.encode(), ctypes.c_uint64(seed),
                     ctypes.byref(handle))
            self.programs.append(handle)
        self.inputs = [(name, element_of(kind, data)) for name, kind in program.inputs.items()]
        self.results = [(kind, element_of(kind, data)) for kind in program.results.values()]

    def __del__(self):
        for handle in self.programs:
            self.api.emulated_free(handle)

    def _do(self, function, *arguments):
        message = ctypes.create_string_buffer(4096)
        if getattr(self.api, function)(*arguments, message, ctypes.c_size_t(len(message))):
            raise RuntimeError(f"{function}: {message.value.decode(errors='replace')}\n{self.source.read_text()[:600]}")

    def _sizes(self, records, sizes):
        self._do("emulated_result_sizes", self.programs[0], records, sizes)

    def _run(self, records, pool):
        status = ctypes.c_int32()
        self._do("emulated_run", self.programs[0 if pool is None else 1], records, ctypes.byref(status))
        return status.value


CHIP = os.environ.get("COLT5_TEST_CHIP", "")
ARTEFACT = os.environ.get("COLT5_TEST_ARTEFACT", "")
SIZES = os.environ.get("COLT5_TEST_SIZES", "")
CC = os.environ.get("COLT5_TEST_CC", "")
FAMILY = os.environ.get("COLT5_TEST_FAMILY", "")


def choose_kind():
    """How programs are compiled and called."""
    if ARTEFACT:
        from .artefacts import Embedded
        return Embedded
    if SIZES:
        from . import sizes
        return {"names": sizes.Named, "refusals": sizes.Refusing}[SIZES]
    return Emulated if CHIP else Sourced if CC else Compiled


class Suite:
    """Counts cases and collects errors; `finish` prints them and the last line."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.calls, self.programs, self.errors = 0, 0, []

    def compile(self, program, data="f32", sizes=None, **attributes):
        """A compiled program, or None after an error was recorded."""
        self.programs += 1
        try:
            return choose_kind()(program, self.folder.name, data, sizes or {}, attributes)
        except (RuntimeError, subprocess.TimeoutExpired, OSError) as error:
            self.errors.append(f"{program.op} {data} {sizes or 'dynamic'} {attributes}: {error}")
            return None

    def check(self, compiled, values, expect, *, code=0, norm=None, where="", reference=False):
        """Calls with `values` by input name and compares with `expect(**values as stored)`, a tuple of arrays.

        `code` is the expected return code, `norm` replaces the bound on the normalised error. `None` in the
        expected tuple is not compared. The call is repeated with a pool that runs the tasks backwards and must
        give the same bits; `reference` also compares with the reference interpreter.
        """
        if compiled is None or not compiled.takes_call():
            return
        self.calls += 1
        name = f"{compiled.source.stem} {compiled.data} {where or describe_shapes(values)}"
        arrays = [encode(values[n], element) for n, element in compiled.inputs]
        stored = {n: decode(a, element) for a, (n, element) in zip(arrays, compiled.inputs)}
        try:
            got_code, results = compiled.call(arrays)
            _, again = compiled.call(arrays, POOL)
        except RuntimeError as error:
            self.errors.append(f"{name}: {error}")
            return
        if got_code != code:
            self.errors.append(f"{name}: expected return code {code}, got {got_code}")
        if any(a.tobytes() != b.tobytes() for a, b in zip(results, again)):
            self.errors.append(f"{name}: a pool that runs the tasks backwards changes the results")
        wanted = expect(**stored)
        if len(wanted) != len(results):
            self.errors.append(f"{name}: expected {len(wanted)} results, got {len(results)}")
        bound = norm or NORM[compiled.data]
        for n, (want, got, (_, element)) in enumerate(zip(wanted, results, compiled.results)):
            if want is not None:
                reasons = compare.differences(decode(got, element), want, norm=bound)
                self.errors += [f"{name}: result {n}: {reason}" for reason in reasons]
        if reference and code == 0 and not ARTEFACT:
            self._check_reference(compiled, name, arrays, results, bound)

    def _check_reference(self, compiled, name, arrays, results, bound):
        folder = pathlib.Path(self.folder.name) / f"reference{self.calls}"
        folder.mkdir()
        command = ["colt5-run", str(compiled.source), "--backend=reference", "--quiet",
                   f"--output-dir={folder}"]
        for n, (array, (_, element)) in enumerate(zip(arrays, compiled.inputs)):
            path = folder / f"in{n}.npy"
            np.save(path, array.astype(bool) if element == "i1" else array)
            command.append(f"--input={'bf16:' if element == 'bf16' else ''}{path}")
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            self.errors.append(f"{name}: colt5-run: exit {done.returncode}: {done.stderr.strip()[:600]}")
            return
        for n, (got, (_, element)) in enumerate(zip(results, compiled.results)):
            want = np.load(folder / f"{n}.npy")
            reasons = compare.differences(decode(got, element), want, norm=bound)
            self.errors += [f"{name}: result {n} against the reference: {reason}" for reason in reasons]

    def finish(self):
        """Prints everything wrong and the last line; exits 1 if something was wrong or nothing ran."""
        for error in self.errors[:40]:
            print(error)
        if SIZES == "refusals":
            from .sizes import Refusing
            print(f"{Refusing.accepted} accepted, {Refusing.refused} refused, {Refusing.by_verifier} by the verifier")
        print(f"{self.programs} programs, {self.calls} calls, {len(self.errors)} errors")
        sys.stdout.flush()
        self.folder.cleanup()
        sys.exit(1 if self.errors or not (self.programs if SIZES else self.calls) else 0)


def describe_shapes(values):
    return " ".join(f"{name}={'x'.join(map(str, np.shape(value)))}" for name, value in values.items())


def model(op, operands, named=(), **attributes):
    """An `expect` for Suite.check: the op of the NumPy model on the named values; other values are ignored."""
    def expect(**values):
        return registry.call(op, [values[n] for n in operands], {n: values[n] for n in named}, attributes)
    return expect


def garbage(rng, shape, element="f32"):
    """What an `outs` that only gives a shape holds."""
    if element == "i32":
        return np.full(shape, -77, np.int32)
    return np.full(shape, np.nan) if element != "i1" else rng.integers(0, 2, shape)
