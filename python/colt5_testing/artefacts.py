"""Programs of the harness as artefacts, called by the class of the package colt5."""
import os
import pathlib
import subprocess

import numpy as np

from colt5.artefact import NUMPY, ON_HOST, Artefact, Error

from .harness import GUARD, POOL, Compiled, element_of

BAD_INDEX = 1
# The code itself is what the other tests run, with every call. Here it is about the way to it.
MAX_CALLS = 5
OPTIMIZED = 4  # one program of so many


class Guarded(Artefact):
    """New outputs have bytes behind them that nobody may write; they are there when `run` has failed too."""
    def _make_outputs(self, symbol, arguments, outputs, values):
        super()._make_outputs(symbol, arguments, outputs, values)
        self.memory = {}
        for argument in outputs:
            array = values[argument["name"]]
            memory = self.memory[argument["name"]] = np.full(array.nbytes + GUARD, 0xFF, np.uint8)
            values[argument["name"]] = memory[:array.nbytes].view(NUMPY[argument["type"]]).reshape(array.shape)
        self.outputs = [values[argument["name"]] for argument in outputs]


class Embedded(Compiled):
    """An artefact for the CPU, with a thread of its own and with a pool that runs tasks backwards."""
    count = 0

    def __init__(self, program, folder, data, sizes, attributes):
        self.program, self.data, self.calls = program, data, 0
        self.source = pathlib.Path(folder) / f"{program.op}{len(os.listdir(folder))}.mlir"
        self.source.write_text(program.module(data, sizes, attributes))
        library = self.source.with_suffix(".so")
        Embedded.count += 1
        level = 0 if Embedded.count % OPTIMIZED else 3
        done = subprocess.run(["colt5-compile", str(self.source), "--emit=shared", f"--opt-level={level}", "-o",
                               str(library), "--quiet"], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"colt5-compile: exit {done.returncode}: {done.stderr.strip()[:600]}")
        self.artefacts = [Guarded(library, device_kind=ON_HOST, num_threads=1, parallel=pool) for pool in (None, POOL)]
        entry = self.artefacts[0].description["functions"][0]
        self.arguments = [a for a in entry["arguments"] if not a["output"]]
        self.inputs = [(name, element_of(kind, data)) for name, kind in program.inputs.items()]
        self.results = [(kind, element_of(kind, data)) for kind in program.results.values()]

    def takes_call(self):
        self.calls += 1
        return self.calls <= MAX_CALLS

    def call(self, arrays, pool=None):
        artefact = self.artefacts[0 if pool is None else 1]
        values = {a["name"]: array.view(NUMPY[a["type"]]) for a, array in zip(self.arguments, arrays)}
        before = [array.copy() for array in arrays]
        code = 0
        try:
            artefact.run(**values)
        except Error as error:
            code = error.status
            if code != BAD_INDEX:
                raise
        for (name, _), array, old in zip(self.inputs, arrays, before):
            if array.tobytes() != old.tobytes():
                raise RuntimeError(f"input {name} was written")
        for name, memory in artefact.memory.items():
            if np.any(memory[len(memory) - GUARD:] != 0xFF):
                raise RuntimeError(f"something was written behind {name}")
        return code, [r.view(np.uint8) if r.dtype == bool else r for r in artefact.outputs]
