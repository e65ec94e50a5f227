"""Programs of the harness with all sizes dynamic: what is known about their sizes, without the compiled numbers."""
import os
import pathlib
import random
import re
import subprocess

import numpy as np

from colt5.artefact import NUMPY, ON_HOST, Artefact, Error

from .harness import Compiled, Program, element_of, type_of


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


def is_count(kind):
    return kind == "index"


def read_refusals(arguments, sources, folder):
    """Which of the modules colt5-opt refuses: one process for all of them, and the first line it says of each."""
    separator, text, starts = "// -----\n", "", []
    for source in sources:
        starts.append(text.count("\n") + 1)
        text += source + separator
    path = pathlib.Path(folder) / "split.mlir"
    path.write_text(text)
    done = subprocess.run(["colt5-opt", str(path), "--split-input-file", *arguments, "-o", "/dev/null"],
                          capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"colt5-opt {arguments}: exit {done.returncode}: {done.stderr[:300]}\n{text}")
    found = [None] * len(sources)
    for line, message in re.findall(r"split\.mlir:(\d+):\d+: error: (.*)", done.stderr):
        place = max(n for n, start in enumerate(starts) if start <= int(line))
        found[place] = found[place] or message
    if done.returncode and not any(found):
        raise RuntimeError(f"colt5-opt {arguments}: exit 1 without a place: {done.stderr[:300]}")
    return found


class Drawn:
    """Inputs of drawn sizes for one program: (value, shape) by name."""

    def __init__(self, program, data, rng):
        self.program, self.data, self.rng, self.sizes = program, data, rng, {}
        self.inputs = {name: self.draw(kind, element_of(kind, data)) for name, kind in program.inputs.items()}
        if rng.random() < 0.7:
            # Another size for one dimension of one input.
            shape = rng.choice([shape for _, shape in self.inputs.values() if shape])
            shape[rng.randrange(len(shape))] = rng.choice((0, 1, 2, 3, 4, 5))

    def draw(self, kind, element):
        letters = kind.split()[0] if " " in kind else ""
        shape = [int(c) if c.isdigit() else self.sizes.setdefault(c, self.rng.choice((0, 1, 2, 3, 4, 6))) for c in letters]
        if is_count(kind):
            return self.rng.choice((-1, 0, 1, 2, 3, 5)), shape
        return -1 if element == "i32" else 1, shape  # an index that is no token fits every size

    def kind_of(self, shape, kind):
        """The written type with these sizes, which have one digit each."""
        return f"{''.join(map(str, shape))} {kind.split()[-1]}" if shape else kind

    def static_program(self):
        """The program on arguments of these shapes."""
        program, shapes = self.program, {name: shape for name, (_, shape) in self.inputs.items()}
        results = {}
        for name, kind in program.results.items():
            if name.endswith("_result"):
                shape = shapes[name.removesuffix("_result")]
            else:
                # A composite keeps x but for the width, which is that of the last weight or of the base.
                last = {"ffn": "out", "conditional": "base"}.get(program.op, "x")
                shape = shapes["x"][:-1] + shapes.get(last, shapes["x"])[-1:]
                shape = shapes["base"] if program.op == "conditional" and "base" in shapes else shape
            results[name] = self.kind_of(shape, kind)
        region = program.region
        if program.op == "conditional":
            rows = self.kind_of(shapes["idx"] + shapes["x"][-1:], "T")
            region = re.sub("!<.*?>", f"!<{rows}>", region)
        inputs = {name: self.kind_of(shapes[name], kind) for name, kind in program.inputs.items()}
        return Program(program.op, inputs, results, program.body, region)

    def cast_module(self, attributes):
        """A function that takes these shapes and forgets them before the op sees them; counts are constants."""
        dynamic = self.program.module(self.data, {}, attributes)
        header, body = dynamic.split(" {\n", 1)
        arguments, lines = [], []
        for name, (value, shape) in self.inputs.items():
            kind = self.program.inputs[name]
            wide = type_of(kind, self.data, {})
            if is_count(kind):
                lines.append(f"  %{name} = arith.constant {value} : index\n")
            elif shape:
                static = type_of(self.kind_of(shape, kind), self.data, {})
                arguments.append(f"%{name}_static: {static}")
                lines.append(f"  %{name} = tensor.cast %{name}_static : {static} to {wide}\n")
            else:
                arguments.append(f"%{name}: {wide}")
        return f"func.func @f({', '.join(arguments)}) -> {header.split(') -> ')[1]} {{\n{''.join(lines)}{body}"


class Refusing(Compiled):
    """What the reference refuses is refused by compiled code, by the verifier where the sizes are static, and by
    colt5-infer-sizes where they are known. Programs of f32 data stand for all types."""
    TRIALS = 6  # of each program
    rng = random.Random(20261128)
    accepted = refused = by_verifier = 0

    def __init__(self, program, folder, data, sizes, attributes):
        if data != "f32":
            return
        source = pathlib.Path(folder) / f"{program.op}{len(os.listdir(folder))}.mlir"
        source.write_text(program.module(data, {}, attributes))
        trials = [Drawn(program, data, self.rng) for _ in range(self.TRIALS)]
        expected = [self.ask_reference(source, trial.inputs.values()) for trial in trials]
        for where, found in (("compiled code", self.ask_compiled(source, trials)),
                             ("colt5-infer-sizes", read_refusals(["--colt5-infer-sizes"], [
                                 trial.cast_module(attributes) for trial in trials], folder))):
            for trial, (takes, text), message in zip(trials, expected, found):
                if takes != (message is None):
                    raise RuntimeError(f"{trial.inputs}: the reference {'takes' if takes else 'refuses'} it ({text}), "
                                       f"{where} says {message}\n{source.read_text()}")
        # What a count says is not known to the verifier.
        knows_all = not any(map(is_count, program.inputs.values()))
        statics = [trial.static_program().module(data, {}, attributes) for trial in trials]
        for static, (takes, text), message in zip(statics, expected, read_refusals([], statics, folder)):
            if message and takes or knows_all and not message and not takes:
                raise RuntimeError(f"the reference {'takes' if takes else 'refuses'} it ({text}), the verifier says "
                                   f"{message}\n{static}")
            Refusing.by_verifier += message is not None
        Refusing.accepted += sum(takes for takes, _ in expected)
        Refusing.refused += sum(not takes for takes, _ in expected)

    def ask_compiled(self, source, trials):
        """What compiled code says of each trial, None where it runs."""
        library = source.with_suffix(".so")
        subprocess.run(["colt5-compile", str(source), "--emit=shared", "--opt-level=0", "-o", str(library), "--quiet"],
                       check=True, timeout=120)
        artefact = Artefact(library, device_kind=ON_HOST, num_threads=1)
        inputs = [a for a in artefact.description["functions"][0]["arguments"] if not a["output"]]
        found = []
        for trial in trials:
            arrays = {a["name"]: np.full(shape, value, NUMPY[a["type"]])
                      for a, (value, shape) in zip(inputs, trial.inputs.values())}
            try:
                artefact.run(**arrays)
                found.append(None)
            except Error as error:
                found.append(str(error))
        artefact.close()
        return found

    def ask_reference(self, source, values):
        """(whether it takes these inputs, what it says)."""
        arguments = [f"--input=value={value}" + (f":shape={'x'.join(map(str, shape))}" if shape else "")
                     for value, shape in values]
        done = subprocess.run(["colt5-run", str(source), "--backend=reference", "--quiet", *arguments],
                              capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{arguments}: exit {done.returncode}: {done.stderr[:300]}")
        return done.returncode == 0, done.stderr.split("\n")[0]

    def takes_call(self):
        return False
