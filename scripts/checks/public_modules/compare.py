#!/usr/bin/env python3
"""Compares the examples of examples/lucidrains with the modules of the public CoLT5 code that they name, in float64.

usage: compare.py COLT5_RUN REPOSITORY [--seeds=3] [--only=NAMES] [--record=FILE | --recorded=FILE]

Every example runs in the reference at each of its sizes, with and without a mask, on random weights, and once as
compiled code on the CPU; whole results are compared with the module's, masked rows left out. An example with
one word changed must differ. Without PyTorch and colt5-attention, --recorded compares a few combinations of the numbers
of each result with those that --record wrote. Exit status 1 unless every example agrees, 77 when the public code is not
installed.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ModuleNotFoundError:
    sys.exit(f"compare.py: expected numpy for {sys.executable}, found none; install it (Debian: python3-numpy) "
             f"or run a python3 that has it")

import cases  # noqa: E402
from public_code import require_public_code  # noqa: E402

TOLERANCE = 1e-12
# How much one changed word must change.
CHANGE = 1e-9
MOST_REDRAWS = 100
COMBINATIONS = 4


def run_example(tool, text, values, backend):
    """The results of a program."""
    entry, arguments = cases.signature(text)
    with tempfile.TemporaryDirectory() as folder:
        inputs = []
        for name, (shape, element) in arguments.items():
            if element == "index":
                inputs.append(f"--input=value={values[name]}")
                continue
            path = pathlib.Path(folder) / f"{name}.npy"
            np.save(path, values[name])
            inputs.append(f"--input={path}")
        results = pathlib.Path(folder) / "results"
        command = [tool, "-", f"--entry={entry}", f"--backend={backend}", f"--output-dir={results}", "--quiet", *inputs]
        if backend == "reference":
            command.append("--precision=wide")
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
        return [np.load(results / f"{n}.npy") for n in range(len(list(results.glob("*.npy"))))]


def largest_error(actual, wanted, mask):
    """The largest difference; rows that hold no token are not compared."""
    if len(actual) != len(wanted):
        raise RuntimeError(f"expected {len(wanted)} results, found {len(actual)}")
    errors = []
    for found, value in zip(actual, wanted):
        if found.shape != value.shape:
            raise RuntimeError(f"expected a result of shape {value.shape}, found {found.shape}")
        if mask is not None and value.shape[:2] == mask.shape:
            found, value = found[mask], value[mask]
        difference = np.abs(found.astype(np.float64) - value)
        errors.append(np.inf if np.isnan(difference).any() else difference.max())
    return max(errors)


def draw_decided(name, case, text, masked, seed, expected):
    """(values, results of the module, draws): the first draw with a public selection that is not left to chance."""
    import oracle
    for draw in range(MOST_REDRAWS):
        values = cases.draw(name, case, cases.signature(text)[1], masked, 1000 * seed + draw)
        try:
            return values, expected(case, values, masked), draw
        except oracle.Ambiguous:
            continue
    raise RuntimeError(f"{name}: no unambiguous selection in {MOST_REDRAWS} draws")


def settings(case):
    """(tokens, kind of mask) of every run."""
    found = [(tokens, None) for tokens in case.tokens]
    if case.has_mask:
        found += [(tokens, "most") for tokens in case.tokens + case.masked_tokens]
    if case.has_mask and case.hides_empty_slots:
        found += [(case.tokens[0], "few")]
    return found


def replaced(text, old, new):
    if old not in text:
        raise RuntimeError(f"nothing to replace: expected '{old}'")
    return text.replace(old, new)


def read_example(given, name, case):
    text = (given.repository / "examples" / "lucidrains" / f"{name.split(':')[0]}.mlir").read_text()
    return replaced(text, *case.edit) if case.edit else text


def compare_example(given, name, case):
    """Runs one example in every setting; returns (row of the table, ok)."""
    import oracle
    text = read_example(given, name, case)
    worst = cpu = wrong = 0.0
    runs = redraws = 0
    # An example of one size is drawn more often.
    seeds = given.seeds if len(settings(case)) > 1 else 4 * given.seeds
    for tokens, masked in settings(case):
        resized = cases.program(text, case, tokens)
        for seed in range(seeds):
            values, wanted, draws = draw_decided(name, case, resized, masked, seed, oracle.expected)
            mask = values.get("mask") if masked else None
            worst = max(worst, largest_error(run_example(given.tool, resized, values, "reference"), wanted, mask))
            runs, redraws = runs + 1, redraws + draws
            if seed == 0 and tokens == case.tokens[0]:
                cpu = max(cpu, largest_error(run_example(given.tool, resized, values, "cpu"), wanted, mask))
                actual = run_example(given.tool, replaced(resized, *case.change), values, "reference")
                wrong = max(wrong, largest_error(actual, wanted, mask))
    good = worst <= TOLERANCE and cpu <= TOLERANCE and wrong >= CHANGE
    return f"| {case.module} | `{name}` | {runs} | {redraws} | {worst:.1e} | {cpu:.1e} | {wrong:.1e} | " \
           f"{'ok' if good else 'WRONG'} |", good


def digest(name, results, mask):
    """A few random combinations of the numbers of each result; rows that hold no token count as 0."""
    rng = np.random.default_rng([*name.encode()])
    combinations = []
    for result in results:
        if mask is not None and result.shape[:2] == mask.shape:
            result = np.where(mask.reshape(mask.shape + (1,) * (result.ndim - 2)), result, 0)
        weights = rng.standard_normal((COMBINATIONS, result.size)) / result.size ** 0.5
        combinations.append(weights @ result.reshape(-1))
    return combinations


def recorded_settings(case):
    """Each kind of mask once."""
    return dict(reversed([(str(masked), (tokens, masked)) for tokens, masked in settings(case)]))


def record_example(given, name, case):
    import oracle
    found = {}
    for kind, (tokens, masked) in recorded_settings(case).items():
        resized = cases.program(read_example(given, name, case), case, tokens)
        values, wanted, draws = draw_decided(name, case, resized, masked, 0, oracle.expected)
        numbers = digest(name, wanted, values["mask"] if masked else None)
        found[kind] = {"draw": draws, "results": [result.tolist() for result in numbers]}
    return found


def check_recorded(given, name, case, records):
    """Compares one example with what was recorded; returns (row of the table, ok)."""
    error = wrong = 0.0
    for kind, (tokens, masked) in recorded_settings(case).items():
        resized = cases.program(read_example(given, name, case), case, tokens)
        values = cases.draw(name, case, cases.signature(resized)[1], masked, records[kind]["draw"])
        wanted = [np.array(numbers) for numbers in records[kind]["results"]]
        mask = values["mask"] if masked else None
        errors = [largest_error(digest(name, run_example(given.tool, program, values, "reference"), mask), wanted, None)
                  for program in (resized, replaced(resized, *case.change))]
        error, wrong = max(error, errors[0]), max(wrong, errors[1])
    good = error <= TOLERANCE and wrong >= CHANGE
    return f"| {case.module} | `{name}` | {error:.1e} | {wrong:.1e} | {'ok' if good else 'WRONG'} |", good


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("tool")
    parser.add_argument("repository", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, help="draws per setting (default 3)")
    parser.add_argument("--only", help="names separated by commas")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--record", type=pathlib.Path, help="write what the public modules compute to this file")
    mode.add_argument("--recorded", type=pathlib.Path, help="compare with what --record wrote")
    given = parser.parse_args()
    if given.seeds is not None and (given.record or given.recorded):
        parser.error("--seeds: not together with --record and --recorded, which use one draw per setting")
    given.seeds = 3 if given.seeds is None else given.seeds
    return given


def main():
    given = parse()
    present = {path.stem for path in (given.repository / "examples" / "lucidrains").glob("*.mlir")}
    odd = present ^ {name.split(":")[0] for name in [*cases.CASES, *cases.ALONE]}
    if odd:
        print(f"error: in cases.py or in the examples, but not in both: {', '.join(sorted(odd))}")
        return 1
    names = given.only.split(",") if given.only else list(cases.CASES)
    if not set(names) <= cases.CASES.keys():
        print(f"error: --only: expected names among {', '.join(cases.CASES)}, found {given.only}")
        return 1
    chosen = {name: cases.CASES[name] for name in names}
    if given.record:
        made_by = require_public_code()
        found = {name: record_example(given, name, case) for name, case in chosen.items()}
        given.record.write_text(json.dumps({"made_by": made_by, "examples": found}, indent=1) + "\n")
        return 0
    if given.recorded:
        records = json.loads(given.recorded.read_text())["examples"]
        print("| module | example | error | changed | |\n" + 5 * "|---" + "|")
        compare = lambda name, case: check_recorded(given, name, case, records[name])
    else:
        print(require_public_code())
        print("| module | example | runs | redrawn | error | on the CPU | changed | |\n" + 8 * "|---" + "|")
        compare = lambda name, case: compare_example(given, name, case)
    wrong = 0
    for name, case in chosen.items():
        row, good = compare(name, case)
        print(row, flush=True)
        wrong += not good
    print(f"{len(chosen)} examples, {wrong} differ")
    return 1 if wrong or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
