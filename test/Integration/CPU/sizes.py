"""Programs of the harness with all sizes dynamic: what is known about their sizes, without the compiled numbers."""
import os
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
from harness import Compiled, element_of

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "examples" / "embed-python"))
from artefact import NUMPY, ON_HOST, Artefact, Error  # noqa: E402


def read_names(text, count):
    """What colt5.sizes of every argument says, for one function on one line."""
    header = next(line for line in text.splitlines() if "func.func @f(" in line)
    arguments = re.split(r"%arg\d+: ", header.split(") -> ")[0])[1:]
    assert len(arguments) == count, header
    found = (re.search(r"colt5\.sizes = \[([^]]*)\]", argument) for argument in arguments)
    return [re.findall(r'"(\w+)"|(\d+)', match.group(1)) if match else [] for match in found]


# Their programs use one letter for sizes that may differ, such as the heads of the light and the heavy branch.
COMPOSITES = ("ffn", "conditional", "conditional_ffn", "conditional_attention")


class Named(Compiled):
    """Sizes of one letter must get one name, those of two letters two."""

    def __init__(self, program, folder, data, sizes, attributes):
        source = pathlib.Path(folder) / "named.mlir"
        source.write_text(program.module(data, {}, attributes))
        done = subprocess.run(["colt5-opt", str(source), "--colt5-infer-sizes"], capture_output=True, text=True,
                              timeout=60)
        if done.returncode:
            raise RuntimeError(f"colt5-opt: exit {done.returncode}: {done.stderr.strip()[:600]}")
        names, letters = {}, {}
        for (argument, kind), found in zip(program.inputs.items(), read_names(done.stdout, len(program.inputs))):
            written = kind.split()[0] if " " in kind else ""
            # Each size of an extra tensor is 1 or the full one.
            if re.fullmatch(r"e\d+", argument):
                continue
            if not found and any(not letter.isdigit() for letter in written):
                raise RuntimeError(f"{argument}: expected sizes for {written}, found none")
            if found and len(found) != len(written):
                raise RuntimeError(f"{argument}: expected {len(written)} sizes, found {found}")
            for letter, (name, number) in zip(written, found):
                if letter.isdigit() or number:
                    continue
                differs = letters.setdefault(name, letter) != letter
                if program.op not in COMPOSITES or letter in "BN":
                    differs |= names.setdefault(letter, name) != name
                if differs:
                    raise RuntimeError(f"{argument}: size {letter} is called {name}, but {letter} is "
                                       f"{names.get(letter)} and {name} is {letters[name]}")

    def takes_call(self):
        return False


class Refusing(Compiled):
    """Compiled code and the reference must refuse the same sizes. Programs of f32 data stand for all types."""
    TRIALS = 6  # of each program
    drawn = random.Random(20261128)
    accepted = refused = 0

    def __init__(self, program, folder, data, sizes, attributes):
        if data != "f32":
            return
        source = pathlib.Path(folder) / f"{program.op}{len(os.listdir(folder))}.mlir"
        # The width of a result needs a base, or is static.
        fixed = sizes if program.op == "conditional" else {}
        source.write_text(program.module(data, fixed, attributes))
        library = source.with_suffix(".so")
        subprocess.run(["colt5-compile", str(source), "--emit=shared", "--opt-level=0", "-o", str(library), "--quiet"],
                       check=True, timeout=120)
        artefact = Artefact(library, device_kind=ON_HOST, num_threads=1)
        inputs = [a for a in artefact.description["functions"][0]["arguments"] if not a["output"]]
        for _ in range(self.TRIALS):
            drawn = dict(fixed)
            values = [self.draw(kind, element_of(kind, data), drawn) for kind in program.inputs.values()]
            if self.drawn.random() < 0.7:
                self.change(values)
            expected, text = self.ask_reference(source, values)
            arrays = {a["name"]: np.full(shape, value, NUMPY[a["type"]]) for a, (value, shape) in zip(inputs, values)}
            try:
                artefact.run(**arrays)
                found = None
            except Error as error:
                found = str(error)
            if expected != (found is None):
                raise RuntimeError(f"{values}: the reference {'takes' if expected else 'refuses'} it ({text}), compiled "
                                   f"code says {found}\n{source.read_text()}")
            Refusing.accepted += expected
            Refusing.refused += not expected
        artefact.close()

    def ask_reference(self, source, values):
        """(whether it takes these inputs, what it says)."""
        arguments = [f"--input=value={value}" + (f":shape={'x'.join(map(str, shape))}" if shape else "")
                     for value, shape in values]
        done = subprocess.run(["colt5-run", str(source), "--backend=reference", "--quiet", *arguments],
                              capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{arguments}: exit {done.returncode}: {done.stderr[:300]}")
        return done.returncode == 0, done.stderr.split("\n")[0]

    def draw(self, kind, element, sizes):
        """(value, shape) of an input: sizes by letter."""
        letters = kind.split()[0] if " " in kind else ""
        shape = [int(c) if c.isdigit() else sizes.setdefault(c, self.drawn.choice((0, 1, 2, 3, 4, 6))) for c in letters]
        if not letters and element == "index":
            return self.drawn.choice((-1, 0, 1, 2, 3, 5)), shape
        return 0 if element == "i32" else 1, shape

    def change(self, inputs):
        """Another size for one dimension of one input."""
        shape = self.drawn.choice([shape for _, shape in inputs if shape])
        shape[self.drawn.randrange(len(shape))] = self.drawn.choice((0, 1, 2, 3, 4, 5))

    def takes_call(self):
        return False
