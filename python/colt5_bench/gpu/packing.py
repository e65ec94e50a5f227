"""Compiles cases to artefact folders with colt5-compile. Runs where the compiler is, without a GPU."""
import pathlib
import re
import subprocess
import time

import numpy as np

from . import reference
from .artefact import HOST, IMAGES, MODULE, STORED, Artefact, Kernel
from .data import decode, digest, make_inputs
from .programs import make_program

HOST_CPU = "x86-64-v3"
STORED_SEED = 20230309
SEEDS_TRIED = 10
STORED_LIMIT = 1 << 16  # bytes of float64 results that travel
SCALAR_BYTES = {"ptr": 8, "i64": 8, "i32": 4, "i16": 2, "i8": 1, "i1": 1, "f64": 8, "f32": 4, "f16": 2, "bf16": 2}
KERNEL = re.compile(r"^    llvm\.func @([\w.$-]+)\((.*?)\) attributes \{(.*gpu\.kernel.*)\} \{$")


class CompileError(Exception):
    """colt5-compile refused a program; the text is its first error."""


def _run(command, folder):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=folder)
    except subprocess.TimeoutExpired as error:
        raise CompileError(f"{command[0]} ran longer than {error.timeout:.0f} s") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        raise CompileError(next((line for line in lines if "error:" in line), lines[0]))


def read_kernels(text):
    """The kernel table of a module at stage nvvm: position in gpu.module is the launch number."""
    kernels = []
    for match in filter(None, map(KERNEL.match, text.splitlines())):
        name, arguments, attributes = match.groups()
        block = re.search(r"gpu\.known_block_size = array<i32: (\d+), (\d+), (\d+)>", attributes)
        shared = re.search(r"colt5\.dynamic_shared_bytes = (\d+)", attributes)
        if not block:
            raise CompileError(f"kernel {name}: expected gpu.known_block_size in the module at stage nvvm")
        types = re.findall(r"%arg\d+: (?:!llvm\.)?(\w+)", arguments)
        if any(t not in SCALAR_BYTES for t in types):
            raise CompileError(f"kernel {name}: expected pointers and numbers as parameters, got {types}")
        kernels.append(Kernel(name, [int(size) for size in block.groups()], int(shared.group(1)) if shared else 0,
                              [SCALAR_BYTES[t] for t in types]))
    if not kernels:
        raise CompileError("the module at stage nvvm holds no kernel")
    return kernels


def drop_device_code(text):
    """The module at stage nvvm without its gpu.module and its machine: host code at stage llvm."""
    lines = re.sub(r"colt5\.machine = #colt5\.machine<[^>]*>(, )?", "", text, count=1).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("  gpu.module "))
    last = next(n for n in range(first, len(lines)) if lines[n] == "  }")
    return "\n".join(lines[:first] + lines[last + 1:]) + "\n"


def pack_case(case, folder, *, tools, chip, commit, images=("ptx", "cubin"), emulator=False):
    """Writes the artefact of `case` for `chip` to `folder`; raises CompileError.

    `images`: kinds of artefact.IMAGES; `emulator`: add the module that the emulator executes. The compile time is
    that of the images, or of the module without images, in seconds.
    """
    folder, compiler = pathlib.Path(folder), str(pathlib.Path(tools).resolve() / "colt5-compile")
    folder.mkdir(parents=True)
    program = make_program(case)
    (folder / "f.mlir").write_text(program.text, encoding="utf8")
    module, host = folder / MODULE, folder / "host.mlir"
    start = time.perf_counter()
    _run([compiler, "f.mlir", f"--target={chip}", "--stop-stage=nvvm", "--emit=mlir", "--quiet", "-o", MODULE], folder)
    seconds = time.perf_counter() - start
    text = module.read_text(encoding="utf8")
    host.write_text(drop_device_code(text), encoding="utf8")
    _run([compiler, host.name, "--start-stage=llvm", "--emit=cpu-shared", f"--cpu={HOST_CPU}", "--quiet", "-o", HOST],
         folder)
    if images:
        start = time.perf_counter()
        _run([compiler, "f.mlir", f"--target={chip}", f"--emit={','.join(images)}", "--quiet", "-o", "image"], folder)
        seconds = time.perf_counter() - start
        for kind in images:
            _find_image(folder, chip, kind).rename(folder / dict(IMAGES)[kind])
    host.unlink()
    if not emulator:
        module.unlink()
    artefact = Artefact(folder, folder.name, "f", case, chip, commit, seconds, program.inputs, program.outputs,
                        program.flops, read_kernels(text), {}, STORED_SEED)
    if case.small:
        store_case(artefact)
    artefact.write()
    return artefact


def _find_image(folder, chip, kind):
    """The file that --emit wrote: with the chip in its name if several kinds were asked for."""
    names = [name for name in (f"image.{chip}.{kind}", f"image.{kind}", "image") if (folder / name).is_file()]
    if not names:
        raise CompileError(f"--emit={kind} wrote no image.{chip}.{kind}")
    return folder / names[0]


def store_case(artefact):
    """Writes results of the NumPy model for a fixed seed, if they are small.

    The seed is the first one whose selections are no matter of rounding, or the best of those tried.
    """
    case, best = artefact.case, None
    for seed in range(STORED_SEED, STORED_SEED + SEEDS_TRIED):
        inputs = make_inputs(artefact.inputs, seed)
        named = {tensor.name: decode(array, tensor.type) for tensor, array in zip(artefact.inputs, inputs)}
        results, doubtful = reference.expected(case, named)
        count = 0 if doubtful is None else int(np.sum(doubtful))
        if best is None or count < best[0]:
            best = (count, seed, inputs, results, doubtful)
        if count == 0:
            break
    _, artefact.stored_seed, inputs, results, doubtful = best
    if sum(8 * np.size(result) for result in results) > STORED_LIMIT:
        return
    values = {f"result{n}": result for n, result in enumerate(results)}
    if doubtful is not None:
        values["doubtful"] = doubtful
    np.savez_compressed(artefact.folder / STORED, inputs_sha256=np.array(digest(inputs)), **values)
